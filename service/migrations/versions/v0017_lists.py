"""Lists by agent and by queue find their rows by an index.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision: str | None = "0016"
branch_labels: str | None = None
depends_on: str | None = None

INDEXES = (
    ("offerings_agent", "offerings", ["agent", "offered_us", "call_id"]),
    ("talks_agent", "talks", ["agent", "started_us", "call_id"]),
    ("queue_visits_queue", "queue_visits", ["queue", "joined_us", "call_id"]),
)


def upgrade() -> None:
    """Make the indexes."""
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Drop the indexes."""
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
