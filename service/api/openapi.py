"""The description of the API, OpenAPI 3.1, made of the table of endpoints: plain data."""

from __future__ import annotations

from functools import cache
from typing import Any

from service.api import (
    act_handlers,
    call_shapes,
    campaign_shapes,
    customer_shapes,
    figure_shapes,
    followup_shapes,
    recording_handlers,
)
from service.api.accept import CSV, HTML, JSON, XLSX
from service.api.bodies import BODIES
from service.api.body_fields import example_of, schema_of
from service.api.campaign_examples import EXAMPLES as CAMPAIGN_EXAMPLES
from service.api.endpoints import ENDPOINTS, Endpoint, Fresh, Tag
from service.api.errors import MEANINGS
from service.api.examples import EXAMPLES
from service.api.parameters import Parameter, Place
from service.api.schema import Schema, ref, with_optional

VERSION = "1"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

SCHEMAS: dict[str, Schema] = {
    "Call": call_shapes.CALL,
    "Calls": call_shapes.CALLS,
    "Gaps": call_shapes.GAPS,
    "Live": call_shapes.LIVE,
    "Metric": figure_shapes.METRIC,
    "Catalogue": figure_shapes.CATALOGUE,
    "Question": figure_shapes.QUESTION,
    "Figures": figure_shapes.FIGURES,
    "Behind": figure_shapes.BEHIND,
    "MinutesRow": figure_shapes.MINUTES_ROW,
    "RingsRow": figure_shapes.RINGS_ROW,
    "Report": figure_shapes.REPORT,
    "Summary": figure_shapes.SUMMARY,
    "Customer": customer_shapes.CUSTOMER,
    "Customers": customer_shapes.CUSTOMERS,
    "CustomerHistory": customer_shapes.HISTORY,
    "CustomerTold": customer_shapes.TOLD,
    "FollowUp": followup_shapes.FOLLOW_UP,
    "FollowUps": followup_shapes.FOLLOW_UPS,
    "Story": followup_shapes.STORY,
    "Coverage": followup_shapes.COVERAGE,
    "Covered": followup_shapes.COVERED,
    "Changes": followup_shapes.CHANGES,
    "Taken": followup_shapes.TAKEN,
    "Campaign": campaign_shapes.CAMPAIGN,
    "Campaigns": campaign_shapes.CAMPAIGNS,
    "CampaignMade": campaign_shapes.MADE,
    "CampaignStanding": campaign_shapes.STANDING,
    "CampaignOutlook": campaign_shapes.OUTLOOK,
    "CampaignContacts": campaign_shapes.CONTACTS,
    "Attempt": campaign_shapes.ATTEMPT,
    "Attempts": campaign_shapes.ATTEMPTS,
    "AttemptDone": campaign_shapes.ATTEMPT_DONE,
    "NextRecord": campaign_shapes.NEXT,
    "Act": act_handlers.ACT,
    "Recording": recording_handlers.RECORDING,
    "Recordings": recording_handlers.RECORDINGS,
    "RecordingWhole": recording_handlers.WHOLE,
    "Document": figure_shapes.DOCUMENT,
    "Error": figure_shapes.ERROR,
    **{name: schema_of(body) for name, body in BODIES.items()},
}
_EXAMPLES = EXAMPLES | CAMPAIGN_EXAMPLES | act_handlers.EXAMPLES | recording_handlers.EXAMPLES
TAGS = {
    Tag.FIGURES: ("Figures", "数字"),
    Tag.CALLS: ("Calls", "通话"),
    Tag.RECORDINGS: ("Recordings", "录音"),
    Tag.CUSTOMERS: ("Customers", "客户"),
    Tag.FOLLOWUPS: ("Follow-ups", "跟进"),
    Tag.CAMPAIGNS: ("Campaigns", "外呼活动"),
    Tag.ACTS: ("Acting on the PBX", "在 PBX 上操作"),
    Tag.SERVICE: ("This API", "本接口"),
}
_INTRODUCTION = (
    "Calls and figures are read-only. Every figure comes from the definitions of /api/v1/metrics, and every refusal "
    "has one shape. Instants are UTC; days and months are those of the centre's zone."
)


@cache
def document() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": "Three Rings 三声",
            "version": VERSION,
            "description": _INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag.value, "description": f"{en} {zh}"} for tag, (en, zh) in TAGS.items()],
        "security": [{}, {"token": []}],
        "paths": _paths(),
        "components": {"schemas": _schemas(), "securitySchemes": {"token": _TOKEN}},
    }


def _paths() -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for each in ENDPOINTS:
        found.setdefault(each.path, {})[each.method.value.lower()] = _operation(each)
    return found


_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "`threerings token create`. Needed where the service listens beyond loopback. Scopes: read; "
    "export for CSV and Excel; recordings:listen for the sound of recordings; "
    "people for customers' numbers and names, which are masked without it; "
    "with it customers:write to tell of customers; followups:write for what is done to follow-ups; events:write for "
    "events from outside, and nothing else.",
}


