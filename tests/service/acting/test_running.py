"""Acting in a running service: the whole road from a post to the event that proves it, and its health."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import aiohttp

from config.settings import Supervise
from service import app
from service.wiring import ALL_ROLES
from telephony.clock import SystemClock
from telephony.scripted_pbx import ScriptedPbx
from telephony.scripted_streams import copies, load_script
from tests.service.test_app import DEMO, Running, settings_for


async def test_an_act_is_proved_by_what_the_service_itself_hears(tmp_path: Path) -> None:
    """Post, PBX, listener, journal, analyser, live state, answer; the shift's row has its acts; an end in order."""
    parts = copies(load_script(DEMO / "plain.jsonl.xz"), 1)
    pbx = ScriptedPbx(parts, user="u", secret="s3cret", clock=SystemClock(), wait_for_listener=True)
    async with pbx:
        plain = settings_for(tmp_path, pbx.port)
        one = replace(plain.pbxs[0], actions=plain.pbxs[0].login, supervise=Supervise(on=True))
        stop = asyncio.Event()
        port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        settings, environ = replace(plain, pbxs=(one,)), {"SECRET": "s3cret"}
        work = app.run(settings, ALL_ROLES, environ=environ, stop=stop, on_serving=port.set_result)
        service = asyncio.create_task(work)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{await port}") as session:
            running = Running(session, pbx)
            await running.until("/healthz", lambda body: body.get("acting") == {"pbx": {"connected": True}})
            await running.until("/", lambda body: 'data-acts="/acts/agents/1003"' in body)
            async with session.post(
                "/api/v1/agents/1003/pause", json={"by": "1001", "reason": "lunch"}
            ) as response:
                told = await response.json()
            assert (response.status, told["outcome"]) == (200, "done"), told
            _, page = await running.get("/?lang=en")
            assert 'id="acts-tools"' in page
            async with session.post(
                "/api/v1/calls/pbx/1.1/hang-up", json={"by": "1001", "reason": "x"}
            ) as response:
                assert (response.status, (await response.json())["error"]["error_id"]) == (409, "call_over")
        stop.set()
        await asyncio.wait_for(service, 5.0)
