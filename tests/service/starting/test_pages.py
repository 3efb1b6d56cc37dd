"""The pages of the first start, over an installation that begins and a scripted PBX."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from html import unescape
from pathlib import Path

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from analytics.people.people_store import load_people
from analytics.storage.engine import open_store
from config.loader import load_settings
from config.policy_loader import check_policy, load_policy, shipped_policies
from config.settings import Settings
from service.auth import accounts
from service.auth.rights import Right, Role, Visitor
from service.auth.visiting import let_in, open_door
from service.dashboard.application import Gate, setup
from service.dashboard.starting import StartingPages
from service.migrations import upgrade
from service.starting import settings_file
from service.starting.start import FirstStart
from telephony.clock import SystemClock
from telephony.journal import JournalWriter
from telephony.scripted_pbx import ScriptedPbx
from telephony.scripted_streams import Part
from tests.analytics.stored import store_facts
from tests.analytics.test_captures import CAPTURES, facts_of
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.conftest import Client
from tests.service.demo.played import script
from tests.telephony.test_trunk_sightings import renamed

PROOF = "proof of a test"
PASSWORD = "rings of the sea 7"
SOMEBODY = replace(open_door(PROOF), account=1, login="zhoumin", role=Role.ADMINISTRATOR)


NOW = datetime(2026, 11, 22, tzinfo=UTC)
"""The day after that of the captured streams."""

PBX = """
[pbx.main]
host = "127.0.0.1"
port = 1
user = "u"
secret_file = "secret"
"""


class Installation:
    """One that begins: its folder, who visits, and how often it was to begin again."""

    start: FirstStart

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "threerings.toml"
        self.visitor: Visitor = open_door(PROOF)
        self.agains = 0

    def again(self) -> None:
        self.agains += 1

    def app(self, settings: Settings, *, is_demo: bool) -> web.Application:
        """The dashboard with the pages of the first start."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            let_in(request, self.visitor)
            return await handler(request)

        engine = open_store(settings.database_url)
        upgrade(engine)
        self.start = FirstStart(settings, self.path, engine, lambda: NOW, {}, self.again, is_demo=is_demo)
        app = web.Application()
        room = partial(StartingPages, self.start, load_policy("default"), SystemClock())
        setup(
            app,
            StandingCentre(),
            [room],
            gate=Gate(guard=guard),
        )
        return app

    def written(self) -> Settings:
        """The settings as they stand."""
        return load_settings(self.path, {})


@pytest.fixture
def place(tmp_path: Path) -> Installation:
    """An empty folder."""
    return Installation(tmp_path)


@pytest.fixture
async def demo(place: Installation, tmp_path: Path) -> AsyncIterator[Client]:
    """The pages within the demo: no settings are written yet."""
    (tmp_path / "demo").mkdir()
    settings = Settings(data_dir=tmp_path / "demo", database_url=f"sqlite:///{tmp_path}/demo/facts.db")
    async with TestClient(TestServer(place.app(settings, is_demo=True))) as client:
        yield client


@pytest.fixture
async def begun(place: Installation) -> AsyncIterator[Client]:
    """The pages of an installation that has an administrator, who is logged in."""
    text = settings_file.first(place.folder / "data", "Asia/Shanghai", "CN", "en")
    settings = settings_file.put(place.path, text, {})
    settings.data_dir.mkdir()
    place.visitor = SOMEBODY
    async with TestClient(TestServer(place.app(settings, is_demo=False))) as client:
        yield client


async def post(client: Client, path: str, **form: str) -> tuple[int, str, str]:
    """Status, where it leads, and the page."""
    async with client.post(path, data={"proof": PROOF, **form}, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def test_the_demo_becomes_a_centre(place: Installation, demo: Client) -> None:
    """The first account is made in a store of its own, the settings are written, and the service begins again."""
    status, _, page = await post(
        demo, "/setup/administrator", login="zhoumin", name="周敏", password=PASSWORD, again=PASSWORD
    )
    assert status == 200
    assert "/login?next=/setup/pbx" in page
    engine = open_store(place.written().database_url)
    with engine.connect() as connection:
        (made,) = accounts.listed(connection)
    engine.dispose()
    assert (made.login, made.role) == ("zhoumin", Role.ADMINISTRATOR)
    assert PASSWORD not in place.path.read_text()


@pytest.mark.parametrize(
    ("login", "password", "again", "words"),
    [
        ("zhoumin", PASSWORD, PASSWORD + "8", "not the same"),
        ("zhoumin", "short", "short", "expected at least 10"),
        ("", PASSWORD, PASSWORD, "login"),
    ],
)
async def test_an_account_that_cannot_be_is_told_and_nothing_is_written(
    place: Installation, demo: Client, login: str, password: str, again: str, words: str
) -> None:
    """What was typed stays, but for passwords."""
    status, _, page = await post(
        demo, "/setup/administrator?lang=en", login=login, name="Zhou", password=password, again=again
    )
    assert status == 400
    assert words in page
    assert 'value="Zhou"' in page
    assert password not in page
    assert not place.path.exists()


async def test_who_has_no_right_finds_nothing(place: Installation, begun: Client) -> None:
    """Neither an agent nor, once there is an account, somebody who is not logged in; and no other site's post."""
    place.visitor = replace(SOMEBODY, rights=frozenset({Right.DESK}))
    async with begun.get("/setup") as answer:
        assert answer.status == 404
    place.visitor = SOMEBODY
    status, _, _ = await post(begun, "/setup/policy", policy="hotline", proof="another")
    assert status == 403


async def test_a_pbx_is_checked_and_kept(place: Installation, begun: Client) -> None:
    """A wrong secret is told and nothing kept; a right one shows what there is, and is kept when told to."""
    async with ScriptedPbx([Part(script=script())], user="threerings", secret="right", clock=SystemClock()) as pbx:
        given = {"name": "main", "host": pbx.host, "port": str(pbx.port), "user": "threerings"}
        status, _, page = await post(begun, "/setup/pbx?lang=en", **given, secret="wrong", do="keep")
        assert (status, "refuses this user or secret" in page) == (400, True)
        assert place.written().pbxs == ()
        status, _, page = await post(begun, "/setup/pbx?lang=en", **given, secret="right", do="check")
        assert (status, "ready" in page) == (200, True)
        assert place.written().pbxs == ()
        status, _, page = await post(begun, "/setup/pbx?lang=en", **given, secret="right", do="keep")
        assert (status, "/setup/policy" in page) == (200, True)
    (kept,) = place.written().pbxs
    assert (kept.name, kept.port) == ("main", pbx.port)
    assert (place.folder / "secrets" / "main").read_text() == "right\n"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Main PBX"), ("host", "http://pbx"), ("port", "0"), ("user", ""), ("secret", "")],
)
async def test_a_pbx_that_cannot_be_is_told_by_its_field(
    place: Installation, begun: Client, field: str, value: str
) -> None:
    """Before anything is asked of the network."""
    given = {"name": "main", "host": "127.0.0.1", "port": "5038", "user": "u", "secret": "s"} | {field: value}
    status, _, page = await post(begun, "/setup/pbx", **given, do="check")
    assert (status, f"{field}: found" in page) == (400, True)


