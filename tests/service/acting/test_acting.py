"""Acts on a PBX: who may, what is sent, what proves it, what the audit says, and how it is taken back."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from service.acting.acting import Acting
from service.acting.records import Deed, HiddenError, ImpossibleError, Outcome, Why
from service.acting.rooms import Queue
from service.auth.rights import Right, Seen
from service.live.parts import open_talks
from telephony.acting.seats import Standing
from telephony.calls.facts import TalkKind
from telephony.dialling.held import REASON
from telephony.scripted_queues import ScriptedMember
from tests.service.acting.floor import AGENT, CUSTOMER, LOCAL, SPY, floor, who


async def test_an_agent_is_paused_let_go_and_the_pause_taken_back(store: Engine) -> None:
    """Behind his Local channel, by the mapping of his phone; each act proved by the PBX's event and in the audit."""
    async with floor(store) as here:
        report = await here.acting.pause(who(), "A03", "lunch")
        assert (report.outcome, report.words, report.subject) == (Outcome.DONE, "", "")
        assert here.pbx.queues.members["support", LOCAL].reason == "lunch"
        assert (await here.acting.pause(who(), "A03", "lunch")).outcome is Outcome.NOTHING
        back = await here.acting.undo(who(), report.id)
        assert (back.deed, back.outcome, back.undo_until) == (Deed.UNDO, Outcome.DONE, None)
        assert not here.pbx.queues.members["support", LOCAL].paused
        with pytest.raises(ImpossibleError) as refused:
            await here.acting.undo(who(), report.id)
        assert refused.value.why is Why.TOO_LATE
        rows = here.audit()
        assert [json.loads(row["details"])["outcome"] for row in rows[:2]] == ["asked", "done"]
        assert {row["act"] for row in rows} == {"acted"}
        assert (rows[0]["login"], rows[0]["subject"], rows[0]["address"]) == ("zhou", "agent A03", "127.0.0.1")


async def test_a_pause_for_a_placed_call_stays(store: Engine) -> None:
    """Whoever is let go is not let go of a call that is on its way to him."""
    async with floor(store) as here:
        here.pbx.queues.members["support", LOCAL] = ScriptedMember(
            queue="support", interface=LOCAL, paused=True, reason=REASON
        )
        assert (await here.acting.unpause(who(), "A03")).outcome is Outcome.NOTHING


async def test_an_agent_is_put_into_a_queue_as_he_is_elsewhere_and_taken_out(store: Engine) -> None:
    """By his other membership's interface; who is there by configuration is not taken out, and nothing is sent."""
    async with floor(store) as here:
        added = await here.acting.add(who(), "A03", "sales", penalty=3)
        assert added.outcome is Outcome.DONE
        assert here.pbx.queues.members["sales", LOCAL].penalty == "3"
        assert await here.acting.queues(who(), "A03") == [
            Queue(pbx="hq", name="sales", standing=Standing.DYNAMIC),
            Queue(pbx="hq", name="support", standing=Standing.STATIC),
        ]
        removed = await here.acting.remove(who(), "A03", "sales")
        assert removed.outcome is Outcome.DONE
        assert (await here.acting.undo(who(), removed.id)).outcome is Outcome.DONE
        assert here.pbx.queues.members["sales", LOCAL].penalty == "3"
        here.pbx.state = "INVALID"
        for agent, queue, why in (("nobody", "sales", Why.NO_DEVICE), ("A03", "", Why.NO_SUCH_QUEUE)):
            with pytest.raises(ImpossibleError) as refused:
                await here.acting.add(who(), agent, queue)
            assert refused.value.why is why
        for queue, why in (("support", Why.STATIC), ("none", Why.NO_SUCH_QUEUE)):
            with pytest.raises(ImpossibleError) as refused:
                await here.acting.remove(who(), "A03", queue)
            assert (refused.value.why, refused.value.about) == (why, queue)


