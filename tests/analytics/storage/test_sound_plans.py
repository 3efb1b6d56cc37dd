"""The questions about recordings find their rows by an index on both databases, however many talks were listened to."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, insert, text

from analytics.storage.models import talks
from analytics.storage.queries import StoredFacts
from analytics.storage.recording_models import recording_files, recording_spans, talk_features
from analytics.storage.sounds import has_silent
from tests.analytics.recordings.talks_heard import mono
from tests.analytics.storage.many_calls import call_of, fill
from tests.analytics.storage.plans import plans, statements

COUNT = 4000
CALL, BEGAN_US = call_of(COUNT // 2, COUNT)
HOUR_US = 3_600_000_000
LARGE = {"recording_files", "recording_spans", "talk_features"}


def listened(connection: Connection) -> None:
    """Every talk lies in a file and was listened to; nobody was silent."""
    told = connection.execute(talks.select()).all()
    files, spans, heard = [], [], []
    for number, row in enumerate(told, start=1):
        files.append(
            {
                "id": number, "pbx": "pbx", "path": f"{number}.wav", "size": 1, "stamp": "1", "found_us": 0,
                "changed_us": 0, "condition": "ready", "call_id": row.call_id,
            }
        )  # fmt: skip
        same = {"talk_id": row.id, "file_id": number, "call_id": row.call_id, "agent": row.agent}
        spans.append(same | {"start_ms": 0, "end_ms": 1, "begins_talk": True})
        heard.append(same | {"measured_us": 0, "version": 1, "stereo": False} | mono()._asdict())
    for table, rows in ((recording_files, files), (recording_spans, spans), (talk_features, heard)):
        connection.execute(insert(table), rows)


def test_no_question_reads_all_that_was_heard(store: Engine) -> None:
    """An hour's talks and a call's are found by their ids; that nobody is silent by an index that is empty."""
    fill(store, COUNT)
    with store.begin() as connection:
        listened(connection)
    with store.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    with store.connect() as connection:
        source = StoredFacts(connection)
        with statements(store) as sent:
            assert list(source.sounds(BEGAN_US - HOUR_US, BEGAN_US + HOUR_US))
            assert list(source.sounds_of([CALL]))
            assert not has_silent(connection)
        found = plans(connection, [each for each in sent if "EXISTS" not in each[0] and "LIMIT" not in each[0]])
        assert not found.scanned & LARGE, found
        silent = plans(connection, [each for each in sent if "silent_customer" in each[0] and "LIMIT" in each[0]])
        assert "talk_features_silent" in silent.indexes