async def test_a_policy_is_chosen(place: Installation, begun: Client) -> None:
    """Each shipped one is offered in sentences; the chosen one stands in the settings."""
    async with begun.get("/setup/policy") as answer:
        page = await answer.text()
    assert all(f'value="{name}"' in page for name in shipped_policies())
    status, _, _ = await post(begun, "/setup/policy", policy="hotline")
    assert (status, place.written().policy) == (200, "hotline")
    status, _, _ = await post(begun, "/setup/policy", policy="../../etc/passwd")
    assert (status, place.written().policy) == (400, "hotline")


async def test_agents_come_from_a_file_or_from_queues(place: Installation, begun: Client) -> None:
    """A bad row is named and nothing stored; a good file is stored whole, members are added to it."""

    def upload(text: str) -> FormData:
        form = FormData({"proof": PROOF})
        form.add_field("file", text.encode(), filename="agents.csv", content_type="text/csv")
        return form

    async with begun.post("/setup/agents", data=upload("agent,name,tier\n1001,王娜,none-such\n")) as answer:
        assert answer.status == 400
        assert "none-such" in await answer.text()
    assert _agents(place) == {}
    async with begun.post("/setup/agents", data=upload("agent,name\n1001,王娜\n"), allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/setup/done")
    status, _, _ = await post(begun, "/setup/agents", agent="1002", **{"name-1002": "李强"})
    assert (status, _agents(place)) == (303, {"1001": "王娜", "1002": "李强"})


def _agents(place: Installation) -> dict[str, str | None]:
    engine = open_store(place.written().database_url)
    with engine.connect() as connection:
        found = {each.agent: each.name for each in load_people(connection).agents}
    engine.dispose()
    return found


async def test_steps_are_left_and_resumed(begun: Client) -> None:
    """/setup leads to the first step that is neither done nor skipped, and at the end to the shift."""

    async def at() -> str:
        async with begun.get("/setup", allow_redirects=False) as answer:
            return answer.headers["Location"]

    # The account of these tests is only a visitor's: that step is to be done.
    assert await at() == "/setup/administrator"
    for step in ("pbx", "policy", "agents"):
        status, following, _ = await post(begun, f"/setup/{step}/skip")
        assert status == 303
        assert following.startswith("/setup/")
    async with begun.get("/setup/done?lang=en") as answer:
        assert "Wait for the first call" in await answer.text()
    assert (await post(begun, "/setup/done"))[:2] == (303, "/")


async def test_what_calls_have_shown_is_on_the_last_step(place: Installation, begun: Client) -> None:
    """Trunks by the journal, numbers, queues and devices by the facts, and all as lines that a policy takes."""
    settings = settings_file.put(place.path, place.path.read_text() + PBX, {})
    async with begun.get("/setup/done?lang=en") as answer:
        assert "What your calls have shown" not in await answer.text()
    hear_a_day(place.folder / "data" / "journal", settings)
    place.start.settings = settings
    async with begun.get("/setup/done?lang=en") as answer:
        page = unescape(await answer.text())
    told = dict(re.findall(r'<dt>([^<]+) <span class="num">\d+</span></dt><dd>([^<]+)</dd>', page))
    assert told["Trunks"] == "carrier"
    assert told["Numbers dialled"].startswith("4420794601")
    assert set(told["Queues"].split(", ")) >= {"support", "sales"}
    assert "PJSIP/1001" in told["Devices"]
    lines = page.partition('<pre class="raw"><b>')[2].partition("</b>")[0]
    assert '# trunks = ["*trunk*", "carrier"]' in lines.splitlines()
    (place.folder / "seen.toml").write_text(lines)
    assert check_policy(place.folder / "seen.toml") == []


def hear_a_day(folder: Path, settings: Settings) -> None:
    """A captured day: in the journal, its trunk under another name, and its facts in the store."""
    with JournalWriter(folder, "main") as journal:
        for entry in renamed("plain-22"):
            journal.append(1, entry.kind, entry.received_at, entry.frames)
    engine = open_store(settings.database_url)
    store_facts(engine, facts_of(CAPTURES[1]))
    engine.dispose()
