"""Recordings in a real browser: the player under the hand and by keys, pages at every width, in both languages."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect
from sqlalchemy import Engine

from tests.service.auth.house import PASSWORD, file, light_hashes
from tests.service.dashboard.browser import Watched, open_browser, open_page
from tests.service.dashboard.recorded import GONE, MONO, STEREO, Recorded, recorded

__all__ = ["file", "light_hashes"]

pytestmark = pytest.mark.browser

SHOTS = Path(__file__).resolve().parents[3] / "docs" / "screenshots"
ROOM = "/recordings/destruction"
PAGES = {
    "recordings": ("zhou", "/recordings?period=2026-11"),
    "recordings-orphans": ("zhou", "/recordings?period=2026-11&show=no_file"),
    "recordings-none": ("zhou", "/recordings?period=2026-10"),
    "recording": ("zhou", f"/recordings/{STEREO}"),
    "recording-mono": ("zhou", f"/recordings/{MONO}"),
    "recording-gone": ("zhou", f"/recordings/{GONE}"),
    "recording-call": ("zhou", "/calls/pbx/1.1"),
    "destruction": ("registrar", ROOM),
    "destruction-list": ("reviewer", f"{ROOM}/1"),
}
WIDTHS = (1440, 1100, 420)
GRAVE = ("serious", "critical")
AT = "document.querySelector('audio').currentTime"
LOOKS = 100


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser."""
    async with open_browser() as found:
        yield found


@pytest.fixture
async def centre(file: Engine, tmp_path: Path) -> AsyncIterator[Recorded]:
    """A centre whose calls were recorded, with a list for destruction and a hold."""
    async with recorded(file, tmp_path) as found:
        await found.log_in("zhou")
        await found.post(f"{ROOM}/holds", kind="call", target="pbx/1.2", reason="法院 2026-311 号案件")
        await found.log_in_anew("registrar")
        await found.post(ROOM, basis="retention")
        yield found


def address(centre: Recorded) -> str:
    """Where it is served."""
    return str(centre.client.make_url("")).rstrip("/")


async def log_in(watched: Watched, login: str) -> None:
    """As people do it."""
    await watched.page.goto("/login")
    await watched.page.fill("[name=login]", login)
    await watched.page.fill("[name=password]", PASSWORD)
    await watched.page.click("form button[type=submit]")
    await watched.page.wait_for_url(lambda url: "/login" not in url)


async def grave(page: Page) -> list[str]:
    """What axe finds that keeps somebody out: the rule, and the first place."""
    found = await Axe().run(page)
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]}"
        for each in found.response["violations"]
        if each["impact"] in GRAVE
    ]


@pytest.mark.parametrize("login", ["zhou", "registrar", "reviewer"])
async def test_pages_have_nothing_amiss_at_any_width_in_both_languages_and_themes(
    browser: Browser, centre: Recorded, login: str
) -> None:
    """No complaint, nothing from elsewhere, no sideways scroll, nothing that axe calls serious."""
    async with open_page(browser, address(centre), 1440) as watched:
        await log_in(watched, login)
        for name, (_, path) in ((n, shown) for n, shown in PAGES.items() if shown[0] == login):
            for language, theme in product(("zh", "en"), ("light", "dark")):
                page = watched.page
                await page.set_viewport_size({"width": 1440, "height": 900})
                await page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}&theme={theme}")
                assert await grave(page) == [], (name, language, theme)
                if os.environ.get("THREERINGS_SCREENSHOTS") == "1" and theme == "light" and "-" not in name:
                    await page.screenshot(path=SHOTS / f"{name}-{language}-light.png")
                for width in WIDTHS:
                    await page.set_viewport_size({"width": width, "height": 900})
                    wide = await page.evaluate("document.documentElement.scrollWidth")
                    assert wide <= width, (name, language, theme, width)
        assert watched.complaints == []
        assert watched.strangers == []


async def test_the_player_obeys_hand_and_keys(browser: Browser, centre: Recorded) -> None:
    """Click, keys, leaps between silence and overlap, speeds, a place to jump to; nothing is fetched before."""
    async with open_page(browser, address(centre), 1440) as watched:
        page = watched.page
        await log_in(watched, "zhou")
        await page.goto(f"/recordings/{STEREO}?lang=en")
        assert "listened" not in [act for (act,) in centre.audited("act")]
        wave = page.locator("[data-seek]").first
        box = await wave.bounding_box()
        assert box is not None
        await wave.click(position={"x": box["width"] / 2, "y": 40})
        await near(page, 20.0)
        for key, at in (("[", 7.0), ("]", 20.0), ("ArrowLeft", 15.0), ("ArrowRight", 20.0)):
            await page.keyboard.press(key)
            await near(page, at)
        await page.get_by_role("button", name="0.75×").click()
        assert await page.evaluate("document.querySelector('audio').playbackRate") == 0.75
        await page.evaluate(
            "document.querySelector('[data-player]').dispatchEvent(new CustomEvent('recording:seek', {detail: 3000}))"
        )
        await near(page, 3.0)
        assert await page.locator("[data-played]").first.get_attribute("width") != "0"
        assert watched.complaints == []


