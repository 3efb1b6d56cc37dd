"""The endpoints over stored facts: shapes, paging, the calls behind a figure, limits and refusals."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from analytics.storage.engine import open_store
from analytics.storage.ingest import ingest
from service.api import figure_handlers, handlers
from service.api.openapi import document
from service.migrations import upgrade
from service.pipeline.gaps import Gap, GapReason
from telephony.calls.facts import OfferingOutcome
from tests.analytics.factory import call, offering
from tests.extent import WHOLE
from tests.service.api.conftest import Served, fill, serving
from tests.service.api.schema_checks import mistakes

MONTH = "period=2026-11"
ADDING = ("talk_minutes", "exact_talk_minutes", "hold_minutes", "calls_handled", "ring_offered", "ring_within")
ASKED = (
    ("Catalogue", "/api/v1/metrics"),
    ("Metric", "/api/v1/metrics/service_level"),
    ("Figures", f"/api/v1/query?metrics=talk_minutes,three_ring_rate,average_talk&{MONTH}&group=agent,day"),
    ("Figures", "/api/v1/query?metrics=calls,answer_rate&period=2001-01"),
    ("Behind", f"/api/v1/query/calls?metric=exact_talk_minutes&{MONTH}&key=agent:1001"),
    ("Report", f"/api/v1/reports/minutes?{MONTH}"),
    ("Report", f"/api/v1/reports/three-rings?{MONTH}&group=queue"),
    ("Report", f"/api/v1/reports/minutes?{MONTH}&group=none"),
    ("Summary", f"/api/v1/summary?{MONTH}"),
    ("Calls", f"/api/v1/calls?{MONTH}&limit=500"),
    ("Gaps", "/api/v1/gaps"),
    ("Live", "/api/v1/agents/live"),
    ("Document", "/api/v1/openapi.json"),
)
REFUSED = (
    ("/api/v1/nothing", 404, "not_found"),
    ("/api/v1/metrics/nothing", 404, "metric_not_found"),
    ("/api/v1/query", 400, "bad_metrics"),
    ("/api/v1/query?metrics=", 400, "bad_metrics"),
    ("/api/v1/query?metrics=calls,calls", 400, "bad_metrics"),
    ("/api/v1/query?metrics=nothing", 400, "bad_metrics"),
    ("/api/v1/query?metrics=calls&group=agent", 400, "bad_query"),
    ("/api/v1/query?metrics=calls&group=", 400, "bad_group"),
    ("/api/v1/query?metrics=calls&where=moon:1", 400, "bad_where"),
    ("/api/v1/query?metrics=calls&where=queue:", 400, "bad_where"),
    ("/api/v1/query?metrics=calls&as_of=2099-01-01", 400, "bad_as_of"),
    ("/api/v1/query?metrics=calls&as_of=yesterday", 400, "bad_as_of"),
    ("/api/v1/query?metrics=calls&rings=0", 400, "bad_rings"),
    ("/api/v1/query?metrics=calls&within=1e9", 400, "bad_within"),
    ("/api/v1/query?metrics=calls&formula=best", 400, "bad_formula"),
    ("/api/v1/query?metrics=calls&metrics=calls", 400, "bad_metrics"),
    ("/api/v1/query?metrics=calls&period=0001-01", 400, "bad_period"),
    ("/api/v1/query?metrics=calls&period=9999-12-31", 400, "bad_period"),
    ("/api/v1/query?metrics=calls&period=2000-01-01/2020-01-01&group=day", 422, "too_many_rows"),
    ("/api/v1/query/calls?metric=calls&key=agent", 400, "bad_key"),
    ("/api/v1/calls?limit=501", 400, "bad_limit"),
    ("/api/v1/calls?after=MTIz", 400, "bad_cursor"),
    ("/api/v1/calls?lang=fr", 400, "bad_lang"),
    ("/api/v1/calls?format=pdf", 400, "bad_format"),
    ("/api/v1/summary?format=csv", 400, "unknown_parameter"),
)
HOSTILE = (
    "/api/v1/calls/%00",
    "/api/v1/calls/main%2F%00",
    "/api/v1/calls/" + "x" * 4000,
    "/api/v1/calls?after=" + "A" * 4000,
    "/api/v1/calls?after=MTIzfgA",
    "/api/v1/calls?limit=99999999999999999999999999",
    "/api/v1/calls?limit=%D9%A3",
    "/api/v1/calls?period=%ED%A0%80",
    "/api/v1/calls?period=99999-01",
    "/api/v1/calls?period=2026-11-01T00:00:00%2B99:00/2026-11-02",
    "/api/v1/calls?period=0001-01-01/0001-01-02",
    "/api/v1/calls?" + "&".join(f"a{n}=1" for n in range(500)),
    "/api/v1/calls?%00=1",
    "/api/v1/query?metrics=calls&where=agent:%00",
    "/api/v1/query?metrics=calls&where=agent:" + "9" * 3000,
    "/api/v1/query?metrics=calls&as_of=0001-01-01",
    "/api/v1/reports/%2e%2e%2fetc",
    "/api/v1/metrics/%F0%9F%92%A9",
)


@pytest.mark.parametrize(("shape", "path"), ASKED)
async def test_every_answer_has_the_shape_that_the_document_tells(served: Served, shape: str, path: str) -> None:
    """Over captured calls, with every key there and none too many."""
    assert mistakes(shape, await served.body(path)) == []


async def test_a_call_is_found_by_its_id(served: Served) -> None:
    """With the slash in its id, spelt either way."""
    listed = (await served.body(f"/api/v1/calls?{MONTH}&limit=1"))["calls"][0]
    assert mistakes("Call", listed) == []
    for spelt in (listed["call_id"], listed["call_id"].replace("/", "%2F")):
        assert await served.body(f"/api/v1/calls/{spelt}") == listed


@pytest.mark.parametrize(("path", "status", "error_id"), REFUSED)
async def test_what_is_wrong_is_refused_in_one_shape(served: Served, path: str, status: int, error_id: str) -> None:
    """Each refusal has its status and a stable id, and no cache keeps it."""
    found, headers, body = await served.get(path)
    assert (found, body["error"]["error_id"]) == (status, error_id), body
    assert mistakes("Error", body) == []
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", HOSTILE)
async def test_hostile_input_is_refused_and_never_a_mistake_of_ours(served: Served, path: str) -> None:
    """Huge numbers, NUL, broken Unicode, what is very long: an error of the asker's, in one line."""
    status, _, body = await served.get(path)
    assert status in (400, 404), body
    assert mistakes("Error", body) == []
    assert "\n" not in body["error"]["message"]
    assert len(body["error"]["message"]) < 1500


