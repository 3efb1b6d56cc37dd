"""The shapes of calls, agents and gaps, as the call record of docs/call-model.md has them."""

from __future__ import annotations

from service.api.schema import (
    COUNT,
    FLAG,
    INSTANT,
    SECONDS,
    STRING,
    WHOLE,
    Schema,
    array,
    enum,
    mapping,
    maybe,
    obj,
    ref,
)
from service.pipeline.gaps import GapReason
from telephony.calls.facts import (
    Direction,
    Disposition,
    EndedBy,
    Known,
    OfferingOutcome,
    OfferingSource,
    RingFrom,
    State,
    TalkKind,
    TransferKind,
    VisitEnd,
)

_VISIT = obj(
    queue=STRING,
    joined_at=INSTANT,
    left_at=maybe(INSTANT),
    wait_seconds=maybe(SECONDS),
    ended=maybe(enum(VisitEnd)),
)
_OFFERING = obj(
    agent=STRING,
    interface=STRING,
    device=STRING,
    source=enum(OfferingSource),
    at=INSTANT,
    ring_from=enum(RingFrom),
    ring_seconds=maybe(SECONDS),
    outcome=maybe(enum(OfferingOutcome)),
    consult=FLAG,
)
_TALK: Schema = obj(
    agent=STRING,
    interface=STRING,
    device=STRING,
    kind=enum(TalkKind),
    **{"from": INSTANT, "with": array(STRING)},
    to=maybe(INSTANT),
    talk_seconds=maybe(SECONDS),
    hold_seconds=maybe(SECONDS),
)
_TRANSFER = obj(
    kind=enum(TransferKind), by=maybe(STRING), to=maybe(STRING), at=INSTANT, completed=FLAG
)  # fmt: skip
_RECORDING = obj(
    file=STRING, seconds=maybe(SECONDS), channels=maybe(COUNT), spans=maybe(array(array(SECONDS)))
)  # fmt: skip
_CLAIM = obj(agent=STRING, source=STRING, talk_seconds=COUNT, reason=maybe(STRING))

CALL = obj(
    call_id=STRING,
    alias_ids=array(STRING),
    linkedid=STRING,
    pbx=STRING,
    known=enum(Known),
    direction=enum(Direction),
    caller=maybe(STRING),
    caller_name=maybe(STRING),
    called=maybe(STRING),
    did=maybe(STRING),
    customer=maybe(STRING),
    customer_e164=maybe(STRING),
    customer_withheld=FLAG,
    line=maybe(STRING),
    service_code=maybe(STRING),
    started_at=INSTANT,
    picked_up_at=maybe(INSTANT),
    answered_at=maybe(INSTANT),
    ended_at=maybe(INSTANT),
    answered=FLAG,
    disposition=maybe(enum(Disposition)),
    ended_by=maybe(enum(EndedBy)),
    cause=maybe(WHOLE),
    queue_visits=array(_VISIT),
    offerings=array(_OFFERING),
    talks=array(_TALK),
    transfers=array(_TRANSFER),
    ivr=array(obj(menu=STRING, digit=STRING, at=INSTANT)),
    recordings=array(_RECORDING),
    attempt_id=maybe(STRING),
    claimed=array(_CLAIM),
)
CALLS = obj(period=STRING, calls=array(ref("Call")), next_after=maybe(STRING))

_LIVE_AGENT = obj(
    agent=STRING,
    interface=STRING,
    state=enum(State),
    since=maybe(INSTANT),
    reason=maybe(STRING),
    queues=array(STRING),
)
_LIVE_CALL = obj(
    call_id=STRING,
    direction=enum(Direction),
    customer=maybe(STRING),
    did=maybe(STRING),
    started_at=INSTANT,
    answered_at=maybe(INSTANT),
    queue=maybe(STRING),
    waiting_since=maybe(INSTANT),
    ringing=array(STRING),
    talking=array(STRING),
)
LIVE = obj(as_of=INSTANT, agents=array(_LIVE_AGENT), calls=array(_LIVE_CALL))

_GAP = obj(
    pbx=STRING,
    **{"from": INSTANT},
    to=maybe(INSTANT),
    seconds=maybe({"type": "number"}),
    why=enum(GapReason),
    detail=STRING,
    pbx_booted_at=maybe(INSTANT),
    calls_touched=maybe(COUNT),
    known=maybe(mapping(Known, COUNT)),
    unknown=maybe(array(STRING)),
    repaired_at=maybe(INSTANT),
    sources=maybe(array(STRING)),
)
GAPS = obj(gaps=array(_GAP))
