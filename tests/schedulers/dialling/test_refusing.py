"""Refused correctly: nobody is dialled who may not be, and the reason is on record.

Each reason arises after the plan was made, or is not known to it: what counts is the instant of dialling.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from schedulers.campaigns.changes import Turn
from schedulers.campaigns.records import DialMode, Phase, Why
from schedulers.customers.records import DoNotCall
from schedulers.followups.records import FollowUp, What
from schedulers.followups.saying import agree
from schedulers.storage.campaigns import By, change, load, turn_campaign
from schedulers.storage.customer_writing import Origin, change_customer
from schedulers.storage.dial_asking import ask_to_dial
from schedulers.storage.dial_reading import load_of_agent
from schedulers.storage.followup_models import customer_contacts
from schedulers.storage.story import load_story
from telephony.clock import to_microseconds
from tests.schedulers.dialling.world import MORNING, PLACE, SECOND, TRUNK, Centre
from tests.schedulers.followups.worlds import act, at


@pytest.fixture
def centre(migrated_store: Engine, tmp_path: Path) -> Centre:
    """A centre with one running campaign."""
    return Centre(migrated_store, tmp_path)


def customer(centre: Centre, **values: object) -> None:
    """The register says something else of C-1 from a second ago on; what is owed to him was not looked at since."""
    with centre.store.begin() as connection:
        origin = Origin(by="1000", at=centre.clock.at - SECOND)
        change_customer(connection, "C-1", origin, **values)


def blocked(centre: Centre) -> None:
    """He asked not to be called, a second ago."""
    told = DoNotCall(reason="客户要求", since=centre.clock.at - SECOND)
    customer(centre, do_not_call=told)


def capped(centre: Centre) -> None:
    """He was called twice today, about whatever."""
    rows = [{"customer": "C-1", "at_us": to_microseconds(MORNING - timedelta(hours=each))} for each in (1, 2)]
    with centre.store.begin() as connection:
        connection.execute(customer_contacts.insert(), rows)


REASONS: dict[Why, tuple[str, str, Callable[[Centre], None]]] = {
    Why.WINDOW: ("2026-11-02 20:00", "event:offer", lambda centre: None),
    Why.HOLIDAY: ("2027-01-01 10:00", "event:offer", lambda centre: None),
    Why.DO_NOT_CALL: ("2026-11-02 10:00", "event:offer", blocked),
    Why.NO_CONSENT: ("2026-11-02 10:00", "event:advert", lambda centre: customer(centre, consent=False)),
    Why.CAP: ("2026-11-02 10:00", "event:offer", capped),
    Why.NO_NUMBER: ("2026-11-02 10:00", "event:offer", lambda centre: customer(centre, numbers=())),
}


@pytest.mark.parametrize("why", REASONS)
async def test_who_may_not_be_dialled_is_not_and_the_reason_is_on_record(centre: Centre, why: Why) -> None:
    """Though his plan, which is older, says that he is ready."""
    when, event, arrange = REASONS[why]
    (owed,) = centre.owe(1, event)
    centre.clock.at = at(when)
    centre.plan_again()
    arrange(centre)
    await centre.runner().tick()
    assert (centre.pbx.orders, centre.whys(owed)) == ([], [why])
    assert centre.now_of(owed).is_open


async def test_quiet_times_around_the_edges_of_work_are_kept(migrated_store: Engine, tmp_path: Path) -> None:
    """A kind that keeps clear of them is not dialled at ten minutes to noon, and is after the break."""
    centre = Centre(migrated_store, tmp_path)
    (owed,) = centre.owe(1, "event:calm")
    centre.clock.at = at("2026-11-02 11:50")
    centre.plan_again()
    runner = centre.runner()
    await runner.tick()
    assert (centre.pbx.orders, centre.whys(owed)) == ([], [Why.QUIET])
    centre.clock.at = at("2026-11-02 14:30")
    await runner.tick()
    assert len(centre.pbx.orders) == 1


AT_DIALLING: dict[Why, Callable[[Centre], None]] = {
    Why.STOPPED: lambda centre: turn(centre, Turn.PAUSED),
    Why.DEADLINE: lambda centre: deadline(centre),
    Why.LEASE_LOST: lambda centre: forward(centre, 30 * SECOND),
    Why.DEAF: lambda centre: centre.floor.deaf_to.add("pbx"),
    Why.DO_NOT_CALL: blocked,
    Why.NO_NUMBER: lambda centre: customer(centre, numbers=()),
    Why.CAP: capped,
    Why.AGENT_GONE: lambda centre: centre.floor.agents.clear(),
}


@pytest.mark.parametrize("why", AT_DIALLING)
async def test_what_happens_while_the_agent_looks_is_seen_when_he_dials(
    migrated_store: Engine, tmp_path: Path, why: Why
) -> None:
    """The record was his and all was well; then something changed, and he asked to dial."""
    centre = Centre(migrated_store, tmp_path, DialMode.PREVIEW)
    (owed,) = centre.owe(1)
    runner = centre.runner()
    await runner.tick()
    AT_DIALLING[why](centre)
    with migrated_store.begin() as connection:
        looked = load_of_agent(connection, "1001")
        assert looked is not None
        ask_to_dial(connection, looked.id, "1001", centre.clock.at)
    await runner.tick()
    (attempt,) = centre.of_campaign()[:1]
    assert (centre.pbx.orders, attempt.phase, attempt.why) == ([], Phase.DROPPED, why)
    assert why in centre.whys(owed)


def forward(centre: Centre, by: timedelta) -> None:
    """The scheduler slept."""
    centre.clock.at += by


def turn(centre: Centre, what: Turn) -> None:
    """A leader's act."""
    with centre.store.begin() as connection:
        turn_campaign(connection, centre.campaign.id, what, By(at=centre.clock.at, by="1000"))


