"""The door of the API over HTTP: 401, 403 and 429 in the one shape, and what a token does not show."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from config.settings import TokenRule
from service.api.accept import CSV, XLSX
from service.auth import tokens
from service.auth.tokens import Scope
from service.auth.tries import TRIES
from tests.service.api.conftest import NOW, Served, fill, serving
from tests.service.api.schema_checks import mistakes

PATH = "/api/v1/summary?period=2026-11"


@pytest.fixture
async def guarded(store: Engine) -> AsyncIterator[Served]:
    """The API where tokens are asked for, on both databases."""
    fill(store)
    async with serving(store, tokens=TokenRule.REQUIRED) as found:
        yield found


def bearer(served: Served, scopes: Iterable[Scope] = (Scope.READ,), days: int = 1) -> str:
    """The header of a new token."""
    with served.engine.begin() as connection:
        _, shown = tokens.create(connection, "test", scopes, NOW, NOW + timedelta(days=days))
    return f"Bearer {shown}"


async def test_who_shows_a_valid_token_is_let_in_and_its_day_is_noted(guarded: Served) -> None:
    """The scheme's name in any case."""
    shown = bearer(guarded)
    assert (await guarded.get(PATH, Authorization=shown))[0] == 200
    assert (await guarded.get(PATH, Authorization=shown.replace("Bearer", "bearer")))[0] == 200
    with guarded.engine.connect() as connection:
        assert [each.last_used_day for each in tokens.listed(connection)] == ["2026-11-27"]


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer x", "Basic dTpw", "Bearer tr_00000000_" + "A" * 43])
async def test_who_shows_none_or_another_is_told_how(guarded: Served, shown: str) -> None:
    """401 with a challenge; the secret that was tried is not told again."""
    status, headers, body = await guarded.get(PATH, Authorization=shown)
    assert (status, body["error"]["error_id"]) == (401, "unauthorized")
    assert headers["WWW-Authenticate"].startswith('Bearer realm="threerings"')
    assert mistakes("Error", body) == []
    assert "A" * 43 not in body["error"]["message"]


async def test_a_token_that_ended_opens_nothing_from_that_moment_on(guarded: Served) -> None:
    """Also one that was let in before: the store is asked each time."""
    shown = bearer(guarded)
    assert (await guarded.get(PATH, Authorization=shown))[0] == 200
    guarded.now += timedelta(days=1)
    _, _, body = await guarded.get(PATH, Authorization=shown)
    assert body["error"]["message"] == "token: found one that has expired"
    guarded.now -= timedelta(days=1)
    with guarded.engine.begin() as connection:
        tokens.revoke(connection, shown.split("_")[1], NOW)
    status, _, body = await guarded.get(PATH, Authorization=shown)
    assert (status, body["error"]["message"]) == (401, "token: found one that was revoked")


async def test_each_scope_allows_its_own(guarded: Served) -> None:
    """Without `read` nothing, without `export` no file: 403 names the scope that is missing."""
    calls = "/api/v1/calls?period=2026-11"
    status, headers, body = await guarded.get(calls + "&format=csv", Authorization=bearer(guarded))
    assert (status, body["error"]["error_id"]) == (403, "forbidden")
    assert 'error="insufficient_scope", scope="export"' in headers["WWW-Authenticate"]
    assert (await guarded.get(calls, Authorization=bearer(guarded, [Scope.EXPORT])))[0] == 403
    both = bearer(guarded, [Scope.READ, Scope.EXPORT])
    assert (await guarded.get(calls + "&format=xlsx", Authorization=both))[0] == 200


async def test_a_token_without_people_shows_no_number_of_a_customer(guarded: Served) -> None:
    """In no format and no endpoint; with it they are whole, and the two answers have tags of their own."""
    paths = (
        "/api/v1/calls?period=2026-11",
        "/api/v1/query/calls?metric=calls&period=2026-11",
        "/api/v1/agents/live",
    )
    few, all_ = bearer(guarded, [Scope.READ, Scope.EXPORT]), bearer(guarded, list(Scope))
    customer = "447700900101"
    for path in (*paths, paths[0] + "&format=csv"):
        _, hidden, masked = await guarded.get(path, Authorization=few)
        assert customer not in repr(masked)
        _, open_, whole = await guarded.get(path, Authorization=all_)
        assert (customer in repr(whole)) is not path.endswith("live")
        assert path.endswith("live") or hidden["ETag"] != open_["ETag"]
    body = await guarded.body(paths[0], Authorization=few)
    assert body["calls"][0]["customer"] == "447****0101"
    assert mistakes("Calls", body) == []


async def test_who_guesses_waits_and_who_has_been_let_in_does_not(guarded: Served) -> None:
    """After ten tries a minute 429 with Retry-After; a minute later one may try again."""
    known = bearer(guarded)
    assert (await guarded.get(PATH, Authorization=known))[0] == 200
    for _ in range(TRIES):
        assert (await guarded.get(PATH, Authorization="Bearer x"))[0] == 401
    status, headers, body = await guarded.get(PATH, Authorization="Bearer x")
    assert (status, body["error"]["error_id"], headers["Retry-After"]) == (429, "too_many_tries", "60")
    assert (await guarded.get(PATH, Authorization=known))[0] == 200
    guarded.now += timedelta(minutes=1)
    assert (await guarded.get(PATH, Authorization="Bearer x"))[0] == 401


async def test_the_description_and_its_page_are_open(guarded: Served) -> None:
    """They tell nothing of the centre."""
    for path in ("/api/v1/openapi.json", "/api/v1/docs"):
        assert (await guarded.get(path))[0] == 200


async def test_who_took_a_file_away_is_on_record(guarded: Served) -> None:
    """One line of the log with the token's id, and no word of what was in it; JSON leaves none."""
    shown = bearer(guarded, list(Scope))
    with capture_logs() as logged:
        for kind in ("json", "csv", "xlsx"):
            path = f"/api/v1/calls?period=2026-11&format={kind}"
            assert (await guarded.get(path, Authorization=shown))[0] == 200
    told = [(each["endpoint"], each["media"], each["token"]) for each in logged if each["event"] == "api.exported"]
    assert told == [("calls", media, shown.split("_")[1]) for media in (CSV, XLSX)]
