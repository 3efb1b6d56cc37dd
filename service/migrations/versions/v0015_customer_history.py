"""What was owed to one customer and is over is found by the customer, not by reading everybody's.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision: str | None = "0014"
branch_labels: str | None = None
depends_on: str | None = None

NAME, ENDED = "follow_ups_ended_customer", sa.text("ended_us IS NOT NULL")


def upgrade() -> None:
    """Add the index."""
    columns = ["customer", "ended_us"]
    op.create_index(NAME, "follow_ups", columns, sqlite_where=ENDED, postgresql_where=ENDED)


def downgrade() -> None:
    """Drop it."""
    op.drop_index(NAME, table_name="follow_ups")
