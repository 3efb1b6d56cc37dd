"""The runner's road from what is owed to what became of it: planned, committed, sent once, settled by its call."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from analytics.storage.engine import open_store
from config.followups import Result
from schedulers.campaigns.changes import Turn
from schedulers.campaigns.records import CampaignState, DialMode, Evidence, Phase, Why
from schedulers.followups.records import State
from schedulers.storage.campaigns import By, add_members, load, turn_campaign
from schedulers.storage.dial_asking import ask_for_call, ask_to_dial, skip
from schedulers.storage.dial_attempts import Intent
from schedulers.storage.dial_reading import load_holds, load_live, load_of_agent
from telephony.dialler import First, Placed
from tests.schedulers.dialling.world import MORNING, SECOND, Centre
from tests.schedulers.followups.worlds import said


@pytest.fixture
def centre(store: Engine, tmp_path: Path) -> Centre:
    """A centre with one running campaign."""
    return Centre(store, tmp_path)


async def test_a_contact_is_held_committed_sent_and_settled_by_its_call(centre: Centre) -> None:
    """Progressive: the agent is out of his queues until the call is over; the talk waits for his word."""
    (owed,) = centre.owe(1)
    runner = centre.runner()
    await runner.tick()
    (attempt,) = centre.of_campaign()
    assert (attempt.phase, attempt.follow_ups, attempt.sent_at) == (Phase.SENT, (owed.id,), MORNING)
    ((_, order),) = centre.pbx.orders
    assert (order.channel_id, order.first, order.number) == (attempt.channel_id, First.CUSTOMER, "13800100001")
    assert (order.device, order.account) == ("PJSIP/1001", attempt.channel_id)
    assert centre.pbx.held == {"PJSIP/1001"}
    centre.clock.at += 60 * SECOND
    await runner.tick()
    assert len(centre.pbx.orders) == 1
    call = centre.end(attempt, "answered", talk=30)
    centre.hear()
    await runner.tick()
    (attempt,) = centre.of_campaign()
    assert (attempt.phase, attempt.result, attempt.evidence) == (Phase.ANSWERED, Result.TALKED, Evidence.HEARD)
    assert (attempt.call, attempt.cause, attempt.ended_at) == (call, 19, centre.clock.at)
    assert (centre.now_of(owed).reached_call, centre.pbx.held) == (call, set())
    centre.book.say("C-1", said("2026-11-02 10:05", centre.now_of(owed), call=call))
    assert centre.now_of(owed).state is State.DONE


async def test_a_customer_who_does_not_answer_rests(centre: Centre) -> None:
    """The try counts, and the same customer is not dialled again before the rest is over; then he is."""
    (owed,) = centre.owe(1)
    runner = centre.runner()
    await runner.tick()
    centre.clock.at += 20 * SECOND
    centre.end(centre.of_campaign()[0])
    centre.hear()
    await runner.tick()
    assert (centre.now_of(owed).counted, len(centre.pbx.orders)) == (1, 1)
    centre.clock.at += timedelta(hours=4)
    await runner.tick()
    assert len(centre.pbx.orders) == 2
    assert [each.phase for each in centre.of_campaign()] == [Phase.NOT_ANSWERED, Phase.SENT]


async def test_the_logs_tell_what_the_stream_missed(centre: Centre) -> None:
    """A call that was rebuilt from the PBX's own logs settles its attempt, and says so."""
    centre.owe(1)
    runner = centre.runner()
    await runner.tick()
    centre.end(centre.of_campaign()[0], "busy", known="repaired")
    centre.hear()
    (attempt,) = centre.of_campaign()
    assert (attempt.phase, attempt.result, attempt.evidence) == (Phase.NOT_ANSWERED, Result.BUSY, Evidence.LOGS)


async def test_what_the_pbx_refuses_is_a_try_that_does_not_count(centre: Centre) -> None:
    """With the PBX's own words; the customer was not dialled, and may be after the rest."""
    (owed,) = centre.owe(1)
    centre.pbx.answers = lambda order: Placed.REFUSED
    await centre.runner().tick()
    (attempt,) = centre.of_campaign()
    assert (attempt.phase, attempt.evidence, attempt.note) == (Phase.REFUSED, Evidence.ANSWER, "Originate failed")
    assert (centre.now_of(owed).counted, centre.now_of(owed).uncounted) == (0, 1)


