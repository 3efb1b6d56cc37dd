"""The whole road: bytes from a loopback socket → journal → tracker → SQLite facts, on one core.

    python benchmarks/ingest.py [--copies 60] [--rate 10000 --seconds 20]

A sender on one core plays a captured full-class stream, every copy with ids, times and numbers of its own, as fast as
it is taken; the service's own client, listener, journal, analyser and fact writer work on the other core and no third.
Then the stream of a class-limited user, and then the full one at a fixed rate, for the time from the socket to the
stored fact. In the same run asterisk-ami and panoramisk decode the same bytes and do no more. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import multiprocessing
import os
import re
import resource
import socket
import sys
import tempfile
import threading
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

import structlog
from sqlalchemy import func, select

from analytics.storage.engine import open_store
from analytics.storage.models import calls
from config.secrets import SecretSource
from config.settings import ManagerLogin, PbxSettings, Settings
from service.app import GC_THRESHOLD
from service.migrations import upgrade
from service.pipeline.analysis import Told
from service.pipeline.facts_writer import FactsWriter
from service.pipeline.road import Road
from telephony.clock import SystemClock

sys.path.insert(0, str(Path(__file__).parent))
import ami_decoders
from streams import CAPTURES, copies, load

END = b"\r\n\r\n"
FULL, LIMITED = ("regression/22.10", "ami.raw.xz"), ("plain-22", "limited.raw.xz")
CALLS = {FULL: 59, LIMITED: 113}
ACTION_ID = re.compile(rb"ActionID: ([^\r\n]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """What one run of the road came to; `waits` in seconds, sorted."""

    packets: int
    wall: float
    cpu: float
    rss_mb: float
    waits: tuple[float, ...]
    calls: int = 0


def packets_in(part: bytes) -> int:
    """How many packets a part of a stream holds."""
    return sum(bool(frame.strip()) for frame in part.split(END))


# -- the sender -------------------------------------------------------------------------------


def send(pipe: Connection, capture: tuple[str, str], count: int, rate: int, seconds: float) -> None:
    """Be the PBX for one connection: let it log in, then play, when the pipe says so; tell what was sent."""
    os.sched_setaffinity(0, {0})
    raw = load(CAPTURES / capture[0], capture[1])
    parts = list(copies(raw, count)) if not rate else list(copies(raw, int(rate * seconds / packets_in(raw)) + 1))
    listener = socket.create_server(("127.0.0.1", 0))
    pipe.send((listener.getsockname()[1], sum(map(packets_in, parts)), len(parts)))
    peer, _ = listener.accept()
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    greet(peer)
    pipe.recv()
    if rate:
        pipe.send(pace(peer, parts, rate, seconds))
    else:
        for part in parts:
            peer.sendall(part)
    pipe.recv()


def greet(peer: socket.socket) -> None:
    """Banner, login, and a refusal for whatever else is asked."""
    peer.sendall(b"Asterisk Call Manager/11.0.0\r\n")
    asked, answered = b"", 0
    while answered < 4:  # challenge, login and two lists
        asked += peer.recv(65536)
        while END in asked:
            action, asked = asked.split(END, 1)
            found = ACTION_ID.search(action)
            answer_id = found[1] if found else b""
            if b"Action: Challenge" in action:
                answer = b"Response: Success\r\nActionID: %s\r\nChallenge: 1234" % answer_id
            elif b"Action: Login" in action:
                answer = b"Response: Success\r\nActionID: %s\r\nMessage: Authentication accepted" % answer_id
            else:
                answer = b"Response: Error\r\nActionID: %s\r\nMessage: Permission denied" % answer_id
            peer.sendall(answer + END)
            answered += 1


def pace(peer: socket.socket, parts: list[bytes], rate: int, seconds: float) -> list[tuple[int, float]]:
    """Send at a fixed rate in steps of 5 ms; after each: how many packets so far, and when."""
    frames = [frame + END for part in parts for frame in part.split(END) if frame.strip()]
    step = max(rate // 200, 1)
    marks: list[tuple[int, float]] = []
    began = time.monotonic()
    for number, at in enumerate(range(0, min(len(frames), int(rate * seconds)), step)):
        time.sleep(max(began + number * 0.005 - time.monotonic(), 0))
        peer.sendall(b"".join(frames[at : at + step]))
        marks.append((at + step, time.monotonic()))
    return marks


# -- the road ---------------------------------------------------------------------------------


async def drive(port: int, expected: int, pipe: Connection, rate: int) -> Drive:
    """Run the service's own road until everything that was sent is stored."""
    with tempfile.TemporaryDirectory() as folder:
        login = ManagerLogin(user="u", secret=SecretSource(key="bench", env="BENCH"))
        pbx = PbxSettings(name="pbx", host="127.0.0.1", port=port, login=login)
        settings = Settings(data_dir=Path(folder), database_url=f"sqlite:///{folder}/facts.db", pbxs=(pbx,))
        engine = open_store(settings.database_url)
        upgrade(engine)
        road = Road(pbx, Told(pbx="pbx"), SystemClock())
        async with AsyncExitStack() as stack:
            await road.analyse(settings, engine, lambda name, facts: None, stack, writes=True)
            await road.listen(settings, {"BENCH": "s"}, stack)
            measured = await measure(road, expected, pipe, rate)
        with engine.connect() as connection:
            told = connection.execute(select(func.count()).select_from(calls)).scalar_one()
        engine.dispose()
    return replace(measured, calls=told)


