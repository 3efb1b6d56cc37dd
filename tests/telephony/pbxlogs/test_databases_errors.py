"""What goes wrong with a database is said with its name, what was found and expected, and never with a password."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import text

from telephony.errors import LogError
from telephony.pbxlogs import database_pages, database_urls
from telephony.pbxlogs.databases import DatabaseLog
from telephony.pbxlogs.rows import LogKind
from tests.telephony.pbxlogs.log_databases import CEL_DDL, Database, cel_rows, everything, filled
from tests.telephony.pbxlogs.mariadb import Server, mariadb_server

pytestmark = pytest.mark.slow

SECRET = "s3cr#t"


def refusal(log: DatabaseLog, after: str | None = None) -> str:
    """What reading says."""
    with pytest.raises(LogError) as raised:
        list(log.batches(after))
    assert SECRET not in str(raised.value)
    return str(raised.value)


@pytest.mark.mariadb
def test_a_wrong_password_is_told_with_the_user(mariadb: Server) -> None:
    """Who tried, where, and what the server said."""
    log = DatabaseLog(LogKind.CEL, mariadb.url.replace("root@", f"reader:{SECRET}@") + "asteriskcdrdb")
    assert "asteriskcdrdb.cel: found no way in as reader (Access denied for user 'reader'" in refusal(log)
    assert log.size() is None


@pytest.mark.postgres
def test_an_unknown_database_is_told(asterisk: Database) -> None:
    """PostgreSQL's words in one line."""
    found = refusal(DatabaseLog(LogKind.CEL, asterisk.url.replace("/asterisk", "/nowhere")))
    assert 'database "nowhere" does not exist' in found
    assert "\n" not in found


@pytest.mark.parametrize("scheme", ["mysql", "postgresql"])
def test_a_host_that_is_not_there_is_told(scheme: str) -> None:
    """Nobody listens on that port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"{scheme}://reader:{SECRET}@127.0.0.1:{probe.getsockname()[1]}/asteriskcdrdb"
        assert "asteriskcdrdb.cdr: found no way in as reader (" in refusal(DatabaseLog(LogKind.CDR, url))


@pytest.mark.parametrize("scheme", ["mysql", "postgresql"])
def test_a_host_that_says_nothing_is_given_up(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the connection and is silent: after the time-out, not for ever."""
    monkeypatch.setattr(database_urls, "CONNECT_SECONDS", 2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"{scheme}://reader:{SECRET}@127.0.0.1:{silent.getsockname()[1]}/asteriskcdrdb"
        began = time.monotonic()
        assert "found no way in as reader" in refusal(DatabaseLog(LogKind.CDR, url))
        assert time.monotonic() - began < 10


@pytest.mark.mariadb
def test_a_query_may_take_longer_than_a_greeting(asteriskcdrdb: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting years of rows is slow, and no reason to give up."""
    monkeypatch.setattr(database_urls, "CONNECT_SECONDS", 1)
    engine = database_urls.open_engine(database_urls.parse_address(asteriskcdrdb.url))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT SLEEP(2)")).scalar_one() == 0
    engine.dispose()


def test_a_missing_file_is_told_and_not_made(tmp_path: Path) -> None:
    """SQLite would make an empty one."""
    path = tmp_path / "master.db"
    assert f"{path}.cdr: found no way in (unable to open database file)" in refusal(
        DatabaseLog(LogKind.CDR, f"sqlite:///{path}")
    )
    assert not path.exists()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """Somebody named the CSV."""
    path = tmp_path / "Master.csv"
    path.write_text("not a database " * 100, encoding="utf-8")
    assert "file is not a database" in refusal(DatabaseLog(LogKind.CDR, f"sqlite:///{path}"))


def test_a_missing_table_is_told_with_those_that_are_there(database: Database) -> None:
    """So a slip in its name is seen at once."""
    database.run("CREATE TABLE call_events (id int)")
    assert "found no table cel (found: call_events), expected the cel" in refusal(database.log(LogKind.CEL))
    assert "no table queue_log or queuelog" in refusal(database.log(LogKind.QUEUE_LOG))
    assert "no table cel_old" in refusal(database.log(LogKind.CEL, table="cel_old"))


def test_missing_columns_are_told(database: Database) -> None:
    """What is there and what is needed, for CEL and for queue_log."""
    database.run("CREATE TABLE cel (id int, eventtype varchar(30), uniqueid varchar(32))")
    database.run("CREATE TABLE queue_log (time varchar(30), callid varchar(32), event varchar(9))")
    found = refusal(database.log(LogKind.CEL))
    assert "cel: found the columns id, eventtype, uniqueid, expected at least eventtype, eventtime" in found
    assert "queue_log: found no column queuename, agent among time" in refusal(database.log(LogKind.QUEUE_LOG))


def test_columns_can_be_named(database: Database) -> None:
    """A table of somebody's own is read once its columns are named; too few or unknown names are refused."""
    database.run("CREATE TABLE calls (a varchar(30), b varchar(40), c int, d int, e varchar(20), f varchar(9))")
    database.run("INSERT INTO calls VALUES ('2026-11-02 01:00:00', 'PJSIP/1-1', 5, 4, 'ANSWERED', 'x')")
    url = f"{database.url}#calls"
    columns = ["start", "channel", "duration", "billsec", "disposition", "-"]
    log = DatabaseLog(LogKind.CDR, url, columns=columns)
    (row,), bad, _ = everything(log)
    assert (row.at.hour, bad, log.name.endswith(".calls")) == (1, [], True)
    assert "found 2 names of columns, expected 6" in refusal(DatabaseLog(LogKind.CDR, url, columns=columns[:2]))
    wrong = DatabaseLog(LogKind.CDR, url, columns=[*columns[:5], "colour"])
    assert "found 'colour'" in refusal(wrong)


def test_a_mark_that_is_none_is_refused(database: Database) -> None:
    """A text of somebody else's."""
    database.run(CEL_DDL)
    for mark in ("", "12", "{", '{"last": "x", "time": "", "missing": 3, "rows": 0}'):
        assert "expected one that a log's table gave" in refusal(database.log(LogKind.CEL), mark)


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that the test may stop."""
    with mariadb_server() as server:
        yield server


@pytest.mark.mariadb
def test_a_server_that_stops_in_the_middle_loses_nothing(
    own_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the table; once it is up again, reading goes on from the last mark and has every row once."""
    monkeypatch.setattr(database_pages, "PAGE", 300)
    with filled(own_server.create("asteriskcdrdb")) as database:
        database.run(CEL_DDL)
        database.insert("cel", cel_rows())
        rows, mark = [], None
        log = database.log(LogKind.CEL)
        reading = log.batches()
        for batch in islice(reading, 3):
            rows += batch.rows
            mark = batch.mark
        own_server.stop()
        with pytest.raises(LogError, match=r"asteriskcdrdb\.cel: found an error"):
            next(reading)
        refusal(log, mark)
        own_server.start()
        rows += everything(log, mark)[0]
        assert len(rows) == len(cel_rows()) == log.size()
