"""Acts on the pages: what a menu offers, what its posts do, from where they do nothing, and how it is in a browser."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler, Middleware
from sqlalchemy import Engine

from analytics.storage.engine import open_store
from service.auth.rights import Right, Visitor
from service.auth.visiting import let_in, open_door
from service.dashboard.acting import ActPages
from service.dashboard.application import Gate, setup
from service.live.parts import open_talks
from service.migrations import upgrade
from tests.analytics.conftest import empty_store, migrated, migrated_file, postgres_url, store
from tests.service.acting.floor import CUSTOMER, LOCAL, Floor, floor
from tests.service.dashboard.browser import open_browser, open_page
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.test_browser import PROBES

__all__ = ["empty_store", "migrated", "migrated_file", "postgres_url", "store"]

AGENT = "/acts/agents/1003"
CALL = f"/acts/calls/hq/{CUSTOMER}"
JSON = {"Accept": "application/json"}
PROOF = "a-proof-of-this-test"


def anybody(**changes: Any) -> Middleware:
    """Lets in who is let in where nobody has an account, with these changes."""
    visitor: Visitor = replace(open_door(PROOF), **changes)

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        let_in(request, visitor)
        return await handler(request)

    return middleware


@asynccontextmanager
async def pages(engine: Engine, *, may_act: bool = True, **visitor: Any) -> AsyncIterator[tuple[Floor, TestServer]]:
    """The pages over a PBX that can be acted on."""
    async with floor(engine, agent="1003") as here:
        app = web.Application()
        room = partial(ActPages, here.acting, may_act=may_act)
        setup(app, StandingCentre(), [room], gate=Gate(guard=anybody(**visitor)))
        async with TestServer(app) as server:
            yield here, server


Open = Callable[[str], Any]


async def test_a_menu_offers_what_may_be_done_now(store: Engine) -> None:
    """Reasons and queues of his PBX; ears and hanging up while he talks; release while he is paused."""
    async with pages(store) as (here, server), TestClient(server) as client:
        page = await (await client.get(f"{AGENT}?lang=zh")).text()
        assert "王娜娜" in page
        for word in ("示忙", "用餐", "队列", "配置的成员", 'value="sales"'):
            assert word in page
        assert "耳语" not in page
        await here.talking()
        page = await (await client.get(f"{AGENT}?lang=en&part=menu")).text()
        assert "Barge in" in page
        assert f'href="{CALL}"' in page
        await client.post(f"{AGENT}/pause", data={"proof": PROOF, "reason": "lunch"})
        assert "End the pause" in await (await client.get(f"{AGENT}?lang=en&part=quick")).text()
        asked = await (await client.get(f"{CALL}?lang=en")).text()
        assert "Hang up the call of 王娜娜 with 138****8000?" in asked
        assert (await client.get(f"{AGENT}?part=all")).status == 400
        assert (await client.get(f"{AGENT}?sort=up")).status == 400


async def test_a_post_is_answered_by_a_page_that_takes_it_back(store: Engine) -> None:
    """Without script: redirected to what came of it; undo is a form there; a refusal says why with 409."""
    async with pages(store) as (here, server), TestClient(server) as client:
        async with client.post(f"{AGENT}/pause", data={"proof": PROOF, "reason": "lunch"}) as response:
            assert response.url.path.startswith("/acts/done/")
            page = await response.text()
        assert "王娜娜 已示忙。" in page
        undo = re.search(r'action="(/acts/done/[^"]+/undo)"', page)
        assert undo is not None
        async with client.post(undo[1], data={"proof": PROOF}) as response:
            assert "已撤销，王娜娜 恢复原状。" in await response.text()
        assert not here.pbx.queues.members["support", LOCAL].paused
        async with client.post(f"{AGENT}/remove", data={"proof": PROOF, "queue": "support"}) as response:
            assert (response.status, "无法在此移出" in await response.text()) == (409, True)
        assert (await client.get("/acts/done/nothing")).status == 404


async def test_the_script_is_told_what_came_of_it(store: Engine) -> None:
    """Words, whether it is well, where it is taken back; the PBX's own words where it refused."""
    async with pages(store) as (here, server), TestClient(server) as client:

        async def post(path: str, **form: str) -> dict[str, Any]:
            async with client.post(path, data={"proof": PROOF, **form}, headers=JSON) as response:
                told: dict[str, Any] = await response.json()
                return told

        added = await post(f"{AGENT}/add", queue="sales")
        assert (added["ok"], added["text"]) == (True, "王娜娜 已加入队列 sales。")
        assert (await post(added["undo"]))["ok"]
        assert ("sales", LOCAL) not in here.pbx.queues.members
        await here.talking()
        assert (await post(f"{AGENT}/listen"))["why"] == "no_phone"
        assert (await post(f"{AGENT}/whisper", phone="1006"))["text"] == "你的话机正在振铃，接起即可听到 王娜娜。"
        here.pbx.refusing = "Permission denied"
        refused = await post(f"{AGENT}/pause", other="  看牙医 ")
        assert (refused["ok"], refused["text"], refused["undo"]) == (False, "PBX 拒绝：Permission denied", "")
        here.pbx.refusing = ""
        assert (await post(f"{CALL}/hang-up"))["text"] == "须填写原因。"
        assert (await post(f"{CALL}/hang-up", reason="骚扰"))["text"] == "通话已挂断。"
        assert "13800138000" not in json.dumps(here.audit(), ensure_ascii=False, default=str)


