"""Closing a month: issued reports, exemptions, objections, sign-offs; the database keeps them as they are.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.migrations.guards import guard

revision = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def _key() -> sa.types.TypeEngine[str]:
    """Text that PostgreSQL compares byte by byte."""
    return sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def upgrade() -> None:
    """Make the tables, and what guards them."""
    _create_issued_reports()
    _create_exemptions()
    _create_objections()
    _create_sign_offs()
    guard(op.get_bind())


def _create_issued_reports() -> None:
    op.create_table(
        "issued_reports",
        _id(),
        sa.Column("name", _key(), nullable=False),
        _text("period"),
        _instant("start_us"),
        _instant("end_us"),
        _text("zone"),
        sa.Column("grouped_by", _key(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _instant("issued_us"),
        _text("issued_by"),
        _instant("as_of_us"),
        _instant("objections_until_us"),
        _text("policy"),
        _text("policy_digest"),
        _text("policy_rules"),
        _text("program"),
        _text("figures"),
        _text("sha256"),
        _text("warnings"),
        _text("reason", nullable=True),
        sa.Column("supersedes", sa.Integer(), sa.ForeignKey("issued_reports.id"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", "start_us", "end_us", "grouped_by", "number", name="issued_reports_number"),
    )
    op.create_index("issued_reports_period", "issued_reports", ["start_us", "end_us"], unique=False)


def _create_exemptions() -> None:
    op.create_table(
        "exemptions",
        _id(),
        _text("kind"),
        sa.Column("target_id", _key(), nullable=False),
        _instant("target_us"),
        _text("reason"),
        _text("text"),
        _text("asked_by"),
        _instant("asked_us"),
        _text("decided_by", nullable=True),
        _instant("decided_us", nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        _text("withdrawn_by", nullable=True),
        _instant("withdrawn_us", nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    in_force = sa.text("withdrawn_us IS NULL")
    op.create_index(
        "exemptions_in_force",
        "exemptions",
        ["target_us"],
        unique=False,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )
    op.create_index("exemptions_target", "exemptions", ["target_id"], unique=False)
    stands = sa.text("withdrawn_us IS NULL AND approved IS NOT FALSE")
    op.create_index(
        "exemptions_one",
        "exemptions",
        ["kind", "target_id"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )


def _create_objections() -> None:
    op.create_table(
        "objections",
        _id(),
        sa.Column("agent", _key(), nullable=False),
        _text("period"),
        _instant("start_us"),
        _instant("end_us"),
        _text("about"),
        sa.Column("target_id", _key(), nullable=True),
        _text("text"),
        _instant("raised_us"),
        _text("state"),
        _text("decided_by", nullable=True),
        _instant("decided_us", nullable=True),
        _text("answer", nullable=True),
        sa.Column("exemption_id", sa.Integer(), sa.ForeignKey("exemptions.id"), nullable=True),
        sa.Column("restatement_id", sa.Integer(), sa.ForeignKey("issued_reports.id"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("objections_period", "objections", ["start_us", "end_us"], unique=False)
    op.create_index("objections_agent", "objections", ["agent"], unique=False)


def _create_sign_offs() -> None:
    op.create_table(
        "sign_offs",
        _id(),
        _text("period"),
        _instant("start_us"),
        _instant("end_us"),
        sa.Column("issue_id", sa.Integer(), sa.ForeignKey("issued_reports.id"), nullable=False),
        _text("signed_by"),
        _instant("signed_us"),
        _text("note", nullable=True),
        _text("in_spite", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issue_id", name="sign_offs_issue"),
    )
    op.create_index("sign_offs_period", "sign_offs", ["start_us", "end_us"], unique=False)


def downgrade() -> None:
    """Refuse: what is on record is never dropped by a migration."""
    raise NotImplementedError("what was issued is not taken back; restore a backup instead")