async def measure(road: Road, expected: int, pipe: Connection, rate: int) -> Drive:
    """From the first byte of the stream to its last stored fact."""
    assert road.client is not None
    assert road.analysis is not None
    assert road.analysis.writer is not None
    await road.client.wait_logged_in()
    await asyncio.sleep(1.0)
    writer, interpreter = road.analysis.writer, road.analysis.analyser.interpreter
    base, before = interpreter.seq, interpreter.packets
    stored: list[tuple[int, float]] = []
    watching = threading.Thread(target=watch, args=(writer, base, base + expected, stored))
    used, began = os.times(), time.monotonic()
    pipe.send("go")
    watching.start()
    marks = (await asyncio.to_thread(pipe.recv)) if rate else []
    await asyncio.to_thread(watching.join)
    wall, after = stored[-1][1] - began, os.times()
    return Drive(
        packets=interpreter.packets - before,
        wall=wall,
        cpu=after.user - used.user + after.system - used.system,
        rss_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        waits=waits_of(marks, stored),
    )


def watch(writer: FactsWriter, base: int, last: int, stored: list[tuple[int, float]]) -> None:
    """Note how far the facts reached, and when, until the last packet."""
    reached = base
    while reached < last and writer.wait_stored(reached + 1, 30):
        reached = writer.stored_up_to
        stored.append((reached - base, time.monotonic()))


def waits_of(marks: list[tuple[int, float]], stored: list[tuple[int, float]]) -> tuple[float, ...]:
    """For each step of the sender, how long until the facts of its last packet were stored."""
    waits = []
    at = 0
    for packets, sent in marks:
        while at < len(stored) and stored[at][0] < packets:
            at += 1
        if at < len(stored):
            waits.append(stored[at][1] - sent)
    return tuple(sorted(waits))


def run(capture: tuple[str, str], count: int, rate: int = 0, seconds: float = 0.0) -> Drive:
    """One run: the sender in a process of its own, the road in another, each on a core of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    results, given = context.Pipe()
    sender = context.Process(target=send, args=(theirs, capture, count, rate, seconds))
    sender.start()
    port, expected, parts = ours.recv()
    receiver = context.Process(target=receive, args=(given, ours, port, expected, rate))
    receiver.start()
    drive_ = results.recv()
    receiver.join()
    ours.send("end")
    sender.join()
    if drive_.calls != parts * CALLS[capture] and not rate:
        raise SystemExit(f"calls stored: found {drive_.calls}, expected {parts * CALLS[capture]}")
    return drive_


def receive(given: Connection, pipe: Connection, port: int, expected: int, rate: int) -> None:
    """The road's process, held to one core with all its threads."""
    os.sched_setaffinity(0, {1})
    logging.disable(logging.CRITICAL)
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    gc.set_threshold(*GC_THRESHOLD)  # as the service's own process does
    given.send(asyncio.run(drive(port, expected, pipe, rate)))


def decode_only(pipe: Connection, decoder: str, capture: tuple[str, str], count: int) -> None:
    """A peer's mere decoding of the same bytes, on the same core: events a second of processor time."""
    os.sched_setaffinity(0, {1})
    logging.disable(logging.CRITICAL)
    asyncio.set_event_loop(asyncio.new_event_loop())
    data = b"".join(copies(load(CAPTURES / capture[0], capture[1]), count))
    began = time.process_time()
    # The client of asterisk-ami reads 1 KiB at a time and cuts its rest anew for each packet.
    getattr(ami_decoders, decoder)(data, 1024 if decoder == "asterisk_ami" else 65_536)
    pipe.send(packets_in(data) / (time.process_time() - began))


def peer(decoder: str, count: int) -> float:
    """`decode_only` in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=decode_only, args=(theirs, decoder, FULL, count))
    process.start()
    found: float = ours.recv()
    process.join()
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--copies", type=int, default=60)
    options.add_argument("--rate", type=int, default=10_000)
    options.add_argument("--seconds", type=float, default=20)
    args = options.parse_args()
    full = run(FULL, args.copies)
    print(line("full stream, all classes", full))
    limited = run(LIMITED, args.copies)
    print(line("class-limited user", limited))
    steady = run(FULL, 0, args.rate, args.seconds)
    p50, p99 = steady.waits[len(steady.waits) // 2], steady.waits[int(len(steady.waits) * 0.99)]
    print(line(f"full stream at {args.rate:,} events/s", steady))
    worst = steady.waits[-1]
    print(f"  socket to stored fact: p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, max {worst * 1000:.0f} ms")
    peers = {name: round(peer(name, min(args.copies, 12))) for name in ("panoramisk", "asterisk_ami")}
    for name, figure in peers.items():
        print(f"{name}: mere decoding, {figure:,} events/s of processor time")
    figure = round(full.packets / full.wall)
    result = {
        "name": "ingest",
        "figure": figure,
        "unit": "events/s",
        "baseline": {f"{name} decode": rate for name, rate in peers.items()},
        "ratio": round(figure / peers["panoramisk"], 2),
        "rss_mb": round(full.rss_mb),
        "events_per_cpu_second": round(full.packets / full.cpu),
        "limited_events_per_second": round(limited.packets / limited.wall),
        "p50_ms": round(p50 * 1000),
        "p99_ms": round(p99 * 1000),
    }
    print(json.dumps(result))


def line(title: str, found: Drive) -> str:
    """One run in words."""
    return (
        f"{title}: {found.packets:,} events, {found.calls:,} calls in {found.wall:.2f} s on one core:"
        f" {found.packets / found.wall:,.0f} events/s ({found.packets / found.cpu:,.0f} a processor second),"
        f" {found.rss_mb:.0f} MB"
    )


if __name__ == "__main__":
    main()
