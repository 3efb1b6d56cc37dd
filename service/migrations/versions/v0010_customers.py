"""Customers, their numbers, what they spend, whom they were merged into, and the trace of all changes.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None


def _key() -> sa.types.TypeEngine[str]:
    """Text that PostgreSQL compares byte by byte."""
    return sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables, empty."""
    _customers()
    op.create_table(
        "customer_numbers",
        sa.Column("number", _key(), nullable=False),
        sa.Column("customer", _key(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", "customer"),
    )
    op.create_index("customer_numbers_customer", "customer_numbers", ["customer"])
    op.create_table(
        "customer_aliases",
        sa.Column("id", _key(), nullable=False),
        sa.Column("customer", _key(), nullable=False),
        sa.Column("merged_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("customer_aliases_customer", "customer_aliases", ["customer"])
    op.create_table(
        "customer_spend",
        sa.Column("month", _key(), nullable=False),
        sa.Column("customer", _key(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("month", "customer"),
    )
    op.create_index("customer_spend_customer", "customer_spend", ["customer", "month"])
    _changes()


def _customers() -> None:
    op.create_table(
        "customers",
        sa.Column("id", _key(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("sort", sa.Text(), nullable=False),
        *(sa.Column(name, _key(), nullable=True) for name in ("branch", "tier", "owner", "previous")),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("zone", "hours", "dialect", "language")),
        sa.Column("birth_month", sa.Integer(), nullable=True),
        sa.Column("birth_day", sa.Integer(), nullable=True),
        sa.Column("birth_lunar", sa.Boolean(), nullable=True),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=True),
        sa.Column("blocked_reason", sa.Text(), nullable=True),
        sa.Column("blocked_since_us", sa.BigInteger(), nullable=True),
        sa.Column("blocked_until_us", sa.BigInteger(), nullable=True),
        sa.Column("updated_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("branch", "tier", "owner"):
        op.create_index(f"customers_{name}", "customers", [name, "id"])


def _changes() -> None:
    op.create_table(
        "customer_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer", _key(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("customer_changes_customer", "customer_changes", ["customer", "id"])


def downgrade() -> None:
    """Refuse: what is known of customers is never dropped by a migration."""
    raise NotImplementedError("customers are not taken back; restore a backup instead")
