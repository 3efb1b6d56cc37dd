"""Rows of recordings' files for tests: each with sensible values, so that a test names only what it is about."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, insert

from analytics.storage.recording_models import recording_files, recording_spans, talk_features
from analytics.storage.rows import instant
from tests.analytics.factory import START

START_US = instant(START)
SECOND_US = 1_000_000


def put_file(engine: Engine, path: str = "2026/11/02/1.1.wav", *, start: float = 0, **more: Any) -> int:
    """A file of eight-bit stereo that lasts a minute, of a call `start` seconds after START. Its id."""
    values: dict[str, Any] = {
        "pbx": "pbx",
        "path": path,
        "size": 1000,
        "stamp": "3e8-1",
        "found_us": START_US + 90 * SECOND_US,
        "changed_us": START_US + 60 * SECOND_US,
        "condition": "ready",
        "coding": "pcm16",
        "channels": 2,
        "rate": 8000,
        "length_ms": 60_000,
        "layout": "apart",
        "axis": "whole",
        "call_id": "pbx/1.1",
        "started_us": START_US + round(start * SECOND_US),
    }
    with engine.begin() as connection:
        made = connection.execute(insert(recording_files).values(values | more))
        return int(made.inserted_primary_key[0])


def put_span(engine: Engine, file_id: int, talk_id: str = "pbx/1.1/talk/PJSIP/1004", **more: Any) -> None:
    """Agent 1004's talk from second 5 to second 50 of a file, with one hold."""
    values: dict[str, Any] = {
        "file_id": file_id,
        "talk_id": talk_id,
        "call_id": "pbx/1.1",
        "agent": "1004",
        "start_ms": 5000,
        "end_ms": 50_000,
        "holds": "[[20000,30000]]",
        "agent_channel": 1,
        "customer_channel": 0,
        "begins_talk": True,
    }
    with engine.begin() as connection:
        connection.execute(insert(recording_spans).values(values | more))


def put_features(engine: Engine, talk_id: str, **more: Any) -> None:
    """What was heard of one talk on one channel: the least there can be."""
    values: dict[str, Any] = {
        "talk_id": talk_id,
        "file_id": 1,
        "call_id": "pbx/1.1",
        "agent": "1004",
        "measured_us": START_US,
        "version": 1,
        "length_ms": 35_000,
        "stereo": False,
        "speech_ms": 20_000,
        "silence_ms": 15_000,
        "music_ms": 0,
        "silence_count": 1,
        "longest_silence_ms": 4000,
    }
    with engine.begin() as connection:
        connection.execute(insert(talk_features).values(values | more))
