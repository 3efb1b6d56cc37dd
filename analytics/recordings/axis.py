"""When the PBX wrote into a file: the stretches of real time that its axis is made of. Pure.

MixMonitor writes while its channel is joined with another (option b) or all the time (without it), in frames of 20 ms.
What its options say, where they were heard, is tried first; a file whose length it does not explain is measured against
the other way, since a channel on which nothing was sent yet writes nothing either. See docs/decisions/0022.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from analytics.recordings.values import Axis
from telephony.calls.facts import RecordingFact
from telephony.clock import to_microseconds

Written = tuple[tuple[int, int], ...]
"""Stretches of real time, in microseconds, in order; closed below and open above."""

FRAME_MS = 20
TOLERANCE_MS = 120
"""What a file may lack or have too much of: a frame at either end of a stretch, and the delay of the events."""
A_STRETCH_MS = 2 * FRAME_MS
"""What each further stretch may add to that."""
DRIFT_PERMILLION = 100
"""By how much a telephone's clock may go faster or slower than the PBX's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An axis, the stretches it is made of, and by how much the file is longer than they are (negative: shorter)."""

    axis: Axis
    written: Written
    off_ms: int


def measure(recording: RecordingFact, ended_at: datetime | None, length_ms: int) -> Measured:
    """The axis that explains a file's length; UNKNOWN, with the nearest, where none does.

    ended_at: of the call, for a recording whose own end was not heard.
    """
    found = [
        Measured(axis=axis, written=written, off_ms=length_ms - length_of(written))
        for axis, written in _candidates(recording, ended_at)
    ]
    for each in found:
        if abs(each.off_ms) <= tolerance(each.written):
            return each
    nearest = min((each.off_ms for each in found), key=abs, default=0)
    return Measured(axis=Axis.UNKNOWN, written=(), off_ms=nearest)


def expected(recording: RecordingFact, ended_at: datetime | None) -> Written:
    """What a file of this recording should be made of, before its length is known; () where too little was heard."""
    return next((written for _, written in _candidates(recording, ended_at)), ())


def length_of(written: Written) -> int:
    """Milliseconds of a file that was written in these stretches."""
    return round(sum(end - start for start, end in written) / 1000)


def tolerance(written: Written) -> int:
    """By how many milliseconds a file's length may differ from what was written."""
    joins = max(len(written) - 1, 0)
    return TOLERANCE_MS + joins * A_STRETCH_MS + length_of(written) * DRIFT_PERMILLION // 1_000_000


def position(written: Written, at_us: int) -> float:
    """Where in the file an instant lies, in milliseconds; what was not written lies where the writing went on."""
    return sum(min(end, at_us) - start for start, end in written if start < at_us) / 1000


def _candidates(recording: RecordingFact, ended_at: datetime | None) -> Iterator[tuple[Axis, Written]]:
    end = recording.ended_at or ended_at
    if recording.started_at is None or end is None:
        return
    joined = _joined(recording, to_microseconds(end))
    for runs in _runs(recording, to_microseconds(end)):
        ways = [(Axis.JOINED, _within(joined, runs)), (Axis.WHOLE, runs)]
        if recording.options is not None and "b" not in recording.options:
            ways.reverse()
        yield from ways


def _runs(recording: RecordingFact, end: int) -> list[Written]:
    """Which of its runs are in the file: with option a all, without it the last; where that is not known, either."""
    starts = [recording.started_at, *(each.end for each in recording.stopped)]
    ends = [*(each.start for each in recording.stopped), None]
    runs = tuple(
        (to_microseconds(start), end if until is None else to_microseconds(until))
        for start, until in zip(starts, ends, strict=True)
        if start is not None
    )
    if len(runs) == 1:
        return [runs]
    if recording.options is None:
        return [runs, runs[-1:]]
    return [runs] if "a" in recording.options else [runs[-1:]]


def _joined(recording: RecordingFact, end: int) -> Written:
    """The stretches in which the recorded channel was in a bridge; those that touch are one."""
    found: list[tuple[int, int]] = []
    for each in recording.joined or ():
        start, until = to_microseconds(each.start), end if each.end is None else to_microseconds(each.end)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(until, found[-1][1]))
        else:
            found.append((start, until))
    return tuple(found)


def _within(joined: Written, runs: Sequence[tuple[int, int]]) -> Written:
    """What two rows of stretches have in common."""
    common = [(max(a, c), min(b, d)) for a, b in joined for c, d in runs]
    return tuple(sorted((start, end) for start, end in common if start < end))


__all__ = ["Measured", "Written", "expected", "length_of", "measure", "position", "tolerance"]
