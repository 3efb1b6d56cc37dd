"""The demo's past: captured streams played into the journal as if they had been heard, up to this moment.

Each copy's plays stand one after the other: today from the morning on, and on working days before that now and then.
They are written as the listener writes them, so that facts, figures and raw events come by the road of every call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import groupby
from random import Random
from zoneinfo import ZoneInfo

from telephony.clock import from_microseconds, to_microseconds
from telephony.journal.entries import EntryKind
from telephony.journal.writer import JournalWriter
from telephony.scripted_streams import Part, Play

SECOND = 1_000_000
OPENS, CLOSES = time(8), time(20)
BREAK_US = (20 * SECOND, 240 * SECOND)
"""Between two plays of a copy."""

SELDOM = 0.12
"""The share of an earlier day's plays that is written: a month is there in seconds."""

FIRST_NUMBER = 100
"""Of the past's plays: live plays have lower numbers, for days."""

CONNECTION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is written: whole days before today, and today up to `now`."""

    now: datetime
    zone: ZoneInfo
    days: tuple[date, ...]  # working days before today
    seed: int = 1


def write_past(journal: JournalWriter, parts: Sequence[Part], past: Past) -> int:
    """Write it; how many packets."""
    plays = _plays(parts, past)
    if not plays:
        return 0
    written = 0
    journal.append(CONNECTION, EntryKind.STARTED, from_microseconds(plays[0].due_us(0) - 2 * SECOND))
    journal.append(CONNECTION, EntryKind.CONNECTED, from_microseconds(plays[0].due_us(0) - SECOND))
    stream = merge(*(_packets(play, order) for order, play in enumerate(plays)))
    for second, group in groupby(stream, key=lambda each: each[0] // SECOND):
        frames = tuple(frame for _, _, _, frame in group)
        journal.append(CONNECTION, EntryKind.PACKETS, from_microseconds((second + 1) * SECOND), frames)
        written += len(frames)
    journal.commit()
    return written


def _packets(play: Play, order: int) -> Iterator[tuple[int, int, int, bytes]]:
    for index in range(len(play.part.script.packets)):
        yield play.due_us(index), order, index, play.packet(index)


def _plays(parts: Iterable[Part], past: Past) -> list[Play]:
    """All plays, the earliest first; each has a number of its own."""
    random = Random(past.seed)  # noqa: S311 - when calls come, no secret
    begins = sorted(
        ((begin, order, part) for order, part in enumerate(parts) for begin in _begins(part, past, random)),
        key=lambda each: each[:2],
    )
    return [Play(part, FIRST_NUMBER + number, begin, 1.0) for number, (begin, _, part) in enumerate(begins)]


def _begins(part: Part, past: Past, random: Random) -> Iterator[int]:
    """When a copy's plays begin: backwards from now to this morning, and at times on the days before."""
    today = past.now.astimezone(past.zone).date()
    # Who comes at night finds a night shift: the last hours are always there.
    morning = min(_at(today, OPENS, past.zone), past.now - timedelta(hours=3))
    yield from _chain(part, morning, past.now - timedelta(seconds=5), random)
    for day in past.days:
        opens, closes = (_at(day, each, past.zone) for each in (OPENS, CLOSES))
        for begin in _chain(part, opens, closes, random):
            if random.random() < SELDOM:
                yield begin


def _chain(part: Part, first: datetime, last: datetime, random: Random) -> Iterator[int]:
    begin = to_microseconds(last) - random.randint(0, BREAK_US[0])
    while (begin := begin - part.script.duration_us) >= to_microseconds(first):
        yield begin
        begin -= random.randint(*BREAK_US)


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone)
