"""The demo's past: whole plays up to this moment, in the order of time, as the listener would have written them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from service.demo.past import Past, write_past
from service.demo.stretching import stretched
from telephony.calls.facts import CallFact, RecordingFact
from telephony.journal.entries import Entry, EntryKind
from telephony.journal.reader import read
from telephony.journal.writer import JournalWriter
from telephony.scripted_streams import Part
from tests.service.demo.played import facts_of, script

NOW = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
DAYS = tuple(date(2026, 11, day) for day in (23, 24, 25, 26))


def _written(folder: Path, seed: int = 1) -> list[Entry]:
    parts = [Part(script=stretched(script(), each), copy=each, turns=True) for each in range(3)]
    with JournalWriter(folder, "main") as journal:
        write_past(journal, parts, Past(now=NOW, zone=ZONE, days=DAYS, seed=seed))
    return list(read(folder, "main"))


def test_all_that_was_played_is_over_before_now(tmp_path: Path) -> None:
    """Every call has ended, none after this moment, and the last ones ended a moment ago."""
    entries = _written(tmp_path)
    ends = [each.ended_at for each in facts_of(entries) if isinstance(each, CallFact) and not each.merged_into]
    assert len(ends) > 300
    assert None not in ends
    newest = max(end for end in ends if end is not None)
    assert NOW - timedelta(minutes=2) < newest <= NOW


def test_time_goes_on_and_every_play_is_new(tmp_path: Path) -> None:
    """Entries stand in the order of time, and no call's id comes twice."""
    entries = _written(tmp_path)
    times = [each.received_at for each in entries]
    ids = [each.id for each in facts_of(entries) if isinstance(each, CallFact)]
    assert times == sorted(times)
    assert len(ids) == len(set(ids))
    assert [each.kind for each in entries[:2]] == [EntryKind.STARTED, EntryKind.CONNECTED]


def test_every_recording_has_a_name_of_its_own_in_the_folder_of_its_day(tmp_path: Path) -> None:
    """By its channel's new id, in the folder of the day on which its play began."""
    told = {each.id: each for each in facts_of(_written(tmp_path)) if isinstance(each, RecordingFact)}
    named = [each.file for each in told.values() if each.file]
    assert len(named) > 100
    assert len(named) == len(set(named))
    for each in told.values():
        begun = {f"{each.at - back:%Y/%m/%d}" for back in (timedelta(0), timedelta(days=1))}
        assert not each.file or each.file[:10] in begun


def test_today_is_full_and_earlier_days_are_there(tmp_path: Path) -> None:
    """Today's hours since the morning have calls throughout; most of the days before have some."""
    calls = [each for each in facts_of(_written(tmp_path)) if isinstance(each, CallFact)]
    begun = [each.started_at.astimezone(ZONE) for each in calls]
    today = {at.hour for at in begun if at.date() == NOW.astimezone(ZONE).date()}
    assert today >= set(range(10, 16))
    assert len({at.date() for at in begun} & set(DAYS)) >= 2
