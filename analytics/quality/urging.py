"""Puts the files of samples first in the queue of what is to be measured, so that a card has its proposals in time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from analytics.storage.recording_models import recording_marks, recording_work
from telephony.clock import to_microseconds

PICKED = 10
"""The priority of files that were picked for quality: before new ones (0) and archives (-10)."""


def put_first(connection: Connection, file_ids: Iterable[int], now: datetime) -> None:
    """Measure these next. What was measured already is left alone."""
    work, now_us = recording_work.c, to_microseconds(now)
    for file_id in sorted(set(file_ids)):
        raised = update(recording_work).where(work.file_id == file_id).values(priority=PICKED)
        if connection.execute(raised).rowcount or _is_measured(connection, file_id):
            continue
        row = {"file_id": file_id, "priority": PICKED, "queued_us": now_us, "due_us": now_us, "tries": 0}
        connection.execute(insert(recording_work).values(row))


def _is_measured(connection: Connection, file_id: int) -> bool:
    found = select(recording_marks.c.file_id).where(recording_marks.c.file_id == file_id)
    return connection.execute(found).first() is not None
