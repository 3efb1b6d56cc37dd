"""The tables of roll-ups, and of what makes them stale.

`rollup_agents` and `rollup_load` hold a row for each cell of each span (a day, a month, a year). What was not counted
is null, which takes no room. Histograms are pairs of 32-bit numbers. `changed_hours` names the hours (since 1970, UTC)
in which facts changed since they were rolled up; `revision` grows with each change, so that whoever rolls up
forgets only what he has seen.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text

from analytics.metrics.measures import Sheet, greatest_of, measures_of, spreads_of
from analytics.storage.models import Key, metadata

AGENT_DIMENSIONS = (
    "agent",
    "group_name",
    "tier",
    "queue",
    "did",
    "line",
    "branch",
    "code",
    "direction",
    "hours",
    "reason",
)
LOAD_DIMENSIONS = ("queue", "did", "line", "branch", "code", "direction", "hours")
CLOCK_DIMENSIONS = ("weekday", "quarter")

rollup_spans = Table(
    "rollup_spans",
    metadata,
    Column("span", Integer, primary_key=True, autoincrement=False),  # 20261127, 20261100, 20260000
    Column("digest", Text, nullable=False),  # of the policy that it was made by
    Column("through_day", Integer, nullable=False),  # the last day in it
    Column("settled_us", BigInteger, nullable=False),
    Column("customers", Boolean, nullable=False),  # whether the customers' figures are in it
    Column("rolled_us", BigInteger, nullable=False),
)

changed_hours = Table(
    "changed_hours",
    metadata,
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("pbx", Key, primary_key=True),  # '' where people or policies changed, not facts
    Column("revision", Integer, nullable=False),
)


def _counted(sheet: Sheet) -> tuple[Column[Any], ...]:
    return (
        *(Column(name, BigInteger) for name in measures_of(sheet)),
        *(Column(name, BigInteger) for name in greatest_of(sheet)),
        *(Column(name, LargeBinary) for name in spreads_of(sheet)),
    )


def _place() -> tuple[Column[object], ...]:
    return (
        Column("span", Integer, primary_key=True, autoincrement=False),
        Column("row", Integer, primary_key=True, autoincrement=False),  # within the span
    )


rollup_agents = Table(
    "rollup_agents",
    metadata,
    *_place(),
    *(Column(name, Text, nullable=False) for name in AGENT_DIMENSIONS),
    *_counted(Sheet.AGENTS),
    Index("rollup_agents_agent", "agent", "span"),
    sqlite_with_rowid=False,  # the rows of a span lie together
)

rollup_load = Table(
    "rollup_load",
    metadata,
    *_place(),
    *(Column(name, Text, nullable=False) for name in LOAD_DIMENSIONS),
    *(Column(name, Integer, nullable=False) for name in CLOCK_DIMENSIONS),
    *_counted(Sheet.LOAD),
    sqlite_with_rowid=False,
)

TABLES = {Sheet.AGENTS: rollup_agents, Sheet.LOAD: rollup_load}
DIMENSIONS = {Sheet.AGENTS: AGENT_DIMENSIONS, Sheet.LOAD: (*LOAD_DIMENSIONS, *CLOCK_DIMENSIONS)}

# What people say of a call: the newest of each, and every change with who made it and why.
call_notes = Table(
    "call_notes",
    metadata,
    Column("call_id", Key, primary_key=True),
    Column("code", Text),  # the service code that somebody chose
    Column("silent", Boolean),
    Column("outcome", Text),
)

call_note_changes = Table(
    "call_note_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call_id", Key, nullable=False),
    Column("field", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("by_whom", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("reason", Text),
    Index("call_note_changes_call", "call_id"),
)
