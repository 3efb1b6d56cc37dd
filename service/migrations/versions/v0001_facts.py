"""The first schema: facts, journal positions, people.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def _key() -> sa.types.TypeEngine[str]:
    """Text that PostgreSQL compares byte by byte."""
    return sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "agent_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_us", sa.BigInteger(), nullable=True),
        sa.Column("to_us", sa.BigInteger(), nullable=True),
        sa.Column("agent", _key(), nullable=False),
        sa.Column("group_name", _key(), nullable=True),
        sa.Column("tier", _key(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("agent_periods_agent", "agent_periods", ["agent"], unique=False)
    op.create_table(
        "agent_states",
        sa.Column("id", _key(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("call_id", _key(), nullable=False),
        sa.Column("pbx", sa.Text(), nullable=False),
        sa.Column("interface", sa.Text(), nullable=False),
        sa.Column("member_name", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("started_us", sa.BigInteger(), nullable=False),
        sa.Column("ended_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "agent_states_call",
        "agent_states",
        ["call_id"],
        unique=False,
        sqlite_where=sa.text("call_id <> ''"),
        postgresql_where=sa.text("call_id <> ''"),
    )
    op.create_index("agent_states_started", "agent_states", ["started_us"], unique=False)
    op.create_table(
        "agents",
        sa.Column("agent", _key(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("agent"),
    )
    op.create_table(
        "call_aliases",
        sa.Column("alias_id", _key(), nullable=False),
        sa.Column("call_id", _key(), nullable=False),
        sa.PrimaryKeyConstraint("alias_id"),
    )
    op.create_index("call_aliases_call", "call_aliases", ["call_id"], unique=False)
    op.create_table(
        "calls",
        sa.Column("id", _key(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("pbx", sa.Text(), nullable=False),
        sa.Column("linkedid", sa.Text(), nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=True),
        sa.Column("caller_name", sa.Text(), nullable=True),
        sa.Column("called", sa.Text(), nullable=True),
        sa.Column("did", sa.Text(), nullable=True),
        sa.Column("customer", sa.Text(), nullable=True),
        sa.Column("customer_withheld", sa.Boolean(), nullable=False),
        sa.Column("trunk", sa.Text(), nullable=True),
        sa.Column("started_us", sa.BigInteger(), nullable=False),
        sa.Column("picked_up_us", sa.BigInteger(), nullable=True),
        sa.Column("answered_us", sa.BigInteger(), nullable=True),
        sa.Column("customer_left_us", sa.BigInteger(), nullable=True),
        sa.Column("ended_us", sa.BigInteger(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("cause", sa.Integer(), nullable=True),
        sa.Column("attempt_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "calls_attempt",
        "calls",
        ["attempt_id"],
        unique=False,
        sqlite_where=sa.text("attempt_id IS NOT NULL"),
        postgresql_where=sa.text("attempt_id IS NOT NULL"),
    )
    op.create_index(
        "calls_customer",
        "calls",
        ["customer", "started_us"],
        unique=False,
        sqlite_where=sa.text("customer IS NOT NULL"),
        postgresql_where=sa.text("customer IS NOT NULL"),
    )
    op.create_index("calls_started", "calls", ["started_us", "id"], unique=False)
    op.create_table(
        "claims",
        sa.Column("id", _key(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("call_id", _key(), nullable=False),
        sa.Column("interface", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("talk_seconds", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("claims_call", "claims", ["call_id"], unique=False)
    op.create_table(
        "device_mappings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_us", sa.BigInteger(), nullable=True),
        sa.Column("to_us", sa.BigInteger(), nullable=True),
        sa.Column("interface", _key(), nullable=False),
        sa.Column("agent", _key(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("device_mappings_interface", "device_mappings", ["interface"], unique=False)
    op.create_table(
        "digits",
        sa.Column("id", _key(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("call_id", _key(), nullable=False),
        sa.Column("menu", sa.Text(), nullable=False),
        sa.Column("digit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("digits_call", "digits", ["call_id"], unique=False)
    op.create_table(
        "holds",
        sa.Column("talk_id", _key(), nullable=False),
        sa.Column("start_us", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("end_us", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("talk_id", "start_us"),
    )
    op.create_table(
        "offerings",
        sa.Column("id", _key(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("call_id", _key(), nullable=False),
        sa.Column("interface", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("member_name", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("consult", sa.Boolean(), nullable=False),
        sa.Column("offered_us", sa.BigInteger(), nullable=False),
        sa.Column("ring_us", sa.BigInteger(), nullable=False),
        sa.Column("ring_from", sa.Text(), nullable=False),
        sa.Column("ended_us", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("offerings_call", "offerings", ["call_id"], unique=False)
    op.create_index("offerings_interface", "offerings", ["interface", "offered_us"], unique=False)
    op.create_index("offerings_offered", "offerings", ["offered_us"], unique=False)
    op.create_table(
        "people_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "positions",
        sa.Column("pbx", _key(), nullable=False),
        sa.Column("stored_up_to_seq", sa.BigInteger(), nullable=False),
        sa.Column("reread_from_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("pbx"),
    )
    op.create_table(
        "queue_visits",
        sa.Column("id", _key(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("call_id", _key(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("joined_us", sa.BigInteger(), nullable=False),
        sa.Column("left_us", sa.BigInteger(), nullable=True),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("queue_visits_call", "queue_visits", ["call_id"], unique=False)
    op.create_index("queue_visits_joined", "queue_visits", ["joined_us"], unique=False)
    op.create_table(
        "recordings",
        sa.Column("id", _key(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("call_id", _key(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("recordings_call", "recordings", ["call_id"], unique=False)
    op.create_table(
        "repaired_calls", sa.Column("call_id", _key(), nullable=False), sa.PrimaryKeyConstraint("call_id")
    )
    op.create_table(
        "talks",
        sa.Column("id", _key(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("call_id", _key(), nullable=False),
        sa.Column("interface", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("member_name", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_us", sa.BigInteger(), nullable=False),
        sa.Column("ended_us", sa.BigInteger(), nullable=True),
        sa.Column("others", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("talks_call", "talks", ["call_id"], unique=False)
    op.create_index("talks_started", "talks", ["started_us"], unique=False)
    op.create_table(
        "transfers",
        sa.Column("id", _key(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("call_id", _key(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by_device", sa.Text(), nullable=True),
        sa.Column("to_party", sa.Text(), nullable=True),
        sa.Column("completed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("transfers_call", "transfers", ["call_id"], unique=False)
    op.execute("INSERT INTO people_version (id, version) VALUES (1, 0)")


def downgrade() -> None:
    """Refuse: facts are never dropped by a migration."""
    raise NotImplementedError("there is nothing below the first schema; drop the database instead")
