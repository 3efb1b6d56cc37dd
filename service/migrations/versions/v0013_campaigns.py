"""Campaigns: their story and members, attempts at customers, why somebody was not dialled, and our channels' nonce.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision: str | None = "0012"
branch_labels: str | None = None
depends_on: str | None = None

_LIVE = "phase IN ('planned', 'committed', 'sent')"


def _key(name: str, *, nullable: bool = False) -> sa.Column[str]:
    """Text that PostgreSQL compares byte by byte."""
    return sa.Column(name, sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=nullable)


def _told(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _of(name: str) -> sa.Column[int]:
    """A part of a key that another table gives."""
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def _instant(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _only(condition: str) -> dict[str, Any]:
    """An index over some rows only."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Make the tables."""
    _campaigns()
    _attempts()
    _beside_them()


def _campaigns() -> None:
    op.create_table(
        "campaigns",
        _whole("id"),
        _told("name"),
        _told("mode"),
        _told("state"),
        _told("kinds"),
        _flag("listed"),
        _whole("priority"),
        _told("group_names"),
        _told("agents"),
        _key("pbx"),
        _key("trunk"),
        _told("caller_id"),
        _instant("ring_ms"),
        _flag("notice"),
        _instant("starts_us"),
        _instant("deadline_us"),
        _told("made_by"),
        _instant("made_us", nullable=False),
        _whole("revision"),
        sa.CheckConstraint("mode IN ('preview', 'progressive')", name="campaigns_mode"),
        sa.CheckConstraint(
            "state IN ('draft', 'running', 'paused', 'stopped', 'finished')", name="campaigns_state"
        ),
        sa.CheckConstraint("ring_ms > 0", name="campaigns_ring"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("campaigns_of_state", "campaigns", ["state", "id"])
    op.create_table(
        "campaign_changes",
        _of("campaign"),
        _of("revision"),
        _instant("at_us", nullable=False),
        _told("by_whom"),
        _told("what"),
        _told("note"),
        sa.PrimaryKeyConstraint("campaign", "revision"),
    )
    op.create_table(
        "campaign_members",
        _of("campaign"),
        _key("follow_up"),
        sa.PrimaryKeyConstraint("campaign", "follow_up"),
    )
    op.create_index("campaign_members_follow_up", "campaign_members", ["follow_up"])


def _attempts() -> None:
    op.create_table(
        "dial_attempts",
        _whole("id"),
        _key("channel_id", nullable=True),
        _whole("campaign", nullable=True),
        _told("mode"),
        _key("customer"),
        _key("number"),
        _key("agent"),
        _told("device"),
        _key("pbx"),
        _key("trunk"),
        _told("by_whom"),
        _told("phase"),
        _instant("planned_us", nullable=False),
        _instant("dial_us"),
        _instant("committed_us"),
        _instant("sent_us"),
        _instant("ended_us"),
        _told("runner"),
        _instant("lease_until_us"),
        _told("result", nullable=True),
        _whole("cause", nullable=True),
        _told("evidence", nullable=True),
        _key("call_id", nullable=True),
        _told("why", nullable=True),
        _told("note"),
        _whole("revision"),
        sa.CheckConstraint("mode IN ('preview', 'progressive', 'click')", name="dial_attempts_mode"),
        sa.CheckConstraint(
            "phase IN ('planned', 'committed', 'sent', 'answered', 'not_answered', 'refused', 'indeterminate', "
            "'dropped')",
            name="dial_attempts_phase",
        ),
        sa.CheckConstraint(
            "(committed_us IS NULL) = (phase IN ('planned', 'dropped'))", name="dial_attempts_committed"
        ),
        sa.CheckConstraint(f"(ended_us IS NULL) = ({_LIVE})", name="dial_attempts_ended"),
        sa.CheckConstraint("number <> '' AND agent <> '' AND customer <> ''", name="dial_attempts_named"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("dial_attempts_channel", "dial_attempts", ["channel_id"], unique=True)
    for name in ("customer", "number", "agent"):
        op.create_index(f"dial_attempts_live_{name}", "dial_attempts", [name], unique=True, **_only(_LIVE))
    committed = _only("committed_us IS NOT NULL")
    op.create_index("dial_attempts_live_trunk", "dial_attempts", ["pbx", "trunk"], **_only(_LIVE))
    op.create_index("dial_attempts_committed_at", "dial_attempts", ["pbx", "trunk", "committed_us"], **committed)
    op.create_index("dial_attempts_unknown", "dial_attempts", ["id"], **_only("phase = 'indeterminate'"))
    op.create_index("dial_attempts_of_campaign", "dial_attempts", ["campaign", "id"])
    op.create_index("dial_attempts_of_customer", "dial_attempts", ["customer", "id"])
    op.create_table(
        "dial_attempt_serves",
        _of("attempt"),
        _key("follow_up"),
        _whole("place"),
        sa.PrimaryKeyConstraint("attempt", "follow_up"),
    )
    op.create_index("dial_attempt_serves_follow_up", "dial_attempt_serves", ["follow_up"])


def _beside_them() -> None:
    op.create_table(
        "dial_refusals",
        _of("campaign"),
        _key("follow_up"),
        _key("why"),
        _instant("first_us", nullable=False),
        _instant("last_us", nullable=False),
        _whole("count"),
        _instant("again_us"),
        sa.PrimaryKeyConstraint("campaign", "follow_up", "why"),
    )
    op.create_table("dial_trunks", _key("pbx"), _key("trunk"), sa.PrimaryKeyConstraint("pbx", "trunk"))
    op.create_table(
        "dial_holds",
        _key("agent"),
        _whole("attempt"),
        _key("pbx"),
        _told("device"),
        _instant("at_us", nullable=False),
        sa.PrimaryKeyConstraint("agent"),
    )
    op.create_table(
        "installation",
        _of("id"),
        _told("nonce"),
        _instant("made_us", nullable=False),
        sa.CheckConstraint("id = 1", name="installation_only"),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "installation",
        "dial_holds",
        "dial_trunks",
        "dial_refusals",
        "dial_attempt_serves",
        "dial_attempts",
        "campaign_members",
        "campaign_changes",
        "campaigns",
    ):
        op.drop_table(table)
