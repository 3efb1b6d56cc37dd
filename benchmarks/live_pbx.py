"""A PBX of many agents who take one call after another: real packets of one captured queue call, stretched.

    async with busy_pbx(500, 200, seed=1) as pbx: ...

Every agent has a script of his own: some time in which his phone rests, a second or more of ringing, a talk, and again.
The talks are as long as it takes for so many of them to go on at any moment.
"""

from __future__ import annotations

import re
from importlib import resources
from random import Random

from telephony.clock import SystemClock
from telephony.scripted_pbx import ScriptedPbx
from telephony.scripted_streams import Part, Script, load_script

USER, SECRET = "bench", "bench"
QUEUES = (b"enquiry", b"complaints", b"members", b"visits", b"dealers", b"cantonese")
FIRST, LAST, ANSWERED, JOINED = 921, 986, 24, 41  # places in the capture: one call; its answer; both are bridged
AGENT, CUSTOMER_CHANNEL = b"1002", b"PJSIP/trunk"
SECOND = 1_000_000
RESTING = 10 * SECOND
"""A harmless packet so often while a phone rests: where a first play may begin."""


def busy_pbx(agents: int, calls: int, *, seed: int = 1, mean_talk: float = 120.0, port: int = 0) -> ScriptedPbx:
    """So many agents, and about so many calls in progress."""
    with resources.as_file(resources.files("service.demo").joinpath("plain.jsonl.xz")) as path:
        captured = load_script(path)
    one = captured.packets[FIRST:LAST]
    still = next(frame for _, frame in one if frame.startswith(b"Event: DeviceStateChange"))
    draw = Random(seed)
    rest = mean_talk * (agents - calls) / calls
    parts = []
    for number in range(agents):
        talk, idle = draw.uniform(0.4, 1.6) * mean_talk, draw.uniform(0.4, 1.6) * rest
        script = _script(captured, one, still, number, idle, draw.uniform(1, 9), talk)
        parts.append(Part(script=script, phase=draw.random() * idle / (idle + talk)))
    return ScriptedPbx(parts, user=USER, secret=SECRET, clock=SystemClock(), wait_for_listener=True, port=port)


def _script(
    captured: Script,
    one: tuple[tuple[int, bytes], ...],
    still: bytes,
    number: int,
    idle: float,
    ring: float,
    talk: float,
) -> Script:
    """One agent's round: rest, ring, talk."""
    agent, queue = b"%d" % (2001 + number), QUEUES[number % len(QUEUES)]
    resting = range(0, max(int(idle * SECOND), 1), RESTING)
    begin, start = int(idle * SECOND), one[0][0]
    packets = [(at, still) for at in resting]
    for place, (at, frame) in enumerate(one):
        late = (int(ring * SECOND) if place >= ANSWERED else 0) + (int(talk * SECOND) if place >= JOINED else 0)
        packets.append((begin + at - start + late, _renamed(frame, agent, queue)))
    return Script(
        name=agent.decode(),
        packets=tuple(packets),
        begin_us=captured.begin_us + start - begin,
        quiet=tuple(range(len(resting))),
        members=((queue, b"PJSIP/" + agent, b"Agent " + agent),),
    )


def _renamed(frame: bytes, agent: bytes, queue: bytes) -> bytes:
    frame = re.sub(rb"(?<![\d.])1002(?![\d.])", agent, frame)
    return re.sub(rb"(?<=\r\nQueue: )(support|priority)(?=\r\n)", queue, frame)
