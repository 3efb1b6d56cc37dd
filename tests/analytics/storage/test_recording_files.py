"""Recordings' files, read from the store."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert

from analytics.recordings.conditions import FileCondition
from analytics.recordings.values import Layout, Marks, Span
from analytics.storage.recording_files import (
    FileFilter,
    count_files,
    file,
    file_at,
    files_of_call,
    list_files,
    marks_of_file,
    orphan_recordings,
    spans_of_file,
)
from analytics.storage.recording_models import recording_marks
from analytics.storage.recording_rows import text_of_marks
from analytics.storage.talk_features import features_of_talks
from tests.analytics.factory import at, call, recording, talk
from tests.analytics.storage.recorded import SECOND_US, START_US, put_features, put_file, put_span
from tests.analytics.stored import store_facts


def test_a_file_is_read_as_it_was_stored(store: Engine) -> None:
    """By its id and by its place; what is not there is None."""
    file_id = put_file(store, detail="ü", layout="mixed", axis=None, call_id=None)
    with store.connect() as connection:
        found = file(connection, file_id)
        assert found == file_at(connection, "pbx", "2026/11/02/1.1.wav")
        assert file(connection, file_id + 1) is None
        assert file_at(connection, "other", "2026/11/02/1.1.wav") is None
    assert found is not None
    assert (found.condition, found.layout, found.axis) == (FileCondition.READY, Layout.MIXED, None)
    assert (found.started_at, found.changed_at, found.detail) == (at(0), at(60), "ü")


def test_spans_lie_in_the_order_of_the_file(store: Engine) -> None:
    """With their holds and channels."""
    file_id = put_file(store)
    put_span(store, file_id, "pbx/1.1/talk/2", start_ms=50_000, end_ms=60_000, holds="[]", begins_talk=False)
    put_span(store, file_id, "pbx/1.1/talk/1")
    with store.connect() as connection:
        first, second = spans_of_file(connection, file_id)
        assert [each.id for each in files_of_call(connection, "pbx/1.1")] == [file_id]
    assert first == Span(
        talk_id="pbx/1.1/talk/1", agent="1004", start_ms=5000, end_ms=50_000, holds=((20_000, 30_000),),
        agent_channel=1, customer_channel=0,
    )  # fmt: skip
    assert (second.talk_id, second.begins_talk, second.holds) == ("pbx/1.1/talk/2", False, ())


def test_marks_of_a_file_that_changed_are_none(store: Engine) -> None:
    """They would point at another sound."""
    marks = Marks(speech=(((0, 900), (2000, 2500)), ()), silences=((2500, 6000),), overlaps=(), music=((0, 10),))
    kept, changed = put_file(store), put_file(store, "b.wav", stamp="2")
    with store.begin() as connection:
        for each in (kept, changed):
            values = {"file_id": each, "stamp": "3e8-1", "marks": text_of_marks(marks)}
            connection.execute(insert(recording_marks).values(values))
        assert marks_of_file(connection, kept) == marks
        assert marks_of_file(connection, changed) is None


def test_pages_hold_each_file_once_and_the_newest_first(store: Engine) -> None:
    """Whatever the size of a page, also where several calls began in the same microsecond."""
    ids = [put_file(store, f"{number}.wav", start=number // 3) for number in range(10)]
    for size in (1, 3, 4, 50):
        found, after = [], None
        with store.connect() as connection:
            while page := list_files(connection, FileFilter(), after, size):
                found += [each.id for each in page]
                after = page[-1].place
        assert found == ids[::-1]


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        (FileFilter(pbx="hq"), ["hq.wav"]),
        (FileFilter(conditions=frozenset({FileCondition.BROKEN, FileCondition.EMPTY})), ["broken.wav"]),
        (FileFilter(agents=frozenset({"1005"})), ["talk.wav"]),
        (FileFilter(agents=frozenset()), []),
        (FileFilter(queues=frozenset({"sales"})), ["talk.wav"]),
        (FileFilter(queues=frozenset({"support"})), []),
        (FileFilter(start_us=START_US + SECOND_US, end_us=START_US + 3 * SECOND_US), ["broken.wav", "hq.wav"]),
        (FileFilter(orphans=True), ["broken.wav"]),
        (FileFilter(orphans=False, pbx="pbx"), ["talk.wav"]),
        (FileFilter(min_length_ms=60_000), ["talk.wav", "broken.wav"]),
    ],
)
def test_a_list_holds_what_was_asked_for(store: Engine, choice: FileFilter, found: list[str]) -> None:
    """Each filter alone; the count says the same."""
    store_facts(store, [call(end=60), talk(end=60, device="PJSIP/1005")])
    put_span(store, put_file(store, "talk.wav", start=3), "pbx/1.1/talk/PJSIP/1005", agent="1005")
    put_file(store, "broken.wav", start=2, condition="broken", call_id=None)
    put_file(store, "hq.wav", start=1, pbx="hq", call_id="hq/1.1", length_ms=59_999)
    with store.connect() as connection:
        assert [each.path for each in list_files(connection, choice)] == found
        assert count_files(connection, choice) == len(found)
        assert count_files(connection, FileFilter(), most=1) == 2


def test_a_recording_without_a_file_is_an_orphan(store: Engine) -> None:
    """Not while its call goes on, nor where the file was destroyed by order; yes where it is gone."""
    for number, end in enumerate((60, 60, 60, 60, None), start=1):
        call_id = f"pbx/{number}.1"
        store_facts(store, [call(call_id, start=number, end=end), recording(call_id, file=f"{number}.wav")])
    for number, condition in ((1, "ready"), (2, "missing"), (3, "destroyed")):
        names = {"call_id": f"pbx/{number}.1", "recording_id": f"pbx/{number}.1/recording"}
        put_file(store, f"{number}.wav", condition=condition, **names)
    with store.connect() as connection:
        found = orphan_recordings(connection)
        assert [(each.call_id, each.file, each.pbx) for each in found] == [
            ("pbx/4.1", "4.wav", "pbx"),
            ("pbx/2.1", "2.wav", "pbx"),
        ]
        assert orphan_recordings(connection, after=found[0].place) == found[1:]
        assert orphan_recordings(connection, start_us=START_US + 4 * SECOND_US) == found[:1]
        assert orphan_recordings(connection, end_us=START_US + 4 * SECOND_US, limit=5) == found[1:]
        assert orphan_recordings(connection, pbx="hq") == []


def test_what_was_heard_is_found_by_talk(store: Engine) -> None:
    """However many are asked for; who was not listened to is not among them."""
    put_features(store, "pbx/1.1/talk/1", syllables=120, silent_customer=False)
    put_features(store, "pbx/1.1/talk/2", file_id=2)
    with store.connect() as connection:
        wanted = [f"pbx/1.1/talk/{number}" for number in range(1200)]
        found = features_of_talks(connection, wanted)
    assert sorted(found) == ["pbx/1.1/talk/1", "pbx/1.1/talk/2"]
    first = found["pbx/1.1/talk/1"]
    assert (first.syllables, first.silent_customer, first.measured_at) == (120, False, at(0))
    assert (first.agent_speech_ms, found["pbx/1.1/talk/2"].file_id) == (None, 2)