async def test_a_stretch_that_is_dragged_over_is_played_over_and_over(browser: Browser, centre: Recorded) -> None:
    """Until it is let go by Esc; what was heard twice is counted once."""
    async with open_page(browser, address(centre), 1440) as watched:
        page = watched.page
        await log_in(watched, "zhou")
        await page.goto(f"/recordings/{STEREO}?lang=en")
        box = await page.locator("[data-seek]").first.bounding_box()
        assert box is not None
        second, y = box["width"] / 40, box["y"] + 30
        await page.mouse.move(box["x"] + 10 * second, y)
        await page.mouse.down()
        await page.mouse.move(box["x"] + 10.3 * second, y, steps=2)
        await page.mouse.move(box["x"] + 11 * second, y, steps=3)
        await page.mouse.up()
        await near(page, 10.0)
        await expect(page.locator("[data-loop-words]")).to_contain_text("0:10")
        await page.get_by_role("button", name="2×", exact=True).click()
        await page.get_by_role("button", name="Play").click()
        await page.wait_for_timeout(1500)
        assert 9.5 <= await page.evaluate(AT) <= 11.6
        await page.keyboard.press("Escape")
        await expect(page.locator("[data-loop-words]")).to_be_hidden()
        await page.get_by_role("button", name="Pause").click()
        heard = await until_heard(centre)
        assert 500 <= heard <= 2500
        assert watched.complaints == []


async def test_one_side_is_heard_alone_and_both_again(browser: Browser, centre: Recorded) -> None:
    """The button stays pressed; the sound goes on by the same road; without WebAudio there are no such buttons."""
    async with open_page(browser, address(centre), 1440) as watched:
        page = watched.page
        await log_in(watched, "zhou")
        await page.goto(f"/recordings/{STEREO}?lang=en")
        alone = page.get_by_role("button", name="Agent only")
        await page.keyboard.press("Space")
        await alone.click()
        await expect(alone).to_have_attribute("aria-pressed", "true")
        before = await page.evaluate(AT)
        await beyond(page, before + 0.2)
        await page.get_by_role("button", name="Customer only").click()
        await expect(alone).to_have_attribute("aria-pressed", "false")
        await page.get_by_role("button", name="Customer only").click()
        assert await page.locator("[data-only][aria-pressed=true]").count() == 0
        await page.add_init_script("delete window.AudioContext; window.AudioContext = undefined")
        await page.reload()
        await expect(page.get_by_role("button", name="Agent only")).to_be_hidden()
        await page.keyboard.press("Space")
        await beyond(page, 0)
        assert watched.complaints == []


async def test_a_page_that_takes_notes_is_told_where_and_has_them_drawn(browser: Browser, centre: Recorded) -> None:
    """N says at which millisecond; pins stand on the row of marks, and a link of a note jumps."""
    async with open_page(browser, address(centre), 1440) as watched:
        page = watched.page
        await log_in(watched, "zhou")
        await page.goto(f"/recordings/{STEREO}?lang=en")
        assert await page.locator("[data-do=note]").is_hidden()
        await page.evaluate(
            """() => {
                document.addEventListener('recording:note', event => { window.noted = event.detail; });
                const box = document.querySelector('[data-player]'), link = document.createElement('a');
                const notes = [{number: 1, at: 10000, text: 'well said'}];
                box.dispatchEvent(new CustomEvent('recording:notes', {detail: notes}));
                link.dataset.seekTo = '30000'; link.href = '#'; link.textContent = 'there';
                document.querySelector('main').append(link);
            }"""
        )
        await page.keyboard.press("ArrowRight")
        await near(page, 5.0)
        await page.keyboard.press("n")
        assert await page.evaluate("window.noted") == {"at": 5000, "file": str(STEREO)}
        assert await page.locator(".pin circle").get_attribute("cx") == "25%"
        await page.get_by_role("link", name="there").click()
        await beyond(page, 29.99)


async def near(page: Page, seconds: float) -> None:
    """The player comes to stand there, within a tenth of a second."""
    await _until(page, seconds - 0.1, seconds + 0.1)


async def beyond(page: Page, seconds: float) -> None:
    """The player comes beyond it."""
    await _until(page, seconds, float("inf"))


async def _until(page: Page, low: float, high: float) -> None:
    for _ in range(LOOKS):
        at = await page.evaluate(AT)
        if low < at < high:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"found {at} s, expected {low} to {high}")


async def until_heard(centre: Recorded) -> int:
    """The newest number of milliseconds in the audit, once there is one."""
    for _ in range(LOOKS):
        rows = [json.loads(each) for act, each in centre.audited("act", "details") if act == "listened"]
        found = [each["heard_ms"] for each in rows if "heard_ms" in each]
        if found:
            return int(found[-1])
        await asyncio.sleep(0.05)
    raise AssertionError("nothing was heard")
