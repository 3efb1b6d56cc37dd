"""Follow-ups over HTTP: work lists, outcomes, acts and events; who may do what, and what is hidden from whom."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from config.policy_loader import load_policy
from config.settings import TokenRule
from service.api.endpoints import ENDPOINTS
from service.api.serving import subject_of
from service.auth import tokens
from service.auth.models import audit_log
from service.auth.tokens import Scope
from tests.service.api.conftest import NOW, Served, serving
from tests.service.api.schema_checks import mistakes
from tests.service.desk.centre import MOBILE, furnish

ALL = "/api/v1/followups"
CUSTOMER = next(each for each in ENDPOINTS if each.name == "customer")


@pytest.fixture
async def desk(store: Engine) -> AsyncIterator[Served]:
    """The API of the hotline, without tokens, on both databases."""
    furnish(store)
    async with serving(store, policy=load_policy("hotline")) as found:
        yield found


async def post(served: Served, path: str, body: object, **headers: str) -> tuple[int, Any]:
    """Status and body of what is posted."""
    async with served.session.post(served.url + path, json=body, headers=headers) as response:
        return response.status, await response.json()


async def told(served: Served, key: str = "T-1", **headers: str) -> str:
    """A complaint of C-1 is resolved; the revisit's id."""
    body = {"event": "complaint_resolved", "customer": "C-1", "key": key, "about": {"phone": "13800138000"}}
    status, found = await post(served, "/api/v1/events", body, **headers)
    assert (status, mistakes("Taken", found)) == (200, []), found
    return str(found["follow_ups"][0])


async def test_an_event_a_list_an_outcome_and_the_story(desk: Served) -> None:
    """Each answer has its shape; the same event again makes nothing."""
    identity = await told(desk)
    assert await told(desk) == identity
    listed = await desk.body(f"{ALL}?state=today&kind=resolved_revisit")
    assert mistakes("FollowUps", listed) == []
    assert [each["id"] for each in (await desk.body(ALL))["follow_ups"]] == [identity]
    outcome = {"by": "1002", "elsewhere": "mobile", "answers": {"mark": 2, "else": "太慢"}}
    status, done = await post(desk, f"{ALL}/{identity}/outcome", outcome)
    assert (status, mistakes("Changes", done)) == (200, []), done
    assert [each["what"] for each in done["changes"]] == ["done", "born"]
    story = await desk.body(f"{ALL}/{identity}")
    assert mistakes("Story", story) == []
    assert [each["answer"] for each in story["answers"]] == ["太慢", 2]
    assert [each["kind"] for each in story["chain"]] == ["resolved_revisit", "revisit_again"]


async def test_what_is_done_can_be_undone(desk: Served) -> None:
    """Rescheduled, handed over, closed, opened again; each is a line of the story."""
    identity = await told(desk)
    later = (NOW + timedelta(days=9)).isoformat()
    acts = (
        ("reschedule", {"to": later}),
        ("hand-over", {"to": "1004"}),
        ("close", {"reason": "duplicate", "note": "重复登记"}),
        ("reopen", {}),
    )
    for name, body in acts:
        status, done = await post(desk, f"{ALL}/{identity}/{name}", {"by": "1002", **body})
        assert status == 200, done
    story = await desk.body(f"{ALL}/{identity}")
    what = [each["what"] for each in story["changes"]]
    assert what == ["born", "rescheduled", "handed_over", "closed", "reopened"]
    assert (story["follow_up"]["owner"], story["follow_up"]["state"]) == ("1004", "open")


async def test_pages_and_coverage_follow_their_cursors(desk: Served) -> None:
    """Every item once, in lists and behind a figure; the parts add up."""
    ids = {await told(desk, f"T-{number}") for number in range(5)}
    for path, name in ((ALL, "follow_ups"), (f"{ALL}/coverage/items", "items")):
        found: list[str] = []
        after = ""
        for _ in range(3):
            body = await desk.body(f"{path}?limit=2{after}" + ("&period=2026-11" if name == "items" else ""))
            found += [each["id"] for each in body[name]]
            after = f"&after={body['next_after']}"
        assert (sorted(found), body["next_after"]) == (sorted(ids), None)
    coverage = await desk.body(f"{ALL}/coverage?period=2026-11")
    assert mistakes("Coverage", coverage) == []
    total = coverage["total"]
    assert total["due"] == total["open_in_time"] == 5


