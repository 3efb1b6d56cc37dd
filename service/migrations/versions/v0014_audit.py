"""The audit: who looked at, listened to, exported or changed what.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision: str | None = "0013"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Integer()),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("login", "role", "act", "subject", "address", "details")
        ),
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at_us"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("audit_log")