async def test_what_never_left_is_no_try_at_all(centre: Centre) -> None:
    """The connection went between commit and sending: certain, and nothing of it is the customer's."""
    (owed,) = centre.owe(1)

    def break_off(order: object) -> Placed:
        centre.pbx.connected = False
        return Placed.NOT_SENT

    centre.pbx.answers = break_off
    await centre.runner().tick()
    (attempt,) = centre.of_campaign()
    assert (attempt.phase, attempt.evidence, attempt.why) == (Phase.REFUSED, Evidence.UNSENT, Why.DEAF)
    assert (centre.now_of(owed).uncounted, centre.now_of(owed).tried_at) == (0, None)


@pytest.mark.parametrize(
    ("disposition", "leg", "trunk"),
    [
        pytest.param("no_answer", "no_answer", "trunk", id="did not answer"),
        pytest.param("failed", None, None, id="not registered"),
    ],
)
async def test_an_agent_who_did_not_take_his_own_leg_was_the_only_one_rung(
    centre: Centre, disposition: str, leg: str | None, trunk: str | None
) -> None:
    """In preview his phone rings first: the customer was not dialled, and it is no try of the three to five."""
    (owed,) = centre.owe(1)
    campaign = centre.another(mode=DialMode.PREVIEW, priority=1)
    runner = centre.runner()
    await runner.tick()
    await dial(centre)
    await runner.tick()
    ((_, order),) = centre.pbx.orders
    assert (order.first, centre.pbx.held) == (First.AGENT, set())
    (attempt,) = [each for each in centre.attempts() if each.campaign == campaign.id]
    centre.end(attempt, disposition, leg=leg, agent="1001", trunk=trunk)
    centre.hear()
    (attempt,) = centre.attempts()
    assert (attempt.phase, attempt.result) == (Phase.REFUSED, Result.AGENT_MISSED)
    assert (centre.now_of(owed).counted, centre.now_of(owed).uncounted) == (0, 1)


async def dial(centre: Centre, agent: str = "1001") -> None:
    """The agent asks for the record that he looks at."""
    with centre.store.begin() as connection:
        looked = load_of_agent(connection, agent)
        assert looked is not None
        ask_to_dial(connection, looked.id, agent, centre.clock.at)


async def test_in_preview_nothing_is_dialled_before_its_agent_says_so(centre: Centre) -> None:
    """However long he looks, up to ten minutes; then it lapses, with the reason, and rests."""
    centre.owe(1)
    centre.another(mode=DialMode.PREVIEW, priority=1)
    runner = centre.runner()
    for _ in range(40):
        await runner.tick()
        centre.clock.at += 15 * SECOND
    await runner.tick()
    first, *_ = centre.attempts()
    assert (first.phase, first.why, first.committed_at) == (Phase.DROPPED, Why.LAPSED, None)
    assert [order for _, order in centre.pbx.orders if order.first is First.AGENT] == []


async def test_a_record_that_is_left_has_its_reason_and_rests(centre: Centre) -> None:
    """The next one is his at once; the one that he left is nobody's for an hour."""
    first, second = centre.owe(2)
    centre.floor.agents = ["1001"]
    campaign = centre.another(mode=DialMode.PREVIEW, priority=1)
    with centre.store.begin() as connection:
        turn_campaign(connection, centre.campaign.id, Turn.PAUSED, By(at=MORNING))
    runner = centre.runner()
    await runner.tick()
    with centre.store.begin() as connection:
        looked = load_of_agent(connection, "1001")
        assert looked is not None
        left = skip(connection, looked.id, "1001", centre.clock.at, "他已寄信")
    assert (left.phase, left.why, left.note) == (Phase.DROPPED, Why.SKIPPED, "他已寄信")
    await runner.tick()
    told = [each.follow_ups[0] for each in centre.attempts() if each.campaign == campaign.id]
    assert sorted(told) == sorted([first.id, second.id])


async def test_an_agent_who_cannot_be_held_is_not_given_a_customer(centre: Centre) -> None:
    """Somebody else has paused him meanwhile: the plan is dropped, and nobody is dialled."""
    (owed,) = centre.owe(1)
    centre.pbx.may_hold = False
    await centre.runner().tick()
    assert (centre.of_campaign()[0].why, centre.pbx.orders) == (Why.AGENT_GONE, [])
    assert centre.now_of(owed).uncounted == 0


