"""Customers over the API: pages, one with his history, told anew; who may, and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Engine

from config.settings import TokenRule
from schedulers.customers.records import Customer, Number
from schedulers.storage.customer_writing import Origin, Write, merge, write
from service.auth import tokens
from service.auth.tokens import Scope
from tests.schedulers.customers.importing import with_agents
from tests.service.api.conftest import NOW, Served, captured, fill, serving
from tests.service.api.schema_checks import mistakes

PATH = "/api/v1/customers"
ORIGIN = Origin(by="test", at=NOW)
CALLER = next(each.customer for each in captured() if getattr(each, "customer", None) and len(each.customer) > 8)
TOLD: dict[str, Any] = {
    "name": "王敏",
    "sort": "dealer",
    "numbers": ["138 0013 8000(本人)", "021-88886666转801"],
    "branch": "north",
    "tier": "core",
    "owner": "1001",
    "zone": "Asia/Urumqi",
    "hours": "10:00-14:00",
    "dialect": "sichuan",
    "language": "zh",
    "birthday": "农历八月十五",
    "since": "2024-02-29",
    "until": "2030-01-01",
    "figures": {"assets": 300000, "visits": 3},
    "consent": True,
    "do_not_call": {"reason": "asked", "until": "2027-01-31"},
}


@pytest.fixture
async def told(store: Engine) -> AsyncIterator[Served]:
    """The API over captured calls, two agents and five customers, on both databases."""
    fill(store)
    with store.begin() as connection:
        with_agents(connection)
        numbers = (Number(number=f"+{CALLER}", written=CALLER),)
        some = [Customer(id=f"K{at}", branch="ab"[at % 2], numbers=numbers if at == 3 else ()) for at in range(5)]
        write(connection, [Write(before=None, after=each, origin=ORIGIN) for each in some])
    async with serving(store) as found:
        yield found


async def put(served: Served, customer: str, content: Any, **headers: str) -> tuple[int, Any]:
    """Status and body."""
    async with served.session.put(f"{served.url}{PATH}/{customer}", json=content, headers=headers) as response:
        return response.status, await response.json()


async def test_pages_tell_every_customer_once(told: Served) -> None:
    """By following Link, in the shape of the document; filters choose."""
    seen, path = [], f"{PATH}?limit=2"
    while path:
        _, headers, body = await told.get(path)
        assert mistakes("Customers", body) == []
        seen += [each["id"] for each in body["customers"]]
        path = headers["Link"].partition(">")[0][1:] if "Link" in headers else ""
    assert seen == ["K0", "K1", "K2", "K3", "K4"]
    assert [each["id"] for each in (await told.body(f"{PATH}?branch=b"))["customers"]] == ["K1", "K3"]
    assert [each["id"] for each in (await told.body(f"{PATH}?number={CALLER}"))["customers"]] == ["K3"]
    assert (await told.body(f"{PATH}?owner=1001"))["customers"] == []


async def test_a_customer_has_his_calls_and_every_change(told: Served) -> None:
    """Found by his number however the PBX gave it, the newest first; by an id that he had before too."""
    body = await told.body(f"{PATH}/K3?limit=3")
    assert mistakes("CustomerHistory", body) == []
    assert {each["customer"] for each in body["calls"]} == {CALLER}
    began = [each["started_at"] for each in body["calls"]]
    assert began == sorted(began, reverse=True)
    assert [each["what"] for each in body["changes"]] == ["added"]
    with told.engine.begin() as connection:
        merge(connection, "K3", "K4", ORIGIN)
    merged = await told.body(f"{PATH}/K3?limit=3")
    assert mistakes("CustomerHistory", merged) == []
    assert (merged["customer"]["id"], merged["aliases"], merged["calls"]) == ("K4", ["K3"], body["calls"])
    status, _, refusal = await told.get(f"{PATH}/K9")
    assert (status, refusal["error"]["error_id"]) == (404, "customer_not_found")


async def test_a_customer_is_told_and_twice_is_as_once(told: Served) -> None:
    """201 where he is new, 200 from then on; the trace names the request, and the second leaves none."""
    status, first = await put(told, "N1", TOLD)
    assert (status, mistakes("Customer", first)) == (201, [])
    assert (first["birthday"], first["owner"], first["figures"]) == ("lunar 08-15", "1001", TOLD["figures"])
    assert [(each["number"], each["label"], each["use"]) for each in first["numbers"]] == [
        ("+8613800138000", "本人", "own"),
        ("+862188886666", None, "shared"),
    ]
    assert first["do_not_call"]["until"] == "2027-01-31T16:00:00.000+00:00"
    assert await put(told, "N1", TOLD) == (200, first)
    (change,) = (await told.body(f"{PATH}/N1"))["changes"]
    assert (change["what"], change["by"]) == ("added", "API")


async def test_what_is_not_told_stays_and_null_takes_back(told: Served) -> None:
    """An empty request changes nothing; an empty list of numbers is none."""
    _, first = await put(told, "N1", TOLD)
    assert await put(told, "N1", {}) == (200, first)
    back = {"name": None, "zone": None, "hours": None, "consent": None, "do_not_call": None, "birthday": None}
    _, after = await put(told, "N1", {**back, "numbers": [], "figures": {"assets": None}})
    assert {name: after[name] for name in back} == back
    assert (after["numbers"], after["figures"], after["tier"]) == ([], {"visits": 3}, "core")


async def test_an_answer_has_another_tag_once_a_customer_was_told(told: Served) -> None:
    """Until then 304."""
    _, headers, _ = await told.get(f"{PATH}?limit=10")
    assert (await told.get(f"{PATH}?limit=10", If_None_Match=headers["ETag"]))[0] == 304
    await put(told, "K1", {"tier": "core"})
    assert (await told.get(f"{PATH}?limit=10", If_None_Match=headers["ETag"]))[0] == 200


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "body: found [], expected object"),
        ({"colour": "red"}, "body: found the key 'colour', expected some of name, sort"),
        ({"name": 5}, "body.name: found 5, expected string or null"),
        ({"name": ""}, "body.name: found 0 characters, expected 1 to 200"),
        ({"name": " "}, "body.name: found only spaces, expected a text or null"),
        ({"name": "x\0"}, "body.name: found a character that is none, expected text"),
        ({"consent": "yes"}, "body.consent: found 'yes', expected boolean or null"),
        ({"numbers": "13800138000"}, "body.numbers: found '13800138000', expected array"),
        ({"numbers": ["13800138000", "8888"]}, "body.numbers: found '8888', expected a number that can be dialled"),
        ({"numbers": ["1"] * 21}, "body.numbers: found 21 items, expected at most 20"),
        ({"figures": {"assets": 1.5}}, "body.figures.assets: found 1.5, expected integer or null"),
        ({"figures": {"assets": True}}, "body.figures.assets: found True, expected integer or null"),
        ({"figures": {"assets": 10**15}}, "body.figures.assets: found 1000000000000000, expected"),
        ({"figures": {"资产": 1}}, "body.figures: found the key '\\u8d44\\u4ea7', expected a name of the form"),
        ({"owner": "1099"}, "body.owner: found '1099', expected an agent who is known: import agents first"),
        ({"zone": "Moon"}, "body.zone: found 'Moon', expected a time zone such as Asia/Urumqi"),
        ({"birthday": "spring"}, "body.birthday: found 'spring', expected a day such as 08-15"),
        ({"since": "2026-02-30"}, "body.since: found '2026-02-30', expected a date"),
        ({"do_not_call": {"until": "soon"}}, "body.do_not_call.until: found 'soon', expected a date or a time"),
        ({"do_not_call": {"why": "x"}}, "body.do_not_call: found the key 'why', expected some of reason, until"),
    ],
)
async def test_what_is_wrong_is_refused_and_nothing_is_stored(told: Served, content: Any, message: str) -> None:
    """400 in the one shape, with the place in the body, what was found and what was expected."""
    status, body = await put(told, "N1", content)
    assert (status, body["error"]["error_id"]) == (400, "bad_content")
    assert body["error"]["message"].startswith(message)
    assert (await told.get(f"{PATH}/N1"))[0] == 404


@pytest.mark.parametrize(
    ("data", "kind", "status", "error_id"),
    [
        (b"{", "application/json", 400, "bad_content"),
        (b"NaN", "application/json", 400, "bad_content"),
        (b"\xff", "application/json", 400, "bad_content"),
        (b"[" * 100_000, "application/json", 400, "bad_content"),
        (b"{}", "text/plain", 415, "unsupported_media_type"),
        (b'{"name": "' + b"x" * 2_000_000 + b'"}', "application/json", 413, "request_too_large"),
    ],
)
async def test_what_is_no_json_is_refused(told: Served, data: bytes, kind: str, status: int, error_id: str) -> None:
    """Also what is very deep or very large; a page of another site cannot send JSON unasked."""
    headers = {"Content-Type": kind}
    async with told.session.put(f"{told.url}{PATH}/N1", data=data, headers=headers) as response:
        body = await response.json()
    assert (response.status, body["error"]["error_id"]) == (status, error_id)
    assert mistakes("Error", body) == []


@pytest.mark.parametrize("customer", ["%20K1", "K%0A1", "K" * 201, "%E5%90%88%E8%AE%A1"])
async def test_an_id_that_no_file_could_hold_is_refused(told: Served, customer: str) -> None:
    """Spaces around it, what does not print, endless ones, a line of totals."""
    status, body = await put(told, customer, {})
    assert status == 400
    assert body["error"]["error_id"] in ("bad_customer_id", "bad_content")


async def test_an_id_may_hold_a_slash(told: Served) -> None:
    """Spelt as %2F."""
    assert (await put(told, "A%2F1", {"tier": "core"}))[0] == 201
    assert (await told.body(f"{PATH}/A%2F1"))["customer"]["id"] == "A/1"


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [
        ((Scope.READ,), 403, 403),
        ((Scope.READ, Scope.CUSTOMERS_WRITE), 403, 403),
        ((Scope.READ, Scope.PEOPLE), 200, 403),
        ((Scope.READ, Scope.PEOPLE, Scope.CUSTOMERS_WRITE), 200, 200),
    ],
)
async def test_only_who_may_see_people_reads_customers_and_not_everyone_of_them_writes(
    store: Engine, scopes: tuple[Scope, ...], reads: int, writes: int
) -> None:
    """The trace names the token that told something."""
    fill(store)
    with store.begin() as connection:
        write(connection, [Write(before=None, after=Customer(id="K1"), origin=ORIGIN)])
        token, shown = tokens.create(connection, "crm", scopes, NOW)
    async with serving(store, tokens=TokenRule.REQUIRED) as served:
        bearer = f"Bearer {shown}"
        for path in (PATH, f"{PATH}/K1"):
            assert (await served.get(path, Authorization=bearer))[0] == reads
        assert (await put(served, "K1", {"tier": "core"}, Authorization=bearer))[0] == writes
        assert (await put(served, "K1", {"tier": "core"}))[0] == 401
        if writes == 200:
            body = (await served.get(f"{PATH}/K1", Authorization=bearer))[2]
            assert body["changes"][-1]["by"] == f"API {token.id}"


async def test_another_method_is_told_which_there_are(told: Served) -> None:
    """Customers are not deleted."""
    async with told.session.delete(f"{told.url}{PATH}/K1") as response:
        assert (response.status, response.headers["Allow"]) == (405, "GET,HEAD,PUT")
