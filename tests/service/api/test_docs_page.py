"""The page of the API: made of the description, in both languages, without anything inline or from afar."""

from __future__ import annotations

import re

import pytest
from aiohttp import ClientSession

from config.settings import TokenRule
from service.api.docs_page import curl
from service.api.docs_words import WORDS
from service.api.endpoints import ENDPOINTS, Method
from tests.service.api.conftest import Served, serving
from tests.service.dashboard.test_pages import INLINE, Balance

PAGE = "/api/v1/docs"

NOT_THERE = (
    "call_not_found",
    "customer_not_found",
    "followup_not_found",
    "campaign_not_found",
    "recording_not_found",
)
"""What the examples of the description name, and this centre has not."""


async def text(served: Served, path: str = PAGE, **headers: str) -> str:
    """The page's HTML."""
    return (await served.body(path, **headers)).decode()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
async def test_the_page_stands_in_both_languages_and_themes(served: Served, language: str, theme: str) -> None:
    """Tags are balanced, ids are unique, nothing is inline, and what it loads is ours."""
    html = await text(served, f"{PAGE}?lang={language}&theme={theme}")
    read = Balance()
    read.feed(html)
    assert (read.open, read.wrong) == ([], [])
    assert len(set(read.ids)) == len(read.ids)
    assert not INLINE.search(html)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
    assert ('data-theme="' in html) is (theme != "auto")


async def test_every_endpoint_and_parameter_is_on_the_page(served: Served) -> None:
    """With its words in the reader's language, and a field to try it with."""
    for language in ("zh", "en"):
        html = await text(served, f"{PAGE}?lang={language}")
        for each in ENDPOINTS:
            assert f'id="{each.name}" data-path="{each.path}"' in html
            assert (each.zh if language == "zh" else each.en).replace("'", "&#39;") in html
            for parameter in each.known:
                assert f'id="{each.name}-{parameter.name}"' in html


async def test_the_language_is_the_querys_the_cookies_or_the_browsers(served: Served) -> None:
    """In that order; another query is refused in the one shape."""
    asked = (f"{PAGE}?lang=en", PAGE)
    assert 'lang="en"' in await text(served, asked[0], Accept_Language="zh")
    assert 'lang="zh-CN"' in await text(served, asked[1], Accept_Language="zh")
    assert 'lang="zh-CN"' in await text(served, asked[1], Cookie="lang=zh", Accept_Language="en")
    status, _, body = await served.get(f"{PAGE}?lang=fr")
    assert (status, body["error"]["error_id"]) == (400, "bad_lang")


async def test_its_lines_for_the_shell_can_be_run_as_they_stand(served: Served) -> None:
    """Every address that the page offers is answered, but for ids that this centre has not."""
    for each in ENDPOINTS:
        if each.method is Method.GET:
            status, _, _ = await served.get(curl(each))
            assert status == (404 if each.missing in NOT_THERE else 200), curl(each)


async def test_a_field_for_the_token_is_there_only_where_one_is_asked_for(served: Served, stored_url: str) -> None:
    """And the command that makes one."""
    assert 'id="token"' not in await text(served)
    async with serving(served.engine, tokens=TokenRule.REQUIRED) as guarded, ClientSession():
        html = await text(guarded)
    assert 'id="token"' in html
    assert "threerings token create" in html


def test_every_word_is_there_in_both_languages() -> None:
    """Chinese has no English sentence left."""
    for name, (english, chinese) in WORDS.items():
        assert english, name
        assert chinese, name
    assert not [name for name, (_, chinese) in WORDS.items() if re.search(r"[a-z]+ [a-z]+ [a-z]+ [a-z]+", chinese)]
