"""The tables: one for each kind of fact, and where in the journal they come from.

Instants are whole microseconds since the epoch in UTC, in columns named `*_us`: both databases compare and
index them exactly, and neither converts a time zone behind our back. `id` and `revision` are the fact's
own. `call_id` is the surviving call: where calls merged, the rows of the younger one carry the id of the
older. `agent` is the person who sat at the device when the row's own interval began.

The tables of people are in `analytics.people.models`; both share `metadata`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text, text, true
from sqlalchemy.dialects import postgresql

metadata = MetaData()

POSTGRESQL_KEY = "postgresql_key"
"""In a table's `info`: the columns of its primary key on PostgreSQL, where they are others than on SQLite."""

KEPT = "kept"
"""In a table's `info`: the columns that never change once a row is there; their indexes are not written again."""

# PostgreSQL compares text by locale unless told otherwise; ids must sort alike on every machine.
Key = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def _fact_columns() -> tuple[Column[object], ...]:
    return (
        Column("id", Key, primary_key=True),
        Column("revision", Integer, nullable=False),
        Column("at_us", BigInteger, nullable=False),
    )


def _of_call() -> Column[object]:
    return Column("call_id", Key, nullable=False)


def _instant(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, BigInteger, nullable=nullable)


def _text(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, Text, nullable=nullable)


LASTING = "(ended_us IS NULL OR ended_us - started_us > 604800000000)"
"""States that still go on, or went on for more than a week: the few that a bound on their start would miss."""


