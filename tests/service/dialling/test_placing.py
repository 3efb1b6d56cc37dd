"""Calls are placed by a service that is told how: its dialler is at work, and says how it is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import aiohttp

from config.dialling import Dialling, DialTrunk
from service import app
from service.wiring import ALL_ROLES
from telephony.clock import SystemClock
from telephony.scripted_pbx import ScriptedPbx
from telephony.scripted_streams import copies, load_script
from tests.service.test_app import DEMO, Running, settings_for

TRUNK = DialTrunk(name="telecom", dial="PJSIP/{number}@telecom", channels=2)


async def test_a_service_that_may_dial_says_how_its_dialler_is(tmp_path: Path) -> None:
    """Connected as the user of actions, heard, and counted; it ends in order within five seconds."""
    pbx = ScriptedPbx(
        copies(load_script(DEMO / "plain.jsonl.xz"), 1), user="u", secret="s3cret", clock=SystemClock(), speed=20.0
    )
    async with pbx:
        plain = settings_for(tmp_path, pbx.port)
        one = replace(plain.pbxs[0], actions=plain.pbxs[0].login, dialling=Dialling(trunks=(TRUNK,)))
        stop = asyncio.Event()
        port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        service = asyncio.create_task(
            app.run(
                replace(plain, pbxs=(one,)),
                ALL_ROLES,
                environ={"SECRET": "s3cret"},
                stop=stop,
                on_serving=port.set_result,
            )
        )
        async with aiohttp.ClientSession(f"http://127.0.0.1:{await port}") as session:
            running = Running(session, pbx)
            told = await running.until(
                "/healthz", lambda body: body.get("dialling", {}).get("pbx", {}).get("connected")
            )
            assert told["dialling"]["pbx"].keys() == {"connected", "deaf"}
            await running.until("/healthz", lambda body: body["dialling"]["pbx"]["deaf"] is None)
            metrics = await running.until("/metrics", lambda body: 'threerings_dialler_deaf{pbx="pbx"} 0.0' in body)
            assert 'threerings_dialler_connected{pbx="pbx"} 1.0' in metrics
            assert "threerings_attempts_indeterminate 0.0" in metrics
        stop.set()
        await asyncio.wait_for(service, 5.0)