async def test_another_method_is_refused_and_told_which_there_are(served: Served) -> None:
    """405 with Allow, in the one shape."""
    async with served.session.delete(served.url + "/api/v1/calls") as response:
        assert (response.status, response.headers["Allow"]) == (405, "GET,HEAD")
        assert mistakes("Error", await response.json()) == []


@pytest.mark.parametrize("metric", ADDING)
async def test_the_calls_behind_a_figure_add_up_to_it(served: Served, metric: str) -> None:
    """For each agent's figure, over all pages: in whole milliseconds or counts, without rounding."""
    rows = (await served.body(f"/api/v1/query?metrics={metric}&{MONTH}&group=agent"))["rows"]
    assert rows
    for row in rows:
        key = f"key=agent:{row['key']['agent']}"
        parts, path = [], f"/api/v1/query/calls?metric={metric}&{MONTH}&{key}&limit=2"
        while path:
            body = await served.body(path)
            parts += [each["exact"] for each in body["calls"]]
            path = f"{path.partition('&after')[0]}&after={body['next_after']}" if body["next_after"] else ""
        assert body["figure"]["value"] == row["values"][metric]
        assert sum(parts) == body["figure"]["exact"] == body["parts"]["exact"]
        assert len(parts) == body["parts"]["calls"]


@pytest.mark.parametrize(
    ("metric", "group"),
    [
        ("calls", ""),
        ("inbound_answered", "day"),
        ("exact_talk_minutes", "agent,day"),
        ("ring_offered", "queue"),
        ("visits_answered", "queue,day"),
        ("calls", "hour,weekday"),
        ("calls_handled", "agent,hours"),
        # A row for each agent and quarter of an hour: hundreds of questions.
        *([("exact_talk_minutes", "agent,quarter_hour")] if WHOLE else []),
    ],
)
async def test_every_figure_however_told_apart_opens_the_calls_behind_it(
    served: Served, metric: str, group: str
) -> None:
    """The key of a row, said as it stands, leads to calls that add up to its figure; each call begins in order."""
    asked = f"metric={metric}&{MONTH}"
    grouped = f"&group={group}" if group else ""
    rows = (await served.body(f"/api/v1/query?metrics={metric}&{MONTH}{grouped}"))["rows"]
    assert any(row["values"][metric] for row in rows)
    for row in rows:
        keys = "".join(f"&key={name}:{value}" for name, value in row["key"].items())
        body = await served.body(f"/api/v1/query/calls?{asked}{keys}&limit=500")
        assert body["figure"]["value"] == row["values"][metric]
        assert sum(each["exact"] for each in body["calls"]) == body["figure"]["exact"]
        begun = [(each["call"]["started_at"], each["call"]["call_id"]) for each in body["calls"]]
        assert begun == sorted(begun)


