"""The pages over HTTP: both languages and themes, every state, headers, refusals, and their weight."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.exc import OperationalError

from service.dashboard.application import setup
from service.dashboard.board import Gap
from service.dashboard.gaps_view import GapLine
from tests.service.dashboard.a_call import CALL_ID, NUMBER
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.conftest import Client
from tests.service.dashboard.people import AGENTS, BOARD, ago

PAGES = ("/", f"/calls/{CALL_ID}", "/gaps")
VOID = frozenset({"meta", "link", "input", "br"})
INLINE = re.compile(r'<script(?![^>]*\bsrc=)|\sstyle="|\son[a-z]+="|javascript:', re.IGNORECASE)
CHINESE_NAMES = re.compile(r"[\u4e00-\u9fff]+")


class Balance(HTMLParser):
    """Notes tags that are closed wrongly, and the ids and classes that occur."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


async def text_of(client: Client, path: str, **cookies: str) -> str:
    """The page's HTML."""
    answer = await client.get(path, cookies=cookies)
    assert answer.status == 200, path
    return await answer.text()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_page_stands_in_both_languages_and_themes(
    client: Client, path: str, language: str, theme: str
) -> None:
    """Tags are balanced, ids are unique, language and theme are on the root."""
    html = await text_of(client, f"{path}?lang={language}&theme={theme}")
    read = Balance()
    read.feed(html)
    assert (read.open, read.wrong) == ([], [])
    assert len(set(read.ids)) == len(read.ids)
    assert f'lang="{"zh-CN" if language == "zh" else "en"}" data-theme="{theme}"' in html


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("PBX 崩溃", "时钟跳变", "-3600.000 s", "补录", "cdr, cel")),
        ("en", ("The PBX crashed", "The clock jumped", "-3600.000 s", "Repaired", "cdr, cel")),
    ],
)
async def test_the_page_of_gaps_names_each_gap_and_its_calls(
    client: Client, language: str, words: tuple[str, ...]
) -> None:
    """Why, how each call is known now and by which logs, and which stay unknown; jumps of the clock beside them."""
    html = await text_of(client, f"/gaps?lang={language}")
    assert all(word in html for word in words)
    assert f'href="/calls/{CALL_ID}"' in html
    assert html.count('href="/calls/main/1795000000.') == 2


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_has_inline_script_or_style(client: Client, path: str) -> None:
    """The content security policy forbids both; the header says so."""
    answer = await client.get(path)
    assert not INLINE.search(await answer.text())
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", PAGES)
async def test_the_english_page_is_english(client: Client, path: str) -> None:
    """But for names, queues and the switch to Chinese, no Chinese is left."""
    html = await text_of(client, f"{path}?lang=en")
    own = {
        "中文",
        "咨询热线",
        "经销商支持",
        "会员服务",
        "投诉受理",
        "系统升级",
        "三级客服主任",
        "上门预约",
        "粤语专席",
        "咨询一组",
        "咨询二组",
        "华东客服中心",
    }
    names = {each.name for each in AGENTS if each.name} | own
    left = {
        each
        for each in CHINESE_NAMES.findall(html)
        if not any(each in name or name in each for name in names) and len(each) > 1
    }
    assert left == set()


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_shows_a_whole_number(client: Client, path: str) -> None:
    """There are no users yet, and so nobody has the right."""
    html = await text_of(client, path)
    assert NUMBER not in html
    assert not re.search(r"(?<![\d.])1[3-9]\d{9}(?!\d)", html)


@pytest.mark.parametrize("path", [each for each in PAGES if CALL_ID not in each])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_an_empty_centre_says_why_it_is_empty(
    client: Client, centre: StandingCentre, path: str, language: str
) -> None:
    """Every page stands without data; no rate is shown of nothing."""
    centre.empty = True
    html = await text_of(client, f"{path}?lang={language}")
    assert ">0%<" not in html
    assert ">100<small>%" not in html
    assert 'class="faint">' in html or 'class="empty">' in html


async def test_the_demo_is_marked_and_the_real_thing_is_not(client: Client, centre: StandingCentre) -> None:
    """A tag beside the name and a banner, on every page; neither where calls are real."""
    assert (await text_of(client, "/")).count("演示") >= 3
    centre.demo = False
    assert "演示" not in await text_of(client, "/")


async def test_gaps_are_banners_two_at_most(client: Client, centre: StandingCentre) -> None:
    """An open one says that the board stands still; more than two are counted."""
    ended = Gap(pbx="hq", start=ago(600), end=ago(500), calls=3)
    centre.gaps = (Gap(pbx="hq", start=ago(20), end=None), ended, ended, ended)
    html = await text_of(client, "/?lang=en")
    assert html.count('class="banner') == 3  # the demo's and two gaps
    assert "has not been heard since" in html
    assert "3 calls span it." in html
    assert "and 2 more gaps" in html


