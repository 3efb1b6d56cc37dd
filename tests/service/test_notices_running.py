"""The whole service tells whoever looks after the PBX that it is not heard."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from config.notices import Channel, NoticeSettings
from config.secrets import SecretSource
from schedulers.notices.records import Notice
from service import app, noticing
from service.gap_notices import gap_notices
from service.pipeline.gaps import Gap
from service.wiring import ALL_ROLES
from telephony.clock import SystemClock
from telephony.scripted_pbx import ScriptedPbx
from telephony.scripted_streams import copies, load_script
from tests.service.receivers import hook
from tests.service.test_app import DEMO, PATIENCE, STEP, Running, settings_for


async def test_a_pbx_that_goes_away_is_told_of_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real service, a PBX that ends, and a real receiver: one message, however often it is looked for."""
    monkeypatch.setattr(noticing, "LOOK_SECONDS", STEP)
    stop = asyncio.Event()
    script = load_script(DEMO / "plain.jsonl.xz")
    pbx = ScriptedPbx(
        copies(script, 1), user="u", secret="s3cret", clock=SystemClock(), speed=20.0, wait_for_listener=True
    )
    with hook() as kept:
        environ = {"SECRET": "s3cret", "HOOK": f"json://127.0.0.1:{kept.port}/"}
        notices = NoticeSettings(
            channels=(Channel(name="hook", url=SecretSource(key="k", env="HOOK")),),
            to={"pbx": ("hook",)},
            gap=timedelta(milliseconds=50),
        )
        looked, enough = itertools.count(1), threading.Event()

        def counted(gaps: Iterable[Gap], now: datetime, longest: timedelta) -> list[Notice]:
            found = gap_notices(gaps, now, longest)
            if found and next(looked) > 5:
                enough.set()
            return found

        monkeypatch.setattr(noticing, "gap_notices", counted)
        port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        async with pbx:
            settings = replace(settings_for(tmp_path, pbx.port), notices=notices)
            running = app.run(settings, ALL_ROLES, environ=environ, stop=stop, on_serving=port.set_result)
            service = asyncio.create_task(running)
            async with aiohttp.ClientSession(f"http://127.0.0.1:{await port}") as session:
                heard = Running(session, pbx)
                await heard.until("/metrics", lambda body: 'threerings_stored_facts_total{pbx="pbx"}' in body)
        assert await asyncio.to_thread(enough.wait, PATIENCE)
        stop.set()
        await asyncio.wait_for(service, 5.0)
    ((_, __, body),) = kept.received
    assert json.loads(body)["title"] == "PBX 连接中断"
    assert json.loads(body)["message"].startswith("pbx：自 20")
