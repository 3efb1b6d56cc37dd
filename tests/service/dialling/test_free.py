"""Who can take a call: each thing that keeps an agent from it, and that nothing else does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from analytics.people.devices import Assignment, DeviceMap
from service.dialling.free import Around, Seat, free_seats
from service.live.current import Current
from telephony.calls.facts import (
    AgentStateFact,
    CallFact,
    Direction,
    Fact,
    OfferingFact,
    OfferingOutcome,
    OfferingSource,
    RingFrom,
    State,
    TalkFact,
    TalkKind,
)
from telephony.dialling.held import REASON

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
LOCAL, PHONE = "Local/1004@from-queue/n", "PJSIP/1004"
WRAP_UP = timedelta(seconds=30)
CALL_ID = "pbx/1795.1"


def state(what: State, *, queue: str = "sales", reason: str | None = None, before: float = 600) -> AgentStateFact:
    """A state of 1004 that goes on since so many seconds."""
    began = NOW - timedelta(seconds=before)
    return AgentStateFact(
        id=f"{what}/{queue}/{before}", revision=1, call_id="", at=began, pbx="pbx", interface=LOCAL,
        member_name=None, state=what, reason=reason, queue=queue, started_at=began,
    )  # fmt: skip


def call(**changes: object) -> CallFact:
    """A call that goes on."""
    began = NOW - timedelta(seconds=60)
    plain = CallFact(
        id=CALL_ID, revision=1, call_id=CALL_ID, at=began, pbx="pbx", linkedid="1795.1", direction=Direction.INBOUND,
        caller="13800138000", caller_name=None, called="4000", did="4000", customer="13800138000", started_at=began,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def offering(outcome: OfferingOutcome | None) -> OfferingFact:
    """The call at 1004's phone."""
    began = NOW - timedelta(seconds=40)
    return OfferingFact(
        id="o", revision=1, call_id=CALL_ID, at=began, interface=LOCAL, device=PHONE, member_name=None,
        source=OfferingSource.QUEUE, queue="sales", consult=False, offered_at=began, ring_at=began,
        ring_from=RingFrom.RINGING, outcome=outcome, ended_at=None if outcome is None else NOW - timedelta(seconds=35),
    )  # fmt: skip


def talk(*, ended: bool, kind: TalkKind = TalkKind.CUSTOMER) -> TalkFact:
    """1004 in the call."""
    began = NOW - timedelta(seconds=35)
    return TalkFact(
        id="t", revision=1, call_id=CALL_ID, at=began, interface=LOCAL, device=PHONE, member_name=None, queue="sales",
        kind=kind, started_at=began, ended_at=NOW - timedelta(seconds=5) if ended else None,
    )  # fmt: skip


def seats(facts: Iterable[Fact], *, mapped: bool = True) -> list[Seat]:
    """Who is free after these facts."""
    current = Current()
    current.handle(facts)
    rows = [Assignment(interface=LOCAL, agent="A4"), Assignment(interface=PHONE, agent="A4")] if mapped else []
    devices = DeviceMap(rows)
    around = Around(
        states=current.states(),
        records=current.open_records(),
        phones=current.phones,
        talked=current.talked,
        assignments=devices.assignments,
        agent_of=devices.resolve,
        wrap_up=WRAP_UP,
    )
    return free_seats(around, NOW)


LOGGED_IN = state(State.LOGGED_IN)


def test_who_is_logged_in_and_does_nothing_is_free_at_his_phone() -> None:
    """The queue's Local interface leads to the phone of the mapping; a person sits there once, however many queues."""
    (seat,) = seats([LOGGED_IN, state(State.LOGGED_IN, queue="service", before=300)])
    assert seat == Seat(pbx="pbx", agent="A4", device=PHONE, since=NOW - timedelta(seconds=600))


def test_our_own_pause_keeps_nobody_away() -> None:
    """He is held for a call of ours: other reasons are not ours to pass over."""
    assert seats([LOGGED_IN, state(State.PAUSED, reason=REASON)])
    assert not seats([LOGGED_IN, state(State.PAUSED, reason=REASON), state(State.PAUSED, queue="service")])


def test_a_wrap_up_is_over_when_its_time_is() -> None:
    """Nothing is told at its end."""
    assert not seats([LOGGED_IN, state(State.WRAP_UP, before=29)])
    assert seats([LOGGED_IN, state(State.WRAP_UP, before=31)])


@pytest.mark.parametrize(
    "facts",
    [
        [state(State.PAUSED, reason="lunch")],
        [call(), offering(None)],
        [call(), offering(OfferingOutcome.ANSWERED)],
        [call(), offering(OfferingOutcome.ANSWERED), talk(ended=False)],
        [call(), talk(ended=False, kind=TalkKind.MONITOR)],
        [call(direction=Direction.OUTBOUND, caller="1004")],
    ],
    ids=["paused", "rings", "answers", "talks", "listens in", "dials"],
)
def test_who_is_busy_is_not_free(facts: list[Fact]) -> None:
    """By queue, phone or call."""
    assert seats([LOGGED_IN, *facts]) == []


def test_who_passed_the_call_on_is_free_since_then() -> None:
    """The call goes on without him."""
    (seat,) = seats([LOGGED_IN, call(), offering(OfferingOutcome.ANSWERED), talk(ended=True)])
    assert seat.since == NOW - timedelta(seconds=5)


def test_who_has_no_phone_that_is_known_is_not_free() -> None:
    """A Local interface alone cannot be dialled; once it has rung its phone is known."""
    assert seats([LOGGED_IN], mapped=False) == []
    over = call(ended_at=NOW - timedelta(seconds=2))
    (seat,) = seats([LOGGED_IN, over, offering(OfferingOutcome.NO_ANSWER)], mapped=False)
    assert (seat.agent, seat.device) == ("1004", PHONE)
    assert seats([call()]) == []
