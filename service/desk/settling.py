"""An attempt whose end nobody knows, settled by somebody who knows it: he asked the customer, say."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from config.followups import Result
from schedulers.campaigns.records import DialAttempt, Evidence, Phase
from schedulers.errors import RefusedError
from schedulers.followups.dialled import Tried, settled
from schedulers.storage.dial_attempts import Ending, settle
from schedulers.storage.dial_reading import load_attempts
from service.desk.desk import Desk

NOT_ANSWERED = frozenset({Result.NO_ANSWER, Result.BUSY, Result.REJECTED})
ANSWERED = frozenset(
    {Result.VOICEMAIL, Result.THIRD_PERSON, Result.WRONG_NUMBER, Result.SILENT, Result.AGENT_MISSED}
)
RESULTS = tuple(each for each in Result if each in NOT_ANSWERED | ANSWERED | {Result.FAILED})
"""What a person may say: a talk is recorded as the follow-up's outcome. `failed`: he was not dialled at all."""


def settle_by_person(
    desk: Desk, attempt_id: int, result: Result, by: str, now: datetime, note: str = ""
) -> DialAttempt:
    """Write down how it ended. Raises RefusedError for an attempt whose end is known or that goes on."""
    found = _unknown(desk, attempt_id)
    if result not in RESULTS:
        expected = ", ".join(each.value for each in RESULTS)
        raise RefusedError("result", result.value, f"one of {expected}: a talk is recorded as an outcome")
    ending = Ending(phase=phase_of(result), at=now, evidence=Evidence.PERSON, result=result, note=note or by)

    def row(connection: Connection) -> bool:
        return settle(connection, found, ending)

    tried = Tried(
        attempt=found.channel_id,
        follow_ups=found.follow_ups,
        number=found.number,
        agent=found.agent,
        at=found.committed_at or found.planned_at,
        known_at=now,
    )
    desk.book.settle(
        found.customer, tried, lambda account, told, rules: settled(account, told, result, rules, by), row
    )
    with desk.engine.connect() as connection:
        return load_attempts(connection, [attempt_id])[0]


def phase_of(result: Result) -> Phase:
    """Where an attempt of this result stands."""
    if result is Result.FAILED:
        return Phase.REFUSED
    return Phase.ANSWERED if result in ANSWERED else Phase.NOT_ANSWERED


def _unknown(desk: Desk, attempt_id: int) -> DialAttempt:
    with desk.engine.connect() as connection:
        found = next(iter(load_attempts(connection, [attempt_id])), None)
    if found is None:
        raise RefusedError("attempt", str(attempt_id), "the id of an attempt")
    if found.phase is not Phase.INDETERMINATE:
        raise RefusedError(f"attempt {attempt_id}", f"one that is {found.phase.value}", "one that is indeterminate")
    return found
