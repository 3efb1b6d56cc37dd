"""Every page of the demo in a real browser: it answers, fits both languages and themes, and nothing is amiss.

With THREERINGS_SCREENSHOTS=1 each is put in docs/screenshots; with THREERINGS_LOOKS=all both languages are looked at in
both themes.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from tests.end_to_end.serving import environ, url_in
from tests.service.dashboard.browser import open_browser, open_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

SHOTS = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
DESK, WALL = (1440, 900), (1920, 1080)
MOST_BYTES = 300_000
AXE = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]},
}
GRAVE = ("serious", "critical")


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: where it is, or the link on another page that leads there."""

    path: str
    by: str = ""


PAGES = {
    "shift": Shown("/"),
    "wall": Shown("/wall"),
    "desk": Shown("/desk?agent=1001"),
    "desk-owed": Shown("/desk/owed?agent=1001"),
    "desk-calls": Shown("/desk/calls?agent=1001"),
    "desk-minutes": Shown("/desk/minutes?agent=1001"),
    "agents": Shown("/agents"),
    "agent": Shown("/agents/1001"),
    "queues": Shown("/queues"),
    "queue": Shown("/queues/support"),
    "calls": Shown("/calls"),
    "call": Shown("/calls?disposition=answered", 'main td a[href^="/calls/"]'),
    "recordings": Shown("/recordings?period=month"),
    "destruction": Shown("/recordings/destruction"),
    "three-rings": Shown("/three-rings?period=month"),
    "minutes": Shown("/minutes"),
    "reports": Shown("/reports"),
    "closing": Shown("/closing"),
    "recording": Shown("/recordings", 'main table a[href^="/recordings/"]'),
    "quality": Shown("/quality"),
    "sample": Shown("/quality/1"),
    "quality-week": Shown("/quality", 'main a[href^="/quality/weeks/"]'),
    "desk-quality": Shown("/desk/quality?agent=1001"),
    "quality-month": Shown("/quality", 'main a[href^="/quality/months/"]'),
    "followups": Shown("/followups"),
    "followup-list": Shown("/followups/list"),
    "followup": Shown("/followups/list", 'main td a[href^="/followups/"]'),
    "followup-items": Shown("/followups", 'main a[href^="/followups/items"]'),
    "customers": Shown("/customers"),
    "customer": Shown("/customers", 'main a[href^="/customers/C-"]'),
    "campaigns": Shown("/campaigns"),
    "campaign": Shown("/campaigns/1"),
    "policy": Shown("/policy"),
    "people": Shown("/people"),
    "account": Shown("/people/new"),
    "login": Shown("/login"),
    "api": Shown("/api/v1/docs"),
    "gaps": Shown("/gaps"),
    "audit": Shown("/audit"),
    "setup": Shown("/setup/administrator"),
}
IN_BOTH = ("shift", "wall", "desk", "call", "recording", "sample")
"""Of which there is a picture in English and dark too."""

ALL = os.environ.get("THREERINGS_LOOKS") == "all"
LOOKS = (("zh", "light"), ("en", "dark"), *((("zh", "dark"), ("en", "light")) if ALL else ()))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A browser for all pages."""
    async with open_browser() as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Where the demo is served, once its past is there."""
    folder = tmp_path_factory.mktemp("demo")
    with (
        (folder / "log").open("wb") as log,
        Popen(  # noqa: ASYNC220 - it outlives the call
            [sys.executable, "-m", "service", "run", "--port", "0"], cwd=folder, stderr=log, env=environ()
        ) as service,
    ):
        try:
            url = await url_in(folder / "log")
            await _await_past(folder / "log")
            yield url
        finally:
            service.terminate()
            service.wait(20)


async def _await_past(log: Path) -> None:
    """Until what was played before is stored and what agents said of it is noted, however short today is yet."""
    for _ in range(2000):
        told = log.read_bytes()  # noqa: ASYNC240 - a small file of our own
        if all(each in told for each in (b"event=demo.noted", b"event=demo.sampled", b"event=recordings.found")):
            return
        await asyncio.sleep(0.1)
    pytest.fail("the demo has no past after three minutes")


@pytest.mark.parametrize(("language", "theme"), LOOKS)
@pytest.mark.parametrize("name", PAGES)
async def test_a_page_of_the_demo_has_nothing_amiss(
    browser: Browser, demo: str, name: str, language: str, theme: str
) -> None:
    """No complaint of the browser, nothing from elsewhere, no serious finding of axe, light enough."""
    shown = PAGES[name]
    width, height = WALL if name == "wall" else DESK
    async with open_page(browser, demo, width) as watched:
        page = watched.page
        await page.set_viewport_size({"width": width, "height": height})
        weighed = _weigh(page)
        await page.goto(f"{shown.path}{'&' if '?' in shown.path else '?'}lang={language}&theme={theme}")
        if shown.by:
            weighed.clear()
            await page.locator(shown.by).first.click()
        await page.wait_for_load_state("load")
        await page.wait_for_timeout(300)
        assert watched.complaints == []
        assert watched.strangers == []
        assert sum(weighed) < MOST_BYTES
        assert "\n".join(await _grave(page)) == ""
        if os.environ.get("THREERINGS_SCREENSHOTS") == "1" and (
            (language, theme) == LOOKS[0] or (name in IN_BOTH and (language, theme) == LOOKS[1])
        ):
            await page.screenshot(path=SHOTS / f"{name}-{language}-{theme}.png")


def _weigh(page: Page) -> list[int]:
    """The bytes of what the page fetches, but for what never ends."""
    found: list[int] = []

    async def weigh(response: Any) -> None:
        if "text/event-stream" not in response.headers.get("content-type", ""):
            found.append(int(response.headers.get("content-length", 0)))

    page.on("response", weigh)
    return found


async def _grave(page: Page) -> list[str]:
    """What axe finds that keeps somebody out: the rule, and the first place."""
    found = await Axe().run(page, options=AXE)
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}"
        for each in found.response["violations"]
        if each["impact"] in GRAVE
    ]
