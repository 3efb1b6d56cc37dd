"""Facts as rows: one function a kind, in the order of the table's columns.

This is the hot path of storing: no ORM, no dictionaries. `_value_` is the documented plain attribute
behind `Enum.value`, which costs a descriptor call; the drivers are given exact `str`, since a subclass sends
SQLite's adapter machinery on a search for each value.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from telephony.calls.facts import (
    AgentStateFact,
    CallFact,
    ClaimFact,
    DigitFact,
    Interval,
    Joined,
    Muted,
    OfferingFact,
    QueueVisitFact,
    RecordingFact,
    TalkFact,
    TransferFact,
)
from telephony.clock import EPOCH

Value = str | int | bool | None
Row = tuple[Value, ...]

_MICROSECOND = timedelta(microseconds=1)
_encode_json = json.JSONEncoder(ensure_ascii=False).encode


def instant(at: datetime) -> int:
    """Whole microseconds since the epoch, exactly (integer division of two timedeltas)."""
    return (at - EPOCH) // _MICROSECOND


def instant_or_none(at: datetime | None) -> int | None:
    """`instant`, or None while it has not come."""
    return None if at is None else (at - EPOCH) // _MICROSECOND


def call_row(fact: CallFact) -> Row:
    """A row of `calls`."""
    return (
        fact.id,
        fact.revision,
        instant(fact.at),
        fact.pbx,
        fact.linkedid,
        fact.known._value_,
        fact.direction._value_,
        fact.caller,
        fact.caller_name,
        fact.called,
        fact.did,
        fact.customer,
        fact.customer_withheld,
        fact.trunk,
        instant(fact.started_at),
        instant_or_none(fact.picked_up_at),
        instant_or_none(fact.answered_at),
        instant_or_none(fact.customer_left_at),
        instant_or_none(fact.ended_at),
        fact.disposition and fact.disposition._value_,
        fact.ended_by and fact.ended_by._value_,
        fact.cause,
        fact.attempt_id,
    )


def queue_visit_row(fact: QueueVisitFact, call_id: str) -> Row:
    """A row of `queue_visits`."""
    return (
        fact.id,
        fact.revision,
        instant(fact.at),
        call_id,
        fact.queue,
        fact.position,
        instant(fact.joined_at),
        instant_or_none(fact.left_at),
        fact.ended and fact.ended._value_,
    )


def offering_row(fact: OfferingFact, call_id: str, agent: str, began: int) -> Row:
    """A row of `offerings`; `began` is `offered_at` in microseconds."""
    return (
        fact.id,
        fact.revision,
        instant(fact.at),
        call_id,
        fact.interface,
        fact.device,
        fact.member_name,
        agent,
        fact.source._value_,
        fact.queue,
        fact.consult,
        began,
        instant(fact.ring_at),
        fact.ring_from._value_,
        instant_or_none(fact.ended_at),
        fact.outcome and fact.outcome._value_,
    )


def talk_row(fact: TalkFact, call_id: str, agent: str, began: int) -> Row:
    """A row of `talks`; `began` is `started_at` in microseconds. Its holds are rows of their own."""
    return (
        fact.id,
        fact.revision,
        instant(fact.at),
        call_id,
        fact.interface,
        fact.device,
        fact.member_name,
        agent,
        fact.queue,
        fact.kind._value_,
        began,
        instant_or_none(fact.ended_at),
        _encode_json(fact.others) if fact.others else "[]",
        fact.hold_known,
    )


def hold_rows(fact: TalkFact) -> list[Row]:
    """The rows of `holds` of one talk."""
    return [(fact.id, instant(each.start), instant_or_none(each.end), fact.revision) for each in fact.holds]


def transfer_row(fact: TransferFact, call_id: str) -> Row:
    """A row of `transfers`."""
    return (
        fact.id,
        fact.revision,
        instant(fact.at),
        call_id,
        fact.kind._value_,
        fact.by,
        fact.to,
        fact.completed,
    )


def digit_row(fact: DigitFact, call_id: str) -> Row:
    """A row of `digits`."""
    return (fact.id, fact.revision, instant(fact.at), call_id, fact.menu, fact.digit)


def recording_row(fact: RecordingFact, call_id: str) -> Row:
    """A row of `recordings`."""
    joined = fact.joined
    return (
        fact.id,
        fact.revision,
        instant(fact.at),
        call_id,
        fact.file,
        fact.channel,
        fact.part._value_,
        fact.options,
        instant_or_none(fact.started_at),
        instant_or_none(fact.ended_at),
        _encode_json([_stretch(each) for each in fact.stopped]),
        None if joined is None else _encode_json([[*_stretch(each), each.heard, each.said] for each in joined]),
        _encode_json([[*_stretch(each), each.direction] for each in fact.muted]),
    )


def _stretch(each: Interval | Joined | Muted) -> tuple[int, int | None]:
    return instant(each.start), instant_or_none(each.end)


def claim_row(fact: ClaimFact, call_id: str, agent: str, began: int) -> Row:
    """A row of `claims`; `began` is `at` in microseconds."""
    return (
        fact.id,
        fact.revision,
        began,
        call_id,
        fact.interface,
        agent,
        fact.source,
        fact.talk_seconds,
        fact.reason,
    )


def agent_state_row(fact: AgentStateFact, call_id: str, agent: str, began: int) -> Row:
    """A row of `agent_states`; `began` is `started_at` in microseconds."""
    return (
        fact.id,
        fact.revision,
        instant(fact.at),
        call_id,
        fact.pbx,
        fact.interface,
        fact.member_name,
        agent,
        fact.state._value_,
        fact.reason,
        fact.queue,
        began,
        instant_or_none(fact.ended_at),
    )