async def test_a_click_is_dialled_by_whoever_is_there(centre: Centre) -> None:
    """An agent asks for a number outside any campaign: his phone first; it counts like every call."""
    told = Intent(
        campaign=None, mode=DialMode.CLICK, follow_ups=(), customer="C-1", number="+8613800100001", agent="1002",
        device="PJSIP/1002", pbx="pbx", trunk="out", by="1002", dial_at=MORNING,
    )  # fmt: skip
    with centre.store.begin() as connection:
        made = ask_for_call(connection, told, MORNING)
    await centre.runner().tick()
    ((_, order),) = centre.pbx.orders
    assert (order.channel_id, order.first) == (made.channel_id, First.AGENT)
    centre.end(centre.attempts()[0])
    centre.hear()
    assert centre.attempts()[0].phase is Phase.NOT_ANSWERED


async def test_a_click_that_nobody_took_up_is_not_dialled_later(centre: Centre) -> None:
    """The agent has long given up when the scheduler comes back."""
    told = Intent(
        campaign=None, mode=DialMode.CLICK, follow_ups=(), customer="C-1", number="+8613800100001", agent="1002",
        device="PJSIP/1002", pbx="pbx", trunk="out", by="1002", dial_at=MORNING,
    )  # fmt: skip
    with centre.store.begin() as connection:
        ask_for_call(connection, told, MORNING)
    centre.clock.at += 60 * SECOND
    await centre.runner().tick()
    assert (centre.attempts()[0].why, centre.pbx.orders) == (Why.LAPSED, [])


async def test_a_stop_between_commit_and_sending_holds(centre: Centre) -> None:
    """What was committed before the stop and had not left is not sent, and is known to be so."""
    centre.owe(1)
    runner = centre.runner()
    leader = open_store(centre.store.url.render_as_string(hide_password=False))

    def stop(*of_the_pool: object) -> None:
        """A connection is wanted: the first one after the commit is the sender's."""
        with leader.begin() as connection:
            is_running = load(connection, centre.campaign.id) == centre.campaign
            if is_running and any(each.phase is Phase.COMMITTED for each in load_live(connection)):
                turn_campaign(connection, centre.campaign.id, Turn.STOPPED, By(at=centre.clock.at))

    event.listen(centre.store, "checkout", stop)
    await runner.tick()
    await runner.idle()
    leader.dispose()
    (attempt,) = centre.of_campaign()
    assert (attempt.phase, attempt.evidence, attempt.why) == (Phase.REFUSED, Evidence.UNSENT, Why.STOPPED)
    assert centre.pbx.orders == []
    await runner.tick()
    assert centre.pbx.orders == []


async def test_what_did_not_leave_within_a_second_never_leaves(centre: Centre) -> None:
    """A machine that was too slow between commit and sending: the reason is its own, and it is no try."""
    (owed,) = centre.owe(1)

    def slow(*of_the_pool: object) -> None:
        """A connection is wanted: the first one after the commit is the sender's."""
        with other.connect() as connection:
            committed = [each for each in load_live(connection) if each.phase is Phase.COMMITTED]
        if any(each.committed_at == centre.clock.at for each in committed):
            centre.clock.at += SECOND

    runner = centre.runner()
    other = open_store(centre.store.url.render_as_string(hide_password=False))
    event.listen(centre.store, "checkout", slow)
    await runner.tick()
    await runner.idle()
    other.dispose()
    (attempt,) = centre.of_campaign()
    assert (attempt.phase, attempt.evidence, attempt.why) == (Phase.REFUSED, Evidence.UNSENT, Why.NOT_SENT)
    assert (centre.pbx.orders, centre.now_of(owed).uncounted) == ([], 0)


async def test_a_list_that_is_worked_off_is_finished(centre: Centre) -> None:
    """Nothing on it is owed any more: the campaign says so itself."""
    with centre.store.begin() as connection:
        turn_campaign(connection, centre.campaign.id, Turn.STOPPED, By(at=MORNING))
    listed = centre.another(listed=True)
    first, second = centre.owe(2)
    with centre.store.begin() as connection:
        add_members(connection, listed, [first.id], By(at=MORNING))
    runner = centre.runner()
    await runner.tick()
    assert centre.pbx.numbers() == ["13800100001"]
    (attempt,) = centre.attempts()
    centre.clock.at += 60 * SECOND
    call = centre.end(attempt, "answered", talk=30)
    centre.hear()
    centre.book.say("C-1", said("2026-11-02 10:02", centre.now_of(first), call=call))
    await runner.tick()
    with centre.store.connect() as connection:
        found = load(connection, listed.id)
        assert found is not None
        assert found.state is CampaignState.FINISHED
        assert load_holds(connection) == ()
    assert centre.now_of(second).is_open
