"""The shapes of campaigns: how they stand, whom they would call, their attempts, and an agent's record."""

from __future__ import annotations

from config.followups import Result
from schedulers.campaigns.changes import Turn
from schedulers.campaigns.records import CampaignState, DialMode, Evidence, Phase, Why
from schedulers.followups.records import State
from service.api.schema import (
    COUNT,
    FLAG,
    INSTANT,
    NUMBER,
    RATE,
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

_MODES = (DialMode.PREVIEW, DialMode.PROGRESSIVE)
CAMPAIGN = obj(
    id=COUNT,
    name=STRING,
    mode=enum(_MODES),
    state=enum(CampaignState),
    kinds=array(STRING),
    listed=FLAG,
    priority=WHOLE,
    groups=array(STRING),
    agents=array(STRING),
    pbx=STRING,
    trunk=STRING,
    caller_id=STRING,
    ring_seconds=maybe(SECONDS),
    notice=FLAG,
    starts_at=maybe(INSTANT),
    deadline_at=maybe(INSTANT),
    made_by=STRING,
    made_at=INSTANT,
    revision=COUNT,
)
CAMPAIGNS = obj(as_of=INSTANT, campaigns=array(ref("Campaign")))
_LEFT_OUT: Schema = {"type": "object", "additionalProperties": COUNT}
MADE = obj(campaign=ref("Campaign"), list=maybe(obj(new=COUNT, known=COUNT, left_out=_LEFT_OUT)))
ATTEMPT = obj(
    id=COUNT,
    channel_id=STRING,
    campaign=maybe(COUNT),
    mode=enum(DialMode),
    phase=enum(Phase),
    follow_ups=array(STRING),
    customer=STRING,
    number=maybe(STRING),
    agent=STRING,
    device=STRING,
    pbx=STRING,
    trunk=STRING,
    by=STRING,
    planned_at=INSTANT,
    dial_at=maybe(INSTANT),
    committed_at=maybe(INSTANT),
    sent_at=maybe(INSTANT),
    ended_at=maybe(INSTANT),
    result=maybe(enum(Result)),
    cause=maybe(COUNT),
    evidence=maybe(enum(Evidence)),
    call=maybe(STRING),
    why=maybe(enum(Why)),
    note=STRING,
    revision=COUNT,
)
ATTEMPTS = obj(as_of=INSTANT, attempts=array(ref("Attempt")), next_after=maybe(STRING))
ATTEMPT_DONE = obj(attempt=ref("Attempt"))
_CONTACTS = obj(all=COUNT, fulfilled=COUNT, closed=COUNT, waiting=COUNT, reached=COUNT, dialling=COUNT)
_PROGRESS = obj(
    as_of=INSTANT,
    contacts=_CONTACTS,
    ready=COUNT,
    tried=COUNT,
    attempts=COUNT,
    phases=mapping(Phase, COUNT),
    results=mapping(Result, COUNT),
    held_back=mapping(Why, COUNT),
    connected_rate=RATE,
    answered_rate=RATE,
    attempts_per_contact=maybe(NUMBER),
    talk_seconds=SECONDS,
)
_FORECAST = obj(remaining=COUNT, per_hour=maybe(NUMBER), finish_at=maybe(INSTANT), in_time=maybe(FLAG))
_LINE = obj(at=INSTANT, what=enum(Turn), by=STRING, note=STRING)
STANDING = obj(
    campaign=ref("Campaign"),
    progress=_PROGRESS,
    forecast=_FORECAST,
    live=array(ref("Attempt")),
    story=array(_LINE),
)
OUTLOOK = obj(
    as_of=INSTANT,
    campaign=ref("Campaign"),
    contacts=COUNT,
    ready=COUNT,
    why_not=mapping(Why, COUNT),
    next_at=maybe(INSTANT),
)
_CONTACT = obj(
    follow_up=STRING,
    kind=STRING,
    customer=STRING,
    customer_name=maybe(STRING),
    number=maybe(STRING),
    owner=STRING,
    group=maybe(STRING),
    state=enum(State),
    due_at=INSTANT,
    agreed_at=maybe(INSTANT),
    why=maybe(enum(Why)),
    ready_at=maybe(INSTANT),
    attempts=COUNT,
    last_result=maybe(enum(Result)),
    refused=maybe(enum(Why)),
    refused_at=maybe(INSTANT),
)
CONTACTS = obj(as_of=INSTANT, contacts=array(_CONTACT), next_after=maybe(STRING))
_RECORD = obj(
    attempt=ref("Attempt"),
    customer_name=maybe(STRING),
    tier=maybe(STRING),
    branch=maybe(STRING),
    dialect=maybe(STRING),
    follow_ups=array(ref("Story")),
)
NEXT = obj(record=maybe(_RECORD))
