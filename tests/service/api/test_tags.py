"""ETags: what has not changed is not told again, and whatever changes an answer changes its tag."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from analytics.storage.ingest import ingest
from analytics.storage.version import StoreVersion
from service.api.reading import Store
from tests.analytics.factory import START, call
from tests.service.api.conftest import Served, fill, serving

PAST = "/api/v1/query?metrics=calls&period=2026-11-02"


@pytest.fixture
async def live(store: Engine) -> AsyncIterator[Served]:
    """The API over a store that a test may write to, on both databases."""
    fill(store)
    async with serving(store) as found:
        yield found


async def tag(served: Served, path: str, **headers: str) -> str:
    """The answer's ETag."""
    status, answered, _ = await served.get(path, **headers)
    assert status == 200
    return str(answered["ETag"])


async def test_what_has_not_changed_is_304_without_a_figure_being_computed(
    live: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tag is found before the answer is made: the figures may not even be asked for."""
    known = await tag(live, PAST)

    def never(*_: object) -> None:
        raise AssertionError("figures were computed")

    monkeypatch.setattr(Store, "ask", never)
    status, headers, body = await live.get(PAST, If_None_Match=known)
    assert (status, body, headers["ETag"]) == (304, b"", known)
    assert headers["Cache-Control"] == "private, no-cache"
    assert "Accept" in headers["Vary"]


async def test_a_stored_call_changes_every_tag_of_what_is_stored(live: Served) -> None:
    """Also where it is written by another process, as here; the new answer is told."""
    paths = (PAST, "/api/v1/calls", "/api/v1/summary?period=2026-11-02", "/api/v1/reports/minutes", "/api/v1/gaps")
    before = [await tag(live, path) for path in paths]
    assert [await tag(live, path) for path in paths] == before
    with live.engine.begin() as connection:
        ingest(connection, [call("pbx/9.9", start=START, end=60)])
    after = [await tag(live, path, If_None_Match=known) for path, known in zip(paths, before, strict=True)]
    assert all(new != old for new, old in zip(after, before, strict=True))


async def test_a_correction_of_people_changes_the_tag(live: Served) -> None:
    """Who sat where decides whose figure it is."""
    before = await tag(live, PAST)
    with live.engine.begin() as connection:
        connection.execute(text("UPDATE people_version SET version = version + 1"))
    assert await tag(live, PAST) != before


async def test_question_format_language_and_instant_have_tags_of_their_own(served: Served) -> None:
    """No two different answers share one; the order of values does not matter where it means nothing."""
    paths = (
        PAST,
        PAST + "&format=csv",
        PAST + "&format=xlsx",
        PAST + "&lang=zh",
        PAST + "&rings=2",
        PAST + "&as_of=2026-11-03",
        PAST + "&group=day",
        PAST.replace("calls", "calls,answer_rate"),
        PAST.replace("11-02", "11-03"),
    )
    tags = [await tag(served, path) for path in paths]
    assert len(set(tags)) == len(paths)
    rings = "/api/v1/query?metrics=ring_within&period=2026-11-02&where="
    assert await tag(served, rings + "queue:a,b") == await tag(served, rings + "queue:b,a")


async def test_figures_of_today_drift_and_those_of_last_week_do_not(served: Served) -> None:
    """A minute later today's answer has another as-of instant; last week's has the same until the hour is full."""
    today = "/api/v1/query?metrics=calls"
    before = await tag(served, today), await tag(served, PAST)
    served.now += timedelta(minutes=1)
    after = await tag(served, today), await tag(served, PAST)
    assert (before[0] == after[0], before[1] == after[1]) == (False, True)
    served.now += timedelta(hours=1)
    assert await tag(served, PAST) != before[1]


async def test_any_and_weak_and_several_names_are_understood(served: Served) -> None:
    """As the standard has If-None-Match: *, W/ and a list."""
    known = await tag(served, PAST)
    for named in ("*", f"W/{known}", f'"x", {known}'):
        assert (await served.get(PAST, If_None_Match=named))[0] == 304
    assert (await served.get(PAST, If_None_Match='"x"'))[0] == 200


async def test_what_changes_by_the_moment_has_no_tag(served: Served) -> None:
    """And no cache keeps it."""
    _, headers, _ = await served.get("/api/v1/agents/live")
    assert ("ETag" in headers, headers["Cache-Control"]) == (False, "no-store")


async def test_what_stands_has_one_that_no_call_changes(live: Served) -> None:
    """The metrics and the description are the program's."""
    paths = ("/api/v1/metrics", "/api/v1/openapi.json")
    before = [await tag(live, path) for path in paths]
    with live.engine.begin() as connection:
        ingest(connection, [call("pbx/9.9", start=START)])
    assert [await tag(live, path) for path in paths] == before


def test_the_store_has_another_name_after_every_commit_and_only_then(store: Engine) -> None:
    """On both databases: a commit of somebody else is seen, a transaction that is taken back is not."""
    version = StoreVersion(store)
    first = version.read()
    assert version.read() == first
    with store.begin() as connection:
        ingest(connection, [call("pbx/9.9", start=START)])
    second = version.read()
    assert second != first
    assert version.read() == second
    version.close()
