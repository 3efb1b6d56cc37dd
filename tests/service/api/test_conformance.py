"""A running service against its own description: whatever may be asked, and much that may not, with a fixed seed."""

from __future__ import annotations

import asyncio
import copy
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from analytics.storage.engine import open_store
from service.api.endpoints import ENDPOINTS
from service.api.openapi import document
from tests.service.api.conftest import fill, serving

load_all_checks()
NAMES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
)
CONFORMS = CHECKS.get_by_names(list(NAMES))
OPERATIONS = [
    found.ok() for found in schemathesis.openapi.from_dict(copy.deepcopy(document())).get_all_operations()
]
NAMED = [f"{each.method} {each.path}" for each in OPERATIONS]
BOTH = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service over captured facts, in a thread of its own, with a store of its own: some of it is told anew."""
    ready, stop = threading.Event(), asyncio.Event()
    told: dict[str, Any] = {}

    async def serve() -> None:
        engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('conformance') / 'facts.db'}")
        fill(engine)
        async with serving(engine) as served:
            told.update(url=served.url, loop=asyncio.get_running_loop())
            ready.set()
            await stop.wait()
        engine.dispose()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(20), "the service did not begin"
    yield told["url"]
    told["loop"].call_soon_threadsafe(stop.set)
    thread.join(20)


def conforms(
    operation: Any, mode: GenerationMode, url: str, examples: int, headers: Mapping[str, str] | None = None
) -> int:
    """Ask up to so many times, drawn from the description; each answer is as it says. Raises what is not.

    How many answers there were: nothing was shown where there was none.
    """
    answers = 0

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        nonlocal answers
        with requests.Session() as session:
            case.call_and_validate(base_url=url, session=session, checks=CONFORMS, headers=dict(headers or {}))
        answers += 1

    ask()
    return answers


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMED)
def test_every_endpoint_answers_as_the_description_says(operation: Any, url: str) -> None:
    """A few questions each: shapes, statuses, formats and headers; never a mistake of ours."""
    assert conforms(operation, GenerationMode.POSITIVE, url, 4) > 0


@pytest.mark.slow
@pytest.mark.parametrize("mode", BOTH, ids=lambda each: each.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMED)
def test_every_endpoint_holds_for_long(operation: Any, mode: GenerationMode, url: str) -> None:
    """Many questions each, good ones and broken ones: what is broken is refused."""
    assert conforms(operation, mode, url, 60) > 0


def test_the_description_is_asked_whole() -> None:
    """No endpoint is left out of these tests."""
    assert sorted(each.path for each in OPERATIONS) == sorted(each.path for each in ENDPOINTS)
