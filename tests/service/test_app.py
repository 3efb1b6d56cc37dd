"""The whole service in one process against a scripted PBX: pages, API, a broken line, an end in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from analytics.storage.engine import open_store
from analytics.storage.models import agent_states, calls, offerings, talks
from config.secrets import SecretSource
from config.settings import HttpSettings, ManagerLogin, PbxSettings, Settings
from service import app
from service.api.docs_page import curl
from service.api.endpoints import ENDPOINTS, Method
from service.api.parameters import CALL_ID
from service.auth.models import audit_log
from service.errors import UnreachableError
from service.replaying import hear
from service.wiring import ALL_ROLES
from telephony.calls.facts import AgentStateFact, CallFact, OfferingFact, TalkFact
from telephony.clock import SystemClock
from telephony.scripted_pbx import ScriptedPbx
from telephony.scripted_streams import copies, load_script

DEMO = Path(app.__file__).parent / "demo"
TRUNKS = ("*trunk*", "*provider*")
PATIENCE = 30.0
STORED = ((CallFact, calls), (OfferingFact, offerings), (TalkFact, talks), (AgentStateFact, agent_states))
STEP = 0.02
NOT_THERE = ("customer_not_found", "followup_not_found", "campaign_not_found", "recording_not_found")
"""What the examples of the description name, and this installation has not."""


class Running:
    """A service at work."""

    def __init__(self, session: aiohttp.ClientSession, pbx: ScriptedPbx) -> None:
        self.pbx = pbx
        self._session = session

    async def get(self, path: str) -> tuple[int, Any]:
        """Status, and the body as JSON or text."""
        async with self._session.get(path) as response:
            is_json = response.content_type == "application/json"
            return response.status, await (response.json() if is_json else response.text())

    async def until(self, path: str, is_so: Callable[[Any], bool]) -> Any:
        """The body, once it is so."""
        async with asyncio.timeout(PATIENCE):
            while True:
                _, body = await self.get(path)
                if is_so(body):
                    return body
                await asyncio.sleep(STEP)


def settings_for(folder: Path, port: int, http_port: int = 0) -> Settings:
    """An installation with one PBX."""
    login = ManagerLogin(user="u", secret=SecretSource(key="pbx.pbx", env="SECRET"))
    return Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder}/facts.db",
        http=HttpSettings(port=http_port),
        pbxs=(PbxSettings(name="pbx", host="127.0.0.1", port=port, login=login, trunks=TRUNKS),),
    )


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Running]:
    """A service that listens to a fast PBX; ended in order, within five seconds."""
    script = load_script(DEMO / "plain.jsonl.xz")
    clock = SystemClock()
    pbx = ScriptedPbx(copies(script, 3), user="u", secret="s3cret", clock=clock, speed=20.0, wait_for_listener=True)
    async with pbx:
        stop = asyncio.Event()
        port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        service = asyncio.create_task(
            app.run(
                settings_for(folder, pbx.port),
                ALL_ROLES,
                environ={"SECRET": "s3cret"},
                stop=stop,
                on_serving=port.set_result,
            )
        )
        async with aiohttp.ClientSession(f"http://127.0.0.1:{await port}") as session:
            yield Running(session, pbx)
        stop.set()
        await asyncio.wait_for(service, 5.0)


async def test_calls_are_served_and_stored_as_the_replay_tells_them(tmp_path: Path) -> None:
    """Live equals replay; a broken line is one gap."""
    async with running(tmp_path) as service:
        await service.until("/api/v1/summary", lambda body: body.get("calls", 0) >= 5)
        service.pbx.drop()
        gaps = await service.until("/api/v1/gaps", lambda body: len(body["gaps"]) == 1 and body["gaps"][0]["to"])
        assert gaps["gaps"][0]["why"] == "lost"
        await service.until("/healthz", lambda body: body["status"] == "ok")
        _, before = await service.get("/api/v1/summary")
        await service.until("/api/v1/summary", lambda body: body["calls"] > before["calls"])
    facts = hear([tmp_path / "journal"], "pbx", trunks=TRUNKS)
    engine = open_store(f"sqlite:///{tmp_path}/facts.db", reads_only=True)
    for kind, table in (
        (CallFact, calls),
        (OfferingFact, offerings),
        (TalkFact, talks),
        (AgentStateFact, agent_states),
    ):
        with engine.connect() as connection:
            stored = [tuple(row) for row in connection.execute(select(table.c.id, table.c.revision))]
        told = [
            (fact.id, fact.revision)
            for fact in facts
            if isinstance(fact, kind) and getattr(fact, "merged_into", None) is None
        ]
        assert sorted(stored) == sorted(told)
    engine.dispose()


async def test_every_endpoint_answers_and_errors_have_one_shape(tmp_path: Path) -> None:
    """The description names what there is; each refusal has a stable id."""
    async with running(tmp_path) as service:
        found = await service.until("/api/v1/calls?limit=1", lambda body: body.get("calls") and body["next_after"])
        call_id = found["calls"][0]["call_id"]
        _, document = await service.get("/api/v1/openapi.json")
        assert set(document["paths"]) == {each.path for each in ENDPOINTS}
        for each in ENDPOINTS:
            if each.method is Method.GET:
                named = curl(each).replace(CALL_ID.example, call_id)
                assert (await service.get(named))[0] == (404 if each.missing in NOT_THERE else 200), named
        following = await service.get(f"/api/v1/calls?limit=1&after={found['next_after']}")
        assert following[1]["calls"][0]["call_id"] != call_id
        for path, status, error_id in (
            ("/api/v1/calls/pbx/nothing", 404, "call_not_found"),
            ("/api/v1/calls?limit=0", 400, "bad_limit"),
            ("/api/v1/calls?after=x", 400, "bad_cursor"),
            ("/api/v1/calls?nonsense=1", 400, "unknown_parameter"),
            ("/api/v1/summary?period=soon", 400, "bad_period"),
            ("/api/v1/reports/nothing", 404, "report_not_found"),
            ("/api/v1/reports/minutes?group=x", 400, "bad_group"),
            ("/api/v1/nothing", 404, "not_found"),
        ):
            found_status, body = await service.get(path)
            assert (found_status, body["error"]["error_id"], body["error"]["status"]) == (status, error_id, status)


async def test_pages_health_and_metrics_answer(tmp_path: Path) -> None:
    """The dashboard is there, and every reading has a sample for the PBX."""
    async with running(tmp_path) as service:
        await service.until("/api/v1/agents/live", lambda body: body["calls"] and body["agents"])
        for path in ("/", "/calls", "/minutes", "/three-rings"):
            assert (await service.get(path))[0] == 200
        await service.until("/healthz", lambda body: body["status"] == "ok")
        text = await service.until("/metrics", lambda body: 'threerings_stored_facts_total{pbx="pbx"}' in body)
        for name in ("connected", "packets_total", "journal_seq", "stored_seq", "database_failing"):
            assert f'threerings_{name}{{pbx="pbx"}}' in text


async def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    """Where, found and expected; nothing else was begun."""
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(UnreachableError, match=f"http 127.0.0.1:{port}: found"):
        await app.run(settings_for(tmp_path, 1, port), ALL_ROLES, environ={}, stop=asyncio.Event())
    server.close()


async def test_the_page_of_a_call_is_made_of_store_and_journal(tmp_path: Path) -> None:
    """Its sentence from the facts, what the PBX said of it from the journal; a download is put in the audit."""
    async with running(tmp_path) as service:
        found = await service.until("/api/v1/calls?limit=1", lambda body: body.get("calls"))
        page = f"/calls/{found['calls'][0]['call_id']}"
        assert 'class="telling"' in (await service.get(page))[1]
        _, told = await service.get(f"{page}/events.json")
        assert "Newchannel" in {dict(each["headers"]).get("Event") for each in told["events"]}
        assert (await service.get(f"{page}/events"))[0] == 200
        assert (await service.get(page.replace("/calls/", "/recordings/") + "/9/audio"))[0] == 404
    engine = open_store(f"sqlite:///{tmp_path}/facts.db", reads_only=True)
    with engine.connect() as connection:
        acts = connection.execute(select(audit_log.c.act)).scalars().all()
    engine.dispose()
    assert acts == ["exported"]
