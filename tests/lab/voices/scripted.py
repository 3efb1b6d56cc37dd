"""Calls over the real PBX whose parties speak by a script: turns and pauses that are known, in the file's own time.

    path, truth = scripted_call(world, Script(seconds=20, agent=((1, 3), …), customer=((4, 6), …)))

The voices are those of tests/analytics/recordings/voices.py. Both phones keep to one clock, that of the script; when it
began is told, so that whoever knows when the PBX wrote can say where in the file a turn lies.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.analytics.recordings.tones import RATE, Signal
from tests.analytics.recordings.voices import script
from tests.lab.ami import get
from tests.lab.audio import ulaw
from tests.lab.scenarios.steps import customer_talks_to, hang_up, sleep
from tests.lab.scenarios.transfers import refer
from tests.lab.world import AGENTS, PROVIDER, World

Turns = tuple[tuple[float, float], ...]
"""When somebody speaks, in seconds of the script."""

SILENT: Mapping[str, bytes] = dict.fromkeys((PROVIDER, *AGENTS), bytes([ulaw(0)]) * RATE)
"""What phones play whose script has not begun."""
INTERLEAVED = "442079460105"
LEAD = 0.3  # from the answer to the script's beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Who speaks when. `hold`: the agent holds and resumes; `handed_over`: 1006 is called, and 1001 goes."""

    seconds: float
    agent: Turns
    customer: Turns
    hold: tuple[float, float] | None = None
    handed_over: float | None = None
    second: Turns = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What was played: the script, the instant at which it began, and the customer's channel."""

    script: Script
    began: float
    uniqueid: str


def scripted_call(w: World, told: Script, did: str = INTERLEAVED) -> tuple[Path, Truth]:
    """A customer calls a queue, 1001 answers, and all speak by the script; the file, and what is in it."""
    w.pause_others(["1001"])
    w.agents["1006"].plan = {"ring": 0.5}
    call, agent = customer_talks_to(w, did, "1001", seconds=0)
    began = agent.times["answer"] + LEAD
    call.rtp.play(_encoded(script(told.seconds, *told.customer, seed=2, hertz=210)), began)
    agent.rtp.play(_encoded(script(told.seconds, *told.agent, seed=3)), began)
    if told.hold is not None:
        _until(began + told.hold[0])
        agent.hold()
        _until(began + told.hold[1])
        agent.unhold()
    if told.handed_over is not None:
        _until(began + told.handed_over)
        refer(agent, "1006")
        taken = w.agent_call("1006")
        taken.wait_state("up")
        taken.rtp.play(_encoded(script(told.seconds, *told.second, seed=4, hertz=160)), began)
    _until(began + told.seconds)
    hang_up(call)
    w.record(call, "answered", queue="support")
    w.pause_others(["1001"], paused=False)
    uniqueid, file = _recording(w, str(call.caller))
    return Path(w.bench.paths["recordings"]) / file, Truth(script=told, began=began, uniqueid=uniqueid)


def as_wave(path: Path, target: Path) -> Path:
    """An interleaved file without a header (MixMonitor's option D) as a WAV of two channels."""
    body = path.read_bytes()
    form = struct.pack("<HHIIHH", 1, 2, RATE, RATE * 4, 4, 16)
    head = b"RIFF" + struct.pack("<I", 36 + len(body)) + b"WAVEfmt " + struct.pack("<I", 16) + form
    target.write_bytes(head + b"data" + struct.pack("<I", len(body)) + body)
    return target


def _until(instant: float) -> None:
    sleep(max(instant - time.time(), 0))


def _encoded(signal: Signal) -> bytes:
    levels = np.clip(signal * 32767 * 2, -32635, 32635).astype(int)
    codes = {level: ulaw(level) for level in set(levels.tolist())}
    return bytes(codes[level] for level in levels.tolist())


def _recording(w: World, number: str) -> tuple[str, str]:
    """The customer's channel and the file that MixMonitor named on it, below the folder of recordings."""
    channel = w.channel_of(number)
    for _, packet in reversed(w.ami.packets):
        if get(packet, "Channel") == channel and get(packet, "Variable") == "MIXMONITOR_FILENAME":
            return get(packet, "Uniqueid"), get(packet, "Value").partition("/monitor/")[2]
    raise AssertionError(f"no recording of {number} was named")
