"""The pages of promises in a real browser: they fit, read well, complain of nothing, and do what their buttons say."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from analytics.storage.engine import open_store
from service.migrations import upgrade
from tests.service.dashboard import promised
from tests.service.dashboard.browser import open_browser, open_page
from tests.service.dashboard.promise_pages import pages_for

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PROBES = ("probes.clipped()", "probes.spilt()", "probes.covered()", "probes.faint()")
PAGES = (
    "/followups", "/followups/items?standing=closed", "/followups/list?state=all", "/followups/{id}", "/customers",
    "/customers/C-20403", "/customers/import", "/policy?customers=100",
)  # fmt: skip


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all of these tests."""
    async with open_browser() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def centre(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[str, str]]:
    """Where the pages of a centre that owes things are served, and something that it owes."""
    folder: Path = tmp_path_factory.mktemp("promised")
    engine = open_store(f"sqlite:///{folder}/facts.db")
    upgrade(engine)
    promised.furnish(engine, 44)
    desk = promised.desk_of(engine, folder)
    promised.live(desk, 44)
    async with pages_for(desk) as client:
        yield str(client.make_url("")).rstrip("/"), promised.open_ids(desk)[0]
    engine.dispose()


@pytest.mark.parametrize(
    ("language", "theme", "widths"),
    [("zh", "light", (1440, 420)), ("en", "dark", (1440, 420)), ("zh", "dark", (1440,)), ("en", "light", (1440,))],
)
async def test_pages_fit_and_read_well(
    browser: Browser, centre: tuple[str, str], language: str, theme: str, widths: tuple[int, ...]
) -> None:
    """At 1440 and 420 pixels: no sideways scroll, no cut or faint words, no console error, nothing from elsewhere."""
    base, identity = centre
    async with open_page(browser, base, 1440) as watched:
        for path in PAGES:
            joint = "&" if "?" in path else "?"
            await watched.page.goto(f"{path.format(id=identity)}{joint}lang={language}&theme={theme}")
            await watched.page.evaluate("document.fonts.ready")
            for width in widths:
                await watched.page.set_viewport_size({"width": width, "height": 900})
                found = await watched.page.evaluate(f"[probes.sideways(), {', '.join(PROBES)}]")
                assert found == [0, *([] for _ in PROBES)], (path, width)
            await watched.page.set_viewport_size({"width": 1440, "height": 900})
        assert (watched.complaints, watched.strangers) == ([], [])


async def test_many_are_put_off_by_words_and_put_back(browser: Browser, centre: tuple[str, str]) -> None:
    """Chosen by boxes, a Saturday warned of, the offered Monday taken, and undone; then a customer's dialog by keys."""
    async with open_page(browser, centre[0], 1440) as watched:
        page = watched.page
        await page.goto("/followups/list?state=all&kind=transaction&lang=en")
        button = page.get_by_role("button", name="Reschedule")
        await expect(button).to_be_disabled()
        boxes = page.locator("input[name=id]")
        await boxes.nth(0).check()
        await boxes.nth(1).check()
        await expect(page.locator("[data-picked]")).to_have_text("2 chosen")
        await button.click()
        await expect(page.get_by_role("heading", name="Reschedule 2 follow-ups?")).to_be_visible()
        await page.get_by_label("New time").fill("明天 11:00")
        await page.get_by_label("Who does it").fill("1001")
        await page.get_by_role("button", name="Reschedule").click()
        await expect(page.get_by_role("alert")).to_contain_text("it is a day off")
        await page.get_by_role("button", name=re.compile("Take Mon 23 Nov 09:00")).click()
        await expect(page.get_by_role("status").first).to_contain_text("2 of 2 rescheduled")
        await page.get_by_role("button", name="Undo").click()
        await expect(page.locator("h1")).to_contain_text("of 2 as they were before")
        await page.goto("/customers/C-20404?lang=en")
        await page.get_by_role("button", name="Do not call").focus()
        await page.keyboard.press("Enter")
        dialog = page.locator("#ask-do-not-call")
        await expect(dialog).to_be_visible()
        await expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
        assert watched.complaints == []
