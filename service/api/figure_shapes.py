"""The shapes of figures: metrics, answers to questions, the calls behind a figure, reports and the summary."""

from __future__ import annotations

from analytics.metrics.catalogue import METRICS
from analytics.metrics.definitions import Unit
from config.policies import ServiceLevelFormula
from service.api.figures import CHAPTERS, GROUPS
from service.api.schema import (
    COUNT,
    FLAG,
    INSTANT,
    NUMBER,
    RATE,
    STRING,
    Schema,
    array,
    enum,
    mapping,
    maybe,
    obj,
    ref,
    with_optional,
)
from telephony.calls.facts import Direction, Disposition, Known

_VALUE = maybe(NUMBER) | {"description": "in the metric's unit: a count, minutes, seconds, or a rate of 0 to 1"}
_KEY = mapping(GROUPS, STRING) | {"description": "a value for each group that was asked for"}

METRIC = obj(
    name=enum(METRICS),
    zh=STRING,
    en=STRING,
    sentence=STRING,
    formula=STRING,
    unit=enum(Unit),
    chapter=enum(CHAPTERS),
    groups=array(enum(GROUPS)),
    empty=maybe(NUMBER),
)
CATALOGUE = obj(metrics=array(ref("Metric")))

QUESTION = obj(
    metrics=array(enum(METRICS)),
    period=obj(label=STRING, **{"from": INSTANT}, to=INSTANT, zone=STRING),
    as_of=INSTANT,
    group=array(enum(GROUPS)),
    where=mapping(GROUPS, array(STRING)),
    rings=maybe(COUNT),
    within_seconds=maybe(COUNT),
    formula=maybe(enum(ServiceLevelFormula)),
    across=maybe(enum(GROUPS)),
)
_ANSWERED: dict[str, Schema] = {
    "query": ref("Question"),
    "policy": obj(name=STRING, digest=STRING),
    "warnings": array(STRING),
}
FIGURES = obj(
    **_ANSWERED,
    service_level=enum(ServiceLevelFormula),
    titles=mapping([*METRICS, *GROUPS], STRING),
    rows=array(obj(key=_KEY, values=mapping(METRICS, _VALUE))),
)
_EXACT = maybe({"type": "integer"}) | {
    "description": "what adds up without rounding: a count, or whole milliseconds; null for rates and averages"
}
BEHIND = obj(
    **_ANSWERED,
    metric=enum(METRICS),
    key=_KEY,
    figure=obj(value=_VALUE, exact=_EXACT),
    parts=obj(calls=COUNT, exact=_EXACT),
    calls=array(obj(value=_VALUE, exact=_EXACT, call=ref("Call"))),
    next_after=maybe(STRING),
)

_TOLD_APART = dict.fromkeys(("none", "all", *GROUPS), STRING)
MINUTES_ROW = with_optional(
    obj(talk_minutes=NUMBER, hold_minutes=NUMBER, calls=COUNT),
    **_TOLD_APART | {"name": maybe(STRING), "tier": maybe(STRING)},
    quota_floor=maybe(COUNT),
    quota_target=maybe(COUNT),
    quota_short=maybe(NUMBER),
    quota_floor_prorated=maybe(NUMBER),
    projected_minutes=maybe(NUMBER),
    behind=maybe(FLAG),
)
_RINGS = (
    "offered within late no_answer declined caller_gave_up_late caller_gave_up_early answered_elsewhere busy "
    "unreachable failed ringing"
)
RINGS_ROW = with_optional(obj(rate=RATE, **dict.fromkeys(_RINGS.split(), COUNT)), **_TOLD_APART)
REPORT = obj(
    report=enum(("minutes", "three-rings")),
    period=STRING,
    as_of=INSTANT,
    rows=array({"anyOf": [ref("MinutesRow"), ref("RingsRow")]}),
    warnings=array(STRING),
)

_AGENT = obj(agent=STRING, talk_minutes=NUMBER, offered=maybe(COUNT), within=maybe(COUNT), rate=RATE)
SUMMARY = obj(
    period=STRING,
    as_of=INSTANT,
    calls=COUNT,
    direction=mapping(Direction, COUNT),
    disposition=mapping([*Disposition, "open"], COUNT),
    known=mapping(Known, COUNT),
    agents=array(_AGENT),
    warnings=array(STRING),
)
ERROR = obj(
    error=obj(
        error_id=STRING | {"description": "stable: for programs"},
        message=STRING | {"description": "for people: thing, found, expected"},
        status={"type": "integer", "minimum": 400, "maximum": 599},
    )
)
_OPERATION: Schema = {
    "type": "object",
    "required": ["operationId", "summary", "parameters", "responses"],
    "additionalProperties": True,
}
DOCUMENT = with_optional(
    obj(
        openapi=STRING,
        info={"type": "object", "required": ["title", "version"], "additionalProperties": True},
        paths={
            "type": "object",
            "additionalProperties": with_optional(obj(), get=_OPERATION, put=_OPERATION, post=_OPERATION),
        },
    ),
    jsonSchemaDialect=STRING,
    servers=array(obj(url=STRING)),
    security=array({"type": "object", "additionalProperties": array(STRING)}),
    components={"type": "object", "required": ["schemas"], "additionalProperties": True},
    tags=array(obj(name=STRING, description=STRING)),
)
DEMO: Schema = FLAG | {"description": "there and true where recorded calls are played: none of it is real"}