@pytest.mark.parametrize(
    ("path", "body", "status", "error_id"),
    [
        ("/api/v1/events", {"event": "rain", "customer": "C-1", "key": "1"}, 409, "refused"),
        ("/api/v1/events", {"event": "complaint_resolved", "customer": "C-9", "key": "1"}, 409, "refused"),
        ("/api/v1/events", {"event": "complaint_resolved", "customer": "C-1"}, 400, "bad_key"),
        ("/api/v1/events", {"event": 1, "customer": "C-1", "key": "1"}, 400, "bad_event"),
        ("/api/v1/events", ["event"], 400, "bad_body"),
        (f"{ALL}/none/outcome", {"by": "1002"}, 404, "followup_not_found"),
        (f"{ALL}/none/close", {"by": "1002", "reason": "refused"}, 404, "followup_not_found"),
        (f"{ALL}/ID/outcome", {"by": "1002", "mood": "good"}, 400, "unknown_field"),
        (f"{ALL}/ID/outcome", {"by": "1002", "result": "well"}, 400, "bad_result"),
        (f"{ALL}/ID/outcome", {"by": "1002", "answers": {"mark": 9}}, 409, "refused"),
        (f"{ALL}/ID/close", {"by": "1002", "reason": "unreachable"}, 409, "refused"),
        (f"{ALL}/ID/reschedule", {"by": "1002", "to": "2020-01-01T00:00:00Z"}, 409, "refused"),
        (f"{ALL}/ID/reopen", {"by": "1002"}, 409, "refused"),
    ],
)
async def test_what_cannot_be_is_refused_in_the_one_shape(
    desk: Served, path: str, body: object, status: int, error_id: str
) -> None:
    """And nothing is changed."""
    identity = await told(desk)
    found, answer = await post(desk, path.replace("ID", identity), body)
    assert (found, answer["error"]["error_id"]) == (status, error_id), answer
    assert mistakes("Error", answer) == []
    assert (await desk.body(f"{ALL}/{identity}"))["follow_up"]["revision"] == 1


async def test_a_form_of_a_web_page_does_nothing(desk: Served) -> None:
    """Only application/json is understood: a browser asks before it sends that to another's server."""
    form = {"event": "complaint_resolved", "customer": "C-1", "key": "1"}
    async with desk.session.post(f"{desk.url}/api/v1/events", data=form) as response:
        assert response.status == 415
    assert (await desk.body(ALL))["follow_ups"] == []


async def test_what_a_program_changes_and_opens_is_in_the_audit(store: Engine) -> None:
    """By its token, what and about whom; what is refused or only listed is not, and no row holds a number."""
    furnish(store)
    async with serving(store, policy=load_policy("hotline"), tokens=TokenRule.REQUIRED) as served:
        writer = bearer(served, [Scope.EVENTS, Scope.FOLLOWUPS, Scope.READ, Scope.PEOPLE])
        identity = await told(served, Authorization=writer)
        close = {"by": "1002", "reason": "duplicate"}
        assert (await post(served, f"{ALL}/{identity}/close", close, Authorization=writer))[0] == 200
        assert (await post(served, f"{ALL}/{identity}/close", close, Authorization=writer))[0] == 409
        for path, status in (
            (ALL, 200),
            ("/api/v1/customers/C-1", 200),
            ("/api/v1/customers/tel:+8613800138009", 404),
        ):
            assert (await served.get(path, Authorization=writer))[0] == status
        with served.engine.connect() as connection:
            rows = connection.execute(select(audit_log).order_by(audit_log.c.id)).all()
    assert [(row.act, row.subject, json.loads(row.details)["what"]) for row in rows] == [
        ("changed", "follow-up", "event"),
        ("changed", f"follow-up {identity}", "followup_close"),
        ("looked", "customer C-1", "customer"),
    ]
    assert {row.role for row in rows} == {"token"}
    assert subject_of(CUSTOMER, {"customer_id": "tel:+8613800138009"}) == "customer tel:+861****8009"


async def test_each_scope_does_its_own_and_numbers_are_masked(store: Engine) -> None:
    """`events:write` tells events and reads nothing; `read` changes nothing; without `people` no number shows."""
    furnish(store)
    async with serving(store, policy=load_policy("hotline"), tokens=TokenRule.REQUIRED) as served:
        events, read = bearer(served, [Scope.EVENTS]), bearer(served, [Scope.READ])
        identity = await told(served, Authorization=events)
        assert (await served.get(ALL, Authorization=events))[0] == 403
        close = {"by": "1002", "reason": "duplicate"}
        assert (await post(served, f"{ALL}/{identity}/close", close, Authorization=read))[0] == 403
        assert (await post(served, "/api/v1/events", {}, Authorization=read))[0] == 403
        for path in (ALL, f"{ALL}/{identity}"):
            _, _, masked = await served.get(path, Authorization=read)
            assert "800138" not in str(masked)
            assert "张三" not in str(masked)
            _, _, whole = await served.get(path, Authorization=bearer(served, [Scope.READ, Scope.PEOPLE]))
            assert MOBILE in str(whole)
            assert "13800138000" in str(whole)
        assert (
            await post(served, f"{ALL}/{identity}/close", close, Authorization=bearer(served, [Scope.FOLLOWUPS]))
        )[0] == 200


def bearer(served: Served, scopes: Iterable[Scope]) -> str:
    """The header of a new token."""
    with served.engine.begin() as connection:
        _, shown = tokens.create(connection, "test", scopes, NOW, NOW + timedelta(days=1))
    return f"Bearer {shown}"
