"""Logs in tables: what FreePBX and Asterisk's instructions make, in real MariaDB, PostgreSQL and SQLite."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from telephony.clock import ManualClock
from telephony.pbxlogs import database_pages
from telephony.pbxlogs.database_urls import open_engine, parse_address
from telephony.pbxlogs.rows import CdrRow, LogKind, QueueRow
from tests.telephony.pbxlogs.log_databases import (
    CDR_DDL,
    CDR_OLD_DDL,
    CEL_DDL,
    QUEUE_LOG_DDL,
    QUEUELOG_DDL,
    Database,
    cdr_rows,
    cel_rows,
    everything,
    queue_rows,
    rows_of_file,
)

pytestmark = pytest.mark.slow

BERLIN = ZoneInfo("Europe/Berlin")
DATA = ("data1", "data2", "data3", "data4", "data5")


def fill(database: Database, kind: LogKind) -> None:
    """The capture's rows in FreePBX's table."""
    if kind is LogKind.CEL:
        database.run(CEL_DDL)
        database.insert("cel", cel_rows())
    elif kind is LogKind.CDR:
        database.run(CDR_DDL)
        database.insert("cdr", cdr_rows())
    else:
        database.run(QUEUELOG_DDL)
        rows = queue_rows(*DATA)
        for row in rows:
            row["time"] = datetime.fromtimestamp(int(row["time"]), UTC).strftime("%Y-%m-%d %H:%M:%S")
        database.insert("queuelog", rows)


def without_empty_ends(row: QueueRow) -> QueueRow:
    """A table does not tell an empty datum at the end from none."""
    data = list(row.data)
    while data and not data[-1]:
        data.pop()
    return row._replace(data=tuple(data))


@pytest.mark.parametrize("kind", [LogKind.CEL, LogKind.CDR])
def test_a_table_tells_what_the_file_tells(database: Database, kind: LogKind) -> None:
    """The rows of a real PBX are the same from FreePBX's tables as from its files."""
    fill(database, kind)
    rows, bad, _ = everything(database.log(kind))
    assert (Counter(rows), bad) == (Counter(rows_of_file(kind)), [])


def test_freepbx_queuelog_tells_what_the_file_tells(database: Database) -> None:
    """Its rows, found under FreePBX's name of the table, are those of the file, in their order."""
    fill(database, LogKind.QUEUE_LOG)
    rows, bad, _ = everything(database.log(LogKind.QUEUE_LOG))
    expected = [without_empty_ends(row) for row in rows_of_file(LogKind.QUEUE_LOG) if isinstance(row, QueueRow)]
    assert (rows, bad) == (expected, [])


