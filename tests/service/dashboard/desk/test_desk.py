"""The desk over a real store and a live hub: the caller's card before the answer, the form and what it makes."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientResponse
from sqlalchemy import select

from analytics.closing.objections import Answer, decide, load_objections
from analytics.storage.notes import load_note
from schedulers.followups.records import FollowUp, State
from schedulers.storage.accounts import load_follow_ups
from schedulers.storage.followup_models import follow_ups
from service.auth.models import audit_log
from service.auth.rights import RIGHTS_OF, Role, Sight
from service.desk.call_records import entries_of
from service.desk.models import desk_records
from telephony.calls.facts import CallFact
from tests.analytics.closing.issuing import issue_live
from tests.analytics.conftest import BOTH
from tests.service.dashboard.conftest import Client
from tests.service.dashboard.desk.conftest import ANYBODY, NANA, PROOF, Serve
from tests.service.dashboard.desk.played import LIN, MISSED, OWED, RINGS, PlayedCentre

OUT = "main/1795294768.176"
"""1001 calls somebody, and talks with him."""
FORM = {"proof": PROOF, "agent": "1001", "call": RINGS, "place": "0"}
GOOD = {**FORM, "outcome": "enquiry", "code": "520", "content": "要含安装，13800138000", "next": ""}


async def shown(client: Client, path: str = "/desk?lang=en", status: int = 200) -> str:
    async with client.get(path) as response:
        assert response.status == status
        return await response.text()


async def saved(client: Client, form: dict[str, str], status: int = 200) -> str:
    async with client.post("/desk/record?lang=en", data=form) as response:
        assert response.status == status, await response.text()
        return await response.text()


def owed(centre: PlayedCentre, kind: str) -> list[FollowUp]:
    """The follow-ups of a kind."""
    with centre.engine.connect() as connection:
        ids = connection.execute(select(follow_ups.c.id).where(follow_ups.c.kind == kind)).scalars().all()
        return list(load_follow_ups(connection, ids).values())


@pytest.mark.parametrize("own_store", BOTH, indirect=True)
async def test_the_card_is_there_before_the_answer_with_all_that_is_owed(
    centre: PlayedCentre, nana: Client
) -> None:
    """Name, tier, branch, dialect, owner, what was before; each follow-up with what it asks for."""
    centre.owe()
    centre.remember()
    centre.ring()
    page = await shown(nana)
    assert 'data-activity="ringing"' in page
    assert "林美华" in page
    for told in (
        "银卡会员",
        "广州",
        "粤语",
        "usual agent 罗敏仪",
        "customer no. C-20418",
        "dialled 咨询热线",
        *OWED,
    ):
        assert told in page, told
    assert page.count("data-owed=") == 2
    assert page.count('name="settle.') == 1
    assert "not settled by a call that comes in" in page
    assert "Enquiry: 报价，约周五中午回电，138****8000" in page
    assert "罗敏仪, 3:48" in page
    assert LIN not in page
    assert "+447****0108" in page


async def test_the_stream_tells_of_the_ringing_phone_at_once(centre: PlayedCentre, nana: Client) -> None:
    """State, card and form within a second; while he talks the form is left alone, and the state follows."""
    async with nana.get("/desk/events/1001?lang=en") as response:
        await _until(response, "event: time")
        centre.ring()
        began = asyncio.get_running_loop().time()
        told = await _until(response, "event: desk.hand")
        assert asyncio.get_running_loop().time() - began < 1
        assert 'data-activity="ringing"' in told
        centre.answer()
        told = await _until(response, 'data-activity="talking"')
        assert "event: desk.hand" not in told
        assert "Picked up in 2.0 s, ring 1" in told
        centre.hang_up()
        assert "2 calls of yours have no outcome" in await _until(response, "event: desk.day")


async def _until(response: ClientResponse, told: str) -> str:
    found = ""
    async with asyncio.timeout(10):
        while told not in found:
            found += (await response.content.readany()).decode()
    return found


async def test_several_customers_of_one_number_are_chosen_from(centre: PlayedCentre, nana: Client) -> None:
    """Nobody is meant until the agent says who; somebody else's customer cannot be named."""
    centre.ring(MISSED)
    page = await shown(nana)
    assert "Several customers have this number" in page
    assert page.count("data-choose") == 2
    page = await shown(nana, f"/desk?lang=en&call={MISSED}&customer=F-1")
    assert "<h1>吴倩</h1>" in page
    assert "Has not consented" in page
    assert "林美华" not in await shown(nana, f"/desk?lang=en&call={MISSED}&customer=C-20418")


