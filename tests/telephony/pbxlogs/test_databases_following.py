"""Following a table that a PBX writes: nothing is lost and nothing comes twice, in whatever order rows appear."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from telephony.clock import ManualClock
from telephony.pbxlogs import database_marks, database_pages
from telephony.pbxlogs.databases import DatabaseLog
from telephony.pbxlogs.rows import CdrRow, CelRow, LogKind
from tests.telephony.pbxlogs.log_databases import CDR_DDL, CEL_DDL, QUEUE_LOG_DDL, Database, cel_rows, everything

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def call(number: int, start: datetime, seconds: int = 60) -> dict[str, Any]:
    """A row of cdr. Its duration is its own, so that rows can be told apart."""
    return {
        "calldate": start.strftime("%Y-%m-%d %H:%M:%S"),
        "channel": f"PJSIP/1001-{number}",
        "uniqueid": f"{int(start.timestamp())}.{number}",
        "duration": seconds,
        "disposition": "ANSWERED",
    }


def names(rows: list[Any]) -> list[str]:
    """The channels of rows."""
    return [row.channel for row in rows if isinstance(row, CdrRow | CelRow)]


@pytest.mark.parametrize("seed", range(3))
def test_calls_of_any_length_are_found_when_they_end(
    unnumbered: Database, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two days of calls of a second to a day, read every half hour: each row once, equal rows as often as there are."""
    monkeypatch.setattr(database_pages, "PAGE", 20)
    monkeypatch.setattr(database_pages, "FEW", 10)
    chance = random.Random(seed)
    unnumbered.run(CDR_DDL)
    calls = []
    for number in range(600):
        start = NOON + timedelta(seconds=chance.randrange(172_800))
        length = int(86_000 ** chance.random())
        row = call(number, start, length)
        calls += [(start + timedelta(seconds=length), row)] * chance.choice((1, 1, 1, 2))
    calls.sort(key=lambda ended: ended[0])
    clock, mark, found, at = ManualClock(NOON), None, [], 0
    while at < len(calls):
        clock.advance(timedelta(minutes=30))
        ended = [row for end, row in calls[at:] if end <= clock.now()]
        at += len(ended)
        unnumbered.insert("cdr", ended)
        rows, bad, mark = everything(unnumbered.log(LogKind.CDR, clock=clock, zone=UTC), mark)
        assert bad == []
        found += rows
    assert Counter(names(found)) == Counter(row["channel"] for _, row in calls)


