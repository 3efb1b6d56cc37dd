"""A byte fuzzer over parser, protocol and actions: only the named errors may come out.

    python -m tests.telephony.ami.fuzz --seed 1 --inputs 1000000

Inputs are built of pieces of real traffic and of poison (lone CR and LF, Unicode line ends, halves of
characters, NUL, our own ActionIDs), then cut anywhere. The same seed gives the same inputs. Besides
"nothing else is raised" it checks what must always hold: cuts never change the packets; a stream's
bytes are all in its packets; an action is read back as exactly what was asked; nobody but the
PBX's own header answers an action.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from random import Random

from telephony.ami.actions import Pair, encode, variable
from telephony.ami.packet import Packet
from telephony.ami.parser import Parser
from telephony.ami.protocol import Protocol, State
from telephony.ami.signals import ActionAnswered, Login, Lost, LostReason, ProtocolEvent, Timing
from telephony.errors import MisuseError, ProtocolError, UnsafeValueError

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
ACCEPTED = b"Response: Success\r\nActionID: f1\r\n\r\n"
PIECES = (
    b"Event: Newchannel\r\n", b"Response: Success\r\n", b"Response: Error\r\n", b"Response: Follows\r\n",
    b"ActionID: f1\r\n", b"ActionID: f2\r\n", b"ActionID: f3\r\n", b"Challenge: 1\r\n",
    b"EventList: start\r\n", b"EventList: Complete\r\n", b"Message: Permission denied\r\n",
    b"CallerIDName: \xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e\r\n", b"ChanVariable: A=1\r\n", b"Output: x\r\n",
    b"--END COMMAND--", b"\r\n", b"\r\n", b"\r\n\r\n", b"\r\n\r\n", b"\r", b"\n", b":", b": ", b"\0",
    b"\xe2\x80\xa8", b"\xc2\x85", b"\x0b", b"\x0c", b"\xff", b"\xe7\x8e", b"Event: ", BANNER, b"a" * 300,
)  # fmt: skip
ANSWERS = (
    b"Response: Success\r\nActionID: f2\r\n\r\n", b"Response: Error\r\nActionID: f3\r\n\r\n",
    b"Response: Success\r\nActionID: f2\r\nEventList: start\r\n\r\n",
    b"Event: X\r\nActionID: f2\r\nEventList: Complete\r\n\r\n", b"Event: X\r\nActionID: f2\r\n\r\n",
    b"Event: X\r\nCallerIDName: \xe2\x80\xa8ActionID: f2\n\nResponse: Success\r\n\r\n",
)  # fmt: skip
TEXTS = (
    "Alice", "王小明", "\r\n", "\r", "\n", "\0", "\u2028", "\u0085", "\x0b", "\x0c", ":", ": ", ",", "=", '"',
    "\\", "(", "ActionID: 9", "\r\nAction: Originate\r\n\r\n", "Application: System", "\ud800", "\udcff",
    "x" * 600, "",
)  # fmt: skip
NAMES = ("CallerID", "Variable", "Channel", "Action", "ActionID", "Bad Name", "X-1")
TIMING = Timing(login=5.0, ping=5.0, lost=10.0)


def fuzz(seed: int, inputs: int) -> Counter[str]:
    """Try so many inputs; how each kind ended. Raises AssertionError, or what a bug raises."""
    random = Random(seed)
    ends: Counter[str] = Counter()
    tries = (_parser, _protocol, _actions)
    for number in range(inputs):
        one = tries[number % 3]
        ends[f"{one.__name__[1:]}: {one(random)}"] += 1
    return ends


def _stream(random: Random, pieces: tuple[bytes, ...] = PIECES) -> bytes:
    return b"".join(random.choices(pieces, k=random.randrange(1, 12)))


def _cut(random: Random, data: bytes) -> list[bytes]:
    places = sorted(random.randrange(len(data) + 1) for _ in range(random.randrange(6)))
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]


def _parser(random: Random) -> str:
    banner, limit = random.random() < 0.3, random.choice((50, 400, 1 << 20))
    stream = (BANNER if banner and random.random() < 0.8 else b"") + _stream(random)
    whole, error = _parse([stream], banner, limit)
    pieces, error_in_pieces = _parse(_cut(random, stream), banner, limit)
    assert error == error_in_pieces, (stream, error, error_in_pieces)
    if error:
        return error
    assert pieces == whole, stream
    for packet in whole:
        _read(packet)
    return "packets" if whole else "nothing whole"


def _parse(chunks: list[bytes], banner: bool, limit: int) -> tuple[list[Packet], str]:
    parser = Parser(expect_banner=banner, max_packet=limit)
    packets: list[Packet] = []
    try:
        for chunk in chunks:
            packets += parser.feed(chunk)
    except ProtocolError as error:
        return packets, type(error).__name__
    return packets, ""


def _read(packet: Packet) -> None:
    """Reading never raises, and the headers hold all that the packet holds."""
    assert not (packet.event and packet.response), packet
    assert all("\r\n" not in text for header in packet.headers for text in header), packet
    if all(key and value == value.lstrip(" ") for key, value in packet.headers):
        again = Packet.from_pairs(packet.headers)
        assert again.headers == packet.headers, packet


def _protocol(random: Random) -> str:
    plain = random.random() < 0.7
    protocol = Protocol(
        Login(user="u", secret="s", plain=plain), now=0.0, id_prefix="f", timing=TIMING, max_packet=400
    )
    start = BANNER + ACCEPTED if random.random() < 0.8 else b""
    now, sent, answered = 0.0, set[str](), False
    for chunk in [start, *_cut(random, _stream(random, random.choice((PIECES, ANSWERS))))]:
        now += random.choice((0.0, 0.1, 6.0))
        events = protocol.tick(now)
        if protocol.state is not State.ENDED:
            events += protocol.receive(chunk, now)
        _check_events(events, protocol, sent)
        answered |= any(isinstance(event, ActionAnswered) for event in events)
        if protocol.state is State.RUNNING and random.random() < 0.5:
            sent.add(protocol.send("Originate", [("CallerID", "x")]))
    assert len(protocol.end(LostReason.CLOSED_BY_US)) <= 1
    if answered:
        return "answered"
    return "spoke" if protocol.banner else "no banner"


def _check_events(events: list[ProtocolEvent], protocol: Protocol, sent: set[str]) -> None:
    for event in events:
        if isinstance(event, ActionAnswered):
            assert event.action_id in sent, event
            sent.discard(event.action_id)
            # Only a header of its own answers: never a text within another value.
            line = b"ActionID: " + event.action_id.encode()
            assert line in event.result.response.raw.split(b"\r\n"), event
    assert any(isinstance(event, Lost) for event in events) <= (protocol.state is State.ENDED)


def _actions(random: Random) -> str:
    pairs = [_pair(random) for _ in range(random.randrange(1, 6))]
    try:
        pairs.append(variable("CALL", _text(random)))
        data = encode("Originate", pairs, action_id="f1")
    except UnsafeValueError:
        return "unsafe"
    except MisuseError:
        return "misuse"
    packets = Parser(expect_banner=False).feed(data)
    assert [list(p.headers) for p in packets] == [[("Action", "Originate"), ("ActionID", "f1"), *pairs]], data
    assert data.count(b"\n") == data.count(b"\r") == data.count(b"\r\n") == len(pairs) + 3, data
    return "sent"


def _pair(random: Random) -> Pair:
    return random.choice(NAMES[:3] if random.random() < 0.8 else NAMES), _text(random)


def _text(random: Random) -> str:
    if random.random() < 0.6:
        return "plain"
    return "".join(random.choices(TEXTS, k=random.randrange(4)))


def main() -> None:
    """Run it from the command line; the last line is JSON."""
    options = argparse.ArgumentParser(description="Fuzz the AMI codec.")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--inputs", type=int, default=100_000)
    chosen = options.parse_args()
    began = time.monotonic()
    ends = fuzz(chosen.seed, chosen.inputs)
    seconds = time.monotonic() - began
    figures = {"seed": chosen.seed, "inputs": chosen.inputs, "seconds": round(seconds, 1), "ends": ends}
    print(json.dumps(figures, sort_keys=True))


if __name__ == "__main__":
    main()
