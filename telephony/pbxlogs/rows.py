"""What a row of the PBX's own logs says, as frozen records. Pure.

Instants are aware UTC, as fine as the log has them: CEL files have microseconds, FreePBX's CEL table, every CDR and
every queue_log file whole seconds. '' stands for what the log leaves empty (`NONE` in queue_log).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class LogKind(StrEnum):
    """Which of the PBX's logs."""

    CEL = "cel"
    CDR = "cdr"
    QUEUE_LOG = "queue_log"


class CelRow(NamedTuple):
    """One channel event, as cel_custom, cel_odbc, cel_pgsql … write it."""

    at: datetime
    event: str  # CHAN_START, ANSWER, BRIDGE_ENTER …; of a USER_DEFINED one too
    uniqueid: str
    linkedid: str
    channel: str  # channame
    number: str  # cid_num
    name: str  # cid_name
    exten: str
    context: str
    application: str  # appname
    data: str  # appdata
    peer: str  # channels that it is bridged with
    account: str
    user_event: str  # userdeftype
    extra: str  # the JSON of `eventextra` as it stands; '' where there is none
    dialled: str = ""  # cid_dnid


class CdrRow(NamedTuple):
    """One call detail record: a leg, or a pair of legs."""

    at: datetime  # its start
    answered_at: datetime | None
    ended_at: datetime | None
    uniqueid: str
    linkedid: str  # '' in logs without newcdrcolumns and in old tables
    channel: str
    dest_channel: str
    source: str
    destination: str
    context: str  # dcontext
    caller: str  # clid as it stands: "Name" <number>
    application: str  # lastapp
    data: str  # lastdata
    duration: int  # whole seconds
    billable: int  # billsec, whole seconds
    disposition: str  # ANSWERED, NO ANSWER, BUSY, FAILED, CONGESTION
    account: str
    did: str  # FreePBX's columns from here on
    recording: str
    caller_number: str  # cnum
    outbound_number: str  # outbound_cnum
    sequence: str


class QueueRow(NamedTuple):
    """One line of queue_log."""

    at: datetime
    call: str  # uniqueid of the caller's channel
    queue: str
    agent: str  # the member's name, or its interface
    event: str
    data: tuple[str, ...]  # what follows the event, as texts


LogRow = CelRow | CdrRow | QueueRow

Texts = tuple[str, ...]
"""A table's row as texts, before it is read."""


class BadRow(NamedTuple):
    """A row that could not be read: where it stands, what was found and expected, and its beginning."""

    source: str  # the file, or the table
    line: int  # counted from 1; for a table its row, in the order of reading
    why: str
    text: str


class CallRows(NamedTuple):
    """What the logs hold of one call, each list in the order of the log."""

    key: str  # the linkedid (or uniqueid) of its first channel
    cel: list[CelRow]
    cdr: list[CdrRow]
    queue: list[QueueRow]
