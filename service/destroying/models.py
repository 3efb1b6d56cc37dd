"""The tables of destruction; they share `metadata` with the facts.

Rows of `destruction_acts` and `destruction_certificates` are never changed or deleted, those of `legal_holds`,
`destruction_lists` and `destruction_items` never deleted: triggers of the database see to it, made by the migration.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from analytics.storage.models import Key, metadata

legal_holds = Table(
    "legal_holds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),  # call, customer, period
    Column("target", Key),  # the id of a call or of a customer; null for a period
    Column("start_us", BigInteger),  # of a period, half-open
    Column("end_us", BigInteger),
    Column("reason", Text, nullable=False),
    Column("placed_by", Text, nullable=False),
    Column("placed_us", BigInteger, nullable=False),
    Column("lifted_by", Text),
    Column("lifted_us", BigInteger),
    Column("lift_reason", Text),
    Index("legal_holds_target", "kind", "target"),
)

destruction_lists = Table(
    "destruction_lists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("basis", Text, nullable=False),  # retention, by_hand
    Column("reason", Text, nullable=False),  # of one that was made by hand; '' else
    Column("made_us", BigInteger, nullable=False),
    Column("policy", Text, nullable=False),
    Column("left_out", Integer, nullable=False),  # how many were past retention and held
)

destruction_acts = Table(
    "destruction_acts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("list_id", Integer, ForeignKey("destruction_lists.id"), nullable=False),
    Column("act", Text, nullable=False),  # acts.Act
    Column("account", Integer, nullable=False),
    Column("login", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("agent", Text),
    Column("at_us", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    Index("destruction_acts_list", "list_id"),
)

destruction_items = Table(
    "destruction_items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("list_id", Integer, ForeignKey("destruction_lists.id"), nullable=False),
    Column("file_id", Integer, nullable=False),
    Column("pbx", Key, nullable=False),
    Column("path", Key, nullable=False),
    Column("call_id", Key),
    Column("recording_id", Key),
    Column("began_us", BigInteger, nullable=False),
    Column("kept_until_us", BigInteger),  # by the rule that was in force; null where none names it
    Column("size", BigInteger, nullable=False),
    Column("length_ms", BigInteger),
    Column("state", Text, nullable=False),  # items.ItemState
    Column("reason", Text, nullable=False, server_default=""),  # why it was left out, or not destroyed
    Column("sha256", Text),  # of the bytes before they were destroyed
    Column("stamp", Text),  # of the file that this is the digest of
    Column("overwritten", Boolean),
    Column("begun_us", BigInteger),  # the intent
    Column("ended_us", BigInteger),
    UniqueConstraint("list_id", "file_id", name="destruction_items_one"),
    Index("destruction_items_file", "file_id"),
    Index("destruction_items_call", "call_id"),
)

destruction_certificates = Table(
    "destruction_certificates",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("list_id", Integer, ForeignKey("destruction_lists.id"), nullable=False, unique=True),
    Column("issued_us", BigInteger, nullable=False),
    Column("document", Text, nullable=False),  # canonical JSON; it holds the digest of the certificate before
    Column("sha256", Text, nullable=False),  # of the document in UTF-8
)
