"""The wall and the shift now in a real browser: fed by a PBX, filtered, turning their pages, honest when they stop."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from service import app
from service.dashboard.application import setup
from service.dashboard.board import AgentActivity, Opening, PbxLink
from service.wiring import ALL_ROLES
from telephony.clock import SystemClock
from telephony.scripted_pbx import ScriptedPbx
from telephony.scripted_streams import copies, load_script
from tests.service.dashboard.browser import open_browser, open_page
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.people import AGENTS, BOARD, NOW, ago
from tests.service.test_app import DEMO, settings_for

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CONNECTED = "html[data-stream=open]"
BOUND = 1000
"""Milliseconds from the PBX's event to the page."""

AGE = "data-age"
NOTE_AGES = """(() => { const began = Date.now(), root = document.documentElement;
  const note = el => { if (+el.dataset.secs > began) root.dataset.age ??= Date.now() - el.dataset.secs; };
  const look = el => el.querySelectorAll?.('[data-secs]').forEach(note);
  new MutationObserver(all => all.forEach(each => each.addedNodes.forEach(look)))
    .observe(document.body, { childList: true, subtree: true }); })()"""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all of these tests."""
    async with open_browser() as found:
        yield found


@pytest_asyncio.fixture(loop_scope="module")
async def centre() -> StandingCentre:
    """A centre of its own for each test."""
    return StandingCentre(demo=False)


@pytest_asyncio.fixture(loop_scope="module")
async def base(centre: StandingCentre) -> AsyncIterator[str]:
    """Where the dashboard of that centre is served."""
    application = web.Application()
    setup(application, centre)
    async with TestServer(application) as server:
        yield str(server.make_url("")).rstrip("/")


@asynccontextmanager
async def service_with_pbx(folder: Path) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """The real service, hearing a PBX that plays as it was captured; and what tells it to stop."""
    script, clock, stop = load_script(DEMO / "plain.jsonl.xz"), SystemClock(), asyncio.Event()
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    async with ScriptedPbx(copies(script, 8), user="u", secret="s", clock=clock, wait_for_listener=True) as pbx:
        settings = settings_for(folder, pbx.port)
        running = asyncio.create_task(
            app.run(settings, ALL_ROLES, environ={"SECRET": "s"}, stop=stop, on_serving=port.set_result)
        )
        yield f"http://127.0.0.1:{await port}", stop
        stop.set()
        await asyncio.wait_for(running, 10)


async def age_of_a_ring(page: Page) -> float:
    """How long ago, by the PBX's clock, the next phone had begun to ring when it came to the page."""
    root = page.locator("html")
    await expect(root).to_have_attribute(AGE, re.compile(r"\d+"), timeout=20_000)
    return float(await root.get_attribute(AGE) or "nan")


async def test_a_call_that_the_pbx_tells_is_on_both_boards_within_a_second(
    browser: Browser, tmp_path: Path
) -> None:
    """From the event's own time to row and tile, through journal, tracker and stream; then the service goes away."""
    async with (
        service_with_pbx(tmp_path) as (url, stop),
        open_page(browser, url, 1440) as shift,
        open_page(browser, url, 1920) as wall,
    ):
        for watched, path in ((shift, "/?lang=zh"), (wall, "/wall?lang=zh")):
            await watched.page.goto(path)
            await watched.page.locator(CONNECTED).wait_for()
            await watched.page.evaluate(NOTE_AGES)
        for watched in (shift, wall):
            assert await age_of_a_ring(watched.page) < BOUND
        await expect(wall.page.locator(".at.ring .st").first).to_contain_text("振铃", timeout=20_000)
        await expect(shift.page.locator("[data-live^='agent.'] .tag.warn").first).to_contain_text("振铃中")
        assert (shift.complaints, wall.complaints) == ([], [])
        stop.set()
        await expect(wall.page.locator(".wtop .stopped")).to_be_visible(timeout=15_000)
        await expect(wall.page.locator(".wtop .stopped")).to_have_text(re.compile(r"与服务失去联系\s+0:\d\d"))
        assert await wall.page.locator(".wk").evaluate("el => getComputedStyle(el).opacity") == "0.6"
        await expect(shift.page.locator(".kpi .s.stale").first).to_contain_text("停在")


