"""Words to write JSON Schema with (2020-12, as OpenAPI 3.1 has it): every object names all of its keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
SECONDS: Schema = {"type": "number", "minimum": 0}
RATE: Schema = {"type": ["number", "null"], "minimum": 0, "maximum": 1}


def obj(**properties: Schema) -> Schema:
    """An object that always has all of these keys, and no other."""
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def with_optional(schema: Schema, **properties: Schema) -> Schema:
    """The object with keys that it may have as well."""
    return {**schema, "properties": {**schema["properties"], **properties}}


def array(items: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": items}


def enum(values: Iterable[str]) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": [str(each) for each in values]}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    if "enum" in schema:
        return {"type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def mapping(keys: Iterable[str], value: Schema) -> Schema:
    """An object with any of these keys, each of one kind."""
    return {
        "type": "object",
        "propertyNames": {"enum": [str(each) for each in keys]},
        "additionalProperties": value,
    }


def ref(name: str) -> Schema:
    """A schema of the components."""
    return {"$ref": f"#/components/schemas/{name}"}
