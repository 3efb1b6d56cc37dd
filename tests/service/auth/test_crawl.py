"""Every route that the service has, asked by every role: no mistake of ours, and nothing beyond the role's rights.

The routes are those of the application as it is served, so that a new page is asked too without a word here.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Engine

from analytics.people.devices import DeviceMap
from config.settings import Settings
from service.app import make_app
from service.auth.rights import RIGHTS_OF, Right, Role
from service.dashboard.places import PLACES
from service.dialling.placing import Placing
from service.live.hub import LiveHub
from telephony.clock import SystemClock
from tests.service.auth.house import House, everybody, file, light_hashes, policy_of_groups

__all__ = ["file", "light_hashes"]

VALUES = {
    "session": "0" * 12,
    "pbx": "main",
    "id": "1.1",
    "name": "app.css",
    "call_id": "main/1.1",
}
"""What stands in a path; anything else is 1."""

LEFT_OUT = ("/logout", "/login")
"""What would end the session that asks."""

OPEN = ("/static/", "/healthz", "/metrics", "/api/v1/docs", "/api/v1/openapi.json", "/login", "/logout", "/setup")
"""What tells nothing of the centre, or has a door of its own."""

NEEDS = {
    "/recordings/destruction": None,
    "/recordings": Right.LISTEN,
    "/people": Right.PEOPLE,
    "/audit": Right.AUDIT,
    "/calls": Right.RECORDS,
    "/gaps": Right.RECORDS,
    "/minutes": Right.FIGURES,
    "/three-rings": Right.FIGURES,
    "/campaigns": Right.PROMISES,
    "/quality": Right.QUALITY,
    "/events": None,
    "/me": None,
}
"""The right below a path, the longer path first; None where everybody has his own, or one of several is enough."""


@asynccontextmanager
async def served(file: Engine) -> AsyncIterator[House]:
    """The application as it is served, without a PBX; an account of each role."""
    everybody(file)
    url = file.url.render_as_string(hide_password=False)
    settings, policy, clock = Settings(database_url=url), policy_of_groups(), SystemClock()
    async with AsyncExitStack() as stack:
        placing = Placing(settings, [], clock, {})
        hub = LiveHub(policy, DeviceMap())
        app = await make_app(
            settings, [], hub, policy, clock, stack, demo=False, environ={}, placing=placing
        )  # fmt: skip
        client = await stack.enter_async_context(TestClient(TestServer(app)))
        yield House(engine=file, client=client, app=app)


def routes(app: web.Application, account: str = "999") -> Iterator[tuple[str, str]]:
    """Each method and path, once; of accounts that one."""
    values = {**VALUES, "account": account}
    found = set()
    for route in app.router.routes():
        assert route.resource is not None
        path = re.sub(r"\{(\w+)\}", lambda part: values.get(part[1], "1"), route.resource.canonical)
        if route.method != "HEAD" and path not in LEFT_OUT:
            found.add(("GET" if route.method == "*" else route.method, path))
    yield from sorted(found)


async def ask(found: House, method: str, path: str, proof: str) -> ClientResponse:
    """One question, as a page of ours asks; of a stream only its head."""
    data = {"proof": proof} if method == "POST" and not path.startswith("/api/") else None
    headers = {"X-Proof": proof}
    async with found.client.request(method, path, data=data, headers=headers, allow_redirects=False) as answer:
        return answer


@pytest.mark.parametrize("role", list(Role))
async def test_no_role_meets_a_mistake_of_ours_or_comes_beyond_its_rights(file: Engine, role: Role) -> None:
    """Without the right each page is 404, whatever is done with it; with it none is, but for what is not there."""
    async with served(file) as found:
        assert await found.log_in(role.value) == 303
        proof = await found.proof()
        rights = RIGHTS_OF[role]
        for method, path in routes(found.app):
            answer = await ask(found, method, path, proof)
            where = f"{role}: {method} {path}: {answer.status}"
            assert answer.status < 500, where
            assert answer.status != 401, where
            right = _needed(path)
            if right is not None and right not in rights:
                assert answer.status == 404, where
            if right is not None and right in rights and method == "GET" and (path, right) in _plain():
                assert answer.status == 200, where


def _needed(path: str) -> Right | None:
    return next((right for start, right in NEEDS.items() if f"{path}/".startswith(start + "/")), None)


def _plain() -> set[tuple[str, Right]]:
    """The places of the navigation: they are there for whoever has their right."""
    return {(each.href, each.right) for each in PLACES}


@pytest.mark.parametrize("role", list(Role))
async def test_the_navigation_leads_where_one_may_go_and_nowhere_else(file: Engine, role: Role) -> None:
    """Each place that is shown answers, each that is not shown is 404; the start leads to the role's own page."""
    async with served(file) as found:
        await found.log_in(role.value)
        text = (await found.get("/me"))[1]
        paths = {path for method, path in routes(found.app) if method == "GET"}
        for place in PLACES:
            if place.href not in paths:
                continue
            shown = f'href="{place.href}"' in text.partition("<nav")[2].partition("</nav>")[0].replace(
                'class="brand" href="/"', ""
            )
            status = (await found.get(place.href))[0]
            assert shown is place.is_open_to(RIGHTS_OF[role]), place.href
            # Who looks after agents may look at the desk of each of them.
            opens = shown or (place.key == "desk" and Right.AGENTS in RIGHTS_OF[role])
            if opens and status == 302:
                continue  # to the page of this month
            assert status == (200 if opens else 303 if place.href == "/" else 404), place.href


async def test_whoever_has_not_said_who_he_is_gets_nothing(file: Engine) -> None:
    """A page leads to the log-in, everything else is 401; not one answer has a row of the centre."""
    async with served(file) as found:
        for method, path in routes(found.app):
            if path.startswith(OPEN):
                continue
            answer = await ask(found, method, path, "x")
            assert answer.status in (303, 401), f"{method} {path}: {answer.status}"
            if answer.status == 303:
                assert answer.headers["Location"].startswith("/login"), path


async def test_no_post_is_done_without_the_proof_of_its_page(file: Engine) -> None:
    """By an account with every right: 403 or not there, and nothing of it is done."""
    async with served(file) as found:
        await found.log_in("administrator")
        before = found.audited("id")
        for method, path in routes(found.app, "1"):
            if method == "POST" and not path.startswith(("/api/", *OPEN)):
                answer = await ask(found, method, path, "x")
                assert answer.status in (403, 404, 405), f"{path}: {answer.status}"
        acts = [act for (act,) in found.audited("act")[len(before) :]]
        assert set(acts) <= {"refused"}
