"""How many manager events a second can be decoded: ours against asterisk-ami and panoramisk.

    python benchmarks/ami_decoders.py [CAPTURE] [--events 200000] [--chunk 65536]

CAPTURE is raw manager bytes (`*.raw` or `*.raw.xz`); without one, the captures of the tests. They are
repeated to so many events and fed in chunks, as a socket gives them. Only decoding is measured, in
processor time: no socket, no thread, no interpretation. The others do what their own clients do with
each packet, without their callbacks. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import lzma
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from telephony.ami.messages import to_event
from telephony.ami.packet import Packet
from telephony.ami.parser import Parser
from telephony.ami.protocol import Protocol
from telephony.ami.signals import Login

CAPTURES = Path(__file__).parents[1] / "tests" / "scenarios" / "captures" / "regression"
END = b"\r\n\r\n"
BANNER = b"Asterisk Call Manager/11.0.0\r\n"


def stream(paths: list[Path], events: int) -> bytes:
    """Whole packets of these captures, repeated until there are so many events."""
    once = b"".join(_packets(path) for path in paths)
    count = once.count(b"\r\nEvent: ")
    repeated = once * (events // count + 1)
    return repeated[: _end_of(repeated, events)]


def _packets(path: Path) -> bytes:
    raw = path.read_bytes()
    data = lzma.decompress(raw) if path.suffix == ".xz" else raw
    first = data.find(b"\n") + 1 if data.startswith(b"Asterisk Call Manager") else 0
    return data[first : data.rfind(END) + len(END)]


def _end_of(data: bytes, events: int) -> int:
    """The place behind the last of so many events."""
    at = -1
    for _ in range(events):
        at = data.index(b"Event: ", at + 1)
    return data.index(END, at) + len(END)


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    """The stream as a socket gives it."""
    for at in range(0, len(data), size):
        yield data[at : at + size]


def frame(data: bytes, size: int) -> None:
    """Ours: packets as bytes, what the listener does before the journal."""
    parser = Parser(expect_banner=False)
    for chunk in chunks(data, size):
        parser.feed(chunk)


def converse(data: bytes, size: int) -> None:
    """Ours: the whole protocol in its running state."""
    protocol = Protocol(Login(user="u", secret="s", plain=True), now=0.0, id_prefix="b")
    protocol.receive(BANNER + b"Response: Success\r\nActionID: b1\r\n\r\n", 0.0)
    protocol.send("CoreShowChannels")  # one action waits, so that each packet is looked at
    for chunk in chunks(data, size):
        protocol.receive(chunk, 0.0)


def peek(data: bytes, size: int) -> None:
    """Ours: the name of each event, and the headers of those that a tracker reads."""
    skipped = frozenset({"VarSet", "Newexten", "RTCPSent", "RTCPReceived", "TestEvent"})
    for packet in _ours(data, size):
        if packet.event not in skipped:
            len(packet.headers)


def split(data: bytes, size: int) -> None:
    """Ours: every header of every packet, repeats and order kept."""
    for packet in _ours(data, size):
        len(packet.headers)


def bridge(data: bytes, size: int) -> None:
    """Ours: every event as an object of the package asterisk-ami, repeats kept."""
    for packet in _ours(data, size):
        to_event(packet)


def _ours(data: bytes, size: int) -> Iterator[Packet]:
    parser = Parser(expect_banner=False)
    for chunk in chunks(data, size):
        yield from parser.feed(chunk)


def asterisk_ami(data: bytes, size: int) -> None:
    """The package asterisk-ami: its regular expressions and its `read`, without socket and thread."""
    from asterisk.ami import AMIClient, Event, Response

    pattern = AMIClient.asterisk_pack_regex
    rest = b""
    for chunk in chunks(data, size):
        rest += chunk
        while pattern.search(rest):
            packet, rest = pattern.split(rest, 1)
            text = packet.decode("utf-8", "replace")
            if Response.match(text):
                Response.read(text)
            elif Event.match(text):
                Event.read(text)


def asterisk_ami_read(data: bytes, size: int) -> None:
    """The package asterisk-ami: its `read` alone, behind our framing (its own is slow on large chunks)."""
    from asterisk.ami import Event, Response

    for packet in _ours(data, size):
        text = packet.raw.decode("utf-8", "replace")
        if Response.match(text):
            Response.read(text)
        elif Event.match(text):
            Event.read(text)


def panoramisk(data: bytes, size: int) -> None:
    """panoramisk: its asyncio protocol's `data_received`, with nobody registered for an event."""
    from panoramisk.ami_protocol import AMIProtocol

    class Factory:
        def dispatch(self, message: object) -> None:
            return None

    protocol = AMIProtocol()
    protocol.connection_made(None)
    protocol.factory = Factory()
    protocol.encoding = "utf8"
    for chunk in chunks(data, size):
        protocol.data_received(chunk)


def measure(data: bytes, chunk: int, events: int, rounds: int) -> dict[str, int]:
    """Events a second of processor time: the best of some rounds, each decoder once a round."""
    best: dict[str, float] = {}
    for _ in range(rounds):
        for decode in DECODERS:
            # The client of asterisk-ami reads 1 KiB at a time and cuts its rest anew for each packet.
            size = 1024 if decode is asterisk_ami else chunk
            began = time.process_time()
            decode(data, size)
            name = decode.__name__
            best[name] = min(best.get(name, float("inf")), time.process_time() - began)
    return {name: round(events / seconds) for name, seconds in best.items()}


DECODERS: tuple[Callable[[bytes, int], None], ...] = (
    frame, converse, peek, split, bridge, asterisk_ami_read, asterisk_ami, panoramisk,
)  # fmt: skip


def main() -> None:
    """Measure and print a table, then one line of JSON."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("capture", nargs="*", type=Path)
    options.add_argument("--events", type=int, default=200_000)
    options.add_argument("--chunk", type=int, default=65_536)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    logging.disable(logging.CRITICAL)
    asyncio.set_event_loop(asyncio.new_event_loop())
    paths = chosen.capture or sorted(CAPTURES.glob("*/ami.raw.xz"))
    data = stream(paths, chosen.events)
    print(f"{chosen.events} events, {len(data) / chosen.events:.0f} bytes each, chunks of {chosen.chunk}")
    rates = measure(data, chosen.chunk, chosen.events, chosen.rounds)
    for name, figure in rates.items():
        print(f"{name:18} {figure:>10,} events/s")
    baseline = {"asterisk-ami decode": rates["asterisk_ami"], "panoramisk decode": rates["panoramisk"]}
    result = {
        "name": "ami_decoders",
        "figure": rates["split"],
        "unit": "events/s",
        "baseline": baseline,
        "ratio": round(rates["split"] / max(baseline.values()), 2),
        "ours": {name: rates[name] for name in ("frame", "converse", "peek", "split", "bridge")},
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
