"""The pages of records and figures in a real browser: they fit, complain of nothing, and obey keys."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from analytics.storage.engine import open_store
from tests.service.dashboard.browser import open_browser, open_page
from tests.service.dashboard.figures.conftest import DAYS, LONG_QUEUE, application
from tests.service.dashboard.test_browser import PROBES, SHOTS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

BOTH = f"{DAYS[0]}..{DAYS[1]}"
PAGES = {
    "agents": f"/agents?period={BOTH}",
    "agent": f"/agents/1001?period={BOTH}",
    "days": "/agents/1001?period=2026-11&tab=days",
    "queues": f"/queues?period={BOTH}",
    "queue": f"/queues/{LONG_QUEUE}?period={BOTH}",
    "calls": f"/calls?period={BOTH}",
    "behind": f"/calls?figure=ring_losses&period={BOTH}",
    "three-rings": f"/three-rings?period={BOTH}",
    "callers": f"/three-rings?period={BOTH}&view=caller",
    "minutes": "/minutes/2026-11?open=1001",
    "reports": "/reports",
    "nothing": "/calls?period=2020-01&direction=internal",
}
LOOKS = ((1440, "zh", "light"), (1100, "en", "dark"), (420, "en", "light"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all of these tests."""
    async with open_browser() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def base(stored: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Where the pages over the captured calls are served."""
    path = tmp_path_factory.mktemp("browsed") / "facts.db"
    shutil.copy(stored, path)
    engine = open_store(f"sqlite:///{path}")
    async with TestServer(application(engine)) as server:
        yield str(server.make_url("")).rstrip("/")
    engine.dispose()


def addressed(name: str, language: str, theme: str) -> str:
    """The address of a page in a language and a theme."""
    return f"{PAGES[name]}{'&' if '?' in PAGES[name] else '?'}lang={language}&theme={theme}"


@pytest.mark.parametrize(("width", "language", "theme"), LOOKS)
async def test_pages_fit_can_be_read_and_complain_of_nothing(
    browser: Browser, base: str, width: int, language: str, theme: str
) -> None:
    """No console error, nothing from elsewhere, no sideways scroll, no cut words, 4.5 : 1 between words and ground."""
    async with open_page(browser, base, width) as watched:
        for name in PAGES:
            await watched.page.goto(addressed(name, language, theme))
            await watched.page.evaluate("document.fonts.ready")
            assert await watched.page.evaluate("probes.sideways()") == 0, name
            for probe in (*PROBES, "faint"):
                assert await watched.page.evaluate(f"probes.{probe}()") == [], (name, probe)
        assert (watched.complaints, watched.strangers) == ([], [])


async def test_a_figure_opens_its_definition_and_its_calls_by_keyboard(browser: Browser, base: str) -> None:
    """J goes to a row, ? opens the definition of a focused figure, Escape closes it, Enter opens the calls behind."""
    async with open_page(browser, base, 1440) as watched:
        page = watched.page
        await page.goto(addressed("agents", "en", "light"))
        await page.keyboard.press("j")
        await expect(page.locator("tr.at")).to_contain_text("1001")
        figure = page.locator("tbody tr").first.locator("a[data-figure=ring_losses]")
        await figure.focus()
        await page.keyboard.press("?")
        popover = page.locator("#d-h-ring_losses")
        await expect(popover).to_be_visible()
        await expect(popover).to_contain_text("Offerings that were lost")
        await page.keyboard.press("Escape")
        await expect(popover).to_be_hidden()
        exact = await figure.get_attribute("data-exact")
        await figure.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("h1 [data-figure-of]")).to_have_text(exact or "")
        await page.keyboard.press("Escape")
        assert not watched.complaints


async def test_filters_go_to_the_address_and_back(browser: Browser, base: str) -> None:
    """Choosing keeps the days; the address holds only what was chosen; back undoes it; keys turn the days."""
    async with open_page(browser, base, 1440) as watched:
        page = watched.page
        await page.goto(addressed("calls", "en", "light"))
        before = await page.locator("h1 + p").text_content()
        await page.locator("select[name=disposition]").select_option("abandoned")
        await page.wait_for_url("**disposition=abandoned**")
        assert "direction=" not in page.url
        assert BOTH.replace("..", "..") in page.url
        await expect(page.locator("h1 + p")).not_to_have_text(before or "")
        await page.go_back()
        await expect(page.locator("h1 + p")).to_have_text(before or "")
        await page.keyboard.press("/")
        await expect(page.locator("[data-search]")).to_be_focused()
        await page.goto(addressed("minutes", "en", "light"))
        await page.keyboard.press("[")
        await page.wait_for_url("**/minutes/2026-10**")


async def test_a_view_is_kept_in_the_browser_as_a_link(browser: Browser, base: str) -> None:
    """Named, there on the next visit, and gone when it is removed."""
    async with open_page(browser, base, 1440) as watched:
        page: Page = watched.page
        page.on("dialog", lambda dialog: dialog.accept("晚接的"))
        await page.goto(addressed("behind", "zh", "light"))
        await page.locator("[data-save-view]").click()
        await page.goto("/calls")
        kept = page.locator("[data-views] a")
        await expect(kept).to_contain_text("晚接的")
        await kept.click()
        await page.wait_for_url("**figure=ring_losses**")
        await page.locator("[data-views] button").click()
        await expect(page.locator("[data-views] a")).to_have_count(0)


async def test_pages_are_whole_without_script(browser: Browser, base: str) -> None:
    """A filter is sent by its button, a definition opens, a row of the minutes unfolds."""
    async with open_page(browser, base, 1440, java_script_enabled=False) as watched:
        page = watched.page
        await page.goto(addressed("calls", "en", "light"))
        await page.locator("select[name=direction]").select_option("internal")
        await page.get_by_role("button", name="Filter").click()
        assert "direction=internal" in page.url
        await page.goto("/minutes/2026-11?lang=en")
        await page.locator('a[aria-expanded="false"]').first.click()
        await expect(page.get_by_role("heading", name="Minutes a day")).to_be_visible()


@pytest.mark.parametrize(
    ("file", "name", "language", "width"),
    [
        ("minutes-zh", "minutes", "zh", 1440),
        ("three-rings-en", "three-rings", "en", 1440),
    ],
)
async def test_screenshots_for_the_manual(
    browser: Browser, base: str, file: str, name: str, language: str, width: int
) -> None:
    """Each is small; with THREERINGS_SCREENSHOTS=1 they are put in docs/screenshots."""
    async with open_page(browser, base, width) as watched:
        await watched.page.goto(addressed(name, language, "light"))
        await watched.page.evaluate("document.fonts.ready")
        shot = await watched.page.screenshot(animations="disabled")
        assert 10_000 < len(shot) < 260_000
        if os.environ.get("THREERINGS_SCREENSHOTS") == "1":
            (SHOTS / f"{file}.png").write_bytes(shot)