async def test_every_mistake_is_told_at_its_field_and_what_was_typed_stays(
    centre: PlayedCentre, nana: Client
) -> None:
    """All at once, found and expected; nothing is kept."""
    (quotation, revisit) = centre.owe()
    centre.ring()
    centre.answer()
    wrong = {**FORM, "outcome": "sale", "code": "999", "content": " ", "next": "promise:", "time": "31:00"}
    page = await saved(nana, {**wrong, f"settle.{revisit}": "1"}, 400)
    for told in (
        "found “sale”, expected one of the outcomes",
        "found “999”, expected one of the service codes",
        "found 0 letters, expected 1 to 2000",
        "found “31:00”, expected a time ahead such as tomorrow 11:00",
        "Somebody settled it meanwhile",
    ):
        assert told in page, told
    assert 'value="31:00"' in page
    mark = {**GOOD, f"settle.{quotation}": "1", "answer.mark": "9"}
    assert "found “9”, expected a mark of the question" in await saved(nana, mark, 400)
    assert "permits it: tick it" in await saved(nana, {**GOOD, "next": "agree", "time": "+60"}, 400)
    reason = {**GOOD, "next": "close:duplicate", f"settle.{quotation}": "1"}
    assert "permits it: tick it" in await saved(nana, reason, 400)
    with centre.engine.connect() as connection:
        assert entries_of(connection, RINGS, "1001") == ()


async def test_a_time_at_which_nobody_may_be_called_is_warned_of(centre: PlayedCentre, nana: Client) -> None:
    """With the next one that is permitted; the customer's own wish goes before it."""
    centre.ring()
    form = {**GOOD, "next": "promise:", "time": "今天 11:00"}  # a Sunday
    page = await saved(nana, form, 400)
    assert "Nobody may be called at that time" in page
    assert 'data-instead="2026-11-23 08:30"' in page
    told = await said(nana, "/desk/time", {"text": "周一 12:30", "next": "promise:"})
    assert told["wrong"] == "Nobody may be called at that time"
    assert (told["value"], told["instead"]) == ("2026-11-23 12:30", "2026-11-23 13:30")
    assert await said(nana, "/desk/time", {"text": "周一 9:00", "next": "promise:"}) == {
        "said": "tomorrow 09:00",
        "value": "2026-11-23 09:00",
    }
    assert "expected a time ahead" in (await said(nana, "/desk/time", {"text": "soon", "next": ""}))["wrong"]
    assert "Recorded." in await saved(nana, {**form, "wish": "1"})
    (promise,) = owed(centre, "promised_callback")
    assert (promise.owner, promise.customer) == ("1001", "C-20418")
    assert promise.agreed_at is not None
    assert promise.agreed_at.isoformat() == "2026-11-22T03:00:00+00:00"


async def said(
    client: Client, path: str, told: dict[str, object], proof: str = PROOF, status: int = 200
) -> dict[str, str]:
    body = {"agent": "1001", "call": RINGS, **told}
    async with client.post(f"{path}?lang=en", json=body, headers={"X-Proof": proof}) as response:
        assert response.status == status
        found: dict[str, str] = json.loads(await response.text()) if status == 200 else {}
        return found