@pytest.mark.parametrize("written", ["epoch", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f"])
def test_queue_log_may_write_time_as_text(database: Database, written: str) -> None:
    """As epoch or as a date, with data in columns, and rows of old ones with all data in one."""
    database.run(QUEUE_LOG_DDL)
    rows = queue_rows(*DATA)
    for place, row in enumerate(rows):
        if written != "epoch":
            row["time"] = datetime.fromtimestamp(int(row["time"]), UTC).strftime(written)
        if place % 2:
            row |= {"data": "|".join(row[name] for name in DATA).rstrip("|"), **dict.fromkeys(DATA, "")}
        else:
            row["data"] = ""
    database.insert("queue_log", rows)
    found, bad, mark = everything(database.log(LogKind.QUEUE_LOG))
    expected = [without_empty_ends(row) for row in rows_of_file(LogKind.QUEUE_LOG) if isinstance(row, QueueRow)]
    assert (Counter(found), bad) == (Counter(expected), [])
    assert everything(database.log(LogKind.QUEUE_LOG), mark)[0] == []


@pytest.mark.parametrize("kind", list(LogKind))
@pytest.mark.parametrize("page", [3, 50])
def test_reading_goes_on_from_any_mark(
    database: Database, kind: LogKind, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows before a mark and rows behind it are all rows, whichever batch the reader was killed after."""
    monkeypatch.setattr(database_pages, "PAGE", page)
    fill(database, kind)
    log = database.log(kind)
    batches = list(log.batches())
    whole = [row for batch in batches for row in batch.rows]
    assert len(whole) == len(rows_of_file(kind)) == log.size()
    for place in range(0, len(batches), max(1, len(batches) // 7)):
        before = [row for batch in batches[: place + 1] for row in batch.rows]
        behind, _, mark = everything(database.log(kind), batches[place].mark)
        assert (before + behind, log.done(batches[place].mark)) == (whole, len(before))
        assert everything(database.log(kind), mark)[0] == []


def test_an_old_cdr_table_lacks_linkedid_and_sequence(unnumbered: Database) -> None:
    """Systems from before FreePBX 13 tell the same but for these."""
    unnumbered.run(CDR_OLD_DDL)
    lost = ("linkedid", "peeraccount", "sequence")
    unnumbered.insert("cdr", [{name: row[name] for name in row if name not in lost} for row in cdr_rows()])
    rows, bad, _ = everything(unnumbered.log(LogKind.CDR))
    expected = [
        row._replace(linkedid="", sequence="") for row in rows_of_file(LogKind.CDR) if isinstance(row, CdrRow)
    ]
    assert (Counter(rows), bad) == (Counter(expected), [])


@pytest.mark.postgres
def test_cdr_pgsql_has_names_of_its_own(asterisk: Database) -> None:
    """Its start, answer and end come with their zone, and names in capitals are the same names."""
    asterisk.run(
        'CREATE TABLE cdr ("AcctId" bigserial PRIMARY KEY, "SRC" text, dst text, channel text, dstchannel text,'
        ' start timestamptz, answer timestamptz, "end" timestamptz, duration int, billsec int, disposition text,'
        " uniqueid text)"
    )
    asterisk.run(
        'INSERT INTO cdr ("SRC", channel, start, answer, "end", duration, billsec, disposition, uniqueid) VALUES'
        " ('100', 'PJSIP/100-1', '2026-11-02 09:00:00.25+08', '2026-11-02 09:00:02+08', '2026-11-02 09:01:00+08', 59,"
        " 58, 'ANSWERED', '1793581200.1'), ('101', 'PJSIP/101-1', 'infinity', NULL, NULL, 0, 0, 'BUSY', '1793581200.2')"
    )
    (row,), (bad,), _ = everything(asterisk.log(LogKind.CDR))
    assert isinstance(row, CdrRow)
    assert (row.at, row.source) == (datetime(2026, 11, 2, 1, 0, 0, 250_000, tzinfo=UTC), "100")
    assert (row.answered_at, row.ended_at) == (
        datetime(2026, 11, 2, 1, 0, 2, tzinfo=UTC),
        datetime(2026, 11, 2, 1, 1, tzinfo=UTC),
    )
    assert (bad.line, "infinity" in bad.why) == (2, True)


def local_cdrs(zone: ZoneInfo, starts: list[datetime]) -> list[dict[str, object]]:
    """Calls that began at these instants, as a PBX in this zone writes them."""
    return [
        {
            "calldate": at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
            "channel": "PJSIP/1001-1",
            "uniqueid": f"{int(at.timestamp())}.7",
            "disposition": "BUSY",
        }
        for at in starts
    ]


def test_local_times_are_told_by_the_ids_across_the_change_of_clocks(database: Database) -> None:
    """Without being told a zone, summer and winter are both right, and the hour that comes twice is told apart."""
    starts = [datetime(2026, 10, 24, tzinfo=UTC) + timedelta(minutes=20) * step for step in range(150)]
    database.run(CDR_DDL)
    database.insert("cdr", local_cdrs(BERLIN, starts))
    rows, bad, _ = everything(database.log(LogKind.CDR, preferred=BERLIN))
    assert (sorted(row.at for row in rows), bad) == (starts, [])


def test_a_given_zone_is_taken(database: Database) -> None:
    """What the administrator says goes before what the rows tell."""
    database.run(CDR_DDL)
    database.insert("cdr", local_cdrs(ZoneInfo("Asia/Shanghai"), [datetime(2026, 11, 2, tzinfo=UTC)]))
    rows, _, _ = everything(database.log(LogKind.CDR, zone=UTC))
    assert [row.at for row in rows] == [datetime(2026, 11, 2, 8, tzinfo=UTC)]


def test_a_stretch_of_time_is_read_alone(database: Database) -> None:
    """Every row of the stretch, both ends included, and no other."""
    fill(database, LogKind.CEL)
    fill(database, LogKind.CDR)
    for kind in (LogKind.CEL, LogKind.CDR):
        rows = sorted(rows_of_file(kind), key=lambda row: row.at)
        start, end = rows[len(rows) // 3].at, rows[len(rows) // 2].at
        found = [row for batch in database.log(kind).rows_between(start, end) for row in batch.rows]
        assert Counter(found) == Counter(row for row in rows if start <= row.at <= end)


def test_a_stretch_leaves_out_what_is_bad_elsewhere(unnumbered: Database) -> None:
    """A bad row belongs to a stretch by its time."""
    unnumbered.run(CDR_DDL)
    good, bad = cdr_rows()[:2]
    unnumbered.insert("cdr", [good, {**bad, "disposition": "?"}, {**bad, "calldate": None}])
    at = datetime.fromisoformat(bad["calldate"]).replace(tzinfo=UTC)
    batches = list(unnumbered.log(LogKind.CDR).rows_between(at, at))
    assert [(len(batch.rows), [row.why.split()[2] for row in batch.bad]) for batch in batches] == [
        (0, ["disposition"])
    ]


@pytest.mark.mariadb
def test_rows_without_a_time_are_quarantined_once(asteriskcdrdb: Database) -> None:
    """NULL and zero dates, those that come later too; each is counted once and names its table and row."""
    asteriskcdrdb.run(CDR_DDL)
    rows = cdr_rows()[:4]
    asteriskcdrdb.insert(
        "cdr", [rows[0], {**rows[1], "calldate": None}, {**rows[2], "calldate": "0000-00-00 00:00:00"}]
    )
    log = asteriskcdrdb.log(LogKind.CDR)
    found, bad, mark = everything(log)
    assert (len(found), [row.line for row in bad], {row.source for row in bad}) == (1, [1, 2], {log.name})
    assert "expected epoch seconds or a time like" in bad[0].why
    asteriskcdrdb.insert("cdr", [{**rows[3], "calldate": "0000-00-00 00:00:00"}])
    found, bad, mark = everything(log, mark)
    assert (found, [row.line for row in bad]) == ([], [4])
    assert everything(log, mark)[:2] == ([], [])


@pytest.mark.mariadb
def test_bad_rows_of_cel_are_quarantined(asteriskcdrdb: Database) -> None:
    """A NULL time, a zero date, one in part zero, a row without its channel; what is good is read."""
    asteriskcdrdb.run(CEL_DDL)
    rows = cel_rows()[:6]
    rows[1]["eventtime"] = None
    rows[2]["eventtime"] = "0000-00-00 00:00:00"
    rows[3]["eventtime"] = "2026-00-15 00:00:00"
    rows[4]["uniqueid"] = ""
    rows[5]["eventtype"] = "A_NEW_EVENT"
    asteriskcdrdb.insert("cel", rows)
    found, bad, _ = everything(asteriskcdrdb.log(LogKind.CEL))
    assert ([row.event for row in found], [row.line for row in bad]) == (
        ["CHAN_START", "A_NEW_EVENT"],
        [2, 3, 4, 5],
    )


@pytest.mark.mariadb
def test_a_calldate_of_type_timestamp_is_what_the_pbx_wrote(asteriskcdrdb: Database) -> None:
    """Some systems have it so, in MyISAM; the server's zone does not shift it, and following finds what comes late."""
    rows = sorted(cdr_rows(), key=lambda row: str(row["calldate"]))
    zone, clock = timezone(timedelta(hours=5)), ManualClock(datetime(2026, 11, 22, tzinfo=UTC))
    log = asteriskcdrdb.log(LogKind.CDR, zone=zone, clock=clock)
    asteriskcdrdb.run("SET GLOBAL time_zone = '+05:00'")
    asteriskcdrdb.engine.dispose()  # sessions that are open keep the zone that they have
    try:
        asteriskcdrdb.run(CDR_DDL.replace("{datetime}", "timestamp") + " ENGINE=MyISAM")
        asteriskcdrdb.insert("cdr", rows[::2])
        early, _, mark = everything(log)
        asteriskcdrdb.insert("cdr", rows[1::2])
        late, _, _ = everything(log, mark)
    finally:
        asteriskcdrdb.run("SET GLOBAL time_zone = 'SYSTEM'")
    found = [row._replace(at=row.at + timedelta(hours=5)) for row in early + late if isinstance(row, CdrRow)]
    expected = [row for row in rows_of_file(LogKind.CDR) if isinstance(row, CdrRow)]
    assert Counter((row.at, row.channel, row.sequence) for row in found) == Counter(
        (row.at, row.channel, row.sequence) for row in expected
    )


@pytest.mark.mariadb
def test_fractions_and_characters_come_through(asteriskcdrdb: Database) -> None:
    """A table that keeps microseconds gives them, and names are as they were written, whatever the table's charset."""
    asteriskcdrdb.run(CEL_DDL.replace("{datetime}", "datetime(6)") + " CHARACTER SET gbk")
    asteriskcdrdb.insert(
        "cel", [{**cel_rows()[0], "eventtime": "2026-11-02 01:00:00.000250", "cid_name": "王小明"}]
    )
    (row,), _, _ = everything(asteriskcdrdb.log(LogKind.CEL))
    assert (row.at.microsecond, row.name) == (250, "王小明")


def test_the_database_is_only_read(database: Database) -> None:
    """A session of ours cannot write, and an engine that never could does nothing worse than say so."""
    database.run(CDR_DDL)
    engine = open_engine(parse_address(database.url))
    with engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text("INSERT INTO cdr (channel) VALUES ('x')"))
    engine.dispose()
