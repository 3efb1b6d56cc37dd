"""What was heard of talks, as it is stored: one row a talk, from the file that tells most of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from analytics.storage.recording_models import talk_features
from telephony.clock import from_microseconds

AT_ONCE = 500
"""Talks that one question names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureRow:
    """What was heard of one talk; fields as in `analytics.recordings.values`. None: not measurable on its file."""

    talk_id: str
    file_id: int
    call_id: str
    agent: str
    measured_at: datetime
    version: int  # of the way it is measured
    length_ms: int
    stereo: bool
    speech_ms: int
    silence_ms: int
    music_ms: int
    agent_speech_ms: int | None
    customer_speech_ms: int | None
    silence_count: int  # of those longer than the limit
    longest_silence_ms: int  # 0: none is longer than the limit
    overlap_count: int | None
    overlap_ms: int | None
    responses: int | None
    response_ms: int | None
    longest_response_ms: int | None
    first_words_ms: int | None
    silent_customer: bool | None
    agent_level_cdb: int | None
    customer_level_cdb: int | None
    syllables: int | None
    turns_ms: int | None
    phonation_ms: int | None
    rate_error_permille: int | None


def features_of_talks(connection: Connection, talk_ids: Collection[str]) -> dict[str, FeatureRow]:
    """What was heard of these talks, by talk; a talk that was not listened to is not among them."""
    found: dict[str, FeatureRow] = {}
    for some in _chunks(sorted(set(talk_ids))):
        for row in connection.execute(select(talk_features).where(talk_features.c.talk_id.in_(some))):
            told = dict(row._mapping)
            measured_at = from_microseconds(told.pop("measured_us"))
            found[row.talk_id] = FeatureRow(measured_at=measured_at, **told)
    return found


def _chunks(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE)]
