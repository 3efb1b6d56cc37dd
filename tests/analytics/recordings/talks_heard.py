"""What was heard of talks, for tests: each with sensible values, so that a test names only what it is about."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, insert

from analytics.recordings.sounded import Heard, Sounded
from analytics.storage.recording_models import recording_files, recording_spans, talk_features

TALK = "pbx/1.1/talk/PJSIP/1004"
MONO: dict[str, Any] = dict.fromkeys(
    (
        "agent_speech_ms",
        "customer_speech_ms",
        "overlap_count",
        "overlap_ms",
        "responses",
        "response_ms",
        "longest_response_ms",
        "first_words_ms",
        "silent_customer",
        "syllables",
        "turns_ms",
        "phonation_ms",
        "rate_error_permille",
    )
)


def heard(**more: Any) -> Heard:
    """A minute on two channels: 65 syllables in half a minute of turns are 130 a minute, within 5 %."""
    values: dict[str, Any] = {
        "length_ms": 60_000,
        "speech_ms": 45_000,
        "silence_ms": 12_000,
        "music_ms": 3000,
        "silence_count": 1,
        "longest_silence_ms": 4000,
        "agent_speech_ms": 27_000,
        "customer_speech_ms": 18_000,
        "overlap_count": 1,
        "overlap_ms": 1500,
        "responses": 4,
        "response_ms": 3200,
        "longest_response_ms": 1900,
        "first_words_ms": 1200,
        "silent_customer": False,
        "syllables": 65,
        "turns_ms": 30_000,
        "phonation_ms": 26_000,
        "rate_error_permille": 50,
    }
    return Heard(**(values | more))


def mono(**more: Any) -> Heard:
    """The same minute on one channel."""
    return heard(**(MONO | more))


def sounded(talk_id: str = TALK, told: Heard | None = None, **more: Any) -> Sounded:
    """A talk in a playable stereo file."""
    return Sounded(**({"talk_id": talk_id, "playable": True, "apart": True, "heard": told} | more))


def put(engine: Engine, each: Sounded, call_id: str = "pbx/1.1", agent: str = "1004") -> None:
    """Store what is known of a talk's recordings: a file for it, and what was heard."""
    with engine.begin() as connection:
        if each.playable or each.destroyed:
            told = {
                "pbx": "pbx", "path": f"{each.talk_id}.wav", "size": 1000, "stamp": "1", "found_us": 0, "changed_us": 0,
                "condition": "ready" if each.playable else "destroyed", "call_id": call_id,
            }  # fmt: skip
            made = connection.execute(insert(recording_files).values(told)).inserted_primary_key
            assert made is not None
            span = {
                "file_id": made[0], "talk_id": each.talk_id, "call_id": call_id, "agent": agent, "start_ms": 0,
                "end_ms": 60_000, "agent_channel": 0 if each.apart else None,
                "customer_channel": 1 if each.apart else None, "begins_talk": True,
            }  # fmt: skip
            connection.execute(insert(recording_spans).values(span))
        if each.heard is not None:
            about = {
                "talk_id": each.talk_id, "file_id": 1, "call_id": call_id, "agent": agent, "measured_us": 0,
                "version": 1, "stereo": each.apart,
            }  # fmt: skip
            connection.execute(insert(talk_features).values(about | each.heard._asdict()))
