"""One call with everything: a menu, a queue, a ringing that nobody answered, hold, a consultation, a transfer.

Seconds are from the first channel, as in the picture of the design.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from analytics.storage.repairs import Repair
from config.rings import RingRule
from service.dashboard.board import Gap
from service.dashboard.periods import CallStory
from telephony.calls.facts import (
    CallFact,
    ClaimFact,
    DigitFact,
    Direction,
    Disposition,
    EndedBy,
    Interval,
    Known,
    OfferingFact,
    OfferingOutcome,
    OfferingSource,
    QueueVisitFact,
    RecordingFact,
    RingFrom,
    TalkFact,
    TalkKind,
    TransferFact,
    TransferKind,
    VisitEnd,
)
from telephony.calls.record import CallRecord
from tests.service.dashboard.people import NAMES

START = datetime(2026, 11, 20, 7, 18, 42, tzinfo=UTC)
CALL_ID = "hq/1795189122.4471"
NUMBER = "13955552214"


def at(seconds: float) -> datetime:
    """An instant of the call."""
    return START + timedelta(seconds=seconds)


def _offering(
    n: int, agent: str, ring: float, end: float, outcome: OfferingOutcome, *, consult: bool = False
) -> OfferingFact:
    return OfferingFact(
        id=f"{CALL_ID}/o{n}", revision=1, call_id=CALL_ID, at=at(end), interface=f"Local/{agent}@queue-agents/n",
        device=f"PJSIP/{agent}", member_name=None, queue="咨询热线", consult=consult,
        source=OfferingSource.TRANSFER if consult else OfferingSource.QUEUE, offered_at=at(ring),
        ring_at=at(ring), ring_from=RingFrom.RINGING, ended_at=at(end), outcome=outcome,
    )  # fmt: skip


def _talk(
    n: int, agent: str, start: float, end: float, kind: TalkKind, holds: tuple[tuple[float, float], ...] = ()
) -> TalkFact:
    return TalkFact(
        id=f"{CALL_ID}/t{n}", revision=1, call_id=CALL_ID, at=at(end), interface=f"Local/{agent}@queue-agents/n",
        device=f"PJSIP/{agent}", member_name=None, queue="咨询热线", kind=kind, started_at=at(start),
        ended_at=at(end), holds=tuple(Interval(start=at(a), end=at(b)) for a, b in holds), others=(NUMBER,),
    )  # fmt: skip


CALL = CallFact(
    id=CALL_ID, revision=9, call_id=CALL_ID, at=at(140.1), pbx="hq", linkedid="1795189122.4471",
    known=Known.REPAIRED, direction=Direction.INBOUND, caller=NUMBER, caller_name=None, called="4008200110",
    did="4008200110", customer=NUMBER, trunk="trunk", started_at=START, picked_up_at=at(0.4), answered_at=at(31.3),
    customer_left_at=at(140.1), ended_at=at(140.1), disposition=Disposition.ANSWERED,
    ended_by=EndedBy.CUSTOMER, cause=16,
)  # fmt: skip

RECORD = CallRecord(
    call=CALL,
    visits=[
        QueueVisitFact(
            id=f"{CALL_ID}/q", revision=2, call_id=CALL_ID, at=at(31.3), queue="咨询热线", position=1,
            joined_at=at(9.4), left_at=at(31.3), ended=VisitEnd.ANSWERED,
        )
    ],
    offerings=[
        _offering(1, "1003", 11.2, 26.2, OfferingOutcome.NO_ANSWER),
        _offering(2, "1004", 28.3, 31.3, OfferingOutcome.ANSWERED),
        _offering(3, "1006", 69.5, 73.6, OfferingOutcome.ANSWERED, consult=True),
    ],
    talks=[
        _talk(1, "1004", 31.3, 89.1, TalkKind.CUSTOMER, ((69.5, 89.1),)),
        _talk(2, "1004", 73.6, 89.1, TalkKind.CONSULT),
        _talk(3, "1006", 73.6, 89.1, TalkKind.CONSULT),
        _talk(4, "1006", 89.1, 140.1, TalkKind.CUSTOMER),
    ],
    transfers=[
        TransferFact(
            id=f"{CALL_ID}/x", revision=1, call_id=CALL_ID, at=at(89.1), kind=TransferKind.ATTENDED,
            by="PJSIP/1004", to="PJSIP/1006", completed=True,
        )
    ],
    digits=[DigitFact(id=f"{CALL_ID}/d", revision=1, call_id=CALL_ID, at=at(5), menu="main", digit="1")],
    recordings=[
        RecordingFact(
            id=f"{CALL_ID}/r", revision=1, call_id=CALL_ID, at=at(31.3), file=f"{NUMBER}.wav", channel="x"
        )
    ],
    claims=[
        ClaimFact(
            id=f"{CALL_ID}/c", revision=1, call_id=CALL_ID, at=at(140.1),
            interface="Local/1004@queue-agents/n", source="queue_log", talk_seconds=108, reason="caller",
        )
    ],
)  # fmt: skip


def agent_of(interface: str, device: str, when: datetime) -> tuple[str, str | None]:
    """The four digits in the interface's name, and who that is."""
    number = next((n for n in NAMES if n in interface), interface)
    return number, NAMES.get(number)


STORY = CallStory(
    record=RECORD,
    as_of=at(600),
    rule=RingRule(),
    agent_of=agent_of,
    gaps=(Gap(pbx="hq", start=at(112), end=at(119), calls=1),),
    repair=Repair(
        repaired_at=at(300),
        sources="cel",
        before_known="inferred",
        before_disposition="indeterminate",
        before_talk_ms=61_100,
        talk_ms=108_800,
    ),
)


def going_on(until: float) -> CallStory:
    """The same call while its last talk goes on, as of so many seconds after its start."""
    call = replace(CALL, ended_at=None, customer_left_at=None, disposition=None, ended_by=None)
    talks = [replace(each, ended_at=None) if each.id.endswith("/t4") else each for each in RECORD.talks]
    return replace(STORY, record=replace(RECORD, call=call, talks=talks), as_of=at(until))
