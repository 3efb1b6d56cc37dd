"""Indexes for what is really asked: each question of the service finds its rows by one, on both databases.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Make the indexes of an interval hold its end too, and add those that were missing."""
    _replace("calls", "calls_started", ["started_us", "id", "ended_us"])
    _replace("talks", "talks_started", ["started_us", "ended_us"])
    _replace("agent_states", "agent_states_call", ["call_id"])
    op.drop_index("agent_states_started", "agent_states")
    op.create_index("agent_states_state", "agent_states", ["state", "started_us", "ended_us"])
    op.create_index("claims_at", "claims", ["at_us"])


def _replace(table: str, name: str, columns: list[str]) -> None:
    op.drop_index(name, table)
    op.create_index(name, table, columns)


def downgrade() -> None:
    """Refuse, as the other versions do: a backup is the way back."""
    raise NotImplementedError("the schema goes forward only; restore a backup instead")
