"""The tables of listening to samples; they share `metadata` with the facts.

Rows of `quality_cards`, `quality_items`, `quality_replies` and `quality_decisions` are neither changed nor deleted:
triggers of the database see to it, made by the migration. A correction is a card of its own, which names the one that
it corrects. People are logins and agents' ids, as they were then.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from analytics.storage.models import Key, metadata

quality_draws = Table(
    "quality_draws",
    metadata,
    Column("week", Key, primary_key=True),  # 2026-W48
    Column("start_us", BigInteger, nullable=False),
    Column("end_us", BigInteger, nullable=False),
    Column("random", Text, nullable=False),  # told only once it is drawn
    Column("commitment", Text, nullable=False),  # SHA-256 of it, shown before
    Column("committed_us", BigInteger, nullable=False),
    Column("drawn_us", BigInteger),  # None: not drawn yet
    Column("drawn_by", Text),
    Column("seed", Text),
    Column("pool_digest", Text),
    Column("asks", Text),  # JSON, as drawing.Ask
    Column("candidates", Integer),
    Column("form_digest", Text),
    Column("policy_digest", Text),
)

# What a draw was made of: a talk left over from one week stands in the next one of its month again.
quality_candidates = Table(
    "quality_candidates",
    metadata,
    Column("week", Key, primary_key=True),
    Column("talk_id", Key, primary_key=True),
    Column("call_id", Key, nullable=False),
    Column("file_id", Integer, nullable=False),
    Column("agent", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("started_us", BigInteger, nullable=False),
    Column("length_ms", BigInteger, nullable=False),
    Column("stratum", Text, nullable=False),
    Column("fresh", Boolean, nullable=False),
    Index("quality_candidates_agent", "week", "agent"),
)

quality_samples = Table(
    "quality_samples",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("week", Key, nullable=False),
    Column("month", Key, nullable=False),
    Column("talk_id", Key, nullable=False),
    Column("call_id", Key, nullable=False),
    Column("file_id", Integer, nullable=False),
    Column("agent", Key, nullable=False),
    Column("group_name", Text),  # the agent's when the talk began
    Column("started_us", BigInteger, nullable=False),
    Column("length_ms", BigInteger, nullable=False),
    Column("stratum", Text, nullable=False),
    Column("inspector", Text),  # who is to listen; None: nobody may, or there is none
    Column("drawn_us", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # records.SampleState
    Column("replaces", Integer, ForeignKey("quality_samples.id")),
    Column("reason", Text),  # why it was replaced: config.quality.Replacement
    Column("reason_text", Text),
    Column("replaced_by", Text),
    Column("replaced_us", BigInteger),
    UniqueConstraint("talk_id", name="quality_samples_talk"),
    Index("quality_samples_week", "week"),
    Index("quality_samples_month", "month", "agent"),
    Index("quality_samples_agent", "agent", "started_us"),
)

quality_cards = Table(
    "quality_cards",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sample_id", Integer, ForeignKey("quality_samples.id"), nullable=False),
    Column("kind", Text, nullable=False),  # records.CardKind
    Column("corrects", Integer, ForeignKey("quality_cards.id")),
    Column("inspector", Text, nullable=False),
    Column("submitted_us", BigInteger, nullable=False),
    Column("reply_until_us", BigInteger, nullable=False),  # not included
    Column("appeal_until_us", BigInteger, nullable=False),  # not included
    Column("form", Text, nullable=False),  # canonical JSON, as scoring.form_of
    Column("form_digest", Text, nullable=False),
    Column("policy_digest", Text, nullable=False),
    Column("points_c", Integer, nullable=False),  # hundredths by the marks alone
    Column("mark_c", Integer, nullable=False),  # 0 where something critical failed
    Column("critical", Boolean, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("summary", Text, nullable=False),
    UniqueConstraint("corrects", name="quality_cards_corrects"),  # a card is corrected once; its correction again
    Index("quality_cards_sample", "sample_id"),
)

quality_items = Table(
    "quality_items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("card_id", Integer, ForeignKey("quality_cards.id"), nullable=False),
    Column("kind", Text, nullable=False),  # criterion, critical, automatic
    Column("item", Text, nullable=False),
    Column("mark", Integer),  # of a criterion
    Column("weight", Integer),
    Column("remark", Text),
    Column("verdict", Text),  # of an automatic item, as it was proposed: automatic.Verdict
    Column("figure", Integer),
    Column("holds", Boolean),  # what the inspector says of the proposal; None: nothing
    UniqueConstraint("card_id", "kind", "item", name="quality_items_item"),
)

# Pinned to an instant of the file. One that was taken back stays, and is not shown.
quality_notes = Table(
    "quality_notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sample_id", Integer, ForeignKey("quality_samples.id"), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("criterion", Text),  # what it is a training point of
    Column("by_login", Text, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("withdrawn_us", BigInteger),
    Index("quality_notes_sample", "sample_id"),
)

quality_drafts = Table(
    "quality_drafts",
    metadata,
    Column("sample_id", Integer, ForeignKey("quality_samples.id"), primary_key=True, autoincrement=False),
    Column("inspector", Key, primary_key=True),
    Column("scores", Text, nullable=False),  # JSON, as scoring.Scores
    Column("saved_us", BigInteger, nullable=False),
)

quality_replies = Table(
    "quality_replies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("card_id", Integer, ForeignKey("quality_cards.id"), nullable=False),
    Column("kind", Text, nullable=False),  # reply, appeal
    Column("agent", Key, nullable=False),
    Column("by_login", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    UniqueConstraint("card_id", "kind", name="quality_replies_once"),
)

quality_decisions = Table(
    "quality_decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("appeal_id", Integer, ForeignKey("quality_replies.id"), nullable=False),
    Column("upheld", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("card_id", Integer, ForeignKey("quality_cards.id")),  # the card in the place of the first, where upheld
    Column("by_login", Text, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    UniqueConstraint("appeal_id", name="quality_decisions_once"),
)

quality_trainings = Table(
    "quality_trainings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("week", Key, nullable=False),
    Column("agent", Key),  # None: for all
    Column("criterion", Text),
    Column("text", Text, nullable=False),
    Column("planned_on", Text, nullable=False),  # a local day
    Column("by_login", Text, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Index("quality_trainings_week", "week"),
)
