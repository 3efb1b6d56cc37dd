"""Databases for tests, with the tables that FreePBX and Asterisk's own instructions make, filled from real captures."""

from __future__ import annotations

import csv
import lzma
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text

from telephony.pbxlogs.databases import DatabaseLog
from telephony.pbxlogs.files import FileLog
from telephony.pbxlogs.rows import BadRow, LogKind, LogRow

CAPTURES = Path(__file__).resolve().parents[2] / "scenarios" / "captures"
FREEPBX = CAPTURES / "freepbx-22"

CEL_DDL = """CREATE TABLE cel (
    id {counter}, eventtype varchar(30) NOT NULL, eventtime {datetime} {optional}, cid_name varchar(80) NOT NULL,
    cid_num varchar(80) NOT NULL, cid_ani varchar(80) NOT NULL, cid_rdnis varchar(80) NOT NULL,
    cid_dnid varchar(80) NOT NULL, exten varchar(80) NOT NULL, context varchar(80) NOT NULL,
    channame varchar(80) NOT NULL, appname varchar(80) NOT NULL, appdata varchar(1024) NOT NULL,
    amaflags int NOT NULL, accountcode varchar(20) NOT NULL, uniqueid varchar(32) NOT NULL,
    linkedid varchar(32) NOT NULL, peer varchar(255) NOT NULL, userdeftype varchar(255) NOT NULL,
    extra varchar(512) NOT NULL)"""
"""FreePBX's cel module, without its indexes on uniqueid, linkedid and context."""

CDR_OLD = """calldate {datetime} {optional}, clid varchar(80) NOT NULL default '', src varchar(80) NOT NULL default '',
    dst varchar(80) NOT NULL default '', dcontext varchar(80) NOT NULL default '',
    channel varchar(80) NOT NULL default '', dstchannel varchar(80) NOT NULL default '',
    lastapp varchar(80) NOT NULL default '', lastdata varchar(80) NOT NULL default '',
    duration int NOT NULL default 0, billsec int NOT NULL default 0, disposition varchar(45) NOT NULL default '',
    amaflags int NOT NULL default 0, accountcode varchar(20) NOT NULL default '',
    uniqueid varchar(32) NOT NULL default '', userfield varchar(255) NOT NULL default '',
    did varchar(50) NOT NULL default '', recordingfile varchar(255) NOT NULL default '',
    cnum varchar(80) NOT NULL default '', cnam varchar(80) NOT NULL default '',
    outbound_cnum varchar(80) NOT NULL default '', outbound_cnam varchar(80) NOT NULL default '',
    dst_cnam varchar(80) NOT NULL default ''"""
CDR_DDL = f"""CREATE TABLE cdr ({CDR_OLD}, linkedid varchar(32) NOT NULL default '',
    peeraccount varchar(80) NOT NULL default '', sequence int NOT NULL default 0)"""
CDR_OLD_DDL = f"CREATE TABLE cdr ({CDR_OLD})"
"""FreePBX's cdr module: a table without a primary key. Old systems lack the last three columns."""

QUEUELOG_DDL = """CREATE TABLE queuelog (
    id {counter}, time {datetime} NOT NULL, callid varchar(40) NOT NULL default '',
    queuename varchar(20) NOT NULL default '', serverid varchar(20) NOT NULL default '',
    agent varchar(40) NOT NULL default '', event varchar(20) NOT NULL default '',
    data1 varchar(40) NOT NULL default '', data2 varchar(40) NOT NULL default '',
    data3 varchar(40) NOT NULL default '', data4 varchar(40) NOT NULL default '',
    data5 varchar(40) NOT NULL default '')"""
"""FreePBX's."""

QUEUE_LOG_DDL = """CREATE TABLE queue_log (
    time varchar(32), callid char(64), queuename char(64), agent char(64), event char(32), data char(64),
    data1 char(64), data2 char(64), data3 char(64), data4 char(64), data5 char(64))"""
"""As Asterisk's realtime wants it, and as many made it: without a number."""

