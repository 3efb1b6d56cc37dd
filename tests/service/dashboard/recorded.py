"""The service as it is served over a centre whose calls were recorded: in stereo, in mono, orphans both ways."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from aiohttp.test_utils import TestClient, TestServer
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, insert

from analytics.people.devices import DeviceMap
from analytics.recordings.values import Marks
from analytics.storage.ingest import ingest
from analytics.storage.recording_models import recording_files, recording_marks, recording_spans
from analytics.storage.recording_rows import text_of_marks
from config.people import AgentPeriod, QueueRule
from config.policies import Policy, PolicyVersion
from config.policy_loader import load_policy
from config.retention import Retention
from config.secrets import SecretSource
from config.settings import LogSource, ManagerLogin, PbxLogs, PbxSettings, Settings
from service.app import make_app
from service.auth.rights import Right, Role, Sight
from service.dialling.placing import Placing
from service.live.hub import LiveHub
from telephony.calls.facts import OfferingOutcome
from telephony.clock import ManualClock, to_microseconds
from tests.analytics import factory
from tests.analytics.recordings.tones import RATE, pcm16, silence, wave, write
from tests.service.auth.house import House, person

NOW = factory.START + timedelta(days=3)
NAMES = {"1004": "王娜娜", "1006": "欧阳晓峰"}
PATH = "2026/11/02/q-13800138000-1.1.wav"
STEREO, MONO, ORPHAN, GONE = 1, 2, 3, 4
"""The files: of a call in which 1004 hands over to 1006, of another queue's call, of none, and one that is missing."""

QUIET_MS, BOTH_MS, HOLD_MS = (7000, 11_000), (20_000, 21_500), (28_000, 33_000)


