"""Roll-ups of days, months and years; the hours in which facts changed; what people say of calls.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None

_AGENTS = (
    "counted_ms",
    "counted_inbound_ms",
    "counted_outbound_ms",
    "talk_ms",
    "hold_ms",
    "conference_ms",
    "consult_ms",
    "internal_ms",
    "monitor_ms",
    "wrap_up_ms",
    "talks_open",
    "parts",
    "parts_inbound",
    "parts_outbound",
    "parts_short",
    "parts_silent",
    "long_parts",
    "long_talk_ms",
    "long_hold_ms",
    "own_within",
    "own_over",
    "ring_within",
    "ring_late",
    "ring_no_answer",
    "ring_declined",
    "ring_caller_gave_up_late",
    "ring_caller_gave_up_early",
    "ring_answered_elsewhere",
    "ring_busy",
    "ring_unreachable",
    "ring_failed",
    "ring_ringing",
    "ring_answered_ms",
    "ring_exempted_within",
    "ring_exempted_lost",
    "transfers_made",
    "transfers_failed",
    "login_ms",
    "pause_ms",
    "available_ms",
    "pause_reason_ms",
    "pauses",
    "scheduled_ms",
    "longest_ring_ms",
)
_AGENT_SPREADS = (
    "talk_spread",
    "ring_spread",
    "ring_gave_up_spread",
)
_LOAD = (
    "inbound_answered",
    "inbound_picked_up",
    "inbound_voicemail",
    "inbound_abandoned",
    "inbound_cancelled",
    "inbound_no_answer",
    "inbound_busy",
    "inbound_failed",
    "inbound_indeterminate",
    "inbound_open",
    "outbound_answered",
    "outbound_picked_up",
    "outbound_voicemail",
    "outbound_abandoned",
    "outbound_cancelled",
    "outbound_no_answer",
    "outbound_busy",
    "outbound_failed",
    "outbound_indeterminate",
    "outbound_open",
    "internal_answered",
    "internal_picked_up",
    "internal_voicemail",
    "internal_abandoned",
    "internal_cancelled",
    "internal_no_answer",
    "internal_busy",
    "internal_failed",
    "internal_indeterminate",
    "internal_open",
    "calls_repaired",
    "calls_inferred",
    "inbound_abandoned_short",
    "calls_short",
    "calls_silent",
    "caller_within",
    "caller_late",
    "caller_gave_up_early",
    "caller_not_answered",
    "caller_never_rang",
    "caller_ringing",
    "handled_within",
    "handled_over",
    "handled_open",
    "customer_talks",
    "without_outcome",
    "recorded",
    "recordings_read",
    "recordings_stereo",
    "visits",
    "visits_open",
    "visits_answered",
    "visits_abandoned",
    "visits_timeout",
    "visits_exit_key",
    "visits_exit_empty",
    "visits_removed",
    "visits_full",
    "visits_join_empty",
    "visits_unknown",
    "answered_within",
    "answered_wait_ms",
    "abandoned_within",
    "abandoned_short",
    "abandoned_wait_ms",
    "contacts",
    "contacts_final",
    "contacts_open",
    "repeat_calls",
    "missed_numbers",
    "missed_uncalled",
    "missed_withheld",
    "longest_wait_ms",
)
_LOAD_SPREADS = (
    "caller_spread",
    "caller_lost_spread",
    "wait_spread",
    "abandoned_spread",
)
_AGENT_DIMENSIONS = (
    "agent", "group_name", "tier", "queue", "did", "line", "branch", "code", "direction", "hours", "reason",
)  # fmt: skip
_LOAD_DIMENSIONS = ("queue", "did", "line", "branch", "code", "direction", "hours")


def _key() -> sa.types.TypeEngine[str]:
    """Text that PostgreSQL compares byte by byte."""
    return sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql")


_LASTING = sa.text("(ended_us IS NULL OR ended_us - started_us > 604800000000)")


def upgrade() -> None:
    """Make the tables; all hours that have facts are rolled up from them in time."""
    op.create_index(
        "agent_states_lasting", "agent_states", ["started_us"], sqlite_where=_LASTING, postgresql_where=_LASTING
    )
    op.create_index("transfers_at", "transfers", ["at_us"])
    op.create_table(
        "rollup_spans",
        sa.Column("span", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("through_day", sa.Integer(), nullable=False),
        sa.Column("settled_us", sa.BigInteger(), nullable=False),
        sa.Column("customers", sa.Boolean(), nullable=False),
        sa.Column("rolled_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("span"),
    )
    op.create_table(
        "changed_hours",
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pbx", _key(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "pbx"),
    )
    _sheet("rollup_agents", _AGENT_DIMENSIONS, (), _AGENTS, _AGENT_SPREADS)
    _sheet("rollup_load", _LOAD_DIMENSIONS, ("weekday", "quarter"), _LOAD, _LOAD_SPREADS)
    op.create_table(
        "call_notes",
        sa.Column("call_id", _key(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("silent", sa.Boolean(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("call_id"),
    )
    op.create_table(
        "call_note_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", _key(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("call_note_changes_call", "call_note_changes", ["call_id"], unique=False)


def _sheet(
    name: str,
    dimensions: tuple[str, ...],
    clock: tuple[str, ...],
    counted: tuple[str, ...],
    spreads: tuple[str, ...],
) -> None:
    op.create_table(
        name,
        sa.Column("span", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(each, sa.Text(), nullable=False) for each in dimensions),
        *(sa.Column(each, sa.Integer(), nullable=False) for each in clock),
        *(sa.Column(each, sa.BigInteger(), nullable=True) for each in counted),
        *(sa.Column(each, sa.LargeBinary(), nullable=True) for each in spreads),
        sa.PrimaryKeyConstraint("span", "row"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Refuse: what people said of calls is never dropped by a migration."""
    raise NotImplementedError("notes of calls are not taken back; restore a backup instead")
