"""Holding an answer against its schema in the description."""

from __future__ import annotations

from typing import Any

import jsonschema_rs

from service.api.openapi import document


def mistakes(name: str, value: Any) -> list[str]:
    """What of a value is not as the schema of this name in the components says."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": document()["components"]}
    return [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(value)]
