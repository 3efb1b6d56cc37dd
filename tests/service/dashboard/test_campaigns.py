"""The pages of campaigns over a store: what they show, what their buttons do, and from where they do nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from analytics.people.devices import DeviceMap
from analytics.storage.engine import open_store
from config.policy_loader import load_policy
from schedulers.campaigns.records import DialMode
from service.auth.door import door as by_itself_door
from service.auth.rights import ALL_SEEN, RIGHTS_OF, Right, Role, Seen, Sight, Visitor
from service.auth.visiting import let_in
from service.dashboard.application import Gate, setup
from service.dashboard.campaigns import CampaignPages
from service.dashboard.seen_parts import sees_campaign
from service.desk import previewing
from service.dialling.placing import Placing
from service.live.campaigns import StoredCampaigns
from service.live.hub import LiveHub
from service.migrations import upgrade
from telephony.clock import SystemClock
from tests.service.dashboard.browser import open_browser, open_page
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.conftest import Client
from tests.service.dashboard.test_browser import PROBES
from tests.service.desk.calling import NOW, NUMBERS, desk_of, furnish, outreach


def now() -> datetime:
    return NOW


BY_ITSELF = by_itself_door()
LEADERS = {
    "of 1002": Sight(agents=frozenset({"1002"})),
    "of 1003": Sight(agents=frozenset({"1003"})),
    "of nobody": Sight(queues=frozenset({"vip"})),
}


@web.middleware
async def door(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whoever the header names; else whoever sits at this machine."""
    name = request.headers.get("X-Who")
    if name is None:
        return await BY_ITSELF(request, handler)
    rights = RIGHTS_OF[Role.LEADER] | {Right.CAMPAIGNS}
    let_in(request, Visitor(
        account=1, login=name, name=name, role=Role.LEADER, rights=rights, sight=LEADERS[name], agent=None, proof="p"
    ))  # fmt: skip
    return await handler(request)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    """The pages over a members' centre with one running campaign and an agent who looks at a record."""
    engine = open_store(f"sqlite:///{tmp_path}/facts.db")
    upgrade(engine)
    furnish(engine)
    desk = desk_of(engine)
    outreach(desk)
    assert previewing.next_record(desk, "1002", NOW) is not None
    outreach(desk, "M-1", mode=DialMode.PROGRESSIVE, running=False)
    policy = load_policy("members")
    placing = Placing(desk.settings, [], SystemClock(), {})
    source = StoredCampaigns(desk, desk, LiveHub(policy, DeviceMap()), placing, now, may_act=True)
    app = web.Application()
    setup(app, StandingCentre(), [partial(CampaignPages, source)], Gate(guard=door))
    async with TestClient(TestServer(app)) as found:
        yield found
    engine.dispose()


async def shown(client: Client, path: str) -> str:
    async with client.get(path) as response:
        assert response.status == 200
        return await response.text()


async def test_the_list_and_a_campaign_in_both_languages(client: Client) -> None:
    """Name, state, the equation of contacts, the live attempt; every number is masked."""
    chinese, english = await shown(client, "/campaigns?lang=zh"), await shown(client, "/campaigns?lang=en")
    assert chinese.count("积分提醒") == 2
    assert "进行中" in chinese
    assert "Running" in english
    page = await shown(client, "/campaigns/1?lang=en")
    assert (
        'aria-label="fulfilled 0 + closed, reason given 0 + wait 1 + wait for the outcome 0 + being dialled 1"'
        in page
    )
    assert "Looks at the record" in page
    assert "This process places no calls" in page
    assert not any(number.removeprefix("+86") in page for number in NUMBERS.values())
    async with client.get("/campaigns/99") as response:
        assert response.status == 404
    async with client.get("/campaigns/1?sort=up") as response:
        assert response.status == 400


async def test_a_leader_sees_the_campaigns_that_one_of_his_calls_in(client: Client) -> None:
    """Of the calls in progress his own agents'; a campaign of others is not there, nor can it be turned."""
    for who, listed, live in (("of 1002", 2, True), ("of 1003", 2, False), ("of nobody", 0, False)):
        headers = {"X-Who": who}
        async with client.get("/campaigns?lang=en", headers=headers) as response:
            assert (await response.text()).count("积分提醒") == listed
        async with client.get("/campaigns/1?lang=en", headers=headers) as response:
            assert (response.status, "Looks at the record" in await response.text()) == (
                200 if listed else 404,
                live,
            )
        async with client.get("/campaigns/1/events?lang=en", headers=headers) as response:
            assert response.status == (200 if listed else 404)
        if not listed:
            async with client.post("/campaigns/1/pause", data={"proof": "p"}, headers=headers) as response:
                assert response.status == 404
    assert "Running" in await shown(client, "/campaigns/1?lang=en")