WORDS = {
    "mysql": {"counter": "int AUTO_INCREMENT PRIMARY KEY", "datetime": "datetime", "optional": "NULL"},
    "postgresql": {"counter": "serial PRIMARY KEY", "datetime": "timestamp", "optional": "NULL"},
    "sqlite": {"counter": "integer PRIMARY KEY", "datetime": "datetime", "optional": "NULL"},
}
DRIVERS = {"mysql": "mysql+pymysql", "postgresql": "postgresql+psycopg", "sqlite": "sqlite"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A database under test: the URL that an administrator would write, and an engine to fill it with."""

    url: str
    engine: Engine

    @property
    def backend(self) -> str:
        return self.engine.dialect.name

    def run(self, statement: str, rows: Sequence[dict[str, Any]] | None = None) -> None:
        """One statement, once or for each of these rows. DDL has {counter}, {datetime} and {optional}."""
        for word, meaning in WORDS[self.backend].items():
            statement = statement.replace(f"{{{word}}}", meaning)
        with self.engine.begin() as connection:
            if self.backend == "mysql":
                connection.execute(text("SET sql_mode = ''"))  # as FreePBX has it: zero dates can be written
            connection.execute(text(statement), rows)

    def insert(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        """Rows with the same columns each."""
        found = list(rows)
        if found:
            names = ", ".join(found[0])
            values = ", ".join(f":{name}" for name in found[0])
            self.run(f"INSERT INTO {table} ({names}) VALUES ({values})", found)

    def log(self, kind: LogKind, **more: Any) -> DatabaseLog:
        return DatabaseLog(kind, self.url, **more)


@contextmanager
def filled(url: str) -> Iterator[Database]:
    """A database by its URL."""
    scheme, _, rest = url.partition(":")
    engine = create_engine(f"{DRIVERS[scheme.partition('+')[0]]}:{rest}")
    try:
        yield Database(url=url, engine=engine)
    finally:
        engine.dispose()


def cel_rows() -> list[dict[str, Any]]:
    """The capture's CEL as rows of FreePBX's table."""
    names = (
        *("eventtype", "eventtime", "cid_name", "cid_num", "cid_ani", "cid_rdnis", "cid_dnid", "exten", "context"),
        *("channame", "appname", "appdata", "amaflags", "accountcode", "uniqueid", "linkedid", "peer", "userfield"),
        *("userdeftype", "extra"),
    )
    with lzma.open(FREEPBX / "cel.csv.xz", "rt", encoding="utf-8", newline="") as file:
        found = [dict(zip(names, row, strict=True)) for row in csv.reader(file)]
    return [{name: value for name, value in row.items() if name != "userfield"} for row in found]


def cdr_rows() -> list[dict[str, Any]]:
    """The capture's CDR as rows of FreePBX's table, in the order in which Asterisk wrote them: by their ends."""
    names = (
        *("calldate", "clid", "src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "lastdata", "duration"),
        *("billsec", "disposition", "amaflags", "accountcode", "uniqueid", "userfield", "did", "recordingfile"),
        *("cnum", "cnam", "outbound_cnum", "outbound_cnam", "dst_cnam", "linkedid", "peeraccount", "sequence"),
    )
    with (FREEPBX / "cdr-freepbx.csv").open(encoding="utf-8", newline="") as file:
        found = [dict(zip(names, row, strict=True)) for row in csv.reader(file)]
    return [{**row, "amaflags": 3} for row in found]


def queue_rows(*names: str) -> list[dict[str, Any]]:
    """The capture's queue_log as rows of a table with these columns of data; local time is UTC."""
    found = []
    for line in (FREEPBX / "queue_log").read_text(encoding="utf-8").splitlines():
        time, callid, queuename, agent, event, *data = line.split("|")
        filled_up = [*data, "", "", "", "", ""][: len(names)]
        fixed = {"time": time, "callid": callid, "queuename": queuename, "agent": agent, "event": event}
        found.append(fixed | dict(zip(names, filled_up, strict=True)))
    return found


def rows_of_file(kind: LogKind) -> list[LogRow]:
    """The capture's rows as the reader of files gives them."""
    path = {LogKind.CEL: "cel.csv.xz", LogKind.CDR: "cdr-freepbx.csv", LogKind.QUEUE_LOG: "queue_log"}[kind]
    return [row for batch in FileLog(kind, FREEPBX / path).batches() for row in batch.rows]


def everything(log: DatabaseLog, after: str | None = None) -> tuple[list[LogRow], list[BadRow], str | None]:
    """All rows, all bad rows and the last mark of one reading."""
    rows: list[LogRow] = []
    bad: list[BadRow] = []
    for batch in log.batches(after):
        rows += batch.rows
        bad += batch.bad
        after = batch.mark
    return rows, bad, after
