"""Every question that is asked of many recordings finds its rows by an index, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, select

from analytics.recordings.conditions import FileCondition
from analytics.recordings.values import Marks
from analytics.storage.models import calls, recordings, talks
from analytics.storage.recording_files import (
    FileFilter,
    file_at,
    files_of_call,
    list_files,
    marks_of_file,
    orphan_recordings,
    spans_of_file,
)
from analytics.storage.recording_finding import in_condition, known_in, set_missing, set_missing_below
from analytics.storage.recording_links import calls_of_channels, files_at, files_of_calls, files_since
from analytics.storage.recording_models import (
    recording_files,
    recording_marks,
    recording_spans,
    recording_work,
    talk_features,
)
from analytics.storage.recording_results import lock_files_of, others_with
from analytics.storage.recording_rows import file_of_row, text_of_marks
from analytics.storage.recording_work import Job, Priority, claim, enqueue, fail, finish, is_due, renew
from analytics.storage.talk_features import features_of_talks
from telephony.calls.facts import Fact
from tests.analytics.conftest import BOTH, fresh_store
from tests.analytics.factory import at, call, recording, talk
from tests.analytics.storage.plans import plans, statements
from tests.analytics.storage.recorded import SECOND_US, START_US
from tests.analytics.stored import store_facts

pytestmark = pytest.mark.slow

COUNT = 20_000
MIDDLE = COUNT // 2
GROWING = {
    table.name
    for table in (
        calls, recordings, talks, recording_files, recording_spans, recording_marks, recording_work, talk_features,
    )
}  # fmt: skip
LEASE = timedelta(minutes=2)


def call_id(number: int) -> str:
    """Calls begin a minute apart."""
    return f"pbx/{1_795_000_000 + number}.1"


def path(number: int) -> str:
    """A hundred files a day."""
    return f"2026/{number // 2800 % 12 + 1:02}/{number // 100 % 28 + 1:02}/{1_795_000_000 + number}.1.wav"


@pytest.fixture(scope="module", params=BOTH)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A store with twenty thousand recorded calls, each with its file, a talk in it, and its place in the queue."""
    with fresh_store(request, tmp_path_factory.mktemp("recorded")) as engine:
        store_facts(engine, *_facts())
        with engine.begin() as connection:
            for table, rows in _rows():
                connection.execute(insert(table), rows)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
        yield engine


def _facts() -> Iterator[list[Fact]]:
    for first in range(0, COUNT, 2000):
        yield [fact for number in range(first, first + 2000) for fact in _of_call(number)]


def _of_call(number: int) -> tuple[Fact, ...]:
    each, begins = call_id(number), 60 * number
    ends = begins + 50
    return (
        call(each, start=begins, end=ends),
        talk(each, start=begins, end=ends),
        recording(each, file=path(number), at=at(begins)),
    )


def _rows() -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    numbers = range(COUNT)
    yield recording_files, [_file(number) for number in numbers]
    yield recording_spans, [
        {"file_id": number + 1, "talk_id": f"{call_id(number)}/talk/PJSIP/1004", "call_id": call_id(number),
         "agent": f"{1000 + number % 5}", "start_ms": 0, "end_ms": 1, "begins_talk": True}
        for number in numbers
    ]  # fmt: skip
    yield recording_marks, [{"file_id": number + 1, "stamp": "1-1", "marks": MARKS} for number in numbers]
    yield talk_features, [
        {"talk_id": f"{call_id(number)}/talk/PJSIP/1004", "file_id": number + 1, "call_id": call_id(number),
         "agent": "1004", "measured_us": 0, "version": 1, "length_ms": 1, "stereo": True, "speech_ms": 1,
         "silence_ms": 0, "music_ms": 0, "silence_count": 0, "longest_silence_ms": 0}
        for number in numbers
    ]  # fmt: skip
    yield recording_work, [
        {"file_id": number + 1, "priority": (number % 3 - 1) * 10, "queued_us": START_US, "due_us": START_US + number,
         "tries": 0}
        for number in numbers
    ]  # fmt: skip


