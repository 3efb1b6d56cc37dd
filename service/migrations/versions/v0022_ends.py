"""What is open of customers who leave, or asked not to be called, is looked at once: it knows its end from then on.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision: str | None = "0021"
branch_labels: str | None = None
depends_on: str | None = None

_LONG_AGO = 0
_LOOK_AT_ONCE = f"""
UPDATE follow_ups SET wake_us = {_LONG_AGO}
WHERE state = 'open' AND customer IN (
    SELECT id FROM customers WHERE until_on IS NOT NULL OR blocked_since_us IS NOT NULL
)
"""  # noqa: S608 (a number of our own)


def upgrade() -> None:
    """Have the keeper look at them: it closes what is owed no more and plans the rest anew."""
    op.execute(_LOOK_AT_ONCE)


def downgrade() -> None:
    """Nothing to take back: an instant to look at is a look at most."""
