"""The description: what exists is in it, what is in it exists, and no shape is left open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from sqlalchemy import create_engine

from analytics.people.devices import DeviceMap
from config.policies import Policy
from config.settings import Settings
from service.api.campaign_examples import EXAMPLES as CAMPAIGN_EXAMPLES
from service.api.endpoints import ENDPOINTS, Endpoint
from service.api.examples import EXAMPLES
from service.api.openapi import SCHEMAS, document
from service.api.readers import Now
from service.api.reading import Store
from service.app import build_http
from service.live.hub import LiveHub
from tests.service.api.schema_checks import mistakes

POLICY = Policy(name="none", zone=ZoneInfo("Asia/Shanghai"), country="CN")
NOW = Now(at=datetime(2026, 11, 27, tzinfo=UTC), policy=POLICY)
SHOWN = EXAMPLES | CAMPAIGN_EXAMPLES
ANSWERED = [each for each in ENDPOINTS if each.name in SHOWN]


def objects(schema: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object that a schema speaks of, with where it is."""
    if isinstance(schema, dict):
        if "object" in (schema.get("type") if isinstance(schema.get("type"), list) else [schema.get("type")]):
            yield place, schema
        for name, inner in schema.items():
            yield from objects(inner, f"{place}/{name}")
    elif isinstance(schema, list):
        for number, inner in enumerate(schema):
            yield from objects(inner, f"{place}/{number}")


async def test_no_route_is_outside_the_document(tmp_path: Any) -> None:
    """The service answers below /api/ exactly what the description names, by their methods alone."""
    engine = create_engine(f"sqlite:///{tmp_path}/none.db")
    app = build_http(
        Settings(database_url=f"sqlite:///{tmp_path}/none.db"),
        [],
        LiveHub(POLICY, DeviceMap()),
        Store(engine, lambda: POLICY),
        lambda: NOW.at,
        demo=False,
    )
    routes = {(each.method.lower(), _spelt(each)) for each in app.router.routes() if each.method != "HEAD"}
    told = {(method, path) for path, methods in document()["paths"].items() for method in methods}
    assert {route for route in routes if route[1].startswith("/api/")} == told
    assert {method for method, path in routes if not path.startswith("/api/")} == {"get"}
    await app.cleanup()
    engine.dispose()


def _spelt(route: web.AbstractRoute) -> str:
    """A route's path as the description spells it."""
    assert route.resource is not None
    return re.sub(r"{(\w+):[^}]+}", r"{\1}", route.resource.canonical)


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_no_object_is_left_open(name: str) -> None:
    """Each object names its keys and says whether there may be others."""
    for place, schema in objects(SCHEMAS[name], name):
        assert "properties" in schema or "additionalProperties" in schema, place
        assert "additionalProperties" in schema, place


def test_every_reference_leads_to_a_schema() -> None:
    """A shape that is named is told."""
    named = set(re.findall(r"#/components/schemas/(\w+)", repr(document())))
    assert named <= set(document()["components"]["schemas"])


@pytest.mark.parametrize("endpoint", ANSWERED, ids=lambda each: each.name)
def test_every_example_is_an_answer(endpoint: Endpoint) -> None:
    """What the description shows is what its schema allows."""
    assert mistakes(endpoint.answer, SHOWN[endpoint.name]) == []


def test_a_key_too_many_is_a_mistake() -> None:
    """The check itself finds what is wrong: it could not pass on anything."""
    assert mistakes("Call", {**EXAMPLES["call"], "more": 1}) != []
    assert mistakes("Call", {**EXAMPLES["call"], "known": "guessed"}) != []


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.name)
def test_every_parameter_takes_its_own_example(endpoint: Endpoint) -> None:
    """What the description gives as an example is accepted."""
    for each in endpoint.known:
        assert each.read(each.name, [each.example], NOW) is not None, each.name


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.name)
def test_every_endpoint_is_told_in_both_languages(endpoint: Endpoint) -> None:
    """Summary and parameters are there in English and in Chinese."""
    told = [(endpoint.en, endpoint.zh), *((each.en, each.zh) for each in endpoint.known)]
    for english, chinese in told:
        assert english
        assert re.search(r"[\u4e00-\u9fff、]|或", chinese), chinese