async def test_a_chosen_queue_is_chosen_for_what_comes_live_too(
    browser: Browser, base: str, centre: StandingCentre
) -> None:
    """The address is the state: the stream of a filtered page tells nothing of other queues; so does its wall."""
    async with open_page(browser, base, 1440) as watched:
        page = watched.page
        await page.goto("/?lang=zh&queue=经销商支持")
        await page.locator(CONNECTED).wait_for()
        await expect(page.locator("[data-live=ringing] tr")).to_have_count(1)
        centre.show(replace(BOARD, active=(*BOARD.active, replace(BOARD.active[2], call_id="hq/7.7")), waiting=4))
        await expect(page.locator('[data-live="kpi.waiting"] .v')).to_have_text("4")
        await expect(page.locator("[data-live=ringing] tr")).to_have_count(1)
        await page.get_by_role("link", name="上大屏").click()
        await expect(page.locator("[data-live='wall.queues'] tr")).to_have_count(1)
        await expect(page.locator(".wtop")).to_contain_text("经销商支持")


async def test_by_state_rows_move_and_newcomers_find_their_place(
    browser: Browser, base: str, centre: StandingCentre
) -> None:
    """Who begins to talk goes up; somebody new gets a row; the others are the same elements as before."""
    async with open_page(browser, base, 1440) as watched:
        page = watched.page
        await page.goto("/?lang=zh&order=state")
        await page.locator(CONNECTED).wait_for()
        names = page.locator("[data-live=agents] tr b")
        await expect(names.first).to_have_text("周建国")
        await page.evaluate("""document.querySelector('[data-live="agent.1006"]').dataset.mine = 'kept'""")
        talking = replace(AGENTS[2], activity=AgentActivity.TALKING, since=ago(9000))
        new = replace(AGENTS[4], agent="1020", name="唐宇")
        centre.show(replace(BOARD, agents=(*AGENTS[:2], talking, *AGENTS[3:], new)))
        await expect(names.first).to_have_text("王娜娜")
        await expect(page.locator('[data-live="agent.1020"]')).to_contain_text("唐宇")
        await expect(page.locator('[data-live="agent.1006"]')).to_have_attribute("data-mine", "kept")
        assert await page.locator("[data-live=agents] tr").count() == len(AGENTS) + 1


async def test_a_crowded_wall_turns_its_pages(browser: Browser, base: str, centre: StandingCentre) -> None:
    """Forty agents are two pages of thirty-six, each full; a tile that changes stays on its page."""
    crowd = tuple(replace(AGENTS[n % 9], agent=f"{1001 + n}", calls=1) for n in range(40))
    centre.shown = replace(BOARD, agents=crowd)
    async with open_page(browser, base, 1920) as watched:
        page = watched.page
        await page.clock.install()
        await page.goto("/wall?lang=en")
        await page.locator(CONNECTED).wait_for()
        shown = page.locator(".wa .at:not([hidden])")
        await expect(shown).to_have_count(36)
        await expect(page.locator("[data-page-of=tiles]")).to_have_text("1 / 2")
        await page.clock.fast_forward(12_000)
        await expect(page.locator("[data-page-of=tiles]")).to_have_text("2 / 2")
        await expect(shown.first).to_have_attribute("data-live", "tile.1005")
        moved = replace(crowd[0], activity=AgentActivity.RINGING)
        centre.show(replace(BOARD, agents=(moved, *crowd[1:])))
        await expect(page.locator('[data-live="tile.1001"]')).to_have_class("at ring")
        await expect(page.locator('[data-live="tile.1001"]')).to_be_hidden()
        await expect(shown).to_have_count(36)


async def test_the_wall_says_why_it_is_quiet(browser: Browser, base: str, centre: StandingCentre) -> None:
    """A lost PBX fills the top line with a running time; outside hours it says when the centre opens."""
    async with open_page(browser, base, 1920) as watched:
        page = watched.page
        await page.goto("/wall?lang=en")
        await page.locator(CONNECTED).wait_for()
        centre.show(replace(BOARD, links=(PbxLink(pbx="hq", connected=False, since=ago(75), last_event_at=None),)))
        lost = page.locator(".wtop .state.lost")
        await expect(lost).to_have_text(re.compile(r"hq lost for\s+1:1\d"))
        ground = await page.locator(".wtop").evaluate("el => getComputedStyle(el).backgroundColor")
        assert ground != "rgba(0, 0, 0, 0)"
        opens = NOW.replace(hour=0, minute=30, day=23)  # Monday 08:30 by the centre's clock
        centre.show(replace(BOARD, opening=Opening(is_open=False, opens_at=opens)))
        await expect(page.locator(".wtop .state.shut")).to_have_text("closed; opens Mon 23 Nov 08:30")
        assert watched.complaints == []
