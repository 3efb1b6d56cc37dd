"""The pages of customers over a store: found with no number in an address, looked at on record, changed, imported."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import FormData
from sqlalchemy import Engine, insert, select

from analytics.storage.models import calls
from config.followups import Result
from schedulers.customers.records import Customer, unregistered
from schedulers.storage.customer_history import Source, load_history
from schedulers.storage.customer_writing import Origin, Write, change_customer, merge, write
from schedulers.storage.customers import load
from service.auth.models import audit_log
from service.auth.rights import Right
from service.desk.desk import Desk
from service.desk.events import Event, take
from service.desk.outcomes import Outcome, say
from telephony.clock import to_microseconds
from tests.analytics.conftest import empty_store, migrated, migrated_file, postgres_url, store
from tests.service.dashboard import promised
from tests.service.dashboard.conftest import Client
from tests.service.dashboard.people import NOW
from tests.service.dashboard.promise_pages import ANYBODY, PROOF, leader, pages_for, posted, shown

__all__ = ["empty_store", "migrated", "migrated_file", "postgres_url", "store"]

STRANGER = "+8613755558888"
CUSTOMER = re.compile(r'href="/customers/(C-\d+)"')


@pytest.fixture
def desk(store: Engine, tmp_path: Path) -> Desk:
    """Sixty customers; something is owed to one, who was called, and to a stranger who is known by his number."""
    promised.furnish(store, 60)
    made = promised.desk_of(store, tmp_path)
    origin = Origin(by="test", at=NOW - 9 * promised.DAY)
    with store.begin() as connection:
        stranger = unregistered(STRANGER, STRANGER)
        write(connection, [Write(before=None, after=stranger, origin=origin)])
        connection.execute(insert(calls).values(_call("hq/1.1", promised.number_of(1)[3:])))
    at = NOW - 2 * promised.DAY
    for key, whose in (("T-2", STRANGER), ("T-1", "C-20401")):
        (taken,) = take(made, [Event(event="transaction", customer=whose, key=key, at=at)], at)
    (first,) = taken.follow_ups
    said = Outcome(
        follow_ups=(first,), by="1003", at=NOW - promised.DAY, result=Result.NO_ANSWER, note="13912345678"
    )
    say(made, said)
    return made


def _call(identity: str, number: str) -> dict[str, object]:
    at = to_microseconds(NOW - 3 * promised.DAY)
    return {
        "id": identity, "at_us": at, "revision": 1, "pbx": "hq", "linkedid": "1.1", "known": "observed",
        "direction": "inbound",
        "customer": number, "customer_withheld": False, "started_us": at, "ended_us": at + 60_000_000,
        "disposition": "answered",
    }  # fmt: skip


def audited(desk: Desk) -> list[tuple[str, str]]:
    """What was put in the audit, in order."""
    with desk.engine.connect() as connection:
        wanted = select(audit_log.c.act, audit_log.c.subject).order_by(audit_log.c.id)
        return [(row.act, row.subject) for row in connection.execute(wanted)]


def stored(desk: Desk, identity: str) -> Customer:
    """A customer as he is stored."""
    with desk.engine.connect() as connection:
        return load(connection, [identity])[identity]


async def test_a_register_is_filtered_paged_and_searched_without_a_number_in_an_address(desk: Desk) -> None:
    """Fifty a page, every one once; by branch, tier, agent, name; by number through a post only, with the right."""
    async with pages_for(desk) as client:
        first = await shown(client, "/customers")
        following = re.search(r'rel="next" href="([^"]+)"', first)
        assert following is not None
        rest = CUSTOMER.findall(await shown(client, following[1].replace("&amp;", "&")))
        assert sorted([*CUSTOMER.findall(first), *rest]) == [f"C-{20_400 + each}" for each in range(60)]
        south = await shown(client, "/customers?branch=华南&tier=gold&owner=1003")
        assert set(CUSTOMER.findall(south)) == {
            each.id for each in map(promised.customer, range(60))
            if (each.branch, each.tier, each.owner) == ("华南", "gold", "1003")
        }  # fmt: skip
        found = await posted(client, "/customers/find", ("text", "138 0000 7919"))
        assert CUSTOMER.findall(found) == ["C-20401"]
        assert CUSTOMER.findall(await posted(client, "/customers/find", ("text", "C-2040"))) == [
            f"C-{20_400 + each}" for each in range(10)
        ]
        assert "没有这个号码的客户" in await posted(client, "/customers/find", ("text", "13900000000"))
        await shown(client, "/customers?q=13800007919", 400)
        await shown(client, f"/customers/tel:{STRANGER}", 404)
    async with pages_for(desk, leader(set(promised.AGENTS))) as client:
        await posted(client, "/customers/find", ("text", "13800007919"), status=400)
        assert CUSTOMER.findall(await posted(client, "/customers/find", ("text", "C-2040"))) == []
        whole = await posted(client, "/customers/find", ("text", "李先生"))
        assert "C-20401" in CUSTOMER.findall(whole)
        assert "李**" in whole


async def test_a_card_tells_what_is_owed_and_all_that_was_and_is_looked_at_on_record(desk: Desk) -> None:
    """Owed, calls, tries and changes; numbers hidden from who has no right; each look is a row of the audit."""
    async with pages_for(desk) as client:
        page = await shown(client, "/customers/C-20401?lang=en")
        for said in (
            "Member&#39;s transaction",
            "Inbound",
            "Answered",
            "tried",
            "added to the register",
            "13912345678",
        ):
            assert said in page, said
        assert 'href="/calls/hq/1.1"' in page
        await shown(client, "/customers/C-9", 404)
    async with pages_for(desk, leader(set(promised.AGENTS))) as client:
        masked = await shown(client, "/customers/C-20401?lang=en")
        assert "138****7919" in masked
        assert "13800007919" not in masked
        assert "139****5678" in masked
    async with pages_for(
        desk, leader({"1007"})
    ) as client:  # who served a customer of others sees him, not their work
        with desk.engine.begin() as connection:
            change_customer(connection, "C-20401", Origin(by="test", at=NOW), previous="1007")
        assert 'href="/followups/' not in (await shown(client, "/customers/C-20401")).split("<main")[1].replace(
            'href="/followups/list', ""
        )
    assert audited(desk) == [("looked", "customer C-20401")] * 3


async def test_who_is_known_by_his_number_has_a_page_without_it(desk: Desk) -> None:
    """Under something that is owed to him; neither an address nor the audit has the number."""
    with desk.engine.connect() as connection:
        (line, *_), _ = load_history(connection, f"tel:{STRANGER}", (), limit=5)
    assert line.source is Source.FOLLOW_UP
    path = f"/customers/of/{line.id}"
    async with pages_for(desk) as client:
        assert path in await posted(client, "/customers/find", ("text", STRANGER))
        page = await shown(client, path)
        assert "13755558888" in page
        assert not re.search(r'(?:href|action)="[^"]*13755558888', page)
        form = (("what", "owner"), ("owner", "1003"), ("reason", "老客户"), ("by", "1001"))
        await posted(client, f"{path}/say", *form)
        await shown(client, "/customers/of/" + "0" * 20, 404)
    assert stored(desk, f"tel:{STRANGER}").owner == "1003"
    assert {subject for _, subject in audited(desk)} == {f"customer of follow-up {line.id}"}


async def test_what_is_said_of_a_customer_needs_a_reason_and_is_on_record(desk: Desk) -> None:
    """Agent, consent, do not call with its last day, and back; refused without who and why, or with a day gone by."""
    told = ("by", "1001")
    async with pages_for(desk) as client:
        base = "/customers/C-20402/say"
        await posted(client, base, told, ("what", "owner"), ("owner", "1008"), status=400)
        await posted(
            client, base, told, ("what", "do-not-call"), ("until", "2020-01-01"), ("reason", "x"), status=400
        )
        await posted(client, base, told, ("what", "burn"), ("reason", "x"), status=400)
        await posted(client, base, told, ("what", "owner"), ("owner", "9999"), ("reason", "x"), status=400)
        await posted(client, base, told, ("what", "owner"), ("owner", "1008"), ("reason", "调整"))
        await posted(client, base, told, ("what", "consent"), ("consent", "no"), ("reason", "电话里说的"))
        page = await posted(
            client, base, told, ("what", "do-not-call"), ("until", "2026-12-31"), ("reason", "年内不要打")
        )
        assert "年内不要打" in page
        blocked = stored(desk, "C-20402")
        assert (blocked.owner, blocked.consent) == ("1008", False)
        assert blocked.do_not_call is not None
        assert f"{blocked.do_not_call.until.astimezone(promised.ZONE) if blocked.do_not_call.until else ''}".startswith(
            "2027-01-01 00:00"
        )
        await posted(client, base, told, ("what", "may-call"), ("reason", "来电说可以了"))
    assert stored(desk, "C-20402").do_not_call is None
    assert [act for act, _ in audited(desk) if act == "changed"] == ["changed"] * 4
    async with pages_for(desk, leader({"1002"})) as client:
        await shown(client, "/customers/C-20402", 404)
        await posted(client, base, told, ("what", "may-call"), ("reason", "x"), status=404)
        own = CUSTOMER.findall(await shown(client, "/customers"))
        assert own == [each.id for each in map(promised.customer, range(60)) if each.owner == "1002"]
    with_no_right = replace(ANYBODY, rights=frozenset({Right.PROMISES}))
    async with pages_for(desk, with_no_right) as client:
        await shown(client, "/customers", 404)


async def test_merged_ids_lead_to_who_stayed(desk: Desk) -> None:
    """The card names them, and the history has the merging."""
    with desk.engine.begin() as connection:
        merge(connection, "C-20410", "C-20411", Origin(by="1001", at=NOW, reason="同一人"))
    async with pages_for(desk) as client:
        page = await shown(client, "/customers/C-20410?lang=en")
    assert "Merged into this one" in page
    assert "C-20411" in page
    assert "another customer became a part of this one" in page


def test_pages_of_a_history_follow_each_other(desk: Desk) -> None:
    """Every line once, whatever its source, the newest first."""
    forms = [promised.number_of(1)[3:]]
    with desk.engine.connect() as connection:
        whole, nothing = load_history(connection, "C-20401", forms, limit=100)
        found, before = [], None
        for _ in range(20):
            lines, before = load_history(connection, "C-20401", forms, before=before, limit=1)
            found += lines
            if before is None:
                break
    assert nothing is None
    assert found == list(whole)
    assert {each.source for each in whole} == {Source.CALL, Source.FOLLOW_UP, Source.REGISTER}


async def sent(client: Client, text: str, name: str, proof: str = PROOF) -> tuple[int, str]:
    """A file sent to be imported; the status and the page."""
    form = FormData(quote_fields=False)  # as browsers send it
    form.add_field("proof", proof)
    form.add_field("by", "1001")
    form.add_field("file", text.encode(), filename=name, content_type="text/csv")
    async with client.post("/customers/import?lang=en", data=form) as response:
        return response.status, await response.text()


async def test_an_import_is_shown_row_by_row_before_it_is_stored(desk: Desk, tmp_path: Path) -> None:
    """Bad rows say where, found and expected; the good ones are stored when told so; the file is gone afterwards."""
    text = "客户编号,姓名,电话,责任坐席\nN-1,新客户,13712345678,1003\nN-2,坏号码,12,1003\nN-3,坏坐席,13712345670,9999\n"
    async with pages_for(desk) as client:
        status, page = await sent(client, text, "名单.csv")
        assert status == 200
        assert "rows are refused" in page or "row is refused" in page
        assert "9999" in page
        key = re.search(r'action="/customers/import/([\w-]+)"', page)
        assert key is not None
        assert not load_ids(desk, "N-1")
        done = await posted(client, f"/customers/import/{key[1]}?lang=en", ("partial", "1"))
        assert "Stored: 名单.csv" in done
        assert load_ids(desk, "N-1")
        await posted(client, f"/customers/import/{key[1]}", status=404)
        assert (await sent(client, text, "名单.csv", proof="guessed"))[0] == 403
        assert (await sent(client, text, "名单.exe"))[0] == 400
        assert "1 row is refused" in (await sent(client, "a;b\n1;2\n", "名单.csv"))[1]
        assert len(list((tmp_path / "sent").iterdir())) == 1
    assert list((tmp_path / "sent").iterdir()) == []
    with desk.engine.connect() as connection:
        row = connection.execute(select(audit_log).where(audit_log.c.subject == "customers")).one()
    assert json.loads(row.details)["added"] == 1
    async with pages_for(desk, leader(set(promised.AGENTS))) as client:
        await shown(client, "/customers/import", 404)


def load_ids(desk: Desk, identity: str) -> bool:
    """Whether a customer is stored."""
    with desk.engine.connect() as connection:
        return identity in load(connection, [identity])
