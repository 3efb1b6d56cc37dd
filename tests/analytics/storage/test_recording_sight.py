"""Who sees a part of the centre sees the files of his agents, queues and codes, and no other, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Engine, insert

from analytics.storage.ingest import ingest
from analytics.storage.notes import NoteField, note_call
from analytics.storage.recording_files import FileFilter, list_files
from analytics.storage.recording_models import recording_files, recording_spans
from analytics.storage.recording_sight import FileSight
from telephony.clock import to_microseconds
from tests.analytics import factory

BY_AGENT, BY_QUEUE, BY_CODE, BY_NUMBER, ORPHAN = range(1, 6)


def furnish(connection: Connection) -> None:
    """A file of each sort."""
    numbers = {BY_NUMBER: "400_1234%"}
    for n in (BY_AGENT, BY_QUEUE, BY_CODE, BY_NUMBER):
        more = {"did": numbers[n]} if n in numbers else {}
        ingest(connection, [factory.call(f"pbx/1.{n}", start=n, end=n + 30, **more)])
    ingest(connection, [factory.visit(f"pbx/1.{BY_QUEUE}", joined=2, left=5, queue="care")])
    note_call(connection, f"pbx/1.{BY_CODE}", NoteField.CODE, "510", by="test", at=factory.START)
    for n in range(1, 6):
        row = {
            "id": n, "pbx": "pbx", "path": f"{n}.wav", "size": 1, "stamp": "1", "found_us": 0, "changed_us": 0,
            "condition": "ready", "call_id": None if n == ORPHAN else f"pbx/1.{n}",
            "started_us": to_microseconds(factory.at(n)),
        }  # fmt: skip
        connection.execute(insert(recording_files).values(row))
    span = {"file_id": BY_AGENT, "talk_id": "t", "call_id": f"pbx/1.{BY_AGENT}", "agent": "1004"}
    connection.execute(insert(recording_spans).values(**span, start_ms=0, end_ms=1000, begins_talk=True))


@pytest.mark.parametrize(
    ("sight", "seen"),
    [
        (FileSight(), set()),
        (FileSight(agents=frozenset({"1004"})), {BY_AGENT}),
        (FileSight(queues=frozenset({"care"})), {BY_QUEUE}),
        (FileSight(codes=frozenset({"510"})), {BY_CODE}),
        (FileSight(dids=frozenset({"400_*%"})), {BY_NUMBER}),
        (FileSight(dids=frozenset({"400_12??%"})), {BY_NUMBER}),
        (FileSight(dids=frozenset({"400x*"})), set()),
        (FileSight(agents=frozenset({"1004"}), codes=frozenset({"510", "520"})), {BY_AGENT, BY_CODE}),
        (None, {BY_AGENT, BY_QUEUE, BY_CODE, BY_NUMBER, ORPHAN}),
    ],
)
def test_a_file_is_seen_by_whom_its_call_has_to_do_with(
    store: Engine, sight: FileSight | None, seen: set[int]
) -> None:
    """A pattern of a number means its stars and question marks alone; a file without a call is nobody's part."""
    with store.begin() as connection:
        furnish(connection)
        assert {row.id for row in list_files(connection, FileFilter(sight=sight))} == seen