def _schemas() -> dict[str, Schema]:
    """Answers may say that they are the demo's."""
    answers = {each.answer for each in ENDPOINTS} - {"Document"}
    optional = {"demo": figure_shapes.DEMO}
    return {name: with_optional(each, **optional) if name in answers else each for name, each in SCHEMAS.items()}


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "operationId": endpoint.name,
        "summary": endpoint.en,
        "x-summary-zh": endpoint.zh,
        "tags": [endpoint.tag.value],
        **({"security": []} if endpoint.is_open else {}),
        "parameters": [_parameter(each) for each in endpoint.known],
        **({} if endpoint.content is None else {"requestBody": _content(endpoint.content)}),
        "responses": {
            "200": _answer(endpoint),
            **({"206": _sound("A part of it"), "304": _UNCHANGED, "416": _NO_PART} if endpoint.is_sound else {}),
            **({"201": _answer(endpoint)} if endpoint.makes else {}),
            **({} if endpoint.fresh is Fresh.MOMENT or endpoint.is_page else {"304": _UNCHANGED}),
            **{str(status): _refusal(status, endpoint) for status in refusals(endpoint)},
        },
    }


def _content(schema: str) -> dict[str, Any]:
    example = {"example": example_of(BODIES[schema])} if schema in BODIES else {}
    return {"required": True, "content": {JSON: {"schema": ref(schema), **example}}}


def refusals(endpoint: Endpoint) -> tuple[int, ...]:
    """The statuses of errors that this endpoint has."""
    found = {
        400: True,
        404: endpoint.missing or endpoint.tag is Tag.ACTS,
        406: not (endpoint.is_page or endpoint.is_sound),
        422: endpoint.is_limited,
        500: True,
    }
    found |= dict.fromkeys((413, 415), endpoint.content is not None)
    found |= {409: endpoint.content in BODIES, 504: endpoint.tag is Tag.ACTS}
    guarded = dict.fromkeys((401, 403, 429, 503), not endpoint.is_open)
    return tuple(sorted(status for status, has in (found | guarded).items() if has))


def _parameter(parameter: Parameter) -> dict[str, Any]:
    told = {
        "name": parameter.name,
        "in": parameter.place.value,
        "required": parameter.required,
        "description": parameter.en,
        "x-description-zh": parameter.zh,
        "schema": parameter.schema,
        "example": _example(parameter),
    }
    if parameter.place is Place.QUERY and parameter.schema.get("type") == "array":
        told |= {"style": "form", "explode": parameter.repeats}
    return told


def _example(parameter: Parameter) -> Any:
    match parameter.schema.get("type"):
        case "array":
            return parameter.example.split(",") if parameter.is_list else [parameter.example]
        case "integer":
            return int(parameter.example)
        case _:
            return parameter.example


def _answer(endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.is_page:
        return {"description": "The page", "content": {HTML: {"schema": {"type": "string"}}}}
    if endpoint.is_sound:
        return _sound("The sound")
    content: dict[str, Any] = {JSON: {"schema": ref(endpoint.answer)}}
    if endpoint.name in _EXAMPLES:
        content[JSON]["example"] = _EXAMPLES[endpoint.name]
    if endpoint.is_table:
        content |= {CSV: {"schema": {"type": "string"}}, XLSX: {"schema": _BINARY}}
    return {"description": "The answer", "headers": _headers(endpoint), "content": content}


def _sound(description: str) -> dict[str, Any]:
    return {"description": description, "content": {kind: {"schema": _BINARY} for kind in SOUNDS}}


SOUNDS = ("audio/wav", "audio/mpeg", "audio/ogg")
_NO_PART = {"description": "Range names no part of it"}
_BINARY: Schema = {"type": "string", "contentMediaType": "application/octet-stream"}
_UNCHANGED = {"description": "If-None-Match named the answer that stands: it is not told again"}


def _headers(endpoint: Endpoint) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    found: dict[str, Any] = {"Cache-Control": {"description": "private, no-cache", **text}}
    if endpoint.fresh is not Fresh.MOMENT:
        found["ETag"] = {"description": "Strong; give it back as If-None-Match", **text}
    if any(each.name == "after" for each in endpoint.parameters):
        found["Link"] = {"description": 'rel="next": the page after this one', **text}
    return found


def _refusal(status: int, endpoint: Endpoint) -> dict[str, Any]:
    headers = {}
    if status in (401, 403):
        headers["WWW-Authenticate"] = {"description": "Bearer", "schema": {"type": "string"}}
    if status == 429:
        headers["Retry-After"] = {"description": "seconds", "schema": {"type": "integer"}}
    error_id = f" ({endpoint.missing})" if status == 404 else ""
    return {
        "description": MEANINGS[status][0] + error_id,
        **({"headers": headers} if headers else {}),
        "content": {JSON: {"schema": ref("Error")}},
    }
