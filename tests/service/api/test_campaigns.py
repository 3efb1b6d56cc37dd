"""Campaigns over HTTP: made, shown, worked and ended; who may do what, and what is hidden from whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Engine

from config.policy_loader import load_policy
from config.settings import TokenRule
from service.auth.tokens import Scope
from tests.service.api.conftest import Served, serving
from tests.service.api.schema_checks import mistakes
from tests.service.api.test_followups import bearer, post
from tests.service.desk.calling import NUMBERS, furnish, settings_of

ALL = "/api/v1/campaigns"
ATTEMPTS = "/api/v1/attempts"
BODY = {"by": "1001", "name": "积分提醒", "mode": "preview", "kinds": ["outreach"], "customers": list(NUMBERS)}


@pytest.fixture
async def centre(store: Engine) -> AsyncIterator[Served]:
    """The API of the members' centre, without tokens, on both databases."""
    furnish(store)
    pbxs = settings_of(store).pbxs
    async with serving(store, policy=load_policy("members"), pbxs=pbxs) as found:
        yield found


async def done(served: Served, path: str, body: object, shape: str) -> Any:
    """The answer to what is done, in its shape."""
    status, answer = await post(served, path, body)
    assert (status, mistakes(shape, answer)) == (200, []), answer
    return answer


async def test_a_campaign_is_made_worked_and_ended(centre: Served) -> None:
    """Each answer has its shape; an agent gets his record, leaves it, and dials another."""
    made = await done(centre, ALL, BODY, "CampaignMade")
    assert made["list"] == {"new": 2, "known": 0, "left_out": {"do_not_call": 1, "no_consent": 1}}
    one = f"{ALL}/{made['campaign']['id']}"
    outlook = await centre.body(f"{one}/preview")
    assert (mistakes("CampaignOutlook", outlook), outlook["ready"]) == ([], 2)
    page = await centre.body(f"{one}/contacts?limit=1")
    rest = await centre.body(f"{one}/contacts?limit=1&after={page['next_after']}")
    assert mistakes("CampaignContacts", page) == []
    assert {each["contacts"][0]["number"] for each in (page, rest)} == {NUMBERS["M-1"], NUMBERS["M-2"]}
    await done(centre, f"{one}/start", {"by": "1001"}, "CampaignMade")
    record = (await done(centre, "/api/v1/agents/1002/next", {}, "NextRecord"))["record"]
    assert record["follow_ups"][0]["follow_up"]["kind"] == "outreach"
    first = record["attempt"]["id"]
    await done(centre, f"{ATTEMPTS}/{first}/skip", {"agent": "1002", "reason": "先查积分"}, "AttemptDone")
    other = (await done(centre, "/api/v1/agents/1003/next", {}, "NextRecord"))["record"]["attempt"]["id"]
    asked = await done(centre, f"{ATTEMPTS}/{other}/dial", {"agent": "1003"}, "AttemptDone")
    assert asked["attempt"]["dial_at"] is not None
    standing = await centre.body(one)
    assert mistakes("CampaignStanding", standing) == []
    assert standing["progress"]["contacts"] == {
        "all": 2, "fulfilled": 0, "closed": 0, "waiting": 1, "reached": 0, "dialling": 1,
    }  # fmt: skip
    assert [each["agent"] for each in standing["live"]] == ["1003"]
    attempts = await centre.body(f"{one}/attempts")
    assert mistakes("Attempts", attempts) == []
    assert [each["phase"] for each in attempts["attempts"]] == ["dropped", "planned"]
    status, _, csv = await centre.get(f"{one}/attempts?format=csv")
    assert (status, csv.count(b"\r\n")) == (200, 3)
    await done(centre, f"{one}/change", {"by": "1001", "priority": 3, "deadline_at": "2027-01-01"}, "CampaignMade")
    await done(centre, f"{one}/pause", {"by": "1001"}, "CampaignMade")
    await done(centre, f"{one}/resume", {"by": "1001", "anyway": True}, "CampaignMade")
    stopped = await done(centre, f"{one}/stop", {"by": "1001"}, "CampaignMade")
    assert stopped["campaign"]["state"] == "stopped"
    listed = await centre.body(f"{ALL}?state=stopped")
    assert (mistakes("Campaigns", listed), len(listed["campaigns"])) == ([], 1)
    assert mistakes("Attempts", await centre.body(f"{ATTEMPTS}/indeterminate")) == []


