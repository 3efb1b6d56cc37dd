"""Whose talk lies where in a recording's file. Pure.

    placed = place(recording, talks, call, length_ms=61_240, layout=Layout.MIXED, agents={"pbx/1.2/talk/1": "1001"})
    placed.spans[0].start_ms

A talk lies in a file where its agent's voice came in or went out on the recorded channel. Who was on that channel is
told by the PBX's bridges, never guessed from the times of talks. Which recording made a file, its name tells
(`analytics.recordings.naming`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.people.devices import extension_of
from analytics.recordings.axis import Measured, measure, position
from analytics.recordings.naming import NamedAfter, channel_of_file_name, layout_of, recording_of
from analytics.recordings.values import Axis, Layout, Span, Stretch
from telephony.calls.facts import CallFact, Interval, Joined, Known, Muted, RecordingFact, TalkFact
from telephony.clock import to_microseconds

Us = tuple[int, int]
"""A stretch of real time, in microseconds."""

LATE_US = 200_000
"""A recording that begins this long after a talk has its first words all the same: nobody speaks so soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The axis of a file, what lies where in it, and by how many milliseconds it is longer than expected."""

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
    """Where each talk of a call lies in a file of this recording, in order of time.

    agents: the person of each talk, by its id; one that is not named is told by the extension. A file whose length
    nothing explains has no spans.
    """
    measured = measure(recording, call.ended_at, length_ms, from_log=call.known is Known.REPAIRED)
    if measured.axis is Axis.UNKNOWN:
        return Placed(axis=measured.axis, spans=(), off_ms=measured.off_ms)
    legs = {talk.id: leg_of(call.pbx, talk) for talk in talks}
    found = []
    for talk in talks:
        there = _Talk(talk, legs[talk.id], frozenset(legs.values()), recording, call)
        span = there.span(measured, length_ms, layout, agents.get(talk.id) or extension_of(talk.interface))
        if span is not None:
            found.append(span)
    found.sort(key=lambda span: (span.start_ms, span.end_ms, span.talk_id))
    return Placed(axis=measured.axis, spans=tuple(found), off_ms=measured.off_ms)


def leg_of(pbx: str, talk: TalkFact) -> str:
    """The unique id of the channel that a talk was told of: its id is PBX/UNIQUEID/talk/N."""
    return talk.id.removeprefix(f"{pbx}/").rpartition("/talk/")[0]


class _Talk:
    """One talk, as far as a recorded channel took part in it."""

    def __init__(
        self, talk: TalkFact, leg: str, agents: frozenset[str], recording: RecordingFact, call: CallFact
    ) -> None:
        self._talk = talk
        self._leg = leg
        self._agents = agents
        end = talk.ended_at or recording.ended_at or call.ended_at
        self._us = (to_microseconds(talk.started_at), to_microseconds(end or talk.started_at))
        self._pieces = [
            (each, heard)
            for each in recording.joined or ()
            if leg in each.heard or leg in each.said
            if (heard := _common(self._us, _us(each, self._us[1]))) is not None
        ]
        self._silent = [
            *(_us(hold, self._us[1]) for hold in talk.holds),
            *(_us(mute, self._us[1]) for mute in recording.muted),
        ]

    def span(self, measured: Measured, length_ms: int, layout: Layout, agent: str) -> Span | None:
        """Where it lies; None where the file has nothing of it."""
        if not self._pieces:
            return None
        start = self._pieces[0][1][0]
        end = self._pieces[-1][1][1]
        at = _Ruler(measured, length_ms)
        if at(end) <= at(start):
            return None
        channels = _channels(self._pieces[-1][0], layout)
        return Span(
            talk_id=self._talk.id,
            agent=agent,
            start_ms=at(start),
            end_ms=at(end),
            holds=self._holds(at, start, end),
            agent_channel=next((n for n, who in enumerate(channels) if who == {self._leg}), None),
            customer_channel=next((n for n, who in enumerate(channels) if who and not who & self._agents), None),
            begins_talk=self._begins(measured),
        )

    def _holds(self, at: _Ruler, start: int, end: int) -> tuple[Stretch, ...]:
        """Its holds and what was muted, as stretches of the file that do not touch."""
        found: list[Stretch] = []
        for silent in sorted(self._silent):
            within = _common(silent, (start, end))
            if within is None or at(within[1]) <= at(within[0]):
                continue
            first, last = at(within[0]), at(within[1])
            if found and first <= found[-1][1]:
                found[-1] = (found[-1][0], max(last, found[-1][1]))
            else:
                found.append((first, last))
        return tuple(found)

    def _begins(self, measured: Measured) -> bool:
        """Whether its first words are in the file: something was written, and no silence, when it began."""
        began = self._us[0] + LATE_US
        heard = self._pieces[0][1][0] <= began and any(start <= began < end for start, end in measured.written)
        return heard and not any(start <= began < end for start, end in self._silent)


class _Ruler:
    """Instants as milliseconds of a file, never beyond its end."""

    def __init__(self, measured: Measured, length_ms: int) -> None:
        self._measured = measured
        self._length = length_ms

    def __call__(self, at_us: int) -> int:
        return min(round(position(self._measured, at_us)), self._length)


def _channels(joined: Joined, layout: Layout) -> list[set[str]]:
    """Who is on each channel of a file."""
    match layout:
        case Layout.APART:
            return [set(joined.heard), set(joined.said)]
        case Layout.HEARD:
            return [set(joined.heard)]
        case Layout.SAID:
            return [set(joined.said)]
    return [{*joined.heard, *joined.said}]


def _us(each: Interval | Joined | Muted, open_end: int) -> Us:
    return to_microseconds(each.start), open_end if each.end is None else to_microseconds(each.end)


def _common(one: Us, other: Us) -> Us | None:
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start < end else None


__all__ = ["NamedAfter", "Placed", "channel_of_file_name", "layout_of", "leg_of", "place", "recording_of"]
