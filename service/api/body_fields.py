"""What a body may say: fields with their schema, their words in both languages, and how they are read.

A body is one JSON object of these fields and no others. As with parameters, the description, the page and the check of
every request are made of these objects.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from config.followups import Result
from service.api.errors import ApiError
from service.api.limits import MAX_TEXT
from service.api.readers import Now, quoted, refused
from service.api.schema import Schema

MAX_PAIRS = 40
MAX_NAME = 60
MAX_WHOLE = 10**15
INSTANT = r"^\d{4}-\d{2}-\d{2}(T[0-9:.]+(Z|[+-]\d{2}:\d{2})?)?$"

FieldReader = Callable[[str, Any, Now], Any]
"""(the field's name, its value as JSON has it, now) -> the value. Raises ApiError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a body; `example` is a value that is accepted."""

    name: str
    en: str
    zh: str
    schema: Schema
    read: FieldReader
    example: Any
    required: bool = False


Body = tuple[Field, ...]


def schema_of(body: Body) -> Schema:
    """The object that a body is."""
    return {
        "type": "object",
        "required": [each.name for each in body if each.required],
        "properties": {
            each.name: {
                **each.schema,
                "description": each.en,
                "x-description-zh": each.zh,
                "examples": [each.example],
            }
            for each in body
        },
        "additionalProperties": False,
    }


def example_of(body: Body) -> dict[str, Any]:
    """A body that is understood: every field with its example."""
    return {each.name: each.example for each in body}


async def read_body(request: web.Request, body: Body, now: Now) -> dict[str, Any]:
    """The fields of a request; those that are not there are None. Raises ApiError."""
    if request.content_type != "application/json":
        # A page in somebody's browser cannot send this type to us without being asked first.
        found = quoted(request.content_type)
        raise ApiError(415, "unsupported_media_type", f"Content-Type: found {found}, expected application/json")
    told = _parsed(await request.read())
    known = {each.name for each in body}
    unknown = sorted(set(told) - known)
    if unknown:
        expected = ", ".join(sorted(known))
        raise ApiError(400, "unknown_field", f"body: found a field {quoted(unknown[0])}, expected {expected}")
    values: dict[str, Any] = {}
    for each in body:
        if each.name in told:
            values[each.name] = each.read(each.name, told[each.name], now)
        elif each.required:
            raise refused(each.name, "none", f"one, such as {json.dumps(each.example)}")
        else:
            values[each.name] = None
    return values


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ApiError(400, "bad_body", "body: found no JSON, expected one object in UTF-8") from None
    if not isinstance(told, dict):
        raise ApiError(400, "bad_body", f"body: found {type(told).__name__}, expected one object")
    return told


def _no_constant(text: str) -> None:
    raise ValueError(text)


# -- how fields are read -----------------------------------------------------------------------------


def read_text(name: str, value: Any, now: Now) -> str:
    """A text on one or several lines."""
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_TEXT or not _is_text(value):
        raise refused(name, shown(value), f"a text of 1 to {MAX_TEXT} letters")
    return value


def read_any_text(name: str, value: Any, now: Now) -> str:
    """A text, which may be empty."""
    return "" if value == "" else read_text(name, value, now)


def read_flag(name: str, value: Any, now: Now) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise refused(name, shown(value), "true or false")
    return value


def read_instant(name: str, value: Any, now: Now) -> datetime:
    """An instant; without an offset, by the centre's clocks."""
    expected = "an instant such as 2026-11-02T18:00:00+08:00"
    if not isinstance(value, str) or not re.fullmatch(INSTANT, value):
        raise refused(name, shown(value), expected)
    try:
        read = datetime.fromisoformat(value)
        return (read if read.tzinfo else read.replace(tzinfo=now.policy.zone)).astimezone(now.at.tzinfo)
    except (ValueError, OverflowError):
        raise refused(name, shown(value), expected) from None


def read_result(name: str, value: Any, now: Now) -> Result:
    """What a contact was."""
    if not isinstance(value, str) or value not in {each.value for each in Result}:
        raise refused(name, shown(value), f"one of {', '.join(each.value for each in Result)}")
    return Result(value)


def read_pairs(name: str, value: Any, now: Now) -> Mapping[str, str | int]:
    """An object of texts and whole numbers."""
    if not isinstance(value, dict) or len(value) > MAX_PAIRS:
        raise refused(name, shown(value), f"an object of at most {MAX_PAIRS} texts and whole numbers")
    for key, each in value.items():
        if not 1 <= len(key) <= MAX_NAME or not _is_text(key) or not _is_value(each):
            raise refused(name, shown(key), "names with texts or whole numbers")
    return value


def read_ids(name: str, value: Any, now: Now) -> tuple[str, ...]:
    """A list of follow-ups' ids."""
    if not isinstance(value, list) or len(value) > MAX_PAIRS:
        raise refused(name, shown(value), f"a list of at most {MAX_PAIRS} ids")
    return tuple(read_text(name, each, now) for each in value)


def _is_value(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return abs(value) < MAX_WHOLE
    return isinstance(value, str) and 1 <= len(value) <= MAX_TEXT and _is_text(value)


def _is_text(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def shown(value: Any) -> str:
    """What was found, short."""
    return quoted(value) if isinstance(value, str) else ascii(value)[:40]


TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}
ANY_TEXT: Schema = {"type": "string", "maxLength": MAX_TEXT}
_WHEN: Schema = {"type": "string", "pattern": INSTANT}
_VALUE: Schema = {
    "anyOf": [TEXT, {"type": "integer", "exclusiveMinimum": -MAX_WHOLE, "exclusiveMaximum": MAX_WHOLE}]
}
_PAIRS: Schema = {
    "type": "object",
    "propertyNames": {"minLength": 1, "maxLength": MAX_NAME},
    "additionalProperties": _VALUE,
    "maxProperties": MAX_PAIRS,
}


def text(name: str, en: str, zh: str, example: str, *, required: bool = False) -> Field:
    """A field that is a text."""
    return Field(name=name, en=en, zh=zh, schema=TEXT, read=read_text, example=example, required=required)


def when(name: str, en: str, zh: str, *, required: bool = False) -> Field:
    """A field that is an instant."""
    example = "2026-11-02T18:00:00+08:00"
    return Field(name=name, en=en, zh=zh, schema=_WHEN, read=read_instant, example=example, required=required)


def pairs(name: str, en: str, zh: str, example: Mapping[str, str | int]) -> Field:
    """A field that is an object of texts and whole numbers."""
    return Field(name=name, en=en, zh=zh, schema=_PAIRS, read=read_pairs, example=dict(example))


BY = text(
    "by", "Who does it: an agent's number; kept on record.", "经办人：坐席工号，留痕。", "1002", required=True
)
NOTE = text("note", "A sentence for its story.", "写入经过的一句话。", "客户在开会")
