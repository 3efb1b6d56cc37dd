"""Calls that our own attempts placed: what the attempt adds to what is heard, and how the call settles the attempt.

The end of record is the call's, whichever way it became known: heard as it went on, or told by the PBX's own logs after
a gap. It stands above everything that was believed of the attempt before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from analytics.storage.dialects import dialect_of
from analytics.storage.models import calls, offerings
from config.followups import Result
from schedulers.campaigns.records import DialAttempt, DialMode, Evidence, Phase
from schedulers.errors import StaleError
from schedulers.followups.account import HeardCall
from schedulers.storage import customers
from schedulers.storage.dial_attempts import Ending, settle
from schedulers.storage.dial_reading import load_by_channel
from telephony.calls.facts import Disposition, Known, OfferingOutcome, OfferingSource

ANSWERED = frozenset({Disposition.ANSWERED, Disposition.PICKED_UP, Disposition.VOICEMAIL})
"""The customer's own leg answered, whoever or whatever he then heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A call of ours as follow-ups are told of it, with its attempt and what the facts say of its end."""

    heard: HeardCall
    attempt: DialAttempt
    customer: str  # as he is called now
    disposition: Disposition
    cause: int | None
    is_repaired: bool


def placed_calls(connection: Connection, heard: Sequence[HeardCall]) -> dict[str, Placed]:
    """Those of some calls that are ours, by the call's id; of a channel that is no attempt of ours there is none."""
    attempts = load_by_channel(connection, (each.attempt for each in heard if each.attempt is not None))
    ours = {each.call: (each, attempts[each.attempt]) for each in heard if each.attempt in attempts}
    facts, missed = _facts(connection, ours), _missed(connection, ours)
    called = customers.load(connection, {attempt.customer for _, attempt in ours.values()})
    return {
        id_: _placed(call, attempt, facts[id_], called=called, missed=id_ in missed)
        for id_, (call, attempt) in ours.items()
    }


def settle_placed(connection: Connection, placed: Placed) -> None:
    """Write how the attempt of a call ended. Raises StaleError where another has written something meanwhile."""
    attempt = placed.attempt
    ending = Ending(
        phase=phase_of(placed),
        at=placed.heard.ended_at,
        evidence=Evidence.LOGS if placed.is_repaired else Evidence.HEARD,
        result=placed.heard.result,
        cause=placed.cause,
        call=placed.heard.call,
    )
    if not settle(connection, attempt, ending):
        raise StaleError(f"attempt {attempt.id}: found another revision, expected {attempt.revision}")


def phase_of(placed: Placed) -> Phase:
    """What a call says of its attempt. An agent who did not take his own leg was the only one whose phone rang."""
    if placed.heard.result is Result.AGENT_MISSED and placed.disposition not in ANSWERED:
        return Phase.REFUSED
    if placed.disposition is Disposition.INDETERMINATE:
        return Phase.INDETERMINATE
    return Phase.ANSWERED if placed.disposition in ANSWERED else Phase.NOT_ANSWERED


def call_began(connection: Connection, channel_ids: Collection[str]) -> set[str]:
    """Those channels of which the facts know a call, over or not: it settles its attempt, and nobody else does."""
    dialect = dialect_of(connection.dialect.name)
    wanted = select(calls.c.attempt_id).where(dialect.among(calls.c.attempt_id))
    return set(connection.execute(wanted, dialect.values(channel_ids)).scalars())


def _placed(call: HeardCall, attempt: DialAttempt, fact: Any, *, called: Mapping[str, Any], missed: bool) -> Placed:
    customer = called.get(attempt.customer)
    disposition = Disposition(fact.disposition or Disposition.INDETERMINATE)
    agent_first = attempt.mode is not DialMode.PROGRESSIVE
    is_missed = agent_first and missed and disposition not in ANSWERED
    heard = replace(
        call,
        number=attempt.number,
        withheld=False,
        serves=attempt.follow_ups,
        dialled_by=call.dialled_by or attempt.agent,
        attempt_at=attempt.committed_at,
        result=Result.AGENT_MISSED if is_missed else call.result,
    )
    return Placed(
        heard=heard,
        attempt=attempt,
        customer=attempt.customer if customer is None else customer.id,
        disposition=disposition,
        cause=fact.cause,
        is_repaired=fact.known == Known.REPAIRED.value,
    )


def _facts(connection: Connection, ids: Collection[str]) -> dict[str, Any]:
    dialect = dialect_of(connection.dialect.name)
    if not ids:
        return {}
    wanted = select(calls.c.id, calls.c.disposition, calls.c.cause, calls.c.known).where(dialect.among(calls.c.id))
    return {row.id: row for row in connection.execute(wanted, dialect.values(ids))}


def _missed(connection: Connection, ids: Collection[str]) -> set[str]:
    """Those calls whose agent's own leg, which was dialled first, was not answered."""
    dialect = dialect_of(connection.dialect.name)
    if not ids:
        return set()
    table = offerings.c
    wanted = select(table.call_id, table.outcome).where(
        dialect.among(table.call_id), table.source == OfferingSource.ORIGINATE.value
    )
    rows = connection.execute(wanted, dialect.values(ids)).all()
    answered = {row.call_id for row in rows if row.outcome in {None, OfferingOutcome.ANSWERED.value}}
    return {row.call_id for row in rows} - answered


def tried_at(attempt: DialAttempt) -> datetime:
    """The instant at which an attempt is a contact as long as no call tells another: that of its commit."""
    if attempt.committed_at is None:
        raise StaleError(f"attempt {attempt.id}: found {attempt.phase.value}, expected one that was committed")
    return attempt.committed_at
