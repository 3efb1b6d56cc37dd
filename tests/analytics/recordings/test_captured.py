"""The recordings of two Asterisk versions, plain and of FreePBX's shape: axes and spans against what is heard in them.

Beside each capture, `tones.json` has the length of each file and where in it the agents' tone (880 Hz, one second on,
one off) was heard; tests/lab/voices/packing.py made it of the files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from analytics.recordings.linking import Placed, place
from analytics.recordings.naming import layout_of, recording_of
from analytics.recordings.values import Axis, Span
from telephony.calls.facts import Direction, RecordingFact
from telephony.calls.record import CallRecord, fold, newest
from telephony.events import PbxEvent, Recording
from tests.telephony.calls.streams import CAPTURES, events_of, track

FOLDERS = sorted(path.parent for path in (CAPTURES / "regression").rglob("tones.json"))
WITHIN_MS = 100
UNEXPLAINED = {"q-600-447700900149-20261121-223124-1795300284.250.wav"}
"""Shorter by 231 ms than its channel was joined: 22.10 wrote nothing while a call went out by the trunk."""
STREAM = "ami.jsonl.xz"


class Found(NamedTuple):
    """One file of a capture."""

    name: str
    record: CallRecord
    recording: RecordingFact
    placed: Placed
    length_ms: int
    channels: list[dict[str, list[list[int]]]]


@cache
def found(folder: Path) -> tuple[Found, ...]:
    """Every file of a capture that a recording names."""
    return tuple(_found(folder))


def _found(folder: Path) -> Iterator[Found]:
    heard: dict[str, Any] = json.loads((folder / "tones.json").read_text(encoding="utf-8"))
    for record in fold(track(events_of(folder / STREAM))):
        for recording in record.recordings:
            file = heard[recording.file]
            layout = layout_of(recording, len(file["channels"]))
            placed = place(recording, record.talks, record.call, file["ms"], layout, {})
            yield Found(recording.file.rpartition("/")[2], record, recording, placed, file["ms"], file["channels"])


def without_holds(span: Span) -> list[tuple[int, int]]:
    """The pieces of a span in which the two hear each other."""
    edges = [span.start_ms, *(edge for hold in span.holds for edge in hold), span.end_ms]
    return list(zip(edges[::2], edges[1::2], strict=True))


def by_file(folder: Path) -> str:
    """Its name."""
    return folder.name


@pytest.mark.parametrize("folder", FOLDERS, ids=by_file)
def test_every_file_is_named_by_a_recording_of_a_call(folder: Path) -> None:
    """None is left over, none is named twice."""
    files = json.loads((folder / "tones.json").read_text(encoding="utf-8"))
    assert sorted(each.recording.file for each in found(folder)) == sorted(files)


@pytest.mark.parametrize("folder", FOLDERS, ids=by_file)
def test_the_axis_explains_the_length_of_every_file(folder: Path) -> None:
    """All were made with option b."""
    unexplained = {each.name for each in found(folder) if each.placed.axis is not Axis.JOINED}
    assert unexplained <= UNEXPLAINED
    assert all(abs(each.placed.off_ms) <= WITHIN_MS for each in found(folder) if each.name not in unexplained)


@pytest.mark.parametrize("folder", FOLDERS, ids=by_file)
def test_whenever_an_agent_is_heard_a_talk_of_an_agent_lies_there(folder: Path) -> None:
    """To a tenth of a second, and on the channel that the span says, where it says one."""
    count = 0
    for each in found(folder):
        if each.placed.axis is Axis.UNKNOWN:
            continue
        for channel, tones in enumerate(each.channels):
            spans = [span for span in each.placed.spans if span.agent_channel in (None, channel)]
            pieces = [piece for span in spans for piece in without_holds(span)]
            for start, end in tones["880"]:
                assert covered(start, end, pieces) or waits_alone(each, end), (
                    f"{each.name}: {start}, {end}, {pieces}"
                )
                count += 1
    assert count > 60


def waits_alone(each: Found, end: int) -> bool:
    """Whether nobody heard the agent: he was called first, and his customer was still being rung."""
    outward = each.record.call.direction is Direction.OUTBOUND
    return outward and bool(each.placed.spans) and end <= each.placed.spans[0].start_ms


def covered(start: int, end: int, pieces: list[tuple[int, int]]) -> bool:
    """Whether a stretch lies within pieces that follow each other, but for a tenth of a second at either end."""
    at = start
    for first, last in sorted(pieces):
        if first - WITHIN_MS <= at:
            at = max(at, last)
    return end - WITHIN_MS <= at


@pytest.mark.parametrize("folder", FOLDERS, ids=by_file)
def test_the_first_agent_is_heard_from_the_beginning_of_his_span(folder: Path) -> None:
    """His phone begins with a second of tone when it answers a customer."""
    count = 0
    for each in found(folder):
        tones = [tone for channel in each.channels for tone in channel["880"]]
        if each.record.call.direction is Direction.INBOUND and each.placed.spans and tones:
            assert abs(tones[0][0] - each.placed.spans[0].start_ms) <= WITHIN_MS, each.name
            count += 1
    assert count > 20


@pytest.mark.parametrize("folder", FOLDERS, ids=by_file)
def test_without_names_and_options_the_spans_are_the_same(folder: Path) -> None:
    """A manager without class dialplan: the channel in the file's name finds the recording, the length decides."""
    facts = track(event for event in map(unnamed, events_of(folder / STREAM)) if event is not None)
    records = {record.call.id: record for record in fold(facts)}
    recordings = [fact for fact in newest(facts).values() if isinstance(fact, RecordingFact)]
    assert not any(fact.file for fact in recordings)
    for each in found(folder):
        recording = recording_of(each.recording.file, recordings)
        assert recording is not None
        assert (recording.options, recording.channel) == (None, each.recording.channel)
        layout = layout_of(recording, len(each.channels))
        record = records[each.record.call.id]
        assert place(recording, record.talks, record.call, each.length_ms, layout, {}) == each.placed


def unnamed(event: PbxEvent) -> PbxEvent | None:
    """The event as such a manager has it."""
    if not isinstance(event, Recording):
        return event
    return event._replace(file="") if event.begins else None
