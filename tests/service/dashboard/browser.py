"""A headless Chromium for the tests, driven by Playwright; absent, the tests are skipped and say why."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

try:
    from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright
except ImportError:  # pragma: no cover - the extra is not installed
    async_playwright = None  # type: ignore[assignment]

PROBES = Path(__file__).with_name("probes.js")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """Where Chromium is; without it the test is skipped, or fails where everything is required."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found and async_playwright is not None:
        return found
    lacking = "Chromium is not installed" if async_playwright is not None else "playwright is not installed"
    if os.environ.get("THREERINGS_REQUIRE_ALL") == "1":
        pytest.fail(f"{lacking}, and THREERINGS_REQUIRE_ALL=1")
    pytest.skip(lacking)


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """A browser that asks nobody but the page's own server."""
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@dataclass(slots=True)
class Watched:
    """A page, and what it complained of or fetched from elsewhere."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


@asynccontextmanager
async def open_page(
    browser: Browser, base: str, width: int, height: int = 900, **options: Any
) -> AsyncIterator[Watched]:
    """A page of its own, with its own cookies."""
    context = await browser.new_context(
        viewport={"width": width, "height": 900}, base_url=base, reduced_motion="reduce", **options
    )
    await context.add_init_script(path=PROBES)
    watched = Watched(await context.new_page())

    def complain(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            watched.complaints.append(message.text)

    watched.page.on("console", complain)
    watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    watched.page.on(
        "request", lambda asked: None if asked.url.startswith(base) else watched.strangers.append(asked.url)
    )
    yield watched
    await context.close()


async def until(page: Page, what: str) -> None:
    """Until an expression holds on the page: asked from here, since our pages let nothing be evaluated in them."""
    for _ in range(200):
        if await page.evaluate(what):
            return
        await page.wait_for_timeout(50)
    raise AssertionError(f"still not so after ten seconds: {what}")