async def test_language_and_theme_are_kept_in_cookies(client: Client) -> None:
    """What the query chose holds on the next page, which is right at its first paint."""
    chosen = await client.get("/?lang=en&theme=dark")
    assert chosen.cookies["lang"].value == "en"
    assert chosen.cookies["theme"]["samesite"] == "Lax"
    html = await text_of(client, "/gaps")
    assert '<html data-zone="Asia/Shanghai" lang="en" data-theme="dark"' in html


async def test_a_bad_cookie_is_the_default(client: Client) -> None:
    """A cookie is no address: what it says wrongly is passed over."""
    assert 'lang="zh-CN" data-language="zh"' in await text_of(client, "/", lang="xx", theme="<b>")


@pytest.mark.parametrize(
    "path",
    ["/?page=2", "/gaps?since=yesterday", "/?lang=fr"],
)
async def test_what_an_address_says_wrongly_is_refused_in_words(client: Client, path: str) -> None:
    """400, and the key that is meant."""
    answer = await client.get(path)
    assert answer.status == 400
    html = await answer.text()
    assert "看不懂这个网址" in html
    assert path.partition("?")[2].partition("=")[0] in html


async def test_hostile_addresses_are_escaped(client: Client) -> None:
    """A key that is markup is shown as text."""
    answer = await client.get("/gaps", params={"<script>alert(1)</script>": "<img>"})
    html = await answer.text()
    assert answer.status == 400
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


async def test_hostile_names_are_escaped(client: Client, centre: StandingCentre) -> None:
    """What the PBX calls an agent, a queue or a reason is text on the page."""
    bad = '"><script>alert(1)</script>\u2028'
    agents = (replace(AGENTS[0], name=bad, with_whom=bad, reason=bad),)
    centre.shown = replace(BOARD, agents=agents, longest_wait_queue=bad)
    assert "<script>alert" not in await text_of(client, "/")


@pytest.mark.parametrize("path", ["/nothing", "/calls/hq/none", "/static/none.css"])
async def test_what_is_not_there_is_404(client: Client, path: str) -> None:
    """One sentence, whether it is missing or not for this reader."""
    answer = await client.get(path)
    assert answer.status == 404
    if not path.startswith("/static"):
        assert "这里没有内容，或者你无权查看" in await answer.text()


async def test_a_store_that_is_down_is_said_and_the_shift_goes_on() -> None:
    """503 in words on what needs the store; the live page has no need of it."""

    class Down(StandingCentre):
        async def gap_ledger(self) -> tuple[GapLine, ...]:
            raise OperationalError("select", {}, Exception("gone"))

    app = web.Application()
    setup(app, Down())
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/gaps?lang=en")
        assert answer.status == 503
        assert "The store cannot be read now." in await answer.text()
        assert (await client.get("/")).status == 200


async def test_assets_are_kept_for_ever_under_their_digest(client: Client) -> None:
    """With the digest immutable; without it, asked for anew each time."""
    html = await text_of(client, "/")
    (css,) = re.findall(r'href="(/static/app\.css\?v=[0-9a-f]{12})"', html)
    kept = await client.get(css)
    assert "immutable" in kept.headers["Cache-Control"]
    assert kept.content_type == "text/css"
    assert (await client.get("/static/app.css")).headers["Cache-Control"] == "no-cache"


async def test_pages_and_assets_are_packed_for_who_unpacks_them(client: Client) -> None:
    """The same text either way, in less than half the bytes; who asks for it plain gets it plain."""
    for path in ("/", "/static/app.css"):
        plain = await client.get(path, headers={"Accept-Encoding": "identity"})
        packed = await client.get(path, headers={"Accept-Encoding": "gzip, deflate"})
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] in ("gzip", "deflate")
        whole = await plain.read()
        assert int(packed.headers["Content-Length"]) * 2 < len(whole) == int(plain.headers["Content-Length"])
        assert path == "/" or await packed.read() == whole


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_with_all_it_needs_weighs_under_300_kb(client: Client, path: str) -> None:
    """The page, its style sheet, script, icons and font, not compressed; nothing comes from elsewhere."""
    html = await text_of(client, path)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)
    needed = {"/static/inter-latin-wght-normal.woff2"}
    needed |= {each.partition("#")[0] for each in re.findall(r'(?:src|href)="(/static/[^"]+)"', html)}
    weight = len(html.encode())
    for each in needed:
        answer = await client.get(each)
        assert answer.status == 200
        weight += len(await answer.read())
    assert weight < 300_000