@pytest.mark.parametrize(
    ("rights", "path", "status"),
    [
        ({Right.BOARD}, AGENT, 404),
        ({Right.AGENTS}, AGENT, 200),
        ({Right.AGENTS}, CALL, 404),
        ({Right.SPY, Right.AGENTS}, f"{CALL}/hang-up", 404),
        ({Right.SPY}, f"{AGENT}/pause", 404),
        ({Right.AGENTS}, f"{AGENT}/whisper", 404),
        ({Right.AGENTS}, f"{AGENT}/dance", 404),
    ],
)
async def test_what_he_may_not_is_not_there(store: Engine, rights: set[Right], path: str, status: int) -> None:
    """Neither the page nor the post."""
    async with pages(store, rights=frozenset(rights)) as (here, server), TestClient(server) as client:
        await here.talking()
        if path in (AGENT, CALL):
            assert (await client.get(path)).status == status
        else:
            assert (await client.post(path, data={"proof": PROOF, "reason": "x"})).status == status
        assert here.audit() == []


@pytest.mark.parametrize(
    ("headers", "proof", "may_act"),
    [
        ({}, "guessed", True),
        ({"Origin": "http://elsewhere.example"}, PROOF, True),
        ({"Sec-Fetch-Site": "cross-site"}, PROOF, True),
        ({"Host": "rebound.example"}, PROOF, True),
        ({}, PROOF, False),
    ],
)
async def test_a_post_from_elsewhere_does_nothing(
    store: Engine, headers: dict[str, str], proof: str, may_act: bool
) -> None:
    """Another site's, one under another name, and one where tokens are asked for and nobody has an account."""
    async with pages(store, may_act=may_act) as (here, server), TestClient(server) as client:
        data = {"proof": proof, "reason": "lunch"}
        assert (await client.post(f"{AGENT}/pause", data=data, headers=headers)).status == 403
        assert not here.pbx.queues.members["support", LOCAL].paused


@pytest.mark.browser
async def test_acts_on_a_row_in_a_browser(tmp_path: Path) -> None:
    """Pointed at, a row has its buttons: menu, toast with undo, a refusal that stays, the question on Cancel."""
    engine = open_store(f"sqlite:///{tmp_path}/facts.db")
    upgrade(engine)
    async with pages(engine) as (here, server), open_browser() as browser:
        base = str(server.make_url("")).rstrip("/")
        await here.talking()
        async with open_page(browser, base, 1440) as watched:
            page = watched.page
            for language, theme in (("zh", "light"), ("en", "dark")):
                await page.goto(f"{AGENT}?lang={language}&theme={theme}")
                assert await page.evaluate("probes.sideways()") == 0
                for probe in (*PROBES, "faint"):
                    assert await page.evaluate(f"probes.{probe}()") == [], (probe, language)
            await page.goto("/?lang=en&theme=light")
            row = page.locator('tr[data-live="agent.1003"]')
            await row.hover()
            await row.locator("[data-menu]").click()
            menu = page.locator("#acts-menu")
            await menu.get_by_role("button", name="Lunch").click()
            toast = page.locator("#acts-toast")
            await toast.get_by_text("is paused.").wait_for()
            await toast.get_by_role("button", name="Undo").click()
            await toast.get_by_text("Taken back").wait_for()
            here.pbx.refusing = "Permission denied"
            await row.hover()
            await row.locator(".acts-more").focus()
            await page.keyboard.press("Enter")
            await menu.get_by_role("button", name="Meeting").click()
            note = row.locator(".acts-note")
            await note.get_by_text("The PBX refused: Permission denied").wait_for()
            await note.get_by_role("button", name="Close").click()
            here.pbx.refusing = ""
            await row.hover()
            await row.locator("[data-asks]").click()
            dialog = page.locator("#acts-ask")
            await dialog.get_by_role("heading", name="Hang up the call of 王娜娜").wait_for()
            assert await page.evaluate("document.activeElement.textContent") == "Cancel"
            await page.keyboard.press("Escape")
            assert any(open_talks(each) for each in here.hub.current.open_records())
            await row.hover()
            await row.locator("[data-asks]").click()
            await dialog.get_by_label("Reason").fill("crank call")
            await dialog.get_by_role("button", name="Hang up").click()
            await toast.get_by_text("The call is ended.").wait_for()
            assert (watched.complaints, watched.strangers) == ([], [])
    engine.dispose()
