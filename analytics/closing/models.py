"""The tables of closing a month; they share `metadata` with the facts.

Rows of `issued_reports` and `sign_offs` are never changed or deleted, those of `objections` and `exemptions` never
deleted: triggers of the database see to it, made by the migration. A period is kept as its half-open stretch of
instants, so that `2026-11` and `2026-11-01/2026-12-01` are one period; its label is how it was asked for.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from analytics.storage.models import Key, metadata


def _period() -> tuple[Column[object], ...]:
    return (
        Column("period", Text, nullable=False),
        Column("start_us", BigInteger, nullable=False),
        Column("end_us", BigInteger, nullable=False),
    )


def _reference(name: str, table: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, Integer, ForeignKey(f"{table}.id"), nullable=nullable)


issued_reports = Table(
    "issued_reports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Key, nullable=False),
    *_period(),
    Column("zone", Text, nullable=False),
    Column("grouped_by", Key, nullable=False),  # joined by +
    Column("number", Integer, nullable=False),  # 1, 2, … of the same report, period and grouping
    Column("issued_us", BigInteger, nullable=False),
    Column("issued_by", Text, nullable=False),
    Column("as_of_us", BigInteger, nullable=False),
    Column("objections_until_us", BigInteger, nullable=False),  # not included
    Column("policy", Text, nullable=False),
    Column("policy_digest", Text, nullable=False),
    Column("policy_rules", Text, nullable=False),  # canonical JSON of all that the policy said, with its people
    Column("program", Text, nullable=False),  # the version that counted
    Column("figures", Text, nullable=False),  # canonical JSON
    Column("sha256", Text, nullable=False),  # of the figures in UTF-8
    Column("warnings", Text, nullable=False),  # a JSON list
    Column("reason", Text),  # of a restatement
    _reference("supersedes", "issued_reports"),
    UniqueConstraint("name", "start_us", "end_us", "grouped_by", "number", name="issued_reports_number"),
    Index("issued_reports_period", "start_us", "end_us"),
)

exemptions = Table(
    "exemptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("target_id", Key, nullable=False),  # of an offering, or of a call as it was named then
    Column("target_us", BigInteger, nullable=False),  # when that offering or call began
    Column("reason", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_us", BigInteger, nullable=False),
    Column("decided_by", Text),
    Column("decided_us", BigInteger),
    Column("approved", Boolean),
    Column("withdrawn_by", Text),
    Column("withdrawn_us", BigInteger),
    Index(
        "exemptions_in_force",
        "target_us",
        sqlite_where=text("withdrawn_us IS NULL"),
        postgresql_where=text("withdrawn_us IS NULL"),
    ),
    Index("exemptions_target", "target_id"),
    # One that is asked or approved at a time; refused and withdrawn ones stay beside it.
    Index(
        "exemptions_one",
        "kind",
        "target_id",
        unique=True,
        sqlite_where=text("withdrawn_us IS NULL AND approved IS NOT FALSE"),
        postgresql_where=text("withdrawn_us IS NULL AND approved IS NOT FALSE"),
    ),
)

objections = Table(
    "objections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("agent", Key, nullable=False),
    *_period(),
    Column("about", Text, nullable=False),
    Column("target_id", Key),  # the call or offering that it is about, if it is about one
    Column("text", Text, nullable=False),
    Column("raised_us", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_us", BigInteger),
    Column("answer", Text),
    _reference("exemption_id", "exemptions"),
    _reference("restatement_id", "issued_reports"),
    Index("objections_period", "start_us", "end_us"),
    Index("objections_agent", "agent"),
)

sign_offs = Table(
    "sign_offs",
    metadata,
    Column("id", Integer, primary_key=True),
    *_period(),
    _reference("issue_id", "issued_reports", nullable=False),
    Column("signed_by", Text, nullable=False),
    Column("signed_us", BigInteger, nullable=False),
    Column("note", Text),
    Column("in_spite", Text),  # why it was signed though gaps were open, or objections could still be raised
    UniqueConstraint("issue_id", name="sign_offs_issue"),
    Index("sign_offs_period", "start_us", "end_us"),
)