def speech(spans: list[tuple[float, float]], seconds: float, seed: int) -> NDArray[np.float64]:
    """Something as loud and uneven as speech between these seconds, silence else."""
    chance = np.random.default_rng(seed)
    found = silence(seconds)
    for start, end in spans:
        first, last = int(start * RATE), int(end * RATE)
        syllables = np.repeat(chance.uniform(0.05, 0.9, (last - first) // 1200 + 1), 1200)[: last - first]
        found[first:last] = chance.normal(0, 0.22, last - first).clip(-1, 1) * syllables
    return found


def conversation() -> bytes:
    """Forty seconds in stereo: the customer on the left, the agents on the right."""
    customer = speech([(2.5, 6.8), (12, 15), (19.5, 21.6), (35, 38)], 40, 1)
    agent = speech([(0.4, 2.3), (11.1, 11.9), (15.2, 21.5), (22, 27.5), (33.2, 34.8), (38.2, 39.8)], 40, 2)
    return wave(pcm16(customer, agent), channels=2)


def policy() -> Policy:
    """Two agents, two queues of different codes; recordings are kept for a day."""
    version = PolicyVersion(
        service_codes=("510", "520"), retention=Retention(days=1),
        queues=(QueueRule(queue="sales", name="咨询热线", code="520"), QueueRule(queue="care", code="510")),
    )  # fmt: skip
    agents = tuple(AgentPeriod(agent=agent, name=name, group="早班") for agent, name in NAMES.items())
    return replace(load_policy("default"), versions=(version,), agents=agents)


def furnish(connection: Connection, root: Path) -> None:
    """Calls, files and what was heard of them."""
    answered = OfferingOutcome.ANSWERED
    first, second = (
        factory.talk(start=5, end=30, holds=((28, 30),)),
        factory.talk(start=38, end=45, device="PJSIP/1006", id="pbx/1.1/talk/PJSIP/1006"),
    )
    ingest(
        connection,
        [
            factory.call(answered=5, end=45), factory.visit(joined=1, left=5),
            factory.offering(ring=2, end=5, outcome=answered), first, second, factory.recording(file=PATH),
            factory.call("pbx/1.2", start=4000, answered=4003, end=4040),
            factory.visit("pbx/1.2", joined=4001, left=4003, queue="care"),
            factory.talk("pbx/1.2", start=4003, end=4040, device="PJSIP/1006", queue="care"),
            factory.recording("pbx/1.2", at=factory.at(4003), file="2026/11/02/1.2.wav"),
            factory.call("pbx/1.3", start=8000, answered=8003, end=8040),
            factory.talk("pbx/1.3", start=8003, end=8040),
            factory.recording("pbx/1.3", at=factory.at(8003), file="2026/11/02/1.3.wav"),
        ],
    )  # fmt: skip
    lying = (
        write(root / PATH, conversation()), write(root / "2026/11/02/1.2.wav", wave(pcm16(speech([(1, 9)], 12, 3)))),
        write(root / "stray.wav", wave(pcm16(speech([(1, 3)], 5, 4)))),
    )  # fmt: skip
    for each in lying:
        os.utime(each, (factory.START.timestamp(), factory.START.timestamp()))
    for file_id, path, call, length, seconds in (
        (STEREO, PATH, "pbx/1.1", 40_000, 0), (MONO, "2026/11/02/1.2.wav", "pbx/1.2", 12_000, 4000),
        (ORPHAN, "stray.wav", None, 5000, 6000), (GONE, "2026/11/02/9.9.wav", "pbx/1.1", None, 0),
    ):  # fmt: skip
        connection.execute(insert(recording_files).values(file_row(file_id, path, call, length, seconds)))
    span = {"file_id": STEREO, "call_id": "pbx/1.1", "agent_channel": 1, "customer_channel": 0, "begins_talk": True}
    connection.execute(
        insert(recording_spans),
        [
            {**span, "talk_id": first.id, "agent": "1004", "start_ms": 0, "end_ms": 28_000, "holds": "[]"},
            {
                **span, "talk_id": second.id, "agent": "1006", "start_ms": 33_000, "end_ms": 40_000,
                "holds": json.dumps([HOLD_MS]),
            },
        ],
    )  # fmt: skip
    marks = Marks(speech=((), ()), silences=(QUIET_MS,), overlaps=(BOTH_MS,), music=(HOLD_MS,))
    connection.execute(insert(recording_marks).values(file_id=STEREO, stamp="1", marks=text_of_marks(marks)))


def file_row(file_id: int, path: str, call: str | None, length: int | None, seconds: float) -> dict[str, object]:
    """A row of the files."""
    began = to_microseconds(factory.at(seconds))
    return {
        "id": file_id, "pbx": "pbx", "path": path, "size": 640_044, "stamp": "1", "found_us": began,
        "changed_us": began, "condition": "ready" if length else "missing", "length_ms": length, "call_id": call,
        "recording_id": f"{call}/recording" if call and length else None, "started_us": began, "coding": "pcm",
        "channels": 2 if file_id == STEREO else 1, "rate": RATE, "linked_by": "named" if call else None,
        "layout": None if not length else "apart" if file_id == STEREO else "mixed",
        "axis": "joined" if call and length else None,
    }  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Recorded(House):
    """The house, its folder of recordings, and its clock."""

    root: Path
    time: ManualClock = field(default_factory=lambda: ManualClock(NOW))


@asynccontextmanager
async def recorded(engine: Engine, folder: Path) -> AsyncIterator[Recorded]:
    """Served as it is, with people of each sort."""
    root = folder / "monitor"
    with engine.begin() as connection:
        furnish(connection, root)
    _people(engine)
    pbx = PbxSettings(
        name="pbx", host="127.0.0.1", login=ManagerLogin(user="u", secret=SecretSource(key="pbx.pbx", env="NONE")),
        logs=PbxLogs(recordings=LogSource(path=root)),
    )  # fmt: skip
    url = engine.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, data_dir=folder / "data", pbxs=(pbx,))
    clock, rules = ManualClock(NOW), policy()
    async with AsyncExitStack() as stack:
        placing, hub = Placing(settings, [], clock, {}), LiveHub(rules, DeviceMap())
        app = await make_app(settings, [], hub, rules, clock, stack, demo=False, environ={}, placing=placing)
        client = await stack.enter_async_context(TestClient(TestServer(app)))
        yield Recorded(engine=engine, client=client, app=app, root=root, time=clock)


def _people(engine: Engine) -> None:
    person(engine, "zhou", Role.SUPERVISOR, name="周敏")
    person(engine, "lead", Role.LEADER, granted=frozenset({Right.LISTEN}), sight=Sight(agents=frozenset({"1004"})))
    coded = Sight(codes=frozenset({"510"}))
    person(engine, "codes", Role.READER, granted=frozenset({Right.LISTEN}), sight=coded)
    person(engine, "deaf", Role.LEADER, sight=Sight(everything=True))
    for login in ("registrar", "reviewer", "director", "first", "second"):
        rights = {Right.DESTROY, Right.LISTEN, *((Right.DIRECT,) if login == "director" else ())}
        name = {"registrar": "何静", "reviewer": "许文", "director": "周敏", "first": "钱一", "second": "孙二"}[
            login
        ]
        person(engine, login, Role.INSPECTOR, name=name, granted=frozenset(rights))


def at(days: float) -> datetime:
    """So many days after the calls."""
    return factory.START + timedelta(days=days)
