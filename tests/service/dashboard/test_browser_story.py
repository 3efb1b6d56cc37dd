"""A call's page in a real browser: it grows, its recording plays and seeks, its keys lead on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from service.auth.audit import Act
from service.dashboard.application import Gate, setup
from service.dashboard.story.pages import StoryPages
from service.dashboard.story.source import Beside
from tests.analytics.recordings.formats import FORMATS
from tests.analytics.recordings.tones import pcm16, tone, wave, write
from tests.service.dashboard.a_call import CALL_ID, STORY, going_on
from tests.service.dashboard.browser import open_browser, open_page
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.doors import Door
from tests.service.dashboard.stories import StandingStories

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CALL = f"/calls/{CALL_ID}"
AT = "document.querySelector('audio').currentTime"
HEARD_WITHIN = 100
"""Looks, each 50 ms after the one before."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all of these tests."""
    async with open_browser() as found:
        yield found


@pytest.fixture
def stories(tmp_path: Path) -> StandingStories:
    """A call with everything, and its recording."""
    return StandingStories(tmp_path)


@pytest_asyncio.fixture(loop_scope="module")
async def base(stories: StandingStories) -> AsyncIterator[str]:
    """Where the dashboard is served to a supervisor."""
    app = web.Application()
    setup(app, StandingCentre(), rooms=[partial(StoryPages, stories)], gate=Gate(guard=Door().guard()))
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


async def until_heard(stories: StandingStories, act: Act, key: str) -> int:
    """The newest detail of that name in the audit, once there is one."""
    for _ in range(HEARD_WITHIN):
        found = [each.details[key] for each in stories.notes if each.act is act and key in each.details]
        if found:
            return int(found[-1] or 0)
        await asyncio.sleep(0.05)
    raise AssertionError(f"no {key} in {stories.notes}")


async def test_a_call_in_progress_grows_and_ends(browser: Browser, base: str, stories: StandingStories) -> None:
    """Its page follows it without being asked to, and rests when the call is over."""
    async with open_page(browser, base, 1440) as watched:
        page = watched.page
        stories.stories[CALL_ID] = going_on(120)
        await page.goto(CALL)
        await expect(page.locator("#story")).to_contain_text("通话 30.9 秒")
        stories.stories[CALL_ID] = going_on(130)
        await expect(page.locator("#story")).to_contain_text("通话 40.9 秒")
        stories.stories[CALL_ID] = STORY
        await expect(page.locator("#story")).to_contain_text("客户挂断")
        await expect(page.locator("#story .banner.info")).to_have_count(0)
        await expect(page.locator("[data-growing]")).to_have_count(0, timeout=15_000)  # the recording is whole now
        assert watched.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_a_recording_plays_seeks_and_is_put_in_the_audit(
    browser: Browser, base: str, stories: StandingStories, theme: str
) -> None:
    """By click on the waveform, by keys, at another speed; what was heard is told when it pauses."""
    async with open_page(browser, base, 1440) as watched:
        page = watched.page
        await page.goto(f"{CALL}?theme={theme}&lang=en")
        await expect(page.locator("[data-whole]")).to_have_text("0:08")
        assert not [
            each for each in stories.notes if each.act is Act.LISTENED
        ]  # looking at the page is no listening
        await _seeks(page)
        await page.keyboard.press("Space")
        await expect(page.locator("[data-at]")).to_have_text("0:05")
        await page.keyboard.press("Space")
        assert await page.evaluate("document.querySelector('audio').paused")
        heard = await until_heard(stories, Act.LISTENED, "heard_ms")
        assert 300 <= heard <= 2500
        assert watched.complaints == []


