"""The spans of the service against the voices in the files of a capture, edge by edge.

    rows = check(Path("capture"))          # a row for each agent in each file

What is expected comes from the PBX's events alone, what is measured from the sound alone. While a key is pressed the
PBX lets no voice through, and after a transfer, an abort or a three-way call by keys it plays a beep to the agents
before it lets theirs through: an edge that a key made may be so much early or late.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analytics.recordings.axis import measure, position
from analytics.recordings.linking import Placed, place
from analytics.recordings.naming import layout_of
from analytics.recordings.values import Axis, Layout, Span
from telephony.calls.facts import RecordingFact
from telephony.calls.record import CallRecord, fold
from telephony.clock import to_microseconds
from telephony.events import Digit
from tests.lab.voices.tones import AGENTS, DROPOUT_MS, RATE, Samples, Stretches, heard, joined, samples_of
from tests.telephony.calls.streams import events_of, track

WITHIN_MS = 100
"""What the service promises of each edge."""
KEY_MS = 160
BEEP_MS = 460
MOMENT_MS = 250
"""Shorter pieces are no talk: what slips through while channels swap bridges."""
SAME_MS = 300
"""Pieces of one talk with less between them are compared as one: digits pressed, a talk that follows at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One agent in one file: where he is by the events, and where his voice is. Milliseconds of the file."""

    scenario: str
    file: str
    layout: Layout
    axis: Axis
    off_ms: int
    agent: str
    expected: tuple[tuple[int, int], ...]
    measured: tuple[tuple[int, int], ...]
    keys: tuple[int, ...] = field(default=(), repr=False)  # when a key was let go

    @property
    def lost(self) -> bool:
        """Whether the file has nothing at all of a voice that its channel was told."""
        return bool(self.expected) and not self.measured

    @property
    def worst_ms(self) -> int | None:
        """The greatest distance of two edges; None where one has a stretch that the other lacks."""
        if len(self.expected) != len(self.measured):
            return None
        edges = zip(self.expected, self.measured, strict=True)
        return max((max(self._off(a, c), self._off(b, d)) for (a, b), (c, d) in edges), default=0)

    @property
    def right(self) -> bool:
        """Whether all edges are where they should be."""
        worst = self.worst_ms
        return worst is not None and worst <= WITHIN_MS

    def _off(self, expected: int, measured: int) -> int:
        by_key = "code" in self.scenario or any(abs(expected - key) <= WITHIN_MS for key in self.keys)
        allowed = 0 if not by_key else KEY_MS if measured < expected else BEEP_MS
        return max(abs(expected - measured) - allowed, 0)


def check(capture: Path, stream: str = "ami.jsonl") -> list[Row]:
    """Every agent in every file of a capture that was made with voices."""
    names = _scenarios(capture)
    events = events_of(capture / stream)
    keys = [to_microseconds(event.at) for event in events if isinstance(event, Digit)]
    rows: list[Row] = []
    for record, recording in _recordings(fold(track(events))):
        path = capture / "recordings" / recording.file
        assert path.is_file(), f"{recording.file}: the PBX named it, and it is not there"
        sound = samples_of(path, 2 if path.suffix == ".raw" else 1)
        rows += _rows(record, recording, sound, names.get(record.call.linkedid, ""), keys)
    return rows


def _recordings(records: Sequence[CallRecord]) -> Iterator[tuple[CallRecord, RecordingFact]]:
    for record in records:
        for recording in record.recordings:
            yield record, recording


def _rows(
    record: CallRecord, recording: RecordingFact, sound: Samples, scenario: str, keys: Sequence[int]
) -> list[Row]:
    length_ms = len(sound) * 1000 // RATE
    layout = layout_of(recording, sound.shape[1])
    placed = place(recording, record.talks, record.call, length_ms, layout, {})
    found = measure(recording, record.call.ended_at, length_ms)
    here = [round(position(found, key)) for key in keys if any(start <= key < end for start, end in found.written)]
    alone = [
        (round(position(found, to_microseconds(each.start))), round(position(found, to_microseconds(each.end))))
        for each in recording.joined or ()
        if each.end is not None and len(each.heard) + len(each.said) < 2
    ]
    rows = []
    for agent, hertz in AGENTS.items():
        expected, measured = _expected(placed, agent), _without(_loudest(sound, hertz), alone)
        if expected or measured:
            rows.append(
                Row(
                    scenario=scenario,
                    file=recording.file,
                    layout=layout,
                    axis=placed.axis,
                    off_ms=placed.off_ms,
                    agent=agent,
                    expected=tuple(expected),
                    measured=tuple(measured),
                    keys=tuple(here),
                )
            )
    return rows


def _expected(placed: Placed, agent: str) -> Stretches:
    """Where an agent is to be heard; not in a file of what the customer says."""
    own = [span for span in placed.spans if span.agent == agent]
    pieces = [piece for span in own if not _alone(span) for piece in without_holds(span)]
    return _told(pieces)


def _alone(span: Span) -> bool:
    """Whether a file of one direction has the customer only."""
    return span.customer_channel == 0 and span.agent_channel is None


def _loudest(sound: Samples, hertz: int) -> Stretches:
    """Where a voice is, on whichever channel."""
    channels = range(sound.shape[1])
    return _told(each for channel in channels for each in heard(sound[:, channel], hertz))


def _without(pieces: Stretches, alone: Stretches) -> Stretches:
    """Pieces without the stretches in which one party was alone in its bridge: it spoke to nobody."""
    for start, end in alone:
        around = [((a, min(b, start)), (max(a, end), b)) for a, b in pieces]
        pieces = [each for both in around for each in both if each[1] - each[0] > MOMENT_MS]
    return pieces


def _told(pieces: Iterable[tuple[int, int]]) -> Stretches:
    return [each for each in joined(pieces, SAME_MS) if each[1] - each[0] > MOMENT_MS]


def without_holds(span: Span) -> Stretches:
    """The pieces of a span in which the two hear each other, each longer than what is taken for a dropout."""
    edges = [span.start_ms, *(edge for hold in span.holds for edge in hold), span.end_ms]
    pieces = zip(edges[::2], edges[1::2], strict=True)
    return [(start, end) for start, end in pieces if end - start > DROPOUT_MS]


def _scenarios(capture: Path) -> dict[str, str]:
    """The scenario of each call, by its linkedid."""
    truth = json.loads((capture / "truth.json").read_text(encoding="utf-8"))
    return {entry["linkedid"]: entry["scenario"] for entry in truth if entry.get("linkedid")}
