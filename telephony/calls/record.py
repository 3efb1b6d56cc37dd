"""Facts folded into the call record of the public contract (docs/call-model.md). Pure.

    records = fold(facts)                      # newest revision of each fact, aliases resolved
    line = as_json(record, View(country="CN")) # a dict with every key, in the order of the contract

Instants are kept in microseconds and cut, never rounded, to milliseconds here and only here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from telephony.calls.facts import (
    AgentStateFact,
    CallFact,
    ClaimFact,
    DigitFact,
    Fact,
    Interval,
    OfferingFact,
    QueueVisitFact,
    RecordingFact,
    TalkFact,
    TalkKind,
    TransferFact,
)
from telephony.calls.legs import extension_of
from telephony.clock import milliseconds
from telephony.numbers import to_e164

AgentOf = Callable[[str, str, datetime], str]
"""(interface, device, when) -> the person's id."""


@dataclass(slots=True, kw_only=True)
class CallRecord:
    """One call and everything said about it, each part in order of time."""

    call: CallFact
    visits: list[QueueVisitFact] = field(default_factory=list)
    offerings: list[OfferingFact] = field(default_factory=list)
    talks: list[TalkFact] = field(default_factory=list)
    transfers: list[TransferFact] = field(default_factory=list)
    digits: list[DigitFact] = field(default_factory=list)
    recordings: list[RecordingFact] = field(default_factory=list)
    claims: list[ClaimFact] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How records are shown: whose country's numbers, and who an interface is."""

    country: str = "CN"
    agent_of: AgentOf = lambda interface, device, at: extension_of(interface)
    line_of: Callable[[CallFact], tuple[str | None, str | None]] = lambda call: (None, None)


def newest(facts: Iterable[Fact]) -> dict[tuple[type, str], Fact]:
    """The newest revision of each fact, whatever the order of arrival."""
    found: dict[tuple[type, str], Fact] = {}
    for fact in facts:
        key = (type(fact), fact.id)
        known = found.get(key)
        if known is None or fact.revision >= known.revision:
            found[key] = fact
    return found


def fold(facts: Iterable[Fact]) -> list[CallRecord]:
    """The calls that these facts tell, by start and id. Merged calls are told by the one that stays."""
    latest = newest(facts)
    stays = {
        fact.id: fact.merged_into
        for fact in latest.values()
        if isinstance(fact, CallFact) and fact.merged_into is not None
    }
    records = {
        fact.id: CallRecord(call=fact)
        for fact in latest.values()
        if isinstance(fact, CallFact) and fact.merged_into is None
    }
    for fact in latest.values():
        if isinstance(fact, CallFact | AgentStateFact):
            continue
        if isinstance(fact, TalkFact) and fact.ended_at == fact.started_at:
            continue  # void: channels swapped bridges
        if isinstance(fact, RecordingFact) and not fact.file:
            continue  # it was made, but nobody knows where
        record = records.get(_resolve(fact.call_id, stays))
        if record is not None:
            _part(record, fact).append(fact)
    ordered = sorted(records.values(), key=lambda r: (r.call.started_at, r.call.id))
    for record in ordered:
        _sort(record)
    return ordered


def _resolve(call_id: str, stays: dict[str, str]) -> str:
    seen = 0
    while (following := stays.get(call_id)) is not None and seen < len(stays) + 1:
        call_id, seen = following, seen + 1
    return call_id


def _part(record: CallRecord, fact: Fact) -> list[Any]:
    parts: dict[type, list[Any]] = {
        QueueVisitFact: record.visits,
        OfferingFact: record.offerings,
        TalkFact: record.talks,
        TransferFact: record.transfers,
        DigitFact: record.digits,
        RecordingFact: record.recordings,
        ClaimFact: record.claims,
    }
    return parts[type(fact)]


def _sort(record: CallRecord) -> None:
    record.visits.sort(key=lambda f: (f.joined_at, f.id))
    record.offerings.sort(key=lambda f: (f.offered_at, f.id))
    record.talks.sort(key=lambda f: (f.started_at, f.id))
    record.transfers.sort(key=lambda f: (f.at, f.id))
    record.digits.sort(key=lambda f: (f.at, f.id))
    record.recordings.sort(key=lambda f: (f.at, f.id))
    record.claims.sort(key=lambda f: (f.at, f.id))


# -- durations ----------------------------------------------------------------------------


def hold_time(talk: TalkFact, until: datetime) -> timedelta:
    """How long this stretch was on hold; an open hold counts up to `until`."""
    total = timedelta()
    for hold in talk.holds:
        total += max((hold.end or until) - hold.start, timedelta())
    return total


def talk_time(talk: TalkFact, until: datetime) -> timedelta:
    """How long the two heard each other: the stretch less its holds."""
    return (talk.ended_at or until) - talk.started_at - hold_time(talk, talk.ended_at or until)


def ring_time(offering: OfferingFact, until: datetime) -> timedelta:
    """How long the device alerted."""
    return max((offering.ended_at or until) - offering.ring_at, timedelta())