async def test_a_figure_as_if_the_policy_said_otherwise(tmp_path: Path) -> None:
    """Seven seconds are late by one ring and in time by two; the answer echoes what was asked of which policy."""
    engine = open_store(f"sqlite:///{tmp_path}/facts.db")
    upgrade(engine)
    with engine.begin() as connection:
        rung = offering(ring=0, end=7, outcome=OfferingOutcome.ANSWERED)
        ingest(connection, [call(start=0, answered=7, end=60), rung])
    async with serving(engine) as served:
        path = "/api/v1/query?metrics=ring_within&period=2026-11&rings="
        hard, easy = await served.body(path + "1"), await served.body(path + "2")
    engine.dispose()
    assert [each["rows"][0]["values"]["ring_within"] for each in (hard, easy)] == [0, 1]
    assert [each["query"]["rings"] for each in (hard, easy)] == [1, 2]
    assert hard["policy"] == easy["policy"]


async def test_pages_tell_every_call_once_though_others_come_in_meanwhile(tmp_path: Path) -> None:
    """A call that is stored while somebody turns pages moves none that was there."""
    engine = open_store(f"sqlite:///{tmp_path}/facts.db")
    fill(engine)
    async with serving(engine) as served:
        before = [each["call_id"] for each in (await served.body(f"/api/v1/calls?{MONTH}&limit=500"))["calls"]]
        seen: list[str] = []
        path: str | None = f"/api/v1/calls?{MONTH}&limit=7"
        while path:
            _, headers, body = await served.get(path)
            seen += [each["call_id"] for each in body["calls"]]
            path = headers["Link"].partition(">")[0][1:] if "Link" in headers else None
            with engine.begin() as connection:
                early = datetime(2026, 11, 1, 0, len(seen) % 60, tzinfo=UTC)
                ingest(connection, [call(f"pbx/{len(seen)}.1", start=early)])
    engine.dispose()
    assert seen == before


async def test_as_of_is_now_or_the_last_full_hour_of_a_period_long_over(served: Served) -> None:
    """The same question about last week has the same answer for an hour."""
    asked = "/api/v1/query?metrics=calls&period="
    assert (await served.body(asked + "2026-11"))["query"]["as_of"] == "2026-11-27T02:30:15.000+00:00"
    assert (await served.body(asked + "2026-11-21"))["query"]["as_of"] == "2026-11-27T02:00:00.000+00:00"


async def test_too_many_rows_are_refused_with_how_many(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal says what was found and the limit; nothing is cut silently."""
    monkeypatch.setattr(figure_handlers, "MAX_ROWS", 1)
    status, _, body = await served.get(f"/api/v1/query?metrics=talk_minutes&{MONTH}&group=agent")
    assert (status, body["error"]["error_id"]) == (422, "too_many_rows")
    assert "expected at most 1" in body["error"]["message"]
    monkeypatch.setattr(handlers, "MAX_EXPORTED", 3)
    status, _, body = await served.get(f"/api/v1/calls?{MONTH}&format=csv")
    assert (status, body["error"]["message"].partition(":")[2][:20]) == (422, " found 40, expected ")


async def test_gaps_are_told_with_their_calls(served: Served) -> None:
    """In the shape of the document, and with an ETag of their own."""
    _, first, _ = await served.get("/api/v1/gaps")
    start, end = datetime(2026, 11, 21, 20, 55, tzinfo=UTC), datetime(2026, 11, 21, 20, 56, tzinfo=UTC)
    served.gaps.append(Gap(pbx="main", start=start, end=end, why=GapReason.LOST, detail="closed", seq=7))
    _, second, body = await served.get("/api/v1/gaps")
    assert mistakes("Gaps", body) == []
    assert body["gaps"][0]["calls_touched"] > 0
    assert first["ETag"] != second["ETag"]


async def test_the_demo_says_that_it_is_one(stored_url: str) -> None:
    """Every answer, in a shape that the document knows."""
    engine = open_store(stored_url)
    async with serving(engine, demo=True) as served:
        for shape, path in ASKED[:-1]:
            body = await served.body(path)
            assert (body["demo"], mistakes(shape, body)) == (True, [])
    engine.dispose()


def test_every_operation_has_the_refusals_that_can_happen() -> None:
    """Each endpoint that reads the store says 400, 401, 403 and 503."""
    told: dict[str, Any] = document()["paths"]["/api/v1/calls/{call_id}"]["get"]["responses"]
    assert {"200", "304", "400", "401", "403", "404", "406", "429", "500", "503"} == set(told)
