"""Beginning in the middle of a log: nothing from the wanted time on is missed, and little before it is read."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from telephony.pbxlogs.files import FileLog, RotatedLog
from telephony.pbxlogs.log_source import LogSource
from telephony.pbxlogs.rows import LogKind
from tests.telephony.pbxlogs.cel_rows import START
from tests.telephony.pbxlogs.log_databases import CDR_DDL, Database
from tests.telephony.pbxlogs.test_databases_following import call

EVERY = timedelta(seconds=7)
COUNT = 30_000


def lines(first: int, last: int) -> str:
    """Lines of queue_log, one every seven seconds."""
    base = int(START.timestamp())
    return "".join(
        f"{base + 7 * n}|{base + 7 * n}.{n}|sales|NONE|ENTERQUEUE||13800138000|1\n" for n in range(first, last)
    )


def times(log: LogSource, mark: str | None) -> list[datetime]:
    """When the rows beyond a mark were written."""
    return [row.at for batch in log.batches(mark) for row in batch.rows]


def expected(at: datetime) -> list[datetime]:
    """When rows were written from a time on."""
    every = [START + EVERY * n for n in range(COUNT)]
    return [each for each in every if each >= at]


WANTED = [START - EVERY, START, START + EVERY * 17_123, START + EVERY * 29_999, START + EVERY * 40_000]


@pytest.mark.parametrize("at", WANTED)
def test_a_plain_file_is_found_by_halves(tmp_path: Path, at: datetime) -> None:
    """Two megabytes are not read for the last few lines."""
    path = tmp_path / "queue_log"
    path.write_text(lines(0, COUNT))
    log = FileLog(LogKind.QUEUE_LOG, path, complete=False)
    found = times(log, log.mark_since(at))
    wanted = expected(at)
    assert found[len(found) - len(wanted) :] == wanted
    assert len(found) - len(wanted) < 3000


@pytest.mark.parametrize("at", WANTED)
def test_a_rotated_log_begins_with_the_right_file(tmp_path: Path, at: datetime) -> None:
    """Older files are not touched; one that is compressed is read from its beginning."""
    with gzip.open(tmp_path / "queue_log.2.gz", "wt") as file:
        file.write(lines(0, 10_000))
    (tmp_path / "queue_log.1").write_text(lines(10_000, 20_000))
    (tmp_path / "queue_log").write_text(lines(20_000, COUNT))
    log = RotatedLog(LogKind.QUEUE_LOG, tmp_path / "queue_log")
    found = times(log, log.mark_since(at))
    wanted = expected(at)
    assert found[len(found) - len(wanted) :] == wanted
    assert len(found) - len(wanted) < 10_001


@pytest.mark.parametrize("at", WANTED)
def test_a_table_is_asked_for_its_last_rows(database: Database, at: datetime) -> None:
    """FreePBX's cdr, which numbers no rows: those of some hours before are read too, never years of them."""
    database.run(CDR_DDL)
    began = [START + EVERY * n for n in range(0, COUNT, 10)]
    database.insert("cdr", [call(n, each) for n, each in enumerate(began)])
    log = database.log(LogKind.CDR, zone=UTC)
    found = times(log, log.mark_since(at))
    wanted = [each for each in began if each >= at]
    assert sorted(found)[len(found) - len(wanted) :] == wanted
    if database.backend != "sqlite":  # whose times are texts of many forms: it is read from its beginning
        assert len(found) - len(wanted) <= timedelta(hours=3) / (10 * EVERY)


def test_a_mark_of_the_middle_is_one_like_any_other(tmp_path: Path) -> None:
    """What is written afterwards follows, and nothing comes twice."""
    path = tmp_path / "queue_log"
    path.write_text(lines(0, 20_000))
    log = RotatedLog(LogKind.QUEUE_LOG, path)
    mark = log.mark_since(START + EVERY * 19_000)
    for batch in log.batches(mark):
        mark = batch.mark
    with path.open("a") as file:
        file.write(lines(20_000, 20_005))
    assert times(log, mark) == [START + EVERY * n for n in range(20_000, 20_005)]
