"""Whose talk lies where in a file, as far as talks and the file's length alone tell it. Pure.

A file either holds all from when the PBX named it to the end of its call, or only what was talked: the one whose length
fits is believed, and where neither does nothing is said of what lies where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from analytics.recordings.values import Axis, Layout, Span
from telephony.calls.facts import CallFact, RecordingFact, TalkFact
from telephony.clock import milliseconds

TOLERANCE_MS = 150
"""How far a file's length may be from what its axis makes it: it is closed within milliseconds of the hang-up."""

Stretches = list[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What kind of axis a file has, whose talk lies where, and how far its length is off."""

    axis: Axis
    spans: tuple[Span, ...]
    off_ms: int


def place(
    recording: RecordingFact,
    talks: Sequence[TalkFact],
    call: CallFact,
    length_ms: int,
    layout: Layout,
    agents: Mapping[str, str],
) -> Placed:
    """agents: by talk. No spans where the axis is unknown."""
    ended = [each for each in talks if each.ended_at is not None]
    whole: Stretches = [] if call.ended_at is None else [(recording.at, call.ended_at)]
    joined = _union((each.started_at, each.ended_at) for each in ended if each.ended_at is not None)
    for axis, written in ((Axis.JOINED, joined), (Axis.WHOLE, whole)):
        off_ms = length_ms - sum(milliseconds(end - start) for start, end in written)
        if written and abs(off_ms) <= TOLERANCE_MS:
            spans = (_span(each, written, length_ms, layout, agents) for each in ended)
            return Placed(axis=axis, spans=tuple(each for each in spans if each is not None), off_ms=off_ms)
    return Placed(axis=Axis.UNKNOWN, spans=(), off_ms=0)


def layout_of(recording: RecordingFact, channels: int) -> Layout:
    """Who is on which channel: two are apart (option D); of one direction the name tells it."""
    if channels == 2:
        return Layout.APART
    return channel_of_file_name(recording.file).layout or Layout.MIXED


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAfter:
    """The channels that a file may be named after, the likeliest first, and what its suffix says of it."""

    channels: tuple[str, ...]
    layout: Layout | None = None


def channel_of_file_name(name: str) -> NamedAfter:
    """Which channel's recording a file is, by the unique id at the end of its name; a system's name may stand before.

    `1795294482.32.wav`, `1795294741.167-in.wav`, `q-600-4420…-20261121-205442-1795294482.32.wav`.
    """
    stem = _ENDING.sub("", name.rpartition("/")[2])
    one_way = _ONE_WAY.search(stem)
    stem = _ONE_WAY.sub("", stem)
    dated, plain = _AFTER_TIME.search(stem), _UNIQUEID.search(stem)
    found = (dated and dated["uniqueid"], plain and plain.group(), stem if plain else None)
    return NamedAfter(
        channels=tuple(dict.fromkeys(each for each in found if each)),
        layout=one_way and (Layout.HEARD if one_way[1] == "in" else Layout.SAID),
    )


_ENDING = re.compile(r"\.(?=[^.]*[A-Za-z])\w{1,5}$")
_ONE_WAY = re.compile(r"-(in|out)$")
_UNIQUEID = re.compile(r"\d{9,11}\.\d+$")
_AFTER_TIME = re.compile(r"-20\d{6}-\d{6}-(?P<uniqueid>.+)$")


def _union(intervals: Iterable[tuple[datetime, datetime]]) -> Stretches:
    found: Stretches = []
    for start, end in sorted(intervals):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _span(
    talk: TalkFact, written: Stretches, length_ms: int, layout: Layout, agents: Mapping[str, str]
) -> Span | None:
    if talk.ended_at is None:
        return None
    start, end = (min(_into(at, written), length_ms) for at in (talk.started_at, talk.ended_at))
    holds = [
        (min(_into(each.start, written), end), min(_into(each.end or talk.ended_at, written), end))
        for each in talk.holds
    ]
    apart = layout is Layout.APART
    return Span(
        talk_id=talk.id,
        agent=agents.get(talk.id, talk.device),
        start_ms=start,
        end_ms=end,
        holds=tuple((begin, until) for begin, until in holds if begin < until),
        agent_channel=1 if apart else None,
        customer_channel=0 if apart else None,
        begins_talk=bool(written) and talk.started_at >= written[0][0],
    ) if start < end else None  # fmt: skip


def _into(at: datetime, written: Stretches) -> int:
    """Where an instant lies in the file: what was written before it."""
    return sum(milliseconds(min(at, end) - start) for start, end in written if start < at)