def _where(condition: str) -> dict[str, Any]:
    """An index over some rows only, in both databases' words."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


calls = Table(
    "calls",
    metadata,
    *_fact_columns(),
    _text("pbx", nullable=False),
    _text("linkedid", nullable=False),
    _text("known", nullable=False),
    _text("direction", nullable=False),
    _text("caller"),
    _text("caller_name"),
    _text("called"),
    _text("did"),
    _text("customer"),
    Column("customer_withheld", Boolean, nullable=False),
    _text("trunk"),
    _instant("started_us", nullable=False),
    _instant("picked_up_us"),
    _instant("answered_us"),
    _instant("customer_left_us"),
    _instant("ended_us"),
    _text("disposition"),
    _text("ended_by"),
    Column("cause", Integer),
    _text("attempt_id"),
    Index("calls_started", "started_us", "id", "ended_us"),
    Index("calls_customer", "customer", "started_us", **_where("customer IS NOT NULL")),
    Index("calls_attempt", "attempt_id", **_where("attempt_id IS NOT NULL")),
)

# A call that was merged into another is no call of its own: it has a row here and none in `calls`.
call_aliases = Table(
    "call_aliases",
    metadata,
    Column("alias_id", Key, primary_key=True),
    Column("call_id", Key, nullable=False),  # the survivor, at the end of any chain
    Index("call_aliases_call", "call_id"),
)

queue_visits = Table(
    "queue_visits",
    metadata,
    *_fact_columns(),
    _of_call(),
    _text("queue", nullable=False),
    Column("position", Integer),
    _instant("joined_us", nullable=False),
    _instant("left_us"),
    _text("ended"),
    Index("queue_visits_call", "call_id"),
    Index("queue_visits_joined", "joined_us"),
    Index("queue_visits_queue", "queue", "joined_us", "call_id"),
)

offerings = Table(
    "offerings",
    metadata,
    *_fact_columns(),
    _of_call(),
    _text("interface", nullable=False),
    _text("device", nullable=False),
    _text("member_name"),
    _text("agent", nullable=False),
    _text("source", nullable=False),
    _text("queue"),
    Column("consult", Boolean, nullable=False),
    _instant("offered_us", nullable=False),
    _instant("ring_us", nullable=False),
    _text("ring_from", nullable=False),
    _instant("ended_us"),
    _text("outcome"),
    Index("offerings_call", "call_id"),
    Index("offerings_offered", "offered_us"),
    Index("offerings_interface", "interface", "offered_us"),
    Index("offerings_agent", "agent", "offered_us", "call_id"),
)

talks = Table(
    "talks",
    metadata,
    *_fact_columns(),
    _of_call(),
    _text("interface", nullable=False),
    _text("device", nullable=False),
    _text("member_name"),
    _text("agent", nullable=False),
    _text("queue"),
    _text("kind", nullable=False),
    _instant("started_us", nullable=False),
    _instant("ended_us"),
    _text("others", nullable=False),  # a JSON list: customers' numbers and colleagues' devices
    Column("hold_known", Boolean, nullable=False, server_default=true()),
    Index("talks_call", "call_id"),
    Index("talks_started", "started_us", "ended_us"),
    Index("talks_agent", "agent", "started_us", "call_id"),
)

# The hold intervals of a talk, replaced with it: `revision` is the talk's.
holds = Table(
    "holds",
    metadata,
    Column("talk_id", Key, primary_key=True),
    Column("start_us", BigInteger, primary_key=True, autoincrement=False),
    Column("end_us", BigInteger),
    Column("revision", Integer, nullable=False),
)

transfers = Table(
    "transfers",
    metadata,
    *_fact_columns(),
    _of_call(),
    _text("kind", nullable=False),
    _text("by_device"),
    _text("to_party"),
    Column("completed", Boolean, nullable=False),
    Index("transfers_call", "call_id"),
    Index("transfers_at", "at_us"),
)

digits = Table(
    "digits",
    metadata,
    *_fact_columns(),
    _of_call(),
    _text("menu", nullable=False),
    _text("digit", nullable=False),
    Index("digits_call", "call_id"),
)

recordings = Table(
    "recordings",
    metadata,
    *_fact_columns(),
    _of_call(),
    _text("file", nullable=False),  # '' where it was never named
    _text("channel", nullable=False),
    _text("part"),  # None in rows of before: whole
    _text("options"),
    _instant("started_us"),
    _instant("ended_us"),
    _text("stopped"),  # JSON: [[from, to], …] in microseconds
    _text("joined"),  # JSON: [[from, to or null, [unique ids heard], [unique ids said]], …]
    _text("muted"),  # JSON: [[from, to or null, direction], …]
    Index("recordings_call", "call_id"),
)

# What the PBX itself said of an agent's talk: kept beside ours, never used for a figure.
claims = Table(
    "claims",
    metadata,
    *_fact_columns(),
    _of_call(),
    _text("interface", nullable=False),
    _text("agent", nullable=False),
    _text("source", nullable=False),
    Column("talk_seconds", Integer, nullable=False),
    _text("reason"),
    Index("claims_call", "call_id"),
    Index("claims_at", "at_us"),
)

agent_states = Table(
    "agent_states",
    metadata,
    *_fact_columns(),
    _of_call(),  # '' where no call is meant
    _text("pbx", nullable=False),
    _text("interface", nullable=False),
    _text("member_name"),
    _text("agent", nullable=False),
    _text("state", nullable=False),
    _text("reason"),
    _text("queue"),
    _instant("started_us", nullable=False),
    _instant("ended_us"),
    Index("agent_states_state", "state", "started_us", "ended_us"),
    Index("agent_states_lasting", "started_us", **_where(LASTING)),
    # Over all rows: SQLite uses an index over some only where the query has the very condition.
    Index("agent_states_call", "call_id"),
    # PostgreSQL wants the month's column in the key. It adds nothing: the id of a state names its start.
    postgresql_partition_by="RANGE (started_us)",
    info={POSTGRESQL_KEY: ("id", "started_us")},
)

# How far into a PBX's journal the facts reach, and from where to read again after a restart.
positions = Table(
    "positions",
    metadata,
    Column("pbx", Key, primary_key=True),
    Column("stored_up_to_seq", BigInteger, nullable=False),
    Column("reread_from_seq", BigInteger, nullable=False),
)

# Calls that were rebuilt whole from the PBX's logs: what the stream said of them is not taken any more.
repaired_calls = Table(
    "repaired_calls",
    metadata,
    Column("call_id", Key, primary_key=True),
    Column("sources", Text, nullable=False, server_default=""),  # the logs that told it: cdr+cel+queue_log
)

# Each correction of a stored call, for good: what was known before, and what is known since.
call_repairs = Table(
    "call_repairs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call_id", Key, nullable=False),
    _text("pbx", nullable=False),
    _instant("repaired_us", nullable=False),
    _instant("started_us", nullable=False),  # of the call
    _text("sources", nullable=False),
    _text("before_known"),  # None: nothing was known of this call
    _text("before_disposition"),
    Column("before_talk_ms", BigInteger),
    _text("disposition"),
    Column("talk_ms", BigInteger, nullable=False),
    Index("call_repairs_call", "call_id"),
    Index("call_repairs_started", "pbx", "started_us"),
)

OF_A_CALL = (queue_visits, offerings, talks, transfers, digits, recordings, claims, agent_states)
"""The tables whose rows belong to a call by `call_id`."""