def _file(number: int) -> dict[str, Any]:
    return {
        "pbx": "pbx", "path": path(number), "size": 1, "stamp": "1-1", "found_us": START_US, "changed_us": START_US,
        "condition": "growing" if number % 2000 == 0 else "ready", "call_id": call_id(number), "length_ms": 1,
        "recording_id": f"{call_id(number)}/recording", "started_us": START_US + 60 * SECOND_US * number,
    }  # fmt: skip


MARKS = text_of_marks(Marks(speech=()))
IN_ORDER = {"what is to be done next": {"recording_work"}}
"""Read in the order of an index, only until the first that is free."""
NOW = at(60 * COUNT)
BEGAN_US = START_US + 60 * SECOND_US * MIDDLE
HOUR_US = 3600 * SECOND_US
IDS = [call_id(number) for number in range(MIDDLE, MIDDLE + 100)]


def _row(connection: Connection) -> Any:
    found = select(recording_files).where(recording_files.c.id == MIDDLE)
    return file_of_row(connection.execute(found).one())


QUESTIONS: dict[str, Callable[[Connection], Any]] = {
    "what is to be done next": lambda c: (is_due(c, NOW, ["pbx"]), claim(c, "a", NOW, LEASE, pbxs=["pbx"])),
    "one file of the queue": lambda c: (
        renew(c, "a", MIDDLE, NOW, LEASE),
        fail(c, "a", Job(file_id=MIDDLE, tries=1), "x", NOW),
        finish(c, "a", MIDDLE),
    ),
    "to queue some": lambda c: enqueue(c, range(MIDDLE, MIDDLE + 100), Priority.NEW, NOW),
    "a call's files": lambda c: (files_of_call(c, IDS[0]), files_of_calls(c, IDS)),
    "a file's parts": lambda c: (spans_of_file(c, MIDDLE), marks_of_file(c, MIDDLE), lock_files_of(c, _row(c))),
    "who else has a talk": lambda c: others_with(c, 1, [f"{each}/talk/PJSIP/1004" for each in IDS]),
    "files at paths": lambda c: (file_at(c, "pbx", path(MIDDLE)), files_at(c, "pbx", [path(MIDDLE), path(1)])),
    "a folder's files": lambda c: list(known_in(c, "pbx", path(MIDDLE).rpartition("/")[0])),
    "what went": lambda c: (set_missing(c, "pbx", [path(1)]), set_missing_below(c, "pbx", "2026/13")),
    "files in the making": lambda c: in_condition(c, "pbx", FileCondition.GROWING),
    "a page of an hour": lambda c: list_files(
        c, FileFilter(start_us=BEGAN_US, end_us=BEGAN_US + HOUR_US), limit=50
    ),
    "the next page of an agent": lambda c: list_files(
        c, FileFilter(agents=frozenset({"1004"}), start_us=BEGAN_US), (BEGAN_US + 10 * HOUR_US, MIDDLE), 50
    ),
    "a page of a queue": lambda c: list_files(
        c, FileFilter(queues=frozenset({"sales"}), start_us=BEGAN_US, end_us=BEGAN_US + HOUR_US)
    ),
    "an hour's recordings without a file": lambda c: orphan_recordings(
        c, start_us=BEGAN_US, end_us=BEGAN_US + HOUR_US
    ),
    "calls' recordings without a file": lambda c: orphan_recordings(c, pbx="pbx", call_ids=IDS),
    "files to be compared with their calls": lambda c: files_since(c, BEGAN_US, (BEGAN_US, 0), 200),
    "calls of channels": lambda c: calls_of_channels(c, [*IDS, "pbx/1.77"]),
    "what was heard of talks": lambda c: features_of_talks(c, [f"{each}/talk/1" for each in IDS]),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_table_that_grows_is_read_whole(filled: Engine, question: str) -> None:
    """Each statement is explained as it is sent."""
    with filled.connect() as connection:
        with statements(filled) as sent:
            QUESTIONS[question](connection)
        assert sent
        found = plans(connection, sent)
        connection.rollback()
    assert found.scanned & GROWING <= IN_ORDER.get(question, set())
