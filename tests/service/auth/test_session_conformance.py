"""The API as its description says it, asked by who has logged in to the pages: his cookie, his pages' proof."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from schemathesis import GenerationMode

from analytics.storage.engine import open_store
from service.auth import passwords
from service.auth.rights import Role
from tests.service.api.conftest import fill
from tests.service.api.test_conformance import NAMED, OPERATIONS, conforms
from tests.service.auth.house import LIGHT, house, person


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """Where a service is, in a thread of its own, and the headers of a supervisor who has logged in to it."""
    ready, stop, told = threading.Event(), asyncio.Event(), dict[str, Any]()

    async def serve() -> None:
        engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('session') / 'facts.db'}")
        fill(engine)
        person(engine, "zhou", Role.SUPERVISOR)
        async with house(engine) as found:
            assert await found.log_in("zhou") == 303
            (cookie,) = found.client.session.cookie_jar
            headers = {"Cookie": f"session={cookie.value}", "X-Proof": await found.proof()}
            url = str(found.client.make_url("")).rstrip("/")
            told.update(url=url, headers=headers, loop=asyncio.get_running_loop())
            ready.set()
            await stop.wait()
        engine.dispose()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", LIGHT)
        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        assert ready.wait(20), "the service did not begin"
        yield told["url"], told["headers"]
        told["loop"].call_soon_threadsafe(stop.set)
        thread.join(20)


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMED)
def test_every_endpoint_answers_a_session_as_the_description_says(
    operation: Any, session: tuple[str, dict[str, str]]
) -> None:
    """A question or two each: shapes, statuses, formats and headers; never a mistake of ours."""
    url, headers = session
    assert conforms(operation, GenerationMode.POSITIVE, url, 2, headers) > 0


def test_the_session_of_these_tests_is_let_in(session: tuple[str, dict[str, str]]) -> None:
    """A refusal would be as the description says too."""
    url, headers = session
    path = f"{url}/api/v1/summary?period=2026-11"
    assert [requests.get(path, headers=each, timeout=10).status_code for each in (headers, {})] == [200, 401]
