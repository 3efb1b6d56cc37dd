"""The page of the API in a real browser: it fits, complains of nothing, and a try shows what the service answers."""

from __future__ import annotations

import json
from itertools import product

import pytest
from playwright.async_api import expect

from config.settings import TokenRule
from tests.service.api.conftest import Served, serving
from tests.service.dashboard.browser import open_browser, open_page

pytestmark = pytest.mark.browser
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
ASKED = "/api/v1/query?metrics=exact_talk_minutes&period=2026-11&group=agent,day"


async def test_the_page_fits_and_complains_of_nothing(served: Served) -> None:
    """Both languages and themes, wide and narrow: no console error, nothing from elsewhere, no sideways scroll."""
    async with open_browser() as browser:
        for width in (1280, 420):
            async with open_page(browser, served.url, width) as watched:
                for language, theme in product(("zh", "en"), ("light", "dark")):
                    await watched.page.goto(f"/api/v1/docs?lang={language}&theme={theme}")
                    assert await watched.page.evaluate(SIDEWAYS) <= 0
                assert (watched.complaints, watched.strangers) == ([], [])


async def test_a_try_shows_the_answer_and_its_line_for_the_shell(served: Served) -> None:
    """The address follows what is typed; what is shown is what a program gets, a refusal too."""
    told = await served.body(ASKED)
    async with open_browser() as browser, open_page(browser, served.url, 1280) as watched:
        await watched.page.goto("/api/v1/docs?lang=en")
        part = watched.page.locator("#query")
        for name, value in (("metrics", "exact_talk_minutes"), ("period", "2026-11"), ("group", "agent,day")):
            await watched.page.fill(f"#query-{name}", value)
        await expect(part.locator("[data-url]")).to_have_text(ASKED)
        await part.locator("button").click()
        await expect(part.locator("[data-status]")).to_have_text("200")
        assert json.loads(await part.locator("[data-answer]").inner_text())["rows"] == told["rows"]
        await watched.page.fill("#query-period", "soon")
        await part.locator("button").click()
        await expect(part.locator("[data-status]")).to_have_text("400")
        await expect(part.locator("[data-answer]")).to_contain_text("bad_period")


async def test_a_token_that_is_typed_is_used(served: Served) -> None:
    """Without it the try is refused; with one that is not known, for that reason."""
    async with (
        serving(served.engine, tokens=TokenRule.REQUIRED) as guarded,
        open_browser() as browser,
        open_page(browser, guarded.url, 1280) as watched,
    ):
        await watched.page.goto("/api/v1/docs?lang=en")
        part = watched.page.locator("#summary")
        await part.locator("button").click()
        await expect(part.locator("[data-answer]")).to_contain_text("found none")
        await watched.page.fill("#token", "tr_00000000_" + "A" * 43)
        await part.locator("button").click()
        await expect(part.locator("[data-answer]")).to_contain_text("found one that is not known")
