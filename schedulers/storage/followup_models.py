"""The tables of follow-ups: what is owed now, the story of how it came to that, and what the triggers became.

`follow_ups` holds each follow-up as it stands, a column for a field. `follow_up_changes` is its story: rows are added
and never taken away, and each says from when until when what it tells was so, so that one question answers how things
stood at any instant. They share `metadata` with the tables of facts, so that one migration makes all.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, text

from analytics.storage.models import KEPT, Key, metadata

OPEN = "state = 'open'"
"""The condition of indexes over open rows: questions must have it in these very words, or SQLite finds none of them."""

AGREED = f"{OPEN} AND agreed_us IS NOT NULL"
"""Open rows with a time that was agreed with the customer: few."""


def _only(condition: str) -> dict[str, Any]:
    """An index over some rows only, in both databases' words."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def _instant(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, BigInteger, nullable=nullable)


def _key(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, Key, nullable=nullable)


def _text(name: str) -> Column[object]:
    return Column(name, Text)


follow_ups = Table(
    "follow_ups",
    metadata,
    Column("id", Key, primary_key=True),
    Column("revision", Integer, nullable=False),
    _instant("changed_us", nullable=False),  # of the newest change
    _key("kind", nullable=False),
    _instant("version_us"),
    _key("customer", nullable=False),
    Column("trigger_key", Text, nullable=False),
    Column("occurrence", Integer, nullable=False),
    _key("case_id", nullable=False),
    _key("after_id"),
    Column("level", Integer, nullable=False),
    Column("about", Text, nullable=False),  # a JSON list of pairs
    _key("number"),
    _instant("born_us", nullable=False),
    _instant("open_us", nullable=False),
    _instant("due_us", nullable=False),
    _instant("promised_us", nullable=False),
    _instant("agreed_us"),
    _key("owner", nullable=False),
    _key("group_name"),
    _text("skill"),
    Column("state", Text, nullable=False),
    _instant("fulfilled_us"),
    _instant("ended_us"),
    _text("reason"),
    _instant("ready_us"),
    _instant("last_chance_us"),
    _text("obstacle"),
    _text("reached_call"),
    _text("claimed_call"),
    _text("call_id"),
    _text("elsewhere"),
    Column("content", Boolean),
    Column("counted", Integer, nullable=False),
    Column("uncounted", Integer, nullable=False),
    _instant("tried_us"),
    _text("tried"),
    Column("overdue_told", Boolean, nullable=False),
    _instant("nudged_us"),
    _instant("acknowledged_us"),
    _instant("escalated_us"),
    _instant("wake_us"),
    Column("approvals", Text, nullable=False),  # a JSON list
    _instant("wanted_us"),
    # All that planning a day asks for, customer by customer, is read from this index alone.
    Index(
        "follow_ups_customer",
        "customer", "ready_us", "due_us", "id", "agreed_us", "owner", "kind", "obstacle", "reached_call",
        **_only(OPEN),
    ),
    Index("follow_ups_ready", "ready_us", **_only(OPEN)),
    Index("follow_ups_wake", "wake_us", **_only(OPEN)),
    Index("follow_ups_due", "due_us", "id", **_only(OPEN)),
    Index("follow_ups_owner", "owner", "due_us", "id", **_only(OPEN)),
    Index("follow_ups_group", "group_name", "due_us", "id", **_only(OPEN)),
    Index("follow_ups_agreed", "agreed_us", "id", **_only(AGREED)),
    Index("follow_ups_agreed_owner", "owner", "agreed_us", "id", **_only(AGREED)),
    Index("follow_ups_agreed_group", "group_name", "agreed_us", "id", **_only(AGREED)),
    Index("follow_ups_number", "number", "kind", "born_us", **_only("number IS NOT NULL")),
    Index("follow_ups_case", "case_id", "born_us"),
    Index("follow_ups_ended", "ended_us", **_only("ended_us IS NOT NULL")),
    Index("follow_ups_ended_customer", "customer", "ended_us", **_only("ended_us IS NOT NULL")),
    info={KEPT: ("kind", "version_us", "trigger_key", "occurrence", "case_id", "after_id", "number", "born_us")},
)  # fmt: skip