@pytest.mark.parametrize("own_store", BOTH, indirect=True)
async def test_a_draft_outlives_the_page_and_goes_with_the_record(centre: PlayedCentre, nana: Client) -> None:
    """Kept by agent and call, shown again after a reload; only our own page may keep one, and only of a call of his."""
    centre.ring()
    fields = {"outcome": "complaint", "content": "typed so far", "next": "promise:", "time": "2026-11-23 09:00"}
    kept = await said(nana, "/desk/draft", {"fields": fields})
    assert re.fullmatch(r"04:54:\d\d", kept["saved_at"])
    page = await shown(nana)
    assert "typed so far</textarea>" in page
    assert 'value="complaint" data-digit="2" checked' in page
    assert "draft kept 04:54" in page
    await said(nana, "/desk/draft", {"fields": fields}, proof="guessed", status=403)
    await said(nana, "/desk/draft", {"fields": fields, "call": "main/1.1"}, status=404)
    await saved(nana, {**GOOD, **fields})
    page = await shown(nana, f"/desk?lang=en&call={RINGS}")
    assert "draft kept 04" not in page
    assert "recorded today 04:54" in page


@pytest.mark.parametrize("own_store", BOTH, indirect=True)
async def test_a_settled_follow_up_is_done_once_the_talk_is_heard(centre: PlayedCentre, nana: Client) -> None:
    """Said while they talk: it waits; when the call is over it is done, with its answers, by this call."""
    (quotation, revisit) = centre.owe()
    centre.ring()
    centre.answer()
    await saved(nana, {**GOOD, f"settle.{quotation}": "1", "answer.mark": "5", "satisfied": ""})
    assert owed(centre, "quotation")[0].state is State.OPEN
    centre.hang_up()
    (item,) = owed(centre, "quotation")
    assert (item.state, item.call, item.content) == (State.DONE, RINGS, True)
    assert owed(centre, "revisit")[0].id == revisit
    assert owed(centre, "revisit")[0].state is State.OPEN
    with centre.engine.connect() as connection:
        note = load_note(connection, RINGS)
        rows = connection.execute(select(audit_log)).all()
    assert (note.outcome, note.code, note.silent) == ("enquiry", "520", None)
    assert [(row.login, row.act, row.subject) for row in rows] == [("nana", "changed", f"call {RINGS}")]


async def test_another_time_and_a_reason_go_to_what_the_call_was_about(centre: PlayedCentre, nana: Client) -> None:
    """An agreed time replaces the due time; a permitted reason closes."""
    (quotation, _) = centre.owe()
    centre.ring()
    centre.answer()
    agreed = {**GOOD, f"settle.{quotation}": "1", "next": "agree", "time": "周一 10:00"}
    await saved(nana, agreed)
    (item,) = owed(centre, "quotation")
    assert item.agreed_at is not None
    assert item.agreed_at.isoformat() == "2026-11-23T02:00:00+00:00"
    await saved(nana, {**GOOD, "place": "1", f"settle.{quotation}": "1", "next": "close:not_interested"})
    (item,) = owed(centre, "quotation")
    assert (item.state, item.reason) == (State.CLOSED, "not_interested")


async def test_a_complaint_is_owed_its_chain_and_a_correction_is_on_record(
    centre: PlayedCentre, nana: Client
) -> None:
    """The outcome's event arises once however often it is saved; the form that is behind is refused."""
    centre.ring()
    await saved(nana, {**GOOD, "outcome": "complaint"})
    (dispatch,) = owed(centre, "complaint_dispatch")
    assert dict(dispatch.about) == {"class": "major"}
    assert dispatch.owner == "1001"
    assert "saved meanwhile" in await saved(nana, {**GOOD, "outcome": "complaint"}, 409)
    await saved(nana, {**GOOD, "outcome": "complaint", "place": "1", "content": "corrected"})
    assert len(owed(centre, "complaint_dispatch")) == 1
    with centre.engine.connect() as connection:
        assert [each.content for each in entries_of(connection, RINGS, "1001")][-1] == "corrected"


async def test_a_caller_in_no_register_may_be_promised_to(centre: PlayedCentre, nana: Client) -> None:
    """He becomes a customer by his number, and the card says that he is new."""
    centre.ring("main/1795294392.0")
    page = await shown(nana)
    assert "New customer" in page
    assert "calls for the first time" in page
    await saved(nana, {**GOOD, "call": "main/1795294392.0", "next": "promise:", "time": "周一 9:00"})
    (promise,) = owed(centre, "promised_callback")
    assert (promise.customer, promise.number) == ("tel:+447700900101", "+447700900101")
    page = await shown(nana, "/desk/owed?lang=en&owed=all")
    assert "+447****0101" in page
    assert "447700900101" not in page


