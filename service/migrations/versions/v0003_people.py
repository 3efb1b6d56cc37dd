"""People: shifts, leave, certificates, facts of a month; and whether anybody was ever imported.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def _key() -> sa.types.TypeEngine[str]:
    """Text that PostgreSQL compares byte by byte."""
    return sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the columns and the tables. Who is in the tables already is the database's own."""
    op.add_column("agents", sa.Column("joined_on", sa.Date(), nullable=True))
    op.add_column("agents", sa.Column("left_on", sa.Date(), nullable=True))
    op.add_column(
        "people_version", sa.Column("from_policy", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.execute(
        "UPDATE people_version SET from_policy = NOT EXISTS (SELECT 1 FROM device_mappings)"
        " AND NOT EXISTS (SELECT 1 FROM agent_periods)"
    )
    _certificates()
    _shifts()
    _leaves()
    _facts()


def _certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("agent", _key(), nullable=False),
        sa.Column("code", _key(), nullable=False),
        sa.Column("role", _key(), nullable=False),
        sa.Column("obtained_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("agent", "code", "role"),
    )


def _shifts() -> None:
    op.create_table(
        "shift_patterns",
        sa.Column("name", _key(), nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "shift_rotations",
        sa.Column("name", _key(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "shift_assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent", _key(), nullable=False),
        sa.Column("shift", _key(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "shift_changes",
        sa.Column("agent", _key(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", _key(), nullable=False),
        sa.Column("shift", _key(), nullable=True),
        sa.PrimaryKeyConstraint("agent", "day", "kind"),
    )


def _leaves() -> None:
    op.create_table(
        "leaves",
        sa.Column("agent", _key(), nullable=False),
        sa.Column("from_us", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("to_us", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("agent", "from_us"),
    )


def _facts() -> None:
    op.create_table(
        "agent_facts",
        sa.Column("agent", _key(), nullable=False),
        sa.Column("month", _key(), nullable=False),
        sa.Column("kind", _key(), nullable=False),
        sa.Column("thousandths", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("agent", "month", "kind"),
    )


def downgrade() -> None:
    """Refuse: what people entered is never dropped by a migration."""
    raise NotImplementedError("people who were entered are not taken out again; restore a backup instead")
