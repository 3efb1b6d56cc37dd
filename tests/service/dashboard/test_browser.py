"""The pages in a real browser: no complaint, no sideways scroll, and a call that appears as it happens."""

from __future__ import annotations

import os
import re
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from service.dashboard.application import setup
from service.dashboard.board import CallStage
from service.dashboard.story.pages import StoryPages
from tests.service.dashboard.a_call import CALL_ID
from tests.service.dashboard.browser import open_browser, open_page
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.people import ACTIVE, AGENTS, BOARD, call_now, ringing
from tests.service.dashboard.stories import StandingStories

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SHOTS = Path(__file__).resolve().parents[3] / "docs" / "screenshots"
PAGES = {
    "shift": "/",
    "wall": "/wall",
    "call": f"/calls/{CALL_ID}",
}
WIDTHS = (1440, 1100, 420)

PROBES = ("clipped", "spilt", "covered")
CONNECTED = "html[data-stream=open]"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all of these tests."""
    async with open_browser() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="module")
async def centre() -> StandingCentre:
    """A centre of its own for each test."""
    return StandingCentre()


@pytest_asyncio.fixture(loop_scope="module")
async def base(centre: StandingCentre, tmp_path: Path) -> AsyncIterator[str]:
    """Where the dashboard of that centre is served."""
    app = web.Application()
    setup(app, centre, rooms=[partial(StoryPages, StandingStories(tmp_path))])
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
async def test_pages_fit_and_complain_of_nothing(browser: Browser, base: str, name: str, width: int) -> None:
    """Both languages and themes: no console error, nothing from elsewhere, no sideways scroll, no cut words."""
    async with open_page(browser, base, width) as watched:
        for language, theme in product(("zh", "en"), ("light", "dark")):
            await watched.page.goto(f"{PAGES[name]}?lang={language}&theme={theme}")
            await expect(watched.page.locator("html")).to_have_attribute("data-theme", theme)
            await watched.page.evaluate("document.fonts.ready")
            assert await watched.page.evaluate("probes.sideways()") == 0
            for probe in PROBES:
                assert await watched.page.evaluate(f"probes.{probe}()") == [], (probe, language)
        assert (watched.complaints, watched.strangers) == ([], [])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
async def test_text_can_be_read(browser: Browser, base: str, name: str, theme: str) -> None:
    """4.5 : 1 or more between all words and what they stand on."""
    async with open_page(browser, base, 1440) as watched:
        await watched.page.goto(f"{PAGES[name]}?theme={theme}")
        assert await watched.page.evaluate("probes.faint()") == []


async def test_a_call_appears_within_a_second(browser: Browser, base: str, centre: StandingCentre) -> None:
    """From the event to the row on the page, with its first ring shown."""
    async with open_page(browser, base, 1440) as watched:
        page = watched.page
        await page.goto("/")
        await page.locator(CONNECTED).wait_for()
        new = call_now(99, CallStage.RINGING, 0, "13755558888", "咨询热线", rings=(ringing("1005", 0),))
        began = time.monotonic()
        centre.show(replace(BOARD, active=(*ACTIVE, new), waiting=4))
        row = page.locator("[data-live=ringing] tr", has_text="137****8888")
        await expect(row).to_be_visible(timeout=1000)
        await expect(page.locator('[data-live="kpi.waiting"] .v')).to_have_text("4", timeout=1000)
        assert time.monotonic() - began < 1
        await expect(row.locator("i").first).to_have_class("now")
        await expect(row.locator(".pips")).to_have_attribute("aria-label", "第 1 声")


async def test_rows_that_changed_leave_the_others_alone(
    browser: Browser, base: str, centre: StandingCentre
) -> None:
    """An agent's row is replaced; the others are the same elements as before, focus stays where it was."""
    async with open_page(browser, base, 1440) as watched:
        page = watched.page
        await page.goto("/")
        await page.locator(CONNECTED).wait_for()
        centre.show(replace(BOARD, waiting=9))
        await expect(page.locator('[data-live="kpi.waiting"] .v')).to_have_text("9")
        await page.evaluate("""document.querySelector('[data-live="agent.1002"]').dataset.mine = 'kept'""")
        await page.locator('[data-live="agent.1001"] a.lk').focus()
        changed = (replace(AGENTS[0], calls=64), *AGENTS[1:])
        centre.show(replace(BOARD, agents=changed))
        await expect(page.locator('[data-live="agent.1001"] td').nth(5)).to_have_text("64")
        await expect(page.locator('[data-live="agent.1002"]')).to_have_attribute("data-mine", "kept")
        assert await page.evaluate("document.activeElement.getAttribute('href')") == "/calls/hq/1795189122.1001"