def test_what_is_remembered_is_bounded(unnumbered: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Years of history leave no memory behind, and a busy day no more than may be; neither doubles a row."""
    monkeypatch.setattr(database_marks, "SEEN_MOST", 50)
    unnumbered.run(CDR_DDL)
    history = [call(number, NOON - timedelta(days=3, seconds=number)) for number in range(300)]
    unnumbered.insert("cdr", history)
    clock = ManualClock(NOON)
    rows, _, mark = everything(unnumbered.log(LogKind.CDR, clock=clock, zone=UTC))
    assert (len(rows), len(mark or "") < 200) == (300, True)
    for start in range(0, 300, 60):
        today = [call(1000 + start + place, NOON + timedelta(seconds=start + place)) for place in range(60)]
        unnumbered.insert("cdr", today)
        rows, _, mark = everything(unnumbered.log(LogKind.CDR, clock=clock, zone=UTC), mark)
        assert Counter(names(rows)) == Counter(row["channel"] for row in today)
        assert len(mark or "") < 5000
    assert everything(unnumbered.log(LogKind.CDR, clock=clock, zone=UTC), mark)[0] == []


def test_a_row_from_the_future_does_not_hide_the_present(unnumbered: Database) -> None:
    """A PBX that booted with a wrong clock wrote one row of 2038; what it writes afterwards is found."""
    unnumbered.run(CDR_DDL)
    clock = ManualClock(NOON)
    unnumbered.insert("cdr", [call(1, datetime(2038, 1, 1, tzinfo=UTC)), call(2, NOON - timedelta(hours=1))])
    rows, _, mark = everything(unnumbered.log(LogKind.CDR, clock=clock, zone=UTC))
    assert Counter(names(rows)) == Counter(["PJSIP/1001-1", "PJSIP/1001-2"])
    unnumbered.insert("cdr", [call(3, NOON)])
    clock.advance(timedelta(minutes=1))
    rows, _, mark = everything(unnumbered.log(LogKind.CDR, clock=clock, zone=UTC), mark)
    assert names(rows) == ["PJSIP/1001-3"]
    assert everything(unnumbered.log(LogKind.CDR, clock=clock, zone=UTC), mark)[0] == []


def test_rows_that_were_deleted_do_not_bring_others_back(unnumbered: Database) -> None:
    """An administrator cleans up the past: nothing comes again, and what is new still comes."""
    unnumbered.run(CDR_DDL)
    unnumbered.insert("cdr", [call(number, NOON + timedelta(seconds=number)) for number in range(40)])
    clock = ManualClock(NOON + timedelta(hours=1))
    _, _, mark = everything(unnumbered.log(LogKind.CDR, clock=clock, zone=UTC))
    unnumbered.run("DELETE FROM cdr WHERE duration = 60")
    unnumbered.insert("cdr", [call(99, NOON), call(100, NOON + timedelta(minutes=30))])
    rows, _, mark = everything(unnumbered.log(LogKind.CDR, clock=clock, zone=UTC), mark)
    assert Counter(names(rows)) == Counter(["PJSIP/1001-99", "PJSIP/1001-100"])


@pytest.mark.parametrize("epoch", [True, False])
def test_queue_log_without_numbers_is_followed(unnumbered: Database, epoch: bool) -> None:
    """Rows of one second that come in two readings are all there, each once."""
    unnumbered.run(QUEUE_LOG_DDL)
    clock = ManualClock(NOON)
    written = str(int(NOON.timestamp())) if epoch else "2026-11-02 12:00:00"
    events = ["ENTERQUEUE", "CONNECT", "COMPLETECALLER", "COMPLETECALLER"]
    mark, found = None, []
    for event in events:
        row = {"time": written, "callid": "1793620800.1", "queuename": "600", "agent": "NONE", "event": event}
        unnumbered.insert("queue_log", [row])
        rows, _, mark = everything(unnumbered.log(LogKind.QUEUE_LOG, clock=clock, zone=UTC), mark)
        found += [row.event for row in rows if not isinstance(row, CdrRow)]
    assert found == events


def test_a_row_that_took_its_number_early_is_found(database: Database) -> None:
    """A writer's row may appear after one with a greater number; a number that nobody used is no harm."""
    database.run(CEL_DDL)
    rows = [{"id": 10 * number, **row} for number, row in enumerate(cel_rows()[:5], 1)]
    database.insert("cel", [rows[0], rows[2], rows[4]])
    log = database.log(LogKind.CEL)
    first, _, mark = everything(log)
    database.insert("cel", [rows[1], rows[3]])
    second, _, mark = everything(log, mark)
    assert (len(first), len(second)) == (3, 2)
    assert Counter(row.event for row in first + second if isinstance(row, CelRow)) == Counter(
        row["eventtype"] for row in rows
    )
    assert everything(log, mark)[0] == []


def test_an_emptied_table_is_read_from_its_beginning(database: Database) -> None:
    """Numbers that start again with later times are new rows; smaller numbers alone are a copy that lags."""
    database.run(CEL_DDL)
    rows = cel_rows()
    database.insert("cel", [{"id": 100 + number, **row} for number, row in enumerate(rows[:3])])
    log: DatabaseLog = database.log(LogKind.CEL)
    _, _, mark = everything(log)
    database.run("DELETE FROM cel")
    database.insert("cel", [{"id": 1, **rows[0]}])
    assert everything(log, mark)[0] == []
    database.insert("cel", [{"id": 2, **rows[-1]}])
    found, _, _ = everything(log, mark)
    assert len(found) == 2


@pytest.mark.mariadb
def test_a_table_that_gets_numbers_is_read_anew(asteriskcdrdb: Database) -> None:
    """A mark from before is not mistaken for one of these; nothing is lost."""
    asteriskcdrdb.run(CDR_DDL)
    asteriskcdrdb.insert("cdr", [call(number, NOON) for number in range(3)])
    _, _, mark = everything(asteriskcdrdb.log(LogKind.CDR))
    asteriskcdrdb.run("ALTER TABLE cdr ADD COLUMN id int AUTO_INCREMENT PRIMARY KEY")
    rows, _, mark = everything(asteriskcdrdb.log(LogKind.CDR), mark)
    assert len(rows) == 3
    assert everything(asteriskcdrdb.log(LogKind.CDR), mark)[0] == []
