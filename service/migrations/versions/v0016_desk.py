"""The agents' desk: drafts of forms, what was recorded of calls, and what a customer was owed before.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision: str | None = "0015"
branch_labels: str | None = None
depends_on: str | None = None


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False)


def upgrade() -> None:
    """Make both tables, and what finds the ended follow-ups of a customer while the phone rings."""
    op.create_table(
        "desk_drafts",
        _key("agent"),
        _key("call_id"),
        sa.Column("saved_us", sa.BigInteger(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("agent", "call_id"),
    )
    op.create_table(
        "desk_records",
        sa.Column("id", sa.Integer(), primary_key=True),
        _key("call_id"),
        _key("agent"),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text()),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("next_us", sa.BigInteger()),
        sa.Column("follow_ups", sa.Text(), nullable=False),
    )
    op.create_index("desk_records_call", "desk_records", ["call_id"])
    op.create_index("desk_records_agent", "desk_records", ["agent", "at_us"])
    ended = sa.text("ended_us IS NOT NULL")
    op.create_index(
        "follow_ups_past", "follow_ups", ["customer", "ended_us"], sqlite_where=ended, postgresql_where=ended
    )


def downgrade() -> None:
    """Drop both tables: what was recorded of follow-ups and in notes of calls stays."""
    op.drop_index("follow_ups_past", "follow_ups")
    op.drop_table("desk_records")
    op.drop_table("desk_drafts")
