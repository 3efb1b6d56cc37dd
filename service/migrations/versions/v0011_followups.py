"""Follow-ups: what is owed now, the story of each, attempts, triggers, series, answers and contacts.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision: str | None = "0010"
branch_labels: str | None = None
depends_on: str | None = None


def _key() -> sa.types.TypeEngine[str]:
    """Text that PostgreSQL compares byte by byte."""
    return sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


def _only(condition: str) -> dict[str, Any]:
    """An index over some rows only."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Make the tables."""
    _what_is_owed()
    _what_happens()


def _what_is_owed() -> None:
    op.create_table(
        "follow_ups",
        sa.Column("id", _key(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.Column("kind", _key(), nullable=False),
        sa.Column("version_us", sa.BigInteger(), nullable=True),
        sa.Column("customer", _key(), nullable=False),
        sa.Column("trigger_key", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("case_id", _key(), nullable=False),
        sa.Column("after_id", _key(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("number", _key(), nullable=True),
        sa.Column("born_us", sa.BigInteger(), nullable=False),
        sa.Column("open_us", sa.BigInteger(), nullable=False),
        sa.Column("due_us", sa.BigInteger(), nullable=False),
        sa.Column("promised_us", sa.BigInteger(), nullable=False),
        sa.Column("agreed_us", sa.BigInteger(), nullable=True),
        sa.Column("owner", _key(), nullable=False),
        sa.Column("group_name", _key(), nullable=True),
        sa.Column("skill", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fulfilled_us", sa.BigInteger(), nullable=True),
        sa.Column("ended_us", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ready_us", sa.BigInteger(), nullable=True),
        sa.Column("last_chance_us", sa.BigInteger(), nullable=True),
        sa.Column("obstacle", sa.Text(), nullable=True),
        sa.Column("reached_call", sa.Text(), nullable=True),
        sa.Column("claimed_call", sa.Text(), nullable=True),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("elsewhere", sa.Text(), nullable=True),
        sa.Column("content", sa.Boolean(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("uncounted", sa.Integer(), nullable=False),
        sa.Column("tried_us", sa.BigInteger(), nullable=True),
        sa.Column("tried", sa.Text(), nullable=True),
        sa.Column("overdue_told", sa.Boolean(), nullable=False),
        sa.Column("nudged_us", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_us", sa.BigInteger(), nullable=True),
        sa.Column("escalated_us", sa.BigInteger(), nullable=True),
        sa.Column("wake_us", sa.BigInteger(), nullable=True),
        sa.Column("approvals", sa.Text(), nullable=False),
        sa.Column("wanted_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    agreed = _only("state = 'open' AND agreed_us IS NOT NULL")
    op.create_index("follow_ups_agreed", "follow_ups", ["agreed_us", "id"], **agreed)
    op.create_index("follow_ups_agreed_group", "follow_ups", ["group_name", "agreed_us", "id"], **agreed)
    op.create_index("follow_ups_agreed_owner", "follow_ups", ["owner", "agreed_us", "id"], **agreed)
    op.create_index("follow_ups_case", "follow_ups", ["case_id", "born_us"])
    op.create_index(
        "follow_ups_customer",
        "follow_ups",
        ["customer", "ready_us", "due_us", "id", "agreed_us", "owner", "kind", "obstacle", "reached_call"],
        **_only("state = 'open'"),
    )
    op.create_index("follow_ups_due", "follow_ups", ["due_us", "id"], **_only("state = 'open'"))
    op.create_index("follow_ups_ended", "follow_ups", ["ended_us"], **_only("ended_us IS NOT NULL"))
    op.create_index("follow_ups_group", "follow_ups", ["group_name", "due_us", "id"], **_only("state = 'open'"))
    op.create_index("follow_ups_number", "follow_ups", ["number", "kind", "born_us"], **_only("number IS NOT NULL"))
    op.create_index("follow_ups_owner", "follow_ups", ["owner", "due_us", "id"], **_only("state = 'open'"))
    op.create_index("follow_ups_ready", "follow_ups", ["ready_us"], **_only("state = 'open'"))
    op.create_index("follow_ups_wake", "follow_ups", ["wake_us"], **_only("state = 'open'"))
    op.create_table(
        "follow_up_changes",
        sa.Column("follow_up", _key(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("until_us", sa.BigInteger(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("before_owner", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("kind", _key(), nullable=False),
        sa.Column("version_us", sa.BigInteger(), nullable=True),
        sa.Column("group_name", _key(), nullable=True),
        sa.Column("owner", _key(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("born_us", sa.BigInteger(), nullable=False),
        sa.Column("due_us", sa.BigInteger(), nullable=False),
        sa.Column("fulfilled_us", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("follow_up", "revision"),
    )
    op.create_index("follow_up_changes_due", "follow_up_changes", ["due_us", "at_us", "until_us"])
    op.create_table(
        "follow_up_attempts",
        sa.Column("follow_up", _key(), nullable=False),
        sa.Column("key", _key(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("call_id", _key(), nullable=True),
        sa.Column("talk_ms", sa.BigInteger(), nullable=True),
        sa.Column("local_window", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("follow_up", "key"),
    )
    op.create_index("follow_up_attempts_call", "follow_up_attempts", ["call_id"], **_only("call_id IS NOT NULL"))


def _what_happens() -> None:
    op.create_table(
        "follow_up_triggers",
        sa.Column("id", _key(), nullable=False),
        sa.Column("kind", _key(), nullable=False),
        sa.Column("trigger_key", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("follow_up", _key(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("number", _key(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "follow_up_triggers_why", "follow_up_triggers", ["at_us", "kind", "why"], **_only("why IS NOT NULL")
    )
    op.create_table(
        "follow_up_series",
        sa.Column("kind", _key(), nullable=False),
        sa.Column("trigger_key", _key(), nullable=False),
        sa.Column("customer", _key(), nullable=False),
        sa.Column("version_us", sa.BigInteger(), nullable=True),
        sa.Column("anchor_us", sa.BigInteger(), nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.Column("next_us", sa.BigInteger(), nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "trigger_key", "customer"),
    )
    op.create_index("follow_up_series_customer", "follow_up_series", ["customer"])
    op.create_index("follow_up_series_next", "follow_up_series", ["next_us"], **_only("next_us IS NOT NULL"))
    op.create_table(
        "follow_up_answers",
        sa.Column("follow_up", _key(), nullable=False),
        sa.Column("question", _key(), nullable=False),
        sa.Column("key", _key(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("follow_up", "question", "key"),
    )
    op.create_table(
        "customer_contacts",
        sa.Column("customer", _key(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("customer", "at_us"),
    )
    op.create_table(
        "follow_up_marks",
        sa.Column("name", _key(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "heard_calls",
        sa.Column("call_id", _key(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("call_id"),
    )


def downgrade() -> None:
    """Refuse: what is owed to customers is never dropped by a migration."""
    raise NotImplementedError("follow-ups are not taken back; restore a backup instead")
