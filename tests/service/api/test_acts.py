"""Acting on the PBX by the API: what is answered, who may, and what is refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Engine

from config.settings import TokenRule
from service.auth import tokens
from service.auth.tokens import Scope
from tests.service.acting.floor import CUSTOMER, LOCAL, Floor, floor
from tests.service.api.conftest import NOW, Served, serving

CALL = f"hq/{CUSTOMER}"


@asynccontextmanager
async def acted(engine: Engine, tokens: TokenRule = TokenRule.OFF) -> AsyncIterator[tuple[Floor, Served]]:
    """An API over a PBX that can be acted on."""
    async with floor(engine) as here, serving(engine, acting=here.acting, tokens=tokens) as served:
        yield here, served


async def post(served: Served, path: str, body: dict[str, Any], token: str = "") -> tuple[int, Any]:
    """Status and body."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with served.session.post(f"{served.url}/api/v1/{path}", json=body, headers=headers) as response:
        return response.status, await response.json()


async def test_each_act_answers_what_came_of_it(store: Engine) -> None:
    """Done as the events say, refused in words with an id, and on record by the name that was given."""
    async with acted(store) as (here, served):
        status, told = await post(served, "agents/A03/pause", {"by": "1001", "reason": "lunch"})
        assert (status, told["outcome"], told["done"], told["deed"]) == (200, "done", True, "pause")
        assert here.pbx.queues.members["support", LOCAL].reason == "lunch"
        assert json.loads(here.audit()[0]["details"])["by"] == "1001"
        assert (await post(served, "agents/A03/unpause", {"by": "1001"}))[1]["outcome"] == "done"
        assert (await post(served, "agents/A03/queues/sales", {"by": "1001", "penalty": 2}))[1][
            "subject"
        ] == "sales"
        assert (await post(served, "agents/A03/queues/sales", {"by": "1001", "member": False}))[1]["done"]
        status, told = await post(served, "agents/A03/queues/support", {"by": "1001", "member": False})
        assert (status, told["error"]["error_id"]) == (409, "static")
        status, told = await post(served, "agents/A03/listen", {"by": "1001", "phone": "1006"})
        assert (status, told["error"]["error_id"]) == (409, "not_talking")
        await here.talking()
        status, told = await post(served, f"calls/{CALL}/listen", {"by": "1", "phone": "1006", "ear": "barge"})
        assert (status, told["outcome"], told["agent"], told["subject"]) == (200, "rings", "A03", CALL)
        status, told = await post(served, f"calls/{CALL}/hang-up", {"by": "1001", "reason": "crank call"})
        assert (status, told["outcome"], told["agent"]) == (200, "done", "A03")
        assert (await post(served, f"calls/{CALL}/hang-up", {"by": "1", "reason": "x"}))[0] == 409


async def test_what_no_event_proves_and_what_the_pbx_refuses_are_errors(store: Engine) -> None:
    """504 and 409, the PBX's words among ours."""
    async with acted(store) as (here, served):
        here.acting.witness.within = 0.02
        here.pbx.mute = True
        status, told = await post(served, "agents/A03/pause", {"by": "1001", "reason": "lunch"})
        assert (status, told["error"]["error_id"]) == (504, "not_proved")
        here.pbx.refusing = "Permission denied"
        status, told = await post(served, "agents/A03/unpause", {"by": "1001"})
        assert (status, told["error"]["error_id"]) == (409, "pbx_refused")
        assert told["error"]["message"] == "The PBX refused: Permission denied"


async def test_a_token_needs_the_scope_to_act_and_no_other(store: Engine) -> None:
    """Whoever may read may not act."""
    with store.begin() as connection:
        _, reads = tokens.create(connection, "reader", [Scope.READ, Scope.FOLLOWUPS], NOW)
        one, acts = tokens.create(connection, "panel", [Scope.ACT], NOW)
    async with acted(store, TokenRule.REQUIRED) as (here, served):
        body = {"by": "1001", "reason": "lunch"}
        assert (await post(served, "agents/A03/pause", body))[0] == 401
        assert (await post(served, "agents/A03/pause", body, reads))[0] == 403
        assert here.audit() == []
        assert (await post(served, "agents/A03/pause", body, acts))[0] == 200
        assert here.audit()[0]["login"] == f"token {one.id}"


async def test_where_nobody_acts_it_is_said(store: Engine) -> None:
    """The settings of no PBX let anybody."""
    async with serving(store) as served:
        status, told = await post(served, "agents/A03/unpause", {"by": "1001"})
        assert (status, told["error"]["error_id"]) == (409, "no_pbx")