async def _seeks(page: Page) -> None:
    """A click in the middle, silences by their keys, five seconds on and back, a speed."""
    wave = page.locator("[data-seek]").first
    box = await wave.bounding_box()
    assert box is not None
    await wave.click(position={"x": box["width"] * 0.75, "y": 20})
    assert abs(await page.evaluate(AT) - 6.0) < 0.1
    await expect(page.locator("[data-at]")).to_have_text("0:06")
    await page.keyboard.press("[")
    assert abs(await page.evaluate(AT) - 2.0) < 0.1
    await page.keyboard.press("ArrowRight")
    assert abs(await page.evaluate(AT) - 7.0) < 0.1
    await page.keyboard.press("ArrowLeft")
    await page.get_by_role("button", name="2×", exact=True).click()
    assert await page.evaluate("document.querySelector('audio').playbackRate") == 2
    await wave.click(position={"x": box["width"] / 2, "y": 20})


async def test_each_format_that_is_served_is_one_that_the_browser_knows(
    browser: Browser, base: str, stories: StandingStories
) -> None:
    """Each that is read, GSM and ADPCM as WAV among them, and an unfinished header: three seconds each."""
    sound = tone(3, 0.5)
    files = {f"{number}{ending}": made(sound) for number, (ending, made) in enumerate(FORMATS.values())}
    files["cut.wav"] = wave(pcm16(sound), said=0)
    for name, content in files.items():
        write(stories.folder / "monitor" / name, content)
    recordings = [replace(STORY.record.recordings[0], id=name, file=name) for name in files]
    stories.stories[CALL_ID] = replace(STORY, record=replace(STORY.record, recordings=recordings))
    async with open_page(browser, base, 1440) as watched:
        await watched.page.goto(CALL)
        await watched.page.evaluate(
            "document.querySelectorAll('audio').forEach(each => { each.preload = 'metadata'; })"
        )
        await expect(watched.page.locator("[data-player][data-ready]")).to_have_count(len(files))
        lengths = "[...document.querySelectorAll('audio')].map(each => each.duration)"
        assert await watched.page.evaluate(lengths) == pytest.approx([3.0] * len(files), abs=0.15)
        assert watched.complaints == []


async def test_keys_lead_through_the_list_and_along_the_stretches(
    browser: Browser, base: str, stories: StandingStories
) -> None:
    """J goes to the older call; arrows go from stretch to stretch in time, each with its words."""
    stories.neighbours = Beside(older="hq/1.1")
    stories.stories["hq/1.1"] = STORY
    async with open_page(browser, base, 1440) as watched:
        page = watched.page
        await page.goto(f"{CALL}?lang=zh")
        await page.locator("svg .stretch").first.focus()
        for _ in range(3):
            await page.keyboard.press("ArrowRight")
        label = await page.evaluate("document.activeElement.getAttribute('aria-label')")
        await expect(page.locator(".tip")).to_have_text(label)
        assert "15:18:" in label
        await page.keyboard.press("j")
        await page.wait_for_url("**/calls/hq/1.1?list=period%3D2026-11-20")
        assert watched.complaints == []


async def test_without_script_the_browsers_own_player_is_there(browser: Browser, base: str) -> None:
    """Picture, sentence and table stand; the controls of ours are not shown."""
    async with open_page(browser, base, 1440, java_script_enabled=False) as watched:
        await watched.page.goto(f"{CALL}?lang=en")
        await expect(watched.page.locator("audio[controls]")).to_be_visible()
        await expect(watched.page.locator(".ctl")).to_be_hidden()
        await expect(watched.page.locator(".telling")).to_contain_text("picked up after 3.0 s")


async def test_raw_events_fit_and_open(browser: Browser, base: str) -> None:
    """Wide and narrow: nothing cut, no sideways scroll; an event opens with all that it says."""
    for width, language in ((1440, "en"), (420, "zh")):
        async with open_page(browser, base, width) as watched:
            page = watched.page
            await page.goto(f"{CALL}/events?lang={language}")
            assert await page.evaluate("probes.sideways()") == 0
            assert await page.evaluate("probes.covered()") == []
            await page.locator(".raws summary").first.click()
            await expect(page.locator(".raws dl").first).to_contain_text("PJSIP/trunk-00000001")
            assert watched.complaints == []
