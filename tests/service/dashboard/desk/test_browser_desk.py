"""The desk in a real browser: a phone rings, the card comes, a digit, a note, saved; by keyboard, wide and narrow."""

from __future__ import annotations

import time

import pytest
from playwright.async_api import expect

from service.desk.call_records import entries_of, load_draft
from tests.service.dashboard.browser import Watched, open_browser, open_page
from tests.service.dashboard.conftest import Client
from tests.service.dashboard.desk.played import RINGS, PlayedCentre
from tests.service.dashboard.test_browser import CONNECTED, PROBES

pytestmark = pytest.mark.browser
PAGES = ("/desk", "/desk/owed?owed=all", "/desk/calls", "/desk/minutes")


async def test_ring_card_digit_save(centre: PlayedCentre, nana: Client) -> None:
    """The card within a second of the event; what is typed is kept and survives the state's changes; Ctrl+Enter."""
    centre.owe()
    base = str(nana.make_url("/")).rstrip("/")
    async with open_browser() as browser, open_page(browser, base, 1440) as watched:
        page = watched.page
        await page.goto("/desk?lang=zh")
        await page.locator(CONNECTED).wait_for()
        await expect(page.locator("[data-activity]")).to_have_attribute("data-activity", "logged_out")
        centre.ring()
        began = time.monotonic()
        await expect(page.locator(".callcard h1")).to_have_text("林美华", timeout=1000)
        assert time.monotonic() - began < 1
        await expect(page.locator("[data-activity]")).to_have_attribute("data-activity", "ringing")
        await page.keyboard.press("1")
        await expect(page.locator('input[name="outcome"][value="enquiry"]')).to_be_checked()
        await page.locator("#f-next").select_option("promise:")
        await page.locator("#f-time").fill("周一 12:30")
        await expect(page.locator("[data-said]")).to_contain_text("该时间不能拨打客户")
        await page.locator("[data-instead]").click()
        await expect(page.locator("#f-time")).to_have_value("2026-11-23 13:30")
        await page.locator("#f-content").fill("要含安装1")
        centre.answer()
        await expect(page.locator("[data-activity]")).to_have_attribute("data-activity", "talking")
        await expect(page.locator("#f-content")).to_have_value("要含安装1")
        await expect(page.locator(".draft")).to_contain_text("草稿已存")
        with centre.engine.connect() as connection:
            draft = load_draft(connection, "1001", RINGS)
        assert draft is not None
        assert draft.fields["content"] == "要含安装1"
        await page.get_by_text("本通即办结").click()
        await expect(page.locator(".survey")).to_be_visible()
        await page.locator("#f-content").press("Control+Enter")
        await expect(page.locator(".banner.good")).to_contain_text("已登记")
        assert (watched.complaints, watched.strangers) == ([], [])
    with centre.engine.connect() as connection:
        (entry,) = entries_of(connection, RINGS, "1001")
    assert (entry.outcome, entry.next_step, len(entry.follow_ups)) == ("enquiry", "promise:", 1)


async def test_its_pages_fit_and_can_be_read(centre: PlayedCentre, nana: Client) -> None:
    """Both languages and themes, down to 420 pixels: no sideways scroll, no cut words, contrast, no complaint."""
    centre.owe()
    centre.remember()
    centre.promise("1001", "C-20418", centre.now, "k1")
    centre.ring()
    base = str(nana.make_url("/")).rstrip("/")
    async with open_browser() as browser:
        for width, language, theme in (
            (1440, "zh", "dark"),
            (1100, "en", "light"),
            (420, "zh", "light"),
            (420, "en", "dark"),
        ):
            async with open_page(browser, base, width) as watched:
                for path in PAGES:
                    await _looked_at(watched, f"{path}{'&' if '?' in path else '?'}lang={language}&theme={theme}")
                assert (watched.complaints, watched.strangers) == ([], [])


async def _looked_at(watched: Watched, path: str) -> None:
    await watched.page.goto(path)
    await watched.page.evaluate("document.fonts.ready")
    assert await watched.page.evaluate("probes.sideways()") == 0, path
    for probe in (*PROBES, "faint"):
        assert await watched.page.evaluate(f"probes.{probe}()") == [], (path, probe)
