"""When the PBX wrote into a file: the stretches of real time that its axis is made of. Pure.

MixMonitor writes while its channel is joined with another (option b) or all the time (without it), in frames of 20 ms.
What its options say, where they were heard, is tried first; a file whose length it does not explain is measured against
the other way, since a channel on which nothing was sent yet writes nothing either. Where no options were heard the
nearer counts. See docs/decisions/0022.
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
TOLERANCE_MS = 200
"""What a file may lack or have too much of: a frame at either end, the delay of events, and packets that came late, for
which silence was written before they came."""
A_STRETCH_MS = 2 * FRAME_MS
"""What each further stretch may add to that."""
A_SECOND_MS = 1000
LOG_ORDER_US = 1000
"""Rows of one second of a log are kept in order by microseconds."""
DRIFT_PERMILLION = 1000
"""What late packets and the clocks of telephones may add up to in a long call. It is spread evenly over the file."""
SPREAD_MS = 2 * FRAME_MS
"""From what difference on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An axis, the stretches it is made of, and by how much the file is longer than they are (negative: shorter)."""

    axis: Axis
    written: Written
    off_ms: int


def measure(
    recording: RecordingFact, ended_at: datetime | None, length_ms: int, *, from_log: bool = False
) -> Measured:
    """The axis that explains a file's length; UNKNOWN, with the nearest, where none does.

    ended_at: of the call, for a recording whose own end was not heard. from_log: it is known by the PBX's logs. Where
    their instants are whole seconds no edge within a file is known to a tenth, and only a file without one is told.
    """
    if from_log and _is_coarse(recording):
        return _measure_coarsely(recording, length_ms)
    found = [
        Measured(axis=axis, written=written, off_ms=length_ms - length_of(written))
        for axis, written in _candidates(recording, ended_at)
    ]
    fitting = [each for each in found if abs(each.off_ms) <= tolerance(each.written)]
    if fitting:
        return fitting[0] if recording.options is not None else min(fitting, key=lambda each: abs(each.off_ms))
    nearest = min((each.off_ms for each in found), key=abs, default=0)
    return Measured(axis=Axis.UNKNOWN, written=(), off_ms=nearest)


def expected(recording: RecordingFact, ended_at: datetime | None) -> Written:
    """What a file of this recording should be made of, before its length is known; () where too little was heard."""
    return next((written for _, written in _candidates(recording, ended_at)), ())


def _is_coarse(recording: RecordingFact) -> bool:
    joined = recording.joined or ()
    return bool(joined) and all(
        _is_whole(each.start) and (each.end is None or _is_whole(each.end)) for each in joined
    )


def _is_whole(at: datetime) -> bool:
    return at.microsecond < LOG_ORDER_US


def _measure_coarsely(recording: RecordingFact, length_ms: int) -> Measured:
    """A file of one stretch with the same company is that stretch, however long it is to the second."""
    joined = recording.joined or ()
    first = joined[0]
    if len(joined) > 1 or first.end is None:
        return Measured(axis=Axis.UNKNOWN, written=(), off_ms=0)
    start, end = to_microseconds(first.start), to_microseconds(first.end)
    off = length_ms - length_of(((start, end),))
    if abs(off) > A_SECOND_MS:
        return Measured(axis=Axis.UNKNOWN, written=(), off_ms=off)
    return Measured(axis=Axis.JOINED, written=((start, end),), off_ms=off)


def length_of(written: Written) -> int:
    """Milliseconds of a file that was written in these stretches."""
    return round(sum(end - start for start, end in written) / 1000)


def tolerance(written: Written) -> int:
    """By how many milliseconds a file's length may differ from what was written."""
    joins = max(len(written) - 1, 0)
    return TOLERANCE_MS + joins * A_STRETCH_MS + length_of(written) * DRIFT_PERMILLION // 1_000_000


def position(measured: Measured, at_us: int) -> float:
    """Where in the file an instant lies, in milliseconds; what was not written lies where the writing went on."""
    written = measured.written
    at = sum(min(end, at_us) - start for start, end in written if start < at_us) / 1000
    if abs(measured.off_ms) <= SPREAD_MS:
        return at
    return at * (1 + measured.off_ms / max(length_of(written), 1))


def _candidates(recording: RecordingFact, ended_at: datetime | None) -> Iterator[tuple[Axis, Written]]:
    end = recording.ended_at or ended_at
    if recording.started_at is None or recording.joined is None or end is None:
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
