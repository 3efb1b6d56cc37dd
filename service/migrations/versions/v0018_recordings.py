"""Recordings: when each wrote and who was on its channel. Their files: whose talk lies where in them, what was heard.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from analytics.storage.models import Key

revision = "0018"
down_revision: str | None = "0017"
branch_labels: str | None = None
depends_on: str | None = None


OF_RECORDINGS = {
    "part": sa.Text,
    "options": sa.Text,
    "started_us": sa.BigInteger,
    "ended_us": sa.BigInteger,
    "stopped": sa.Text,
    "joined": sa.Text,
    "muted": sa.Text,
}


def upgrade() -> None:
    """Make the tables, and the columns of what was heard of a recording."""
    for name, kind in OF_RECORDINGS.items():
        op.add_column("recordings", sa.Column(name, kind))
    op.create_table(
        "recording_files",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("pbx", Key, nullable=False),
        sa.Column("path", Key, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("stamp", sa.Text, nullable=False),
        sa.Column("found_us", sa.BigInteger, nullable=False),
        sa.Column("changed_us", sa.BigInteger, nullable=False),
        sa.Column("condition", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False, server_default=""),
        sa.Column("coding", sa.Text),
        sa.Column("channels", sa.Integer),
        sa.Column("rate", sa.Integer),
        sa.Column("length_ms", sa.BigInteger),
        sa.Column("layout", sa.Text),
        sa.Column("axis", sa.Text),
        sa.Column("call_id", Key),
        sa.Column("recording_id", Key),
        sa.Column("linked_by", sa.Text),
        sa.Column("linked_mark", sa.Text),
        sa.Column("started_us", sa.BigInteger),
    )
    op.create_index("recording_files_path", "recording_files", ["pbx", "path"], unique=True)
    op.create_index("recording_files_call", "recording_files", ["call_id"])
    op.create_index("recording_files_started", "recording_files", ["started_us"])
    op.create_index("recording_files_condition", "recording_files", ["condition"])
    op.create_table(
        "recording_folders",
        sa.Column("pbx", Key, primary_key=True),
        sa.Column("path", Key, primary_key=True),
        sa.Column("stamp", sa.Text, nullable=False),
    )
    op.create_table(
        "recording_spans",
        sa.Column("file_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("talk_id", Key, primary_key=True),
        sa.Column("call_id", Key, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("start_ms", sa.BigInteger, nullable=False),
        sa.Column("end_ms", sa.BigInteger, nullable=False),
        sa.Column("holds", sa.Text, nullable=False, server_default="[]"),
        sa.Column("agent_channel", sa.Integer),
        sa.Column("customer_channel", sa.Integer),
        sa.Column("begins_talk", sa.Boolean, nullable=False),
    )
    op.create_index("recording_spans_talk", "recording_spans", ["talk_id"])
    op.create_index("recording_spans_call", "recording_spans", ["call_id"])
    op.create_table(
        "talk_features",
        sa.Column("talk_id", Key, primary_key=True),
        sa.Column("file_id", sa.Integer, nullable=False),
        sa.Column("call_id", Key, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("measured_us", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("length_ms", sa.BigInteger, nullable=False),
        sa.Column("stereo", sa.Boolean, nullable=False),
        sa.Column("speech_ms", sa.BigInteger, nullable=False),
        sa.Column("silence_ms", sa.BigInteger, nullable=False),
        sa.Column("music_ms", sa.BigInteger, nullable=False),
        sa.Column("agent_speech_ms", sa.BigInteger),
        sa.Column("customer_speech_ms", sa.BigInteger),
        sa.Column("silence_count", sa.Integer, nullable=False),
        sa.Column("longest_silence_ms", sa.BigInteger, nullable=False),
        sa.Column("overlap_count", sa.Integer),
        sa.Column("overlap_ms", sa.BigInteger),
        sa.Column("responses", sa.Integer),
        sa.Column("response_ms", sa.BigInteger),
        sa.Column("longest_response_ms", sa.BigInteger),
        sa.Column("first_words_ms", sa.BigInteger),
        sa.Column("silent_customer", sa.Boolean),
        sa.Column("agent_level_cdb", sa.Integer),
        sa.Column("customer_level_cdb", sa.Integer),
        sa.Column("syllables", sa.Integer),
        sa.Column("turns_ms", sa.BigInteger),
        sa.Column("phonation_ms", sa.BigInteger),
        sa.Column("rate_error_permille", sa.Integer),
    )
    op.create_index("talk_features_call", "talk_features", ["call_id"])
    op.create_index("talk_features_file", "talk_features", ["file_id"])
    op.create_table(
        "recording_marks",
        sa.Column("file_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("stamp", sa.Text, nullable=False),
        sa.Column("marks", sa.Text, nullable=False),
    )
    op.create_table(
        "recording_work",
        sa.Column("file_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("queued_us", sa.BigInteger, nullable=False),
        sa.Column("due_us", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("holder", sa.Text),
        sa.Column("leased_until_us", sa.BigInteger),
        sa.Column("failed_us", sa.BigInteger),
        sa.Column("reason", sa.Text),
    )
    is_open = sa.text("failed_us IS NULL")
    op.create_index(
        "recording_work_next", "recording_work", ["priority", "due_us", "file_id"],
        sqlite_where=is_open, postgresql_where=is_open,
    )  # fmt: skip


def downgrade() -> None:
    """Drop the columns and the tables."""
    for name in reversed(OF_RECORDINGS):
        op.drop_column("recordings", name)
    for table in ("work", "marks"):
        op.drop_table(f"recording_{table}")
    op.drop_table("talk_features")
    for table in ("spans", "folders", "files"):
        op.drop_table(f"recording_{table}")