# -- the public shape ---------------------------------------------------------------------


def instant(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, cut to milliseconds."""
    if at is None:
        return None
    return at.isoformat(timespec="milliseconds")


def seconds(duration: timedelta) -> float:
    """Seconds with three decimals, cut."""
    return milliseconds(duration) / 1000


def as_json(record: CallRecord, view: View) -> dict[str, Any]:
    """The call record as one JSON object; every key is always there, None where unknown."""
    call = record.call
    line, service_code = view.line_of(call)
    return {
        "call_id": call.id,
        "alias_ids": list(call.alias_ids),
        "linkedid": call.linkedid,
        "pbx": call.pbx,
        "known": call.known.value,
        "direction": call.direction.value,
        "caller": call.caller,
        "caller_name": call.caller_name,
        "called": call.called,
        "did": call.did,
        "customer": call.customer,
        "customer_e164": to_e164(call.customer, view.country),
        "customer_withheld": call.customer_withheld,
        "line": line,
        "service_code": service_code,
        "started_at": instant(call.started_at),
        "picked_up_at": instant(call.picked_up_at),
        "answered_at": instant(call.answered_at),
        "ended_at": instant(call.ended_at),
        "answered": call.answered_at is not None,
        "disposition": None if call.disposition is None else call.disposition.value,
        "ended_by": None if call.ended_by is None else call.ended_by.value,
        "cause": call.cause,
        "queue_visits": [_visit(visit) for visit in record.visits],
        "offerings": [_offering(offering, view) for offering in record.offerings],
        "talks": [_talk(talk, view) for talk in record.talks],
        "transfers": [_transfer(transfer, view) for transfer in record.transfers],
        "ivr": [{"menu": d.menu, "digit": d.digit, "at": instant(d.at)} for d in record.digits],
        "recordings": [
            {"file": r.file, "seconds": None, "channels": None, "spans": None} for r in record.recordings
        ],
        "attempt_id": call.attempt_id,
        "claimed": [_claim(claim, view) for claim in record.claims],
    }


def _visit(visit: QueueVisitFact) -> dict[str, Any]:
    wait = None if visit.left_at is None else seconds(visit.left_at - visit.joined_at)
    return {
        "queue": visit.queue,
        "joined_at": instant(visit.joined_at),
        "left_at": instant(visit.left_at),
        "wait_seconds": wait,
        "ended": None if visit.ended is None else visit.ended.value,
    }


def _offering(offering: OfferingFact, view: View) -> dict[str, Any]:
    ended = offering.ended_at
    return {
        "agent": view.agent_of(offering.interface, offering.device, offering.offered_at),
        "interface": offering.interface,
        "device": offering.device,
        "source": offering.source.value,
        "at": instant(offering.offered_at),
        "ring_from": offering.ring_from.value,
        "ring_seconds": None if ended is None else seconds(ring_time(offering, ended)),
        "outcome": None if offering.outcome is None else offering.outcome.value,
        "consult": offering.consult,
    }


def _talk(talk: TalkFact, view: View) -> dict[str, Any]:
    ended = talk.ended_at
    return {
        "agent": view.agent_of(talk.interface, talk.device, talk.started_at),
        "interface": talk.interface,
        "device": talk.device,
        "kind": talk.kind.value,
        "from": instant(talk.started_at),
        "to": instant(ended),
        "talk_seconds": None if ended is None else seconds(talk_time(talk, ended)),
        "hold_seconds": seconds(hold_time(talk, ended)) if ended is not None and talk.hold_known else None,
        "with": [_other(other, talk.started_at, view) for other in talk.others],
    }


def _other(other: str, at: datetime, view: View) -> str:
    """A customer's number as it is, a colleague's device as the person."""
    return view.agent_of(other, other, at) if "/" in other else other


def _transfer(transfer: TransferFact, view: View) -> dict[str, Any]:
    by = transfer.by
    return {
        "kind": transfer.kind.value,
        "by": None if by is None else view.agent_of(by, by, transfer.at),
        "to": transfer.to,
        "at": instant(transfer.at),
        "completed": transfer.completed,
    }


def _claim(claim: ClaimFact, view: View) -> dict[str, Any]:
    return {
        "agent": view.agent_of(claim.interface, claim.interface, claim.at),
        "source": claim.source,
        "talk_seconds": claim.talk_seconds,
        "reason": claim.reason,
    }


def phone_time(talks: Iterable[TalkFact], until: datetime) -> timedelta:
    """The phone minutes in these stretches (domain: with a customer or in a conference with one)."""
    return sum(
        (talk_time(talk, until) for talk in talks if talk.kind in (TalkKind.CUSTOMER, TalkKind.CONFERENCE)),
        timedelta(),
    )


__all__ = [
    "AgentOf",
    "CallRecord",
    "Interval",
    "View",
    "as_json",
    "fold",
    "hold_time",
    "instant",
    "newest",
    "phone_time",
    "ring_time",
    "seconds",
    "talk_time",
]