async def test_rights_and_sight_are_needed_and_a_refusal_leaves_no_trace_on_the_pbx(store: Engine) -> None:
    """No right, another's agent, a queue in which nobody is whom he sees: all look as if it were not there."""
    mine = Seen(agents=frozenset({"A03"}))
    async with floor(store) as here:
        asked = len(here.pbx.asked)
        with pytest.raises(HiddenError):
            await here.acting.pause(who(Right.SPY), "A03", "lunch")
        with pytest.raises(HiddenError):
            await here.acting.pause(who(seen=mine), "1004", "lunch")
        with pytest.raises(HiddenError):
            await here.calls.listen(who(Right.AGENTS), Deed.LISTEN, "A03", "1006")
        assert len(here.pbx.asked) == asked
        with pytest.raises(ImpossibleError):
            await here.acting.add(who(seen=mine), "A03", "sales")
        assert [each.name for each in await here.acting.queues(who(seen=mine), "A03")] == ["support"]
        assert here.audit() == []


async def test_what_no_event_proves_is_not_said_to_be_done(store: Engine) -> None:
    """The PBX says Success and tells of nothing: unproven, and it can still be taken back."""
    async with floor(store) as here:
        here.acting.witness.within = 0.02
        here.pbx.mute = True
        report = await here.acting.pause(who(), "A03", "lunch")
        assert report.outcome is Outcome.UNPROVEN
        assert report.undo_until is not None
        assert json.loads(here.audit()[-1]["details"])["outcome"] == "unproven"


async def test_without_a_line_nothing_is_done_and_nothing_noted(store: Engine) -> None:
    """Who is meant cannot even be asked."""
    async with floor(store) as here:
        here.pbx.drop()
        while here.acting.stages["hq"].actor.connected:  # noqa: ASYNC110 - the actor tells nobody when it is
            await asyncio.sleep(0)
        with pytest.raises(ImpossibleError) as refused:
            await here.acting.pause(who(), "A03", "lunch")
        assert (refused.value.why, refused.value.about) == (Why.NO_LINE, "hq")
        assert here.audit() == []
        with pytest.raises(ImpossibleError) as nobody:
            await Acting([], here.hub, store, here.acting.now).pause(who(), "A03", "lunch")
        assert nobody.value.why is Why.NO_PBX


@pytest.mark.parametrize(
    ("reason", "why"), [("  ", Why.NO_REASON), ("a\nb", Why.BAD_TEXT), ("x" * 61, Why.BAD_TEXT)]
)
async def test_a_reason_is_one_short_line(store: Engine, reason: str, why: Why) -> None:
    """It goes to the PBX and into its log."""
    async with floor(store) as here:
        with pytest.raises(ImpossibleError) as refused:
            await here.acting.pause(who(), "A03", reason)
        assert refused.value.why is why


async def test_only_who_did_it_takes_it_back_and_not_later(store: Engine) -> None:
    """A moment after six seconds it is over."""
    async with floor(store) as here:
        report = await here.acting.pause(who(), "A03", "lunch")
        other = who()
        with pytest.raises(ImpossibleError):
            await here.acting.undo(replace(other, visitor=replace(other.visitor, account=8)), report.id)
        report = await here.acting.unpause(who(), "A03")
        now = here.acting.now()
        here.acting.now = lambda: now + timedelta(seconds=20)
        with pytest.raises(ImpossibleError):
            await here.acting.undo(who(), report.id)


async def test_a_supervisor_listens_and_it_is_nobodys_call(store: Engine) -> None:
    """His phone is rung to the agent's own channel; the talk is a monitor's; the audit says for how many seconds."""
    async with floor(store) as here:
        await here.talking()
        report = await here.calls.listen(who(agent="1006"), Deed.WHISPER, "A03")
        assert (report.outcome, report.subject) == (Outcome.RINGS, f"hq/{CUSTOMER}")
        (order,) = [each for each in here.pbx.asked if each.get("Action") == "Originate"]
        assert (order.get("Channel"), order.get("Data")) == ("PJSIP/1006", "PJSIP/1003-00000001,qduEw")
        here.pbx.hears()
        assert await here.acting.witness.sees(lambda: bool(here.acting.witness.heard("hq", "PJSIP/1006")))
        (record,) = [each for each in here.hub.current.open_records() if each.call.id == report.subject]
        assert [each.device for each in open_talks(record)] == ["PJSIP/1003"]
        assert {each.kind for each in record.talks} == {TalkKind.CUSTOMER, TalkKind.MONITOR}
        here.pbx.tell(f"ChanSpyStop|SpyerUniqueid: {SPY}|SpyeeUniqueid: {AGENT}")
        here.pbx.end(SPY)
        assert await here.acting.witness.sees(
            lambda: all(each.ended_at for each in here.acting.witness.heard("hq", "PJSIP/1006").values())
        )
        while len(here.audit()) < 3:
            await here.acting.witness.sees(lambda: False, 0.01)
        assert [json.loads(row["details"])["outcome"] for row in here.audit()] == ["asked", "rings", "done"]
        assert json.loads(here.audit()[-1]["details"])["seconds"] == "0"


