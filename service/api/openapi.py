"""The description of the API, OpenAPI 3.1, as plain data."""

from __future__ import annotations

from typing import Any

VERSION = "1"

PERIOD = ("period", "2026-11, 2026-11-02, or START/END (END not included); without it, today")
LIMIT = ("limit", "1 to 500, else 100")
AFTER = ("after", "next_after of the page before")
GROUP = ("group", "what rows are told apart by: agent, queue, day …")

ENDPOINTS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("/api/v1/calls", "A page of the calls that began in a period, oldest first", (PERIOD, LIMIT, AFTER)),
    ("/api/v1/calls/{call_id}", "One call by its id or an alias", ()),
    ("/api/v1/agents/live", "The agents and calls of this moment", ()),
    ("/api/v1/summary", "Counts of a period, each agent's minutes and three-ring rate", (PERIOD,)),
    ("/api/v1/gaps", "The stretches in which a PBX was not heard", ()),
    ("/api/v1/reports/{name}", "A report: minutes or three-rings", (PERIOD, GROUP)),
    ("/api/v1/openapi.json", "This description", ()),
)

ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "required": ["error_id", "message", "status"],
            "properties": {
                "error_id": {"type": "string", "description": "stable: for programs"},
                "message": {"type": "string", "description": "for people: thing, found, expected"},
                "status": {"type": "integer"},
            },
        }
    },
}


def document() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Three Rings", "version": VERSION},
        "paths": {path: {"get": _operation(path, summary, query)} for path, summary, query in ENDPOINTS},
        "components": {"schemas": {"Error": ERROR}},
    }


def _operation(path: str, summary: str, query: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    in_path = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    parameters = [_parameter(name, "", "path") for name in in_path]
    parameters += [_parameter(name, text, "query") for name, text in query]
    failing = {"$ref": "#/components/schemas/Error"}
    return {
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": "done", "content": {"application/json": {"schema": {"type": "object"}}}},
            "default": {"description": "refused", "content": {"application/json": {"schema": failing}}},
        },
    }


def _parameter(name: str, text: str, place: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": text,
        "schema": {"type": "string"},
    }