@pytest.mark.parametrize(
    ("seen", "crew", "sees"),
    [
        (ALL_SEEN, frozenset({"1009"}), True),
        (Seen(agents=frozenset({"1002"})), frozenset({"1002", "1009"}), True),
        (Seen(agents=frozenset({"1002"})), frozenset({"1009"}), False),
        (Seen(agents=frozenset({"1002"})), None, True),
        (Seen(queues=frozenset({"vip"})), None, False),
    ],
)
def test_a_campaign_is_seen_by_who_sees_one_of_its_crew(
    seen: Seen, crew: frozenset[str] | None, sees: bool
) -> None:
    """Where it names nobody whoever is free calls, so one of his may."""
    assert sees_campaign(seen, crew) is sees


def token_of(page: str) -> str:
    found = re.search(r'name="proof" value="([^"]+)"', page)
    assert found is not None
    return found[1]


async def test_a_button_does_what_it_says_and_remembers_who(client: Client) -> None:
    """Paused and stopped; what the rules refuse is said on the page, and what is missing is asked for."""
    token = token_of(await shown(client, "/campaigns/1?lang=en"))
    form = {"proof": token, "by": "1001", "note": ""}
    async with client.post("/campaigns/1/pause", data=form) as response:
        assert response.status == 200  # the page again, after the redirect
        assert "On pause" in await response.text()
    async with client.post("/campaigns/1/pause", data=form) as response:
        assert (response.status, "found one that is paused" in await response.text()) == (409, True)
    async with client.post("/campaigns/1/stop", data=form) as response:
        assert response.status == 400
    async with client.post("/campaigns/1/stop", data={**form, "note": "客户反感"}) as response:
        page = await response.text()
    assert "Stopped" in page
    assert "客户反感" in page
    assert "ask-stop" not in page


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, "guessed"),
        ({"Origin": "http://elsewhere.example"}, None),
        ({"Sec-Fetch-Site": "cross-site"}, None),
        ({"Host": "rebound.example"}, None),
    ],
)
async def test_a_post_from_elsewhere_does_nothing(
    client: Client, headers: dict[str, str], token: str | None
) -> None:
    """Another site, another name of this machine, a token that is not the page's."""
    page = await shown(client, "/campaigns/1?lang=en")
    form = {"proof": token or token_of(page), "by": "1001", "note": "x"}
    async with client.post("/campaigns/1/stop", data=form, headers=headers) as response:
        assert response.status == 403
    assert "Running" in await shown(client, "/campaigns/1?lang=en")


@pytest.mark.browser
async def test_the_pages_fit_and_can_be_read(client: Client) -> None:
    """Both languages, themes and widths: no sideways scroll, no cut words, contrast, no complaint."""
    base = str(client.make_url("/")).rstrip("/")
    async with open_browser() as browser:
        for width, language, theme in ((1440, "zh", "light"), (1100, "en", "dark"), (420, "en", "light")):
            async with open_page(browser, base, width) as watched:
                for path in ("/campaigns", "/campaigns/1"):
                    await watched.page.goto(f"{path}?lang={language}&theme={theme}")
                    await watched.page.evaluate("document.fonts.ready")
                    assert await watched.page.evaluate("probes.sideways()") == 0
                    for probe in (*PROBES, "faint"):
                        found = await watched.page.evaluate(f"probes.{probe}()")
                        assert found == [], (path, probe, language, width)
                assert (watched.complaints, watched.strangers) == ([], [])


@pytest.mark.browser
async def test_a_change_is_on_the_page_within_seconds_and_a_stop_asks(client: Client) -> None:
    """By server-sent events; the dialog opens on Cancel; nothing scrolls sideways at 420 pixels, nothing complains."""
    base = str(client.make_url("/")).rstrip("/")
    async with open_browser() as browser, open_page(browser, base, 420) as watched:
        page = watched.page
        await page.goto("/campaigns/1?lang=en")
        await page.get_by_role("button", name="Stop…").click()
        dialog = page.locator("#ask-stop")
        await dialog.wait_for(state="visible")
        assert await page.evaluate("document.activeElement.textContent") == "Cancel"
        assert await page.evaluate("document.documentElement.scrollWidth") <= 420
        await page.keyboard.press("Escape")
        form = {"proof": token_of(await page.content()), "by": "1001", "note": ""}
        async with client.post("/campaigns/1/pause", data=form):
            await page.locator('[data-live="campaign.state"]', has_text="On pause").wait_for()
        await asyncio.sleep(0)
        assert (watched.complaints, watched.strangers) == ([], [])


async def test_the_stream_tells_all_first_and_then_what_changed(client: Client) -> None:
    """Every element once; after a pause the state anew."""
    async with client.get("/campaigns/1/events?lang=en") as response:
        assert "event: campaign.state" in await _until(response, "campaign.state")
        token = token_of(await shown(client, "/campaigns/1?lang=en"))
        async with client.post("/campaigns/1/pause", data={"proof": token, "by": "1001", "note": ""}):
            assert "On pause" in await _until(response, "On pause")


async def _until(response: ClientResponse, told: str) -> str:
    """What a stream says up to a word."""
    found = ""
    async with asyncio.timeout(10):
        while told not in found:
            found += (await response.content.readany()).decode()
    return found