@pytest.mark.parametrize("own_store", BOTH, indirect=True)
async def test_calls_without_an_outcome_are_listed_until_they_have_one(centre: PlayedCentre, nana: Client) -> None:
    """Those that are over and were his; each opens its form, and the desk says how many there are."""
    centre.ring()
    centre.hang_up()
    page = await shown(nana, "/desk/calls?lang=en")
    assert page.count("none yet") == 4  # two calls, in both lists
    assert f"/desk?call={RINGS.replace('/', '%2F')}" in page
    assert "2 calls of yours have no outcome" in await shown(nana)
    await saved(nana, GOOD)
    page = await shown(nana, "/desk/calls?lang=en")
    assert page.count("none yet") == 2
    assert "要含安装，138****8000" in page


@pytest.mark.parametrize(
    "path", ["/desk?agent=1002", "/desk/owed?agent=1002", "/desk/events/1002", "/desk/calls?agent=1002"]
)
async def test_an_agent_sees_no_desk_but_his_own(centre: PlayedCentre, nana: Client, path: str) -> None:
    """No right and not there look the same; nor does he record another's call."""

    def records() -> list[Any]:
        with centre.engine.connect() as connection:
            return list(connection.execute(select(desk_records)))

    centre.remember()
    before = records()
    for refused in (path, "/desk?call=main/1.1"):
        page = await shown(nana, f"{refused}{'&' if '?' in refused else '?'}lang=en", 404)
        assert "There is nothing here, or you have no right to see it." in page
    await saved(nana, {**GOOD, "agent": "1002"}, 404)
    await saved(nana, {**GOOD, "call": "main/1.1"}, 404)
    assert records() == before


async def test_idle_the_next_call_that_is_owed_is_at_hand(centre: PlayedCentre, nana: Client) -> None:
    """Its record is read before the call; where nothing can be dialled the button says why."""
    centre.owe()
    wanted = centre.promise("1001", "C-20418", centre.now - timedelta(hours=2), "k1")
    centre.now += timedelta(hours=30)  # Monday, 10:40
    page = await shown(nana)
    assert "Next call that you owe" in page
    assert "林美华" in page
    assert "late" in page
    centre.source.dials_not = "no_dialling"
    page = await shown(nana, f"/desk?lang=en&record={wanted}")
    assert "no PBX has [pbx.NAME.dialling]" in page
    await shown(nana, "/desk?record=nothing", 404)


async def test_a_click_places_a_call_to_what_is_owed(centre: PlayedCentre, nana: Client) -> None:
    """Written down for the scheduler and in the audit; a second one while that goes on is refused in words."""
    wanted = centre.promise("1001", "C-20418", centre.now + timedelta(hours=30), "k1")
    centre.now += timedelta(hours=30)
    form = {"proof": PROOF, "agent": "1001", "follow_up": wanted}
    async with nana.post("/desk/dial?lang=en", data=form) as response:
        assert "你的话机先响" in await response.text()
    async with nana.post("/desk/dial?lang=en", data=form) as response:
        assert response.status == 409
        assert "Not done: call: found alive" in await response.text()
    with centre.engine.connect() as connection:
        (row,) = connection.execute(select(audit_log)).all()
    assert (row.act, row.subject) == ("acted", f"follow-up {wanted}")


async def test_a_caller_who_keeps_his_number_back_may_say_one(centre: PlayedCentre, nana: Client) -> None:
    """Said so on the card; without a number nothing can be promised, with one it is owed to whose number it is."""
    centre.hidden.add(RINGS)
    centre.ring()
    page = await shown(nana)
    assert "The number is withheld" in page
    promise = {**GOOD, "next": "promise:", "time": "周一 9:00"}
    assert "found no entry, expected a number at which he can be called" in await saved(nana, promise, 400)
    assert "found “soon”, expected a number" in await saved(nana, {**promise, "number": "soon"}, 400)
    await saved(nana, {**promise, "number": "138 0013 8000"})
    (made,) = owed(centre, "promised_callback")
    assert (made.customer, made.number) == ("C-20418", "+8613800138000")


