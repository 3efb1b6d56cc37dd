"""Recordings by the PBX's own logs: CEL knows when one began, and who was on its channel, as the stream does."""

from __future__ import annotations

from pathlib import Path

import pytest

from telephony.calls.facts import RecordingFact
from telephony.calls.record import newest
from tests.telephony.calls.streams import CAPTURES, events_of, track
from tests.telephony.pbxlogs.captured import facts_of

FREEPBX = [CAPTURES / "regression" / name for name in ("freepbx-16", "freepbx-22")]
A_SECOND = 1.1
"""FreePBX's CEL has whole seconds, and these streams no time of their own but that of their arrival."""


def recordings(facts: list[object]) -> dict[str, RecordingFact]:
    """The named recordings, by file."""
    found = [fact for fact in newest(facts).values() if isinstance(fact, RecordingFact)]  # type: ignore[arg-type]
    return {fact.file.rpartition("/")[2].removesuffix(".wav"): fact for fact in found if fact.file}


def seconds(fact: RecordingFact) -> float:
    """How long the recorded channel was in a bridge while it was recorded."""
    return sum((each.end - each.start).total_seconds() for each in fact.joined or () if each.end is not None)


@pytest.mark.parametrize("folder", FREEPBX, ids=lambda each: each.name)
def test_cel_tells_recordings_as_the_stream_does(folder: Path) -> None:
    """Channel, options, beginning, and how long the channel was joined."""
    by_stream = recordings(list(track(events_of(folder / "ami.jsonl.xz"))))
    by_logs = recordings(list(facts_of(folder)))
    assert set(by_logs) == set(by_stream)
    for file, heard in by_stream.items():
        told = by_logs[file]
        assert (told.channel, told.options) == (heard.channel, heard.options), file
        assert told.started_at is not None
        assert heard.started_at is not None
        assert abs((told.started_at - heard.started_at).total_seconds()) <= A_SECOND, file
        assert abs(seconds(told) - seconds(heard)) <= A_SECOND, file
