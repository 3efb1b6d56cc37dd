"""Entries and streams that the journal's tests share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from telephony.ami.parser import END, Parser
from telephony.journal import Entry, EntryKind, JournalWriter

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MARKS = [kind for kind in EntryKind if kind is not EntryKind.PACKETS]


def packet(n: int) -> bytes:
    """A small packet that tells which it is."""
    return f"Event: Newstate\r\nNumber: {n}".encode()


def packets(*numbers: int) -> tuple[bytes, ...]:
    """Several of them."""
    return tuple(map(packet, numbers))


def write_packets(
    writer: JournalWriter, numbers: Iterable[int], at: datetime = NOON, step: timedelta = timedelta(0)
) -> None:
    """Appends one packet a number, each in a run of its own."""
    for n in numbers:
        writer.append(1, EntryKind.PACKETS, at, packets(n))
        at += step


def framed(stream: bytes) -> tuple[bytes, ...]:
    """The frames of a stream as the listener gets them."""
    return tuple(packet.raw for packet in Parser(expect_banner=False).feed(stream + END))


streams = st.lists(
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from([b"\r", b"\n", b"\r\n", END, b"Event: A", b"\xff", "三".encode()]),
    ),
    max_size=30,
).map(b"".join)
"""Any bytes, with the line ends that matter more often than chance gives them."""

times = st.integers(0, 4 * 86_400 * 1_000_000).map(lambda us: NOON + timedelta(microseconds=us))
connections = st.integers(min_value=0, max_value=2**32 - 1)


@st.composite
def unnumbered(draw: st.DrawFn) -> tuple[int, EntryKind, datetime, tuple[bytes, ...], str]:
    """What `append` takes."""
    frames = framed(draw(streams))
    if frames:
        return draw(connections), EntryKind.PACKETS, draw(times), frames, ""
    return draw(connections), draw(st.sampled_from(MARKS)), draw(times), (), draw(st.text(max_size=20))


def mark(seq: int, kind: EntryKind = EntryKind.STARTED, detail: str = "") -> Entry:
    """An entry without packets."""
    return Entry(seq=seq, connection=1, kind=kind, received_at=NOON, detail=detail)
