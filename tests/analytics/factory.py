"""Facts for tests: each with sensible values, so that a test names only what it is about.

Instants are given as such, or in seconds after `START`; ids may be left out where a test does not need them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from telephony.calls.facts import (
    AgentStateFact,
    CallFact,
    ClaimFact,
    DigitFact,
    Direction,
    Disposition,
    Interval,
    OfferingFact,
    OfferingOutcome,
    OfferingSource,
    QueueVisitFact,
    RecordingFact,
    RingFrom,
    State,
    TalkFact,
    TalkKind,
    TransferFact,
    TransferKind,
    VisitEnd,
)

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)  # 09:00 on a Monday in Shanghai
CUSTOMER = "13800138000"


def at(seconds: float | datetime) -> datetime:
    """The instant so many seconds after START; an instant is left as it is."""
    return seconds if isinstance(seconds, datetime) else START + timedelta(microseconds=round(seconds * 1e6))


def maybe(seconds: float | datetime | None) -> datetime | None:
    """`at`, or None."""
    return None if seconds is None else at(seconds)


def call(
    call_id: str = "pbx/1.1",
    *,
    start: float | datetime = 0,
    answered: float | datetime | None = None,
    end: float | datetime | None = None,
    revision: int = 1,
    **more: Any,
) -> CallFact:
    """A customer's inbound call."""
    values: dict[str, Any] = {
        "at": at(start),
        "pbx": "pbx",
        "linkedid": call_id.partition("/")[2],
        "direction": Direction.INBOUND,
        "caller": CUSTOMER,
        "caller_name": "王小明",
        "called": "4001234567",
        "did": "4001234567",
        "customer": CUSTOMER,
        "trunk": "trunk-a",
        "disposition": None if end is None else Disposition.ANSWERED,
    }
    return CallFact(
        id=call_id,
        call_id=call_id,
        revision=revision,
        started_at=at(start),
        answered_at=maybe(answered),
        ended_at=maybe(end),
        **(values | more),
    )


def visit(
    call_id: str = "pbx/1.1",
    *,
    joined: float | datetime = 0,
    left: float | datetime | None = None,
    ended: VisitEnd | None = None,
    revision: int = 1,
    **more: Any,
) -> QueueVisitFact:
    """A stay in the queue `sales`."""
    values: dict[str, Any] = {"id": f"{call_id}/visit", "at": at(joined), "queue": "sales", "position": 1}
    return QueueVisitFact(
        call_id=call_id,
        revision=revision,
        joined_at=at(joined),
        left_at=maybe(left),
        ended=ended,
        **(values | more),
    )


def offering(
    call_id: str = "pbx/1.1",
    *,
    ring: float | datetime = 0,
    end: float | datetime | None = None,
    outcome: OfferingOutcome | None = None,
    device: str = "PJSIP/1004",
    revision: int = 1,
    **more: Any,
) -> OfferingFact:
    """A queue's offering to one device, which rings from `ring` on."""
    values: dict[str, Any] = {
        "id": f"{call_id}/offering/{device}",
        "at": at(ring),
        "interface": device,
        "member_name": None,
        "source": OfferingSource.QUEUE,
        "queue": "sales",
        "consult": False,
        "offered_at": at(ring),
        "ring_from": RingFrom.RINGING,
    }
    return OfferingFact(
        call_id=call_id,
        revision=revision,
        device=device,
        ring_at=at(ring),
        ended_at=maybe(end),
        outcome=outcome,
        **(values | more),
    )


def talk(
    call_id: str = "pbx/1.1",
    *,
    start: float | datetime = 0,
    end: float | datetime | None = None,
    holds: tuple[tuple[float | datetime, float | datetime | None], ...] = (),
    device: str = "PJSIP/1004",
    kind: TalkKind = TalkKind.CUSTOMER,
    revision: int = 1,
    **more: Any,
) -> TalkFact:
    """An agent's talk with the customer."""
    values: dict[str, Any] = {
        "id": f"{call_id}/talk/{device}",
        "at": at(start),
        "interface": device,
        "member_name": None,
        "queue": "sales",
        "others": (CUSTOMER,),
    }
    return TalkFact(
        call_id=call_id,
        revision=revision,
        device=device,
        kind=kind,
        started_at=at(start),
        ended_at=maybe(end),
        holds=tuple(Interval(start=at(each[0]), end=maybe(each[1])) for each in holds),
        **(values | more),
    )


def transfer(call_id: str = "pbx/1.1", *, revision: int = 1, **more: Any) -> TransferFact:
    """A blind transfer by 1004 to 1006."""
    values: dict[str, Any] = {
        "id": f"{call_id}/transfer",
        "at": at(20),
        "kind": TransferKind.BLIND,
        "by": "PJSIP/1004",
        "to": "1006",
        "completed": True,
    }
    return TransferFact(call_id=call_id, revision=revision, **(values | more))


def digit(call_id: str = "pbx/1.1", *, revision: int = 1, **more: Any) -> DigitFact:
    """The customer pressed 1 in the menu `main`."""
    values: dict[str, Any] = {"id": f"{call_id}/digit", "at": at(1), "menu": "main", "digit": "1"}
    return DigitFact(call_id=call_id, revision=revision, **(values | more))


def recording(call_id: str = "pbx/1.1", *, revision: int = 1, **more: Any) -> RecordingFact:
    """A recording of the customer's channel."""
    values: dict[str, Any] = {
        "id": f"{call_id}/recording",
        "at": at(5),
        "file": "2026/11/02/1.1.wav",
        "channel": "PJSIP/trunk-a-00000001",
    }
    return RecordingFact(call_id=call_id, revision=revision, **(values | more))


def claim(call_id: str = "pbx/1.1", *, revision: int = 1, **more: Any) -> ClaimFact:
    """What the PBX says of 1004's talk."""
    values: dict[str, Any] = {
        "id": f"{call_id}/claim",
        "at": at(60),
        "interface": "PJSIP/1004",
        "source": "agent_complete",
        "talk_seconds": 50,
        "reason": "caller",
    }
    return ClaimFact(call_id=call_id, revision=revision, **(values | more))


def state(
    state: State = State.PAUSED,
    *,
    start: float | datetime = 0,
    end: float | datetime | None = None,
    interface: str = "PJSIP/1004",
    call_id: str = "",
    revision: int = 1,
    **more: Any,
) -> AgentStateFact:
    """An interval in which the interface was in a state."""
    values: dict[str, Any] = {
        "id": f"pbx/{interface}/{state}/{start}",
        "at": at(start),
        "pbx": "pbx",
        "member_name": None,
        "reason": None,
        "queue": None,
    }
    return AgentStateFact(
        call_id=call_id,
        revision=revision,
        interface=interface,
        state=state,
        started_at=at(start),
        ended_at=maybe(end),
        **(values | more),
    )
