"""Calls from the PBX's own logs: what they lack, which logs told them, and each correction on record.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def _key() -> sa.types.TypeEngine[str]:
    """Text that PostgreSQL compares byte by byte."""
    return sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("talks", sa.Column("hold_known", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("repaired_calls", sa.Column("sources", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "call_repairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", _key(), nullable=False),
        sa.Column("pbx", sa.Text(), nullable=False),
        sa.Column("repaired_us", sa.BigInteger(), nullable=False),
        sa.Column("started_us", sa.BigInteger(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("before_known", sa.Text(), nullable=True),
        sa.Column("before_disposition", sa.Text(), nullable=True),
        sa.Column("before_talk_ms", sa.BigInteger(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("talk_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("call_repairs_call", "call_repairs", ["call_id"], unique=False)
    op.create_index("call_repairs_started", "call_repairs", ["pbx", "started_us"], unique=False)


def downgrade() -> None:
    """Refuse: what is on record is never dropped by a migration."""
    raise NotImplementedError("a correction that was recorded is not taken back; restore a backup instead")
