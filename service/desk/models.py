"""The tables of the agents' desk: what is being typed, and what was recorded of calls. They share `metadata`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from analytics.storage.models import Key, metadata

desk_drafts = Table(
    "desk_drafts",
    metadata,
    Column("agent", Key, primary_key=True),
    Column("call_id", Key, primary_key=True),
    Column("saved_us", BigInteger, nullable=False),
    Column("fields", Text, nullable=False),  # a JSON object: the form as it was typed
)

# Rows are only ever added: the newest of a call and an agent counts, the earlier ones tell what was corrected.
desk_records = Table(
    "desk_records",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call_id", Key, nullable=False),
    Column("agent", Key, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("by_whom", Text, nullable=False),
    Column("customer", Text),  # to whom it was put; null for nobody known
    Column("outcome", Text, nullable=False),
    Column("code", Text),
    Column("content", Text, nullable=False),
    Column("next_step", Text, nullable=False),  # '', promise:NAME, agree, close:REASON
    Column("next_us", BigInteger),  # the time that was promised or agreed
    Column("follow_ups", Text, nullable=False),  # a JSON list: which ones the call was about
    Index("desk_records_call", "call_id"),
    Index("desk_records_agent", "agent", "at_us"),
)
