"""Listening to samples: draws with their seeds, samples, scorecards, notes, replies, appeals and their decisions.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from analytics.storage.models import Key
from service.migrations.guards import guard_tables, unguard_tables

revision = "0019"
down_revision: str | None = "0018"
branch_labels: str | None = None
depends_on: str | None = None

ON_RECORD = ("quality_cards", "quality_items", "quality_replies", "quality_decisions")
"""Rows of these are neither changed nor deleted."""


def upgrade() -> None:
    """Make the tables, and what guards them."""
    _create_samples()
    _create_cards()
    guard_tables(op.get_bind(), ON_RECORD)


def _create_samples() -> None:
    op.create_table(
        "quality_draws",
        sa.Column("week", Key, primary_key=True),
        sa.Column("start_us", sa.BigInteger, nullable=False),
        sa.Column("end_us", sa.BigInteger, nullable=False),
        sa.Column("random", sa.Text, nullable=False),
        sa.Column("commitment", sa.Text, nullable=False),
        sa.Column("committed_us", sa.BigInteger, nullable=False),
        sa.Column("drawn_us", sa.BigInteger),
        sa.Column("drawn_by", sa.Text),
        sa.Column("seed", sa.Text),
        sa.Column("pool_digest", sa.Text),
        sa.Column("asks", sa.Text),
        sa.Column("candidates", sa.Integer),
        sa.Column("form_digest", sa.Text),
        sa.Column("policy_digest", sa.Text),
    )
    op.create_table(
        "quality_candidates",
        sa.Column("week", Key, primary_key=True),
        sa.Column("talk_id", Key, primary_key=True),
        sa.Column("call_id", Key, nullable=False),
        sa.Column("file_id", sa.Integer, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("started_us", sa.BigInteger, nullable=False),
        sa.Column("length_ms", sa.BigInteger, nullable=False),
        sa.Column("stratum", sa.Text, nullable=False),
        sa.Column("fresh", sa.Boolean, nullable=False),
    )
    op.create_index("quality_candidates_agent", "quality_candidates", ["week", "agent"])
    op.create_table(
        "quality_samples",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("week", Key, nullable=False),
        sa.Column("month", Key, nullable=False),
        sa.Column("talk_id", Key, nullable=False),
        sa.Column("call_id", Key, nullable=False),
        sa.Column("file_id", sa.Integer, nullable=False),
        sa.Column("agent", Key, nullable=False),
        sa.Column("group_name", sa.Text),
        sa.Column("started_us", sa.BigInteger, nullable=False),
        sa.Column("length_ms", sa.BigInteger, nullable=False),
        sa.Column("stratum", sa.Text, nullable=False),
        sa.Column("inspector", sa.Text),
        sa.Column("drawn_us", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("replaces", sa.Integer, sa.ForeignKey("quality_samples.id")),
        sa.Column("reason", sa.Text),
        sa.Column("reason_text", sa.Text),
        sa.Column("replaced_by", sa.Text),
        sa.Column("replaced_us", sa.BigInteger),
        sa.UniqueConstraint("talk_id", name="quality_samples_talk"),
    )
    op.create_index("quality_samples_week", "quality_samples", ["week"])
    op.create_index("quality_samples_month", "quality_samples", ["month", "agent"])
    op.create_index("quality_samples_agent", "quality_samples", ["agent", "started_us"])


def _create_cards() -> None:
    op.create_table(
        "quality_cards",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sample_id", sa.Integer, sa.ForeignKey("quality_samples.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("corrects", sa.Integer, sa.ForeignKey("quality_cards.id")),
        sa.Column("inspector", sa.Text, nullable=False),
        sa.Column("submitted_us", sa.BigInteger, nullable=False),
        sa.Column("reply_until_us", sa.BigInteger, nullable=False),
        sa.Column("appeal_until_us", sa.BigInteger, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("form_digest", sa.Text, nullable=False),
        sa.Column("policy_digest", sa.Text, nullable=False),
        sa.Column("points_c", sa.Integer, nullable=False),
        sa.Column("mark_c", sa.Integer, nullable=False),
        sa.Column("critical", sa.Boolean, nullable=False),
        sa.Column("passed", sa.Boolean, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.UniqueConstraint("corrects", name="quality_cards_corrects"),
    )
    op.create_index("quality_cards_sample", "quality_cards", ["sample_id"])
    op.create_table(
        "quality_items",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("card_id", sa.Integer, sa.ForeignKey("quality_cards.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("mark", sa.Integer),
        sa.Column("weight", sa.Integer),
        sa.Column("remark", sa.Text),
        sa.Column("verdict", sa.Text),
        sa.Column("figure", sa.Integer),
        sa.Column("holds", sa.Boolean),
        sa.UniqueConstraint("card_id", "kind", "item", name="quality_items_item"),
    )
    op.create_table(
        "quality_notes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sample_id", sa.Integer, sa.ForeignKey("quality_samples.id"), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("criterion", sa.Text),
        sa.Column("by_login", sa.Text, nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_us", sa.BigInteger),
    )
    op.create_index("quality_notes_sample", "quality_notes", ["sample_id"])
    op.create_table(
        "quality_drafts",
        sa.Column(
            "sample_id", sa.Integer, sa.ForeignKey("quality_samples.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("inspector", Key, primary_key=True),
        sa.Column("scores", sa.Text, nullable=False),
        sa.Column("saved_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "quality_replies",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("card_id", sa.Integer, sa.ForeignKey("quality_cards.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("agent", Key, nullable=False),
        sa.Column("by_login", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("card_id", "kind", name="quality_replies_once"),
    )
    op.create_table(
        "quality_decisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("appeal_id", sa.Integer, sa.ForeignKey("quality_replies.id"), nullable=False),
        sa.Column("upheld", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("card_id", sa.Integer, sa.ForeignKey("quality_cards.id")),
        sa.Column("by_login", sa.Text, nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("appeal_id", name="quality_decisions_once"),
    )
    op.create_table(
        "quality_trainings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("week", Key, nullable=False),
        sa.Column("agent", Key),
        sa.Column("criterion", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("planned_on", sa.Text, nullable=False),
        sa.Column("by_login", sa.Text, nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
    )
    op.create_index("quality_trainings_week", "quality_trainings", ["week"])


def downgrade() -> None:
    """Drop the tables."""
    unguard_tables(op.get_bind(), ON_RECORD)
    for table in (
        "quality_trainings",
        "quality_decisions",
        "quality_replies",
        "quality_drafts",
        "quality_notes",
        "quality_items",
        "quality_cards",
        "quality_samples",
        "quality_candidates",
        "quality_draws",
    ):
        op.drop_table(table)
