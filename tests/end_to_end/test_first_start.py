"""The first start in a real browser: from the demo to a connected PBX and its first call, as somebody new would."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from subprocess import Popen

import pytest
from playwright.async_api import Browser, Page, expect

from config.loader import load_settings
from telephony.clock import SystemClock
from telephony.scripted_pbx import ScriptedPbx
from telephony.scripted_streams import Part
from tests.end_to_end.serving import environ, url_in
from tests.service.dashboard.browser import open_browser, open_page
from tests.service.demo.played import script

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PASSWORD = "rings of the sea 7"
SECRET = "a secret of the manager"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser."""
    async with open_browser() as found:
        yield found


async def test_from_the_demo_to_the_first_call(browser: Browser, tmp_path: Path) -> None:
    """Five steps; the service begins again by itself after each that changes its settings."""
    with (
        (tmp_path / "log").open("wb") as log,
        Popen(  # noqa: ASYNC220 - it outlives the call
            [sys.executable, "-m", "service", "run", "--port", "0", "--lang", "en"],
            cwd=tmp_path, stderr=log, env=environ(),
        ) as service,
    ):  # fmt: skip
        try:
            url = await url_in(tmp_path / "log")
            async with (
                ScriptedPbx([Part(script=script())], user="threerings", secret=SECRET, clock=SystemClock()) as pbx,
                open_page(browser, url, 1440) as watched,
            ):
                await _start(watched.page, pbx)
                assert watched.strangers == []
        finally:
            service.terminate()
            service.wait(20)
    settings = load_settings(tmp_path / "threerings.toml", {})
    assert (settings.policy, [each.name for each in settings.pbxs]) == ("consulting", ["main"])
    assert SECRET not in (tmp_path / "threerings.toml").read_text(encoding="utf-8")


async def _start(page: Page, pbx: ScriptedPbx) -> None:
    await page.goto("/?lang=en")
    await page.get_by_role("link", name="Connect your own PBX").click()
    for name, text in (("login", "zhoumin"), ("name", "周敏"), ("password", PASSWORD), ("again", PASSWORD)):
        await page.fill(f"[name={name}]", text)
    await page.get_by_role("button", name="Next: connect a PBX").click()
    await page.wait_for_url(re.compile(r"/login\?"))
    await page.fill("[name=login]", "zhoumin")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/setup/pbx")
    for name, text in (("host", pbx.host), ("port", str(pbx.port)), ("secret", SECRET)):
        await page.fill(f"[name={name}]", text)
    await page.get_by_role("button", name="Keep it").click()
    await page.wait_for_url("**/setup/policy")
    await page.check("[value=consulting]")
    await page.get_by_role("button", name="Next: import agents").click()
    await page.wait_for_url("**/setup/agents")
    await _agents(page)
    await page.wait_for_url("**/setup/done")
    await expect(page.locator("main p .mono").first).to_contain_text("main/", timeout=30_000)
    await page.get_by_role("button", name="Open the shift now").click()
    await page.locator("html[data-stream=open]").wait_for()
    await expect(page.get_by_text("main connected")).to_be_visible()


async def _agents(page: Page) -> None:
    """Members of queues are there once the PBX has told of them."""
    for _ in range(40):
        if await page.locator("[name=agent]").count():
            break
        await page.wait_for_timeout(250)
        await page.reload()
    await page.get_by_role("button", name="Take these").click()