@pytest.mark.parametrize(
    ("path", "body", "status", "error_id"),
    [
        (ALL, {**BODY, "mode": "click"}, 400, "bad_mode"),
        (ALL, {**BODY, "kinds": ["nothing"]}, 409, "refused"),
        (ALL, {**BODY, "trunk": "other"}, 409, "refused"),
        (ALL, {**BODY, "customers": ["nobody"]}, 409, "refused"),
        (ALL, {**BODY, "tier": "gold"}, 400, "bad_customers"),
        (ALL, {**BODY, "ring_seconds": 0}, 400, "bad_ring_seconds"),
        (ALL, {**BODY, "priority": 1.5}, 400, "bad_priority"),
        (f"{ALL}/9/start", {"by": "1"}, 404, "campaign_not_found"),
        (f"{ALL}/9/change", {"by": "1"}, 400, "bad_body"),
        (f"{ALL}/x/start", {"by": "1"}, 400, "bad_campaign"),
        (f"{ALL}/9/members", {"by": "1"}, 400, "bad_customers"),
        (f"{ATTEMPTS}/9/dial", {"agent": "1002"}, 404, "attempt_not_found"),
        (f"{ATTEMPTS}/9/settle", {"by": "1", "result": "talked"}, 400, "bad_result"),
        (ATTEMPTS, {"agent": "1002", "customer": "M-4"}, 409, "refused"),
        (ATTEMPTS, {"agent": "1002"}, 409, "refused"),
        ("/api/v1/agents/9999/next", {}, 409, "refused"),
    ],
)
async def test_what_cannot_be_is_refused_in_the_one_shape(
    centre: Served, path: str, body: object, status: int, error_id: str
) -> None:
    """And nothing is made."""
    found, answer = await post(centre, path, body)
    assert (found, answer["error"]["error_id"]) == (status, error_id), answer
    assert mistakes("Error", answer) == []
    assert (await centre.body(ALL))["campaigns"] == []


async def test_a_click_is_an_attempt_that_the_scheduler_sends(centre: Served) -> None:
    """The same number twice is refused while the first goes on."""
    clicked = await done(centre, ATTEMPTS, {"agent": "1002", "number": "13800138001"}, "AttemptDone")
    assert (clicked["attempt"]["mode"], clicked["attempt"]["customer"]) == ("click", "M-1")
    status, answer = await post(centre, ATTEMPTS, {"agent": "1003", "number": "13800138001"})
    assert (status, "alive: this customer" in answer["error"]["message"]) == (409, True)


async def test_numbers_are_masked_and_writes_need_their_scope(store: Engine) -> None:
    """`read` sees campaigns and does nothing; without `people` no number shows."""
    furnish(store)
    pbxs = settings_of(store).pbxs
    async with serving(store, policy=load_policy("members"), tokens=TokenRule.REQUIRED, pbxs=pbxs) as served:
        read, write = bearer(served, [Scope.READ]), bearer(served, [Scope.FOLLOWUPS])
        assert (await post(served, ALL, BODY, Authorization=read))[0] == 403
        assert (await post(served, ALL, BODY, Authorization=write))[0] == 200
        assert (await served.get(ALL, Authorization=write))[0] == 403
        assert (await post(served, "/api/v1/agents/1002/next", {}, Authorization=write))[0] == 403
        _, _, masked = await served.get(f"{ALL}/1/contacts", Authorization=read)
        assert NUMBERS["M-1"] not in str(masked)
        assert "会员" not in str(masked)