async def test_a_call_out_is_recorded_by_how_it_ended(centre: PlayedCentre, nana: Client) -> None:
    """A voicemail is one more attempt at what the call was made for, and settles nothing."""
    (_, revisit) = centre.owe("C-20418")
    centre.play(lambda each: isinstance(each, CallFact) and each.id == OUT and each.ended_at is not None)
    page = await shown(nana, f"/desk?lang=en&call={OUT}")
    assert "Voicemail" in page
    form = {**GOOD, "call": OUT, "outcome": "enquiry"}
    assert "expected one of the outcomes" in await saved(nana, form, 400)
    await saved(nana, {**form, "outcome": "voicemail"})
    assert owed(centre, "revisit")[0].id == revisit
    with centre.engine.connect() as connection:
        assert load_note(connection, OUT).outcome == "voicemail"


async def test_an_agent_objects_to_an_issued_month_and_reads_the_answer(centre: PlayedCentre, nana: Client) -> None:
    """While the window is open; what is missing is told, and what was typed stays."""
    assert "No month is open to objections" in await shown(nana, "/desk/minutes?lang=en")
    issue_live(centre.engine, at=centre.now)
    form = {"proof": PROOF, "agent": "1001", "period": "2026-11", "about": "minutes", "text": "17 日少算 20 分钟"}
    async with nana.post("/desk/objection?lang=en", data={**form, "text": " "}) as response:
        assert response.status == 400
        assert "text: found" in await response.text()
    async with nana.post("/desk/objection?lang=en", data={**form, "target": "main/9.9"}) as response:
        assert response.status == 400
    async with nana.post("/desk/objection?lang=en", data=form) as response:
        assert response.status == 200
    with centre.engine.begin() as connection:
        (made,) = load_objections(connection)
        decide(connection, made.id, Answer(uphold=True, by="主管", text="已补"), centre.now)
    page = await shown(nana, "/desk/minutes?lang=en")
    for told in ("17 日少算 20 分钟", "upheld", "已补"):
        assert told in page, told


async def test_who_is_asked_nothing_chooses_a_desk_and_a_supervisor_one_of_his_own(
    centre: PlayedCentre, serve: Serve
) -> None:
    """A list of agents, then one of them; a leader sees his agents; a reader of service logs none."""
    centre.ring()
    anybody = await serve(ANYBODY)
    page = await shown(anybody, "/desk?lang=en")
    assert "Whose desk?" in page
    assert 'href="/desk?agent=1003"' in page
    page = await shown(anybody, "/desk?lang=en&agent=1001")
    assert LIN in page  # she who may see numbers sees them whole
    sight = Sight(agents=frozenset({"1001"}))
    leader = await serve(replace(NANA, agent=None, rights=RIGHTS_OF[Role.LEADER], sight=sight))
    assert "林美华" in await shown(leader, "/desk?agent=1001")
    await shown(leader, "/desk?agent=1002", 404)
    reader = await serve(replace(NANA, agent=None, rights=RIGHTS_OF[Role.READER]))
    await shown(reader, "/desk", 404)
    await shown(reader, "/desk/events/1001", 404)


async def test_a_post_that_no_page_of_ours_sent_does_nothing(centre: PlayedCentre, nana: Client) -> None:
    """Without the page's proof: no record, no call, no objection."""
    centre.ring()
    for path in ("/desk/record", "/desk/dial", "/desk/objection"):
        async with nana.post(path, data={**GOOD, "proof": "guessed"}) as response:
            assert response.status == 403
    assert "one of the keys" in await shown(nana, "/desk?lang=en&sort=up", 400)
    assert "My state" in await shown(nana, "/desk/record?lang=en")  # a page with mistakes, loaded anew
