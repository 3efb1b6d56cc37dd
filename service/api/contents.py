"""What a request brings: JSON, held against the schema that the description tells. Every mistake names its place.

The schemas are written with the words of `service.api.schema`; what those can say is checked here, and no more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from aiohttp import web

from service.api.accept import JSON
from service.api.errors import ApiError
from service.api.schema import Schema

_TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_whole(value),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


async def read_content(request: web.Request, schema: Schema) -> Any:
    """The JSON of a request's body. Raises ApiError 400 and 415, HTTPException 413."""
    if request.content_type != JSON:
        raise ApiError(
            415, "unsupported_media_type", f"Content-Type: found {_said(request.content_type)}, expected {JSON}"
        )
    try:
        value = json.loads(await request.read(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise _refused("body", "no JSON", "a JSON object") from None
    check(value, schema, "body")
    return value


def check(value: Any, schema: Schema, place: str) -> None:
    """Raise ApiError 400 where a value is not what a schema says."""
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(_TYPES[each](value) for each in types):
        raise _refused(place, _said(value), " or ".join(types))
    match value:
        case str():
            _check_text(value, schema, place)
        case list():
            _check_list(value, schema, place)
        case dict():
            _check_object(value, schema, place)
        case int() | float() if not isinstance(value, bool):
            low, high = schema.get("minimum", value), schema.get("maximum", value)
            if not low <= value <= high:
                raise _refused(place, _said(value), f"{low} to {high}")


def _check_text(value: str, schema: Schema, place: str) -> None:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        expected = f"{schema.get('minLength', 0)} to {schema['maxLength']}"
        raise _refused(place, f"{len(value)} characters", expected)
    if _NO_TEXT.search(value):
        raise _refused(place, "a character that is none", "text")


def _check_list(value: list[Any], schema: Schema, place: str) -> None:
    if len(value) > schema.get("maxItems", len(value)):
        raise _refused(place, f"{len(value)} items", f"at most {schema['maxItems']}")
    for at, each in enumerate(value):
        check(each, schema["items"], f"{place}[{at}]")


def _check_object(value: dict[str, Any], schema: Schema, place: str) -> None:
    properties, others = schema.get("properties", {}), schema["additionalProperties"]
    missing = [name for name in schema.get("required", ()) if name not in value]
    if missing:
        raise _refused(f"{place}.{missing[0]}", "nothing", "a value")
    if len(value) > schema.get("maxProperties", len(value)):
        raise _refused(place, f"{len(value)} keys", f"at most {schema['maxProperties']}")
    for name, each in value.items():
        if name not in properties and others is False:
            raise _refused(place, f"the key {_said(name)}", f"some of {', '.join(properties)}")
        if name not in properties and not re.search(schema.get("propertyNames", {}).get("pattern", ""), name):
            raise _refused(
                place, f"the key {_said(name)}", f"a name of the form {schema['propertyNames']['pattern']}"
            )
        check(each, properties.get(name, others), f"{place}.{name}")


def _is_whole(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _said(value: Any) -> str:
    """What was found, short and on one line."""
    return ascii(value)[:60]


def _refused(place: str, found: str, expected: str) -> ApiError:
    return ApiError(400, "bad_content", f"{place}: found {found}, expected {expected}")
