"""An attempt whose end nobody knows, settled by somebody who knows it: he asked the customer, say."""

from __future__ import annotations

from datetime import datetime

from config.followups import Result
from schedulers.campaigns.records import DialAttempt
from schedulers.dialling import settling
from schedulers.errors import RefusedError
from schedulers.storage.dial_reading import load_attempts
from service.desk.desk import Desk

RESULTS = tuple(each for each in Result if each not in {Result.TALKED, Result.INDETERMINATE})
"""What a person may say: a talk is recorded as the follow-up's outcome. `failed`: he was not dialled at all."""


def settle_by_person(
    desk: Desk, attempt_id: int, result: Result, by: str, now: datetime, note: str = ""
) -> DialAttempt:
    """Write down how it ended. Raises RefusedError for an attempt whose end is known or that goes on."""
    if result not in RESULTS:
        expected = ", ".join(each.value for each in RESULTS)
        raise RefusedError("result", result.value, f"one of {expected}: a talk is recorded as an outcome")
    settling.settle_by_person(desk.book, attempt_id, result, by, now, note)
    with desk.engine.connect() as connection:
        return load_attempts(connection, [attempt_id])[0]
