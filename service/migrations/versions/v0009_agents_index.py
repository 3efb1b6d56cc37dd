"""One agent's months are found by the agent, not by reading everybody's.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("rollup_agents_agent", "rollup_agents", ["agent", "span"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("rollup_agents_agent", table_name="rollup_agents")