follow_up_changes = Table(
    "follow_up_changes",
    metadata,
    Column("follow_up", Key, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    _instant("at_us", nullable=False),
    _instant("until_us"),  # the next change; null: it is so now
    Column("what", Text, nullable=False),
    Column("by_whom", Text, nullable=False),
    Column("note", Text, nullable=False),
    _text("before_owner"),
    Column("digest", Text, nullable=False),  # of the whole change: the same one told again is known by it
    # What figures as of any instant are made of, as it stood from then on.
    _key("kind", nullable=False),
    _instant("version_us"),
    _key("group_name"),
    _key("owner", nullable=False),
    Column("state", Text, nullable=False),
    _instant("born_us", nullable=False),
    _instant("due_us", nullable=False),
    _instant("fulfilled_us"),
    _text("reason"),
    Column("counted", Integer, nullable=False),
    Index("follow_up_changes_due", "due_us", "at_us", "until_us"),
)

follow_up_attempts = Table(
    "follow_up_attempts",
    metadata,
    Column("follow_up", Key, primary_key=True),
    Column("key", Key, primary_key=True),
    _instant("at_us", nullable=False),
    Column("result", Text, nullable=False),
    Column("counts", Boolean, nullable=False),
    _text("number"),
    _text("agent"),
    _key("call_id"),
    Column("talk_ms", BigInteger),
    Column("local_window", Text, nullable=False),
    Index("follow_up_attempts_call", "call_id", **_only("call_id IS NOT NULL")),
)

# What each trigger became: a follow-up, or nothing and why. `id` is made of kind, key and occurrence.
follow_up_triggers = Table(
    "follow_up_triggers",
    metadata,
    Column("id", Key, primary_key=True),
    _key("kind", nullable=False),
    Column("trigger_key", Text, nullable=False),
    Column("occurrence", Integer, nullable=False),
    _key("follow_up"),
    _text("why"),
    _instant("at_us", nullable=False),
    _key("number"),
    Index("follow_up_triggers_why", "at_us", "kind", "why", **_only("why IS NOT NULL")),
)

follow_up_series = Table(
    "follow_up_series",
    metadata,
    Column("kind", Key, primary_key=True),
    Column("trigger_key", Key, primary_key=True),
    Column("customer", Key, primary_key=True),
    _instant("version_us"),
    _instant("anchor_us", nullable=False),
    Column("next_number", Integer, nullable=False),
    _instant("next_us"),  # null: there is none any more
    Column("about", Text, nullable=False),
    _text("by_whom"),
    Index("follow_up_series_next", "next_us", **_only("next_us IS NOT NULL")),
    Index("follow_up_series_customer", "customer"),
)

follow_up_answers = Table(
    "follow_up_answers",
    metadata,
    Column("follow_up", Key, primary_key=True),
    Column("question", Key, primary_key=True),
    Column("key", Key, primary_key=True),  # of the record in which it was given
    Column("mark", Integer),
    _text("words"),
    _instant("at_us", nullable=False),
    Column("by_whom", Text, nullable=False),
)

# The distinct instants of contacts with a customer, whatever they were about: what the caps count.
customer_contacts = Table(
    "customer_contacts",
    metadata,
    Column("customer", Key, primary_key=True),
    Column("at_us", BigInteger, primary_key=True, autoincrement=False),
)

# How far something was taken in, by its name: the newest change of a customer, a month's best of a branch.
follow_up_marks = Table(
    "follow_up_marks",
    metadata,
    Column("name", Key, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# Calls that the follow-ups know of, by the newest revision that they took in.
heard_calls = Table(
    "heard_calls",
    metadata,
    Column("call_id", Key, primary_key=True),
    Column("revision", Integer, nullable=False),
)
