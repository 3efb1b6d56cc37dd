"""The tables of campaigns: what is to be dialled, each attempt as one row of one state machine, and why not.

The database itself refuses a second live attempt at a customer, a number or an agent (`…_live_…`): whoever plans the
same at the same moment, in whatever process, one of them gets the row. They share `metadata` with the tables of facts.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Integer, Table, Text, text

from analytics.storage.models import Key, metadata

LIVE = "phase IN ('planned', 'committed', 'sent')"
"""The condition of indexes over live rows: questions must have it in these very words, or SQLite finds none of them."""

UNKNOWN = "phase = 'indeterminate'"


def _only(condition: str) -> dict[str, Any]:
    """An index over some rows only, in both databases' words."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def _instant(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, BigInteger, nullable=nullable)


def _key(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, Key, nullable=nullable)


def _told(name: str) -> Column[object]:
    return Column(name, Text, nullable=False)


campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Integer, primary_key=True),
    _told("name"),
    _told("mode"),
    _told("state"),
    _told("kinds"),  # a JSON list
    Column("listed", Boolean, nullable=False),
    Column("priority", Integer, nullable=False),
    _told("group_names"),  # a JSON list
    _told("agents"),  # a JSON list
    _key("pbx"),
    _key("trunk"),
    _told("caller_id"),
    Column("ring_ms", BigInteger),
    Column("notice", Boolean, nullable=False),
    _instant("starts_us"),
    _instant("deadline_us"),
    _told("made_by"),
    _instant("made_us", nullable=False),
    Column("revision", Integer, nullable=False),
    CheckConstraint("mode IN ('preview', 'progressive')", name="campaigns_mode"),
    CheckConstraint("state IN ('draft', 'running', 'paused', 'stopped', 'finished')", name="campaigns_state"),
    CheckConstraint("ring_ms > 0", name="campaigns_ring"),
    Index("campaigns_of_state", "state", "id"),
)

# A campaign's story: one line for each of its revisions.
campaign_changes = Table(
    "campaign_changes",
    metadata,
    Column("campaign", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    _instant("at_us", nullable=False),
    _told("by_whom"),
    _told("what"),
    _told("note"),
)

# What a listed campaign works: the follow-ups that its list or query made or chose.
campaign_members = Table(
    "campaign_members",
    metadata,
    Column("campaign", Integer, primary_key=True, autoincrement=False),
    Column("follow_up", Key, primary_key=True),
    Index("campaign_members_follow_up", "follow_up"),
)

dial_attempts = Table(
    "dial_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    _key("channel_id", nullable=True),  # null only until the transaction that makes the row has its id
    Column("campaign", Integer),
    _told("mode"),
    _key("customer"),
    _key("number"),
    _key("agent"),
    _told("device"),
    _key("pbx"),
    _key("trunk"),
    _told("by_whom"),
    _told("phase"),
    _instant("planned_us", nullable=False),
    _instant("dial_us"),
    _instant("committed_us"),
    _instant("sent_us"),
    _instant("ended_us"),
    _told("runner"),
    _instant("lease_until_us"),
    Column("result", Text),
    Column("cause", Integer),
    Column("evidence", Text),
    _key("call_id", nullable=True),
    Column("why", Text),
    _told("note"),
    Column("revision", Integer, nullable=False),
    CheckConstraint("mode IN ('preview', 'progressive', 'click')", name="dial_attempts_mode"),
    CheckConstraint(
        "phase IN ('planned', 'committed', 'sent', 'answered', 'not_answered', 'refused', 'indeterminate', 'dropped')",
        name="dial_attempts_phase",
    ),
    CheckConstraint(
        "(committed_us IS NULL) = (phase IN ('planned', 'dropped'))", name="dial_attempts_committed"
    ),
    CheckConstraint(f"(ended_us IS NULL) = ({LIVE})", name="dial_attempts_ended"),
    CheckConstraint("number <> '' AND agent <> '' AND customer <> ''", name="dial_attempts_named"),
    Index("dial_attempts_channel", "channel_id", unique=True),
    Index("dial_attempts_live_customer", "customer", unique=True, **_only(LIVE)),
    Index("dial_attempts_live_number", "number", unique=True, **_only(LIVE)),
    Index("dial_attempts_live_agent", "agent", unique=True, **_only(LIVE)),
    Index("dial_attempts_live_trunk", "pbx", "trunk", **_only(LIVE)),
    Index("dial_attempts_committed_at", "pbx", "trunk", "committed_us", **_only("committed_us IS NOT NULL")),
    Index("dial_attempts_unknown", "id", **_only(UNKNOWN)),
    Index("dial_attempts_of_campaign", "campaign", "id"),
    Index("dial_attempts_of_customer", "customer", "id"),
)  # fmt: skip

# Which follow-ups an attempt is for, in their order.
dial_attempt_serves = Table(
    "dial_attempt_serves",
    metadata,
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("follow_up", Key, primary_key=True),
    Column("place", Integer, nullable=False),
    Index("dial_attempt_serves_follow_up", "follow_up"),
)

# Why somebody was not dialled: one row for each reason, however often it held.
dial_refusals = Table(
    "dial_refusals",
    metadata,
    Column("campaign", Integer, primary_key=True, autoincrement=False),
    Column("follow_up", Key, primary_key=True),
    Column("why", Key, primary_key=True),
    _instant("first_us", nullable=False),
    _instant("last_us", nullable=False),
    Column("count", Integer, nullable=False),
    _instant("again_us"),  # not looked at again before; null: with the next look
)

# The row that whoever commits a call on a trunk holds meanwhile: its limits hold for all schedulers together.
dial_trunks = Table(
    "dial_trunks",
    metadata,
    Column("pbx", Key, primary_key=True),
    Column("trunk", Key, primary_key=True),
)

# Agents whom we took out of their queues for an attempt, until they are given back.
dial_holds = Table(
    "dial_holds",
    metadata,
    Column("agent", Key, primary_key=True),
    Column("attempt", Integer, nullable=False),
    _key("pbx"),
    _told("device"),
    _instant("at_us", nullable=False),
)

# One row: what channels are named by, so that no attempt of another or a restored installation has the same name.
installation = Table(
    "installation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    _told("nonce"),
    _instant("made_us", nullable=False),
    CheckConstraint("id = 1", name="installation_only"),
)
