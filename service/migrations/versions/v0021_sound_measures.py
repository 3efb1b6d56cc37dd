"""Roll-ups hold what is known of recordings and what was heard in them.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision: str | None = "0020"
branch_labels: str | None = None
depends_on: str | None = None

_ADDED = (
    "talks_over",
    "talks_recorded",
    "talks_apart",
    "talks_destroyed",
    "talks_heard",
    "heard_ms",
    "speech_ms",
    "silence_ms",
    "music_ms",
    "silences",
    "talks_with_silence",
    "talks_silent",
    "talks_sided",
    "sided_ms",
    "agent_speech_ms",
    "customer_speech_ms",
    "overlaps",
    "overlap_ms",
    "responses",
    "response_ms",
    "first_words_within",
    "first_words_over",
    "first_words_ms",
    "talks_rated",
    "syllables",
    "error_syllables",
    "turns_ms",
    "phonation_ms",
    "rate_in",
    "rate_below",
    "rate_above",
    "rate_undecided",
    "longest_silence_ms",
    "longest_response_ms",
)
_NEVER_FILLED = ("recordings_read", "recordings_stereo")
_ROLLED = ("rollup_agents", "rollup_load", "rollup_spans")
_SILENT = sa.text("(silent_customer IS TRUE)")


def upgrade() -> None:
    """Add the columns; what was summed before them is summed anew, as the new rules of the policy ask anyway."""
    _forget()
    for name in _ADDED:
        op.add_column("rollup_agents", sa.Column(name, sa.BigInteger(), nullable=True))
    for name in _NEVER_FILLED:
        op.drop_column("rollup_load", name)
    op.create_index(
        "talk_features_silent", "talk_features", ["call_id"], sqlite_where=_SILENT, postgresql_where=_SILENT
    )


def downgrade() -> None:
    """Take them off again."""
    _forget()
    op.drop_index("talk_features_silent", table_name="talk_features")
    for name in _NEVER_FILLED:
        op.add_column("rollup_load", sa.Column(name, sa.BigInteger(), nullable=True))
    for name in _ADDED:
        op.drop_column("rollup_agents", name)


def _forget() -> None:
    for table in _ROLLED:
        op.execute(f"DELETE FROM {table}")  # noqa: S608 (names of our own)