def deadline(centre: Centre) -> None:
    """The campaign's deadline is this instant."""
    with centre.store.begin() as connection:
        found = load(connection, centre.campaign.id)
        assert found is not None
        change(connection, replace(found, deadline_at=centre.clock.at), Turn.CHANGED, By(at=centre.clock.at))


async def test_nobody_is_dialled_when_nobody_is_there_to_take_it(centre: Centre) -> None:
    """The reason is on record; as soon as somebody is free he is dialled."""
    (owed,) = centre.owe(1)
    centre.floor.agents = []
    runner = centre.runner()
    await runner.tick()
    assert (centre.pbx.orders, centre.whys(owed)) == ([], [Why.NO_AGENT])
    centre.floor.agents = ["1002"]
    centre.clock.at += SECOND
    await runner.tick()
    assert [order.device for _, order in centre.pbx.orders] == ["PJSIP/1002"]


async def test_a_trunk_takes_no_more_than_it_takes(migrated_store: Engine, tmp_path: Path) -> None:
    """One channel: the others wait with the reason; with the end of the call the next one is dialled."""
    centre = Centre(migrated_store, tmp_path)
    centre.trunks[PLACE] = replace(TRUNK, channels=1)
    owed = centre.owe(3)
    runner = centre.runner()
    await runner.tick()
    assert len(centre.pbx.orders) == 1
    first, *_ = centre.of_campaign()
    others = [each for each in owed if each.id not in first.follow_ups]
    assert [centre.whys(each) for each in others] == [[Why.TRUNK_FULL]] * 2
    centre.clock.at += 20 * SECOND
    centre.end(first)
    centre.hear()
    await runner.tick()
    assert len(centre.pbx.orders) == 2


async def test_a_trunk_takes_so_many_a_second(migrated_store: Engine, tmp_path: Path) -> None:
    """Two a second: the third one a second later."""
    centre = Centre(migrated_store, tmp_path)
    centre.trunks[PLACE] = replace(TRUNK, per_second=2)
    owed = centre.owe(3)
    runner = centre.runner()
    await runner.tick()
    assert len(centre.pbx.orders) == 2
    assert [each for each in owed if centre.whys(each) == [Why.TRUNK_RATE]] != []
    await runner.tick()
    assert len(centre.pbx.orders) == 2
    centre.clock.at += SECOND
    await runner.tick()
    assert len(centre.pbx.orders) == 3


async def test_a_call_that_was_asked_for_waits_for_its_turn_at_the_trunk(
    migrated_store: Engine, tmp_path: Path
) -> None:
    """The agent asked while all channels were taken: a moment later it is dialled, without his asking again."""
    centre = Centre(migrated_store, tmp_path, DialMode.PREVIEW)
    centre.trunks[PLACE] = replace(TRUNK, per_second=1)
    centre.owe(2)
    runner = centre.runner()
    await runner.tick()
    for agent in ("1001", "1002"):
        with migrated_store.begin() as connection:
            looked = load_of_agent(connection, agent)
            assert looked is not None
            ask_to_dial(connection, looked.id, agent, centre.clock.at)
    await runner.tick()
    assert len(centre.pbx.orders) == 1
    centre.clock.at += SECOND
    await runner.tick()
    assert len(centre.pbx.orders) == 2


async def test_a_promised_time_that_finds_its_agent_busy_goes_to_the_leader_once(centre: Centre) -> None:
    """Not to silence: five minutes after it nobody could take it, and the story says so; not twice."""
    (owed,) = centre.owe(1, "event:own")
    promised = MORNING + timedelta(minutes=30)
    agreeing = act("2026-11-02 10:00", what=What.AGREED)
    centre.book.act(
        owed.id,
        agreeing,
        lambda account, id_: agree(account, _of(account.open, id_), promised, centre.rules, agreeing),
    )
    centre.floor.agents = ["1002"]
    centre.clock.at = promised
    runner = centre.runner()
    for _ in range(80):
        await runner.tick()
        centre.clock.at += 6 * SECOND
    assert (centre.pbx.orders, Why.NO_AGENT in centre.whys(owed)) == ([], True)
    with centre.store.connect() as connection:
        story = load_story(connection, owed.id)
    assert story is not None
    told = [each for each in story.lines if each.what is What.ESCALATED]
    assert [each.note for each in told] == ["no_agent"]
    assert told[0].at >= promised + timedelta(minutes=5)


def _of(items: tuple[FollowUp, ...], id_: str) -> FollowUp:
    return next(each for each in items if each.id == id_)
