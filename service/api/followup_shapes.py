"""The shapes of follow-ups: work lists, stories, coverage, and what became of what was asked to be done."""

from __future__ import annotations

from config.followups import FulfilledBy, Mode, Result
from schedulers.followups.records import Obstacle, State, What
from schedulers.storage.coverage import Standing
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
    maybe,
    obj,
    ref,
)

_OPEN_COUNTS: Schema = {"type": "object", "additionalProperties": COUNT}
_ABOUT: Schema = {"type": "object", "additionalProperties": {"type": ["string", "integer"]}}

FOLLOW_UP = obj(
    id=STRING,
    kind=STRING,
    kind_zh=STRING,
    kind_en=STRING,
    customer=STRING,
    customer_name=maybe(STRING),
    number=maybe(STRING),
    owner=STRING,
    group=maybe(STRING),
    skill=maybe(STRING),
    state=enum(State),
    overdue=FLAG,
    late=FLAG,
    obstacle=maybe(enum(Obstacle)),
    level=COUNT,
    born_at=INSTANT,
    open_at=INSTANT,
    due_at=INSTANT,
    promised_at=INSTANT,
    agreed_at=maybe(INSTANT),
    ready_at=maybe(INSTANT),
    last_chance_at=maybe(INSTANT),
    tried_at=maybe(INSTANT),
    wanted_at=maybe(INSTANT),
    acknowledged_at=maybe(INSTANT),
    fulfilled_at=maybe(INSTANT),
    ended_at=maybe(INSTANT),
    reason=maybe(STRING),
    call=maybe(STRING),
    elsewhere=maybe(STRING),
    content=maybe(FLAG),
    attempts=COUNT,
    attempts_uncounted=COUNT,
    last_result=maybe(enum(Result)),
    reached_call=maybe(STRING),
    claimed_call=maybe(STRING),
    about=_ABOUT,
    approvals=array(STRING),
    case=STRING,
    after=maybe(STRING),
    revision=COUNT,
)
FOLLOW_UPS = obj(as_of=INSTANT, state=STRING, follow_ups=array(ref("FollowUp")), next_after=maybe(STRING))

_QUESTION = obj(id=STRING, text_zh=STRING, text_en=STRING, scale=maybe(COUNT), content_from=maybe(COUNT))
_LINE = obj(
    revision=COUNT,
    at=INSTANT,
    what=enum(What),
    by=STRING,
    note=STRING,
    owner=STRING,
    before_owner=maybe(STRING),
    group=maybe(STRING),
    state=enum(State),
    due_at=INSTANT,
    reason=maybe(STRING),
)
_ATTEMPT = obj(
    at=INSTANT,
    result=enum(Result),
    counts=FLAG,
    number=maybe(STRING),
    agent=maybe(STRING),
    call=maybe(STRING),
    talk_seconds=maybe(SECONDS),
    window=STRING,
)
STORY = obj(
    follow_up=ref("FollowUp"),
    source=STRING,
    mode=enum(Mode),
    fulfilled_by=enum(FulfilledBy),
    min_talk_seconds=SECONDS,
    script_zh=STRING,
    script_en=STRING,
    survey=maybe(obj(id=STRING, least=COUNT, questions=array(_QUESTION))),
    reasons=array(obj(id=STRING, name_zh=STRING, name_en=STRING)),
    changes=array(_LINE),
    attempts=array(_ATTEMPT),
    answers=array(obj(question=STRING, answer={"type": ["string", "integer"]}, at=INSTANT, by=STRING)),
    chain=array(ref("FollowUp")),
)

_FIGURES: dict[str, Schema] = {
    "due": COUNT,
    "done_on_time": COUNT,
    "done_late": COUNT,
    "open_in_time": COUNT,
    "open_overdue": COUNT,
    "attempts": COUNT,
    "closed": COUNT,
    "closed_by_reason": _OPEN_COUNTS,
    "coverage": RATE,
    "reached": RATE,
    "attempts_per_contact": maybe(NUMBER),
}
_SAID_QUESTION = obj(
    question=STRING, answers=COUNT, satisfied=maybe(COUNT), rate=RATE, mean=maybe(NUMBER), marks=_OPEN_COUNTS
)
_SAID = obj(
    kind=STRING,
    survey=maybe(STRING),
    least=COUNT,
    answers=COUNT,
    satisfied=COUNT,
    rate=RATE,
    refused=COUNT,
    unreached=COUNT,
    questions=array(_SAID_QUESTION),
)
COVERAGE = obj(
    period=STRING,
    as_of=INSTANT,
    rows=array(obj(kind=STRING, kind_zh=STRING, kind_en=STRING, group=maybe(STRING), **_FIGURES)),
    total=obj(**_FIGURES),
    satisfaction=array(_SAID),
)
_STOOD = obj(
    id=STRING,
    kind=STRING,
    group=maybe(STRING),
    owner=STRING,
    standing=enum(Standing),
    due_at=INSTANT,
    fulfilled_at=maybe(INSTANT),
    reason=maybe(STRING),
    attempts=COUNT,
)
COVERED = obj(period=STRING, as_of=INSTANT, items=array(_STOOD), next_after=maybe(STRING))

_CHANGE = obj(
    id=STRING,
    kind=STRING,
    what=enum(What),
    state=enum(State),
    owner=STRING,
    due_at=INSTANT,
    after=maybe(STRING),
    revision=WHOLE,
)
CHANGES = obj(changes=array(_CHANGE))
TAKEN = obj(
    event=STRING,
    key=STRING,
    new=FLAG,
    follow_ups=array(STRING),
    nothing=array(obj(kind=STRING, why=STRING)),
)