async def test_times_run_in_the_browser_by_the_servers_clock(browser: Browser, base: str) -> None:
    """The centre's clock stands on a day of its own: the time since is by that clock, not by the browser's."""
    async with open_page(browser, base, 1440) as watched:
        await watched.page.goto("/")
        await watched.page.locator(CONNECTED).wait_for()
        held = watched.page.locator('[data-live="agent.1001"] time')
        await expect(held).to_have_text(re.compile("3:3[4-7]"))
        await expect(watched.page.locator("[data-clock]")).to_have_text(re.compile("15:42:(18|19|20|21)"))
        assert not watched.complaints


async def test_a_lost_stream_is_said_within_seconds(browser: Browser, centre: StandingCentre) -> None:
    """No spinner over old numbers: the tiles say since when they stand."""
    app = web.Application()
    setup(app, centre)
    server = TestServer(app)
    await server.start_server()
    async with open_page(browser, str(server.make_url("")).rstrip("/"), 1440) as watched:
        await watched.page.goto("/")
        await watched.page.locator(CONNECTED).wait_for()
        await server.close()
        note = watched.page.locator(".kpi .s.stale").first
        await expect(note).to_be_visible(timeout=9000)
        await expect(note).to_contain_text("停在 15:42:18")


async def test_the_theme_follows_the_system_until_it_is_chosen(browser: Browser, base: str) -> None:
    """Dark by the system; a click makes it light, and it stays light on the next page."""
    async with open_page(browser, base, 1440, color_scheme="dark") as watched:
        page = watched.page
        await page.goto("/")
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        await page.locator("[data-act=theme]").click()
        await expect(page.locator("html")).to_have_attribute("data-theme", "light")
        await page.goto("/gaps")
        await expect(page.locator("html")).to_have_attribute("data-theme", "light")


async def test_pages_are_whole_without_script(browser: Browser, base: str) -> None:
    """Figures, running times as of the page; only nothing moves."""
    async with open_page(browser, base, 1440, java_script_enabled=False) as watched:
        page = watched.page
        await page.goto("/?lang=en")
        await expect(page.locator('[data-live="agent.1001"] time')).to_have_text("3:34")
        await expect(page.locator("[data-live=ringing] tr").first).to_contain_text("17.2 s")


@pytest.mark.parametrize(
    ("file", "path", "width"),
    [
        ("shift-420", "/?lang=zh&theme=light", 420),
    ],
)
async def test_screenshots_for_the_manual(browser: Browser, base: str, file: str, path: str, width: int) -> None:
    """Each is small; with THREERINGS_SCREENSHOTS=1 they are put in docs/screenshots."""
    async with open_page(browser, base, width) as watched:
        await watched.page.goto(path)
        await watched.page.locator(CONNECTED).wait_for()
        await watched.page.evaluate("document.fonts.ready")
        shot = await watched.page.screenshot(animations="disabled")
        assert 10_000 < len(shot) < 260_000
        if os.environ.get("THREERINGS_SCREENSHOTS") == "1":
            (SHOTS / f"{file}.png").write_bytes(shot)