@pytest.mark.parametrize(
    ("phone", "state", "why"),
    [
        ("", "NOT_INUSE", Why.NO_PHONE),
        ("1003", "NOT_INUSE", Why.OWN_CALL),
        ("13800138000", "NOT_INUSE", Why.BAD_PHONE),
        ("0@trunk", "NOT_INUSE", Why.BAD_PHONE),
        ("1006", "UNAVAILABLE", Why.PHONE_AWAY),
        ("1006", "INVALID", Why.PHONE_AWAY),
        ("1006", "INUSE", Why.PHONE_BUSY),
    ],
)
async def test_nobody_listens_at_a_phone_that_is_none_of_his(
    store: Engine, phone: str, state: str, why: Why
) -> None:
    """Not outside, not at the agent's own, not at one that is away or in a call: nothing is rung."""
    async with floor(store) as here:
        here.pbx.state = state
        with pytest.raises(ImpossibleError) as silent:
            await here.calls.listen(who(), Deed.LISTEN, "A03", "1006")
        assert silent.value.why is Why.NOT_TALKING
        await here.talking()
        with pytest.raises(ImpossibleError) as refused:
            await here.calls.listen(who(), Deed.LISTEN, "A03", phone)
        assert refused.value.why is why
        assert not [each for each in here.pbx.asked if each.get("Action") == "Originate"]


async def test_an_agent_pauses_himself_and_nobody_else(store: Engine) -> None:
    """The right to his own desk is enough for his own pause; it moves nobody else, and him into no queue."""
    async with floor(store) as here:
        himself = who(Right.DESK, agent="A03", seen=Seen(agents=frozenset({"A03"})))
        assert (await here.acting.pause(himself, "A03", "lunch")).outcome is Outcome.DONE
        assert (await here.acting.unpause(himself, "A03")).outcome is Outcome.DONE
        with pytest.raises(HiddenError):
            await here.acting.pause(himself, "1004", "lunch")
        with pytest.raises(HiddenError):
            await here.acting.add(himself, "A03", "sales")
        with pytest.raises(HiddenError):
            await here.acting.pause(who(Right.OUTCOMES, agent="A03"), "A03", "lunch")


async def test_a_call_is_ended_with_a_reason_and_only_where_the_settings_let_us(store: Engine) -> None:
    """By its first channel; done is what its end says; who sees neither agent nor queue sees no call."""
    async with floor(store) as here:
        await here.talking()
        call = f"hq/{CUSTOMER}"
        with pytest.raises(HiddenError):
            await here.calls.hang_up(who(seen=Seen(agents=frozenset({"1004"}))), call, "crank call")
        with pytest.raises(ImpossibleError) as silent:
            await here.calls.hang_up(who(), call, " ")
        assert silent.value.why is Why.NO_REASON
        report = await here.calls.hang_up(who(seen=Seen(agents=frozenset({"A03"}))), call, "crank call")
        assert (report.outcome, report.agent) == (Outcome.DONE, "A03")
        first = next(each for each in here.pbx.asked if each.get("Action") == "Hangup")
        assert first.get("Channel") == "PJSIP/trunk-00000000"
        assert json.loads(here.audit()[-1]["details"])["reason"] == "crank call"
        with pytest.raises(ImpossibleError) as over:
            await here.calls.hang_up(who(), call, "again")
        assert over.value.why is Why.CALL_OVER


async def test_where_the_settings_do_not_permit_it_nothing_is_ended(store: Engine) -> None:
    """The manager's user could not do it either."""
    async with floor(store, hangs_up=False) as here:
        await here.talking()
        with pytest.raises(ImpossibleError) as refused:
            await here.calls.hang_up(who(), f"hq/{CUSTOMER}", "crank call")
        assert refused.value.why is Why.NOT_ALLOWED
