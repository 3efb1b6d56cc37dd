"""Two schedulers on one PostgreSQL share the work, and a clock that loses or doubles its jobs does no harm."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from schedulers.campaigns.records import CampaignState, DialMode, Phase, Why
from schedulers.dialling.clock import REBUILD, TICK, TURN, DialClock
from schedulers.storage.campaigns import load
from schedulers.storage.dial_attempts import Intent, Lease, plan
from tests.analytics.conftest import POSTGRES
from tests.schedulers.dialling.world import MORNING, PLACE, SECOND, TRUNK, Centre

CONTACTS = 9


@pytest.mark.parametrize("store", [POSTGRES], indirect=True)
async def test_two_schedulers_share_work_and_never_dial_twice(store: Engine, tmp_path: Path) -> None:
    """Each takes up what the other left; together they plan for the same agents and share a trunk's limits."""
    centre = Centre(store, tmp_path)
    centre.trunks[PLACE] = replace(TRUNK, channels=4, per_second=3)
    centre.floor.agents = [str(1001 + number) for number in range(6)]
    centre.owe(CONTACTS)
    runners = [centre.runner(), centre.runner()]
    most = 0
    # Each has a moment of its own first: who wins a race for all that is left is chance.
    for at_work in [[each] for each in runners] + [runners] * 8:
        await asyncio.gather(*(each.tick() for each in at_work))
        live = [each for each in centre.of_campaign() if each.phase is Phase.SENT]
        most = max(most, len(live))
        assert len({each.agent for each in live}) == len(live)
        centre.clock.at += SECOND
        for each in live:
            if each.sent_at is not None and each.sent_at + 3 * SECOND <= centre.clock.at:
                centre.end(each)
        centre.hear()
    assert Counter(centre.pbx.numbers()) == Counter(f"138001{number:05}" for number in range(1, CONTACTS + 1))
    seconds = Counter(when for when, _ in centre.pbx.orders)
    assert (max(seconds.values()) <= 3, most <= 4) == (True, True)
    sent = {each.runner for each in centre.of_campaign() if each.sent_at is not None}
    assert sent == {"runner-1", "runner-2"}


async def test_what_a_dead_scheduler_planned_is_planned_anew(store: Engine, tmp_path: Path) -> None:
    """Its lease runs out; until then nobody else touches it."""
    centre = Centre(store, tmp_path)
    (owed,) = centre.owe(1)
    told = Intent(
        campaign=centre.campaign.id, mode=DialMode.PROGRESSIVE, follow_ups=(owed.id,), customer="C-1",
        number="+8613800100001", agent="1001", device="PJSIP/1001", pbx="pbx", trunk="out", by="system",
        dial_at=MORNING,
    )  # fmt: skip
    with store.begin() as connection:
        plan(connection, [told], MORNING, Lease(runner="dead", until=MORNING + 20 * SECOND))
    runner = centre.runner()
    centre.clock.at += 10 * SECOND
    await runner.tick()
    assert (centre.pbx.orders, [each.phase for each in centre.of_campaign()]) == ([], [Phase.PLANNED])
    centre.clock.at += 11 * SECOND
    await runner.tick()
    assert [(each.runner, each.why) for each in centre.of_campaign()] == [
        ("dead", Why.LEASE_LOST),
        ("runner-1", None),
    ]
    assert len(centre.pbx.orders) == 1


@pytest.fixture
def centre(migrated_store: Engine, tmp_path: Path) -> Centre:
    """A centre with one running campaign."""
    return Centre(migrated_store, tmp_path)


async def test_the_clock_ticks_often_while_there_is_work_and_seldom_else(centre: Centre) -> None:
    """Its jobs are in memory: what it does is what the database says, and a tick may come twice at once."""
    centre.owe(1)
    clock = DialClock(centre.runner(), centre.clock)
    await clock.start()
    assert set(clock.jobs()) == {TICK, REBUILD}
    await asyncio.gather(clock.tick(), clock.tick())
    assert len(centre.pbx.orders) == 1
    soon = clock.jobs()[TICK]
    assert soon is not None
    assert soon - datetime.now(UTC) <= timedelta(milliseconds=100)
    await clock.stop()
    centre.clock.at += timedelta(hours=4)
    await clock.tick()
    assert len(centre.pbx.orders) == 1


async def test_a_start_has_a_job_of_its_own_which_is_made_anew(centre: Centre) -> None:
    """At its instant the campaign starts; without the job the next tick would have started it."""
    later = centre.another(state=CampaignState.DRAFT, starts_at=MORNING + timedelta(minutes=5))
    clock = DialClock(centre.runner(), centre.clock)
    await clock.start()
    turn = clock.jobs()[TURN]
    assert turn is not None
    assert timedelta(minutes=4) < turn - datetime.now(UTC) <= timedelta(minutes=5)
    centre.clock.at = MORNING + timedelta(minutes=5)
    await clock.tick()
    with centre.store.connect() as connection:
        found = load(connection, later.id)
    assert found is not None
    assert found.state is CampaignState.RUNNING
    await clock.stop()


async def test_a_database_that_is_away_is_told_once_and_tried_again(centre: Centre) -> None:
    """The clock goes on ticking; when it is back, dialling goes on."""
    clock = DialClock(centre.runner(), centre.clock)
    with centre.store.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE campaigns RENAME TO away")
    await clock.tick()
    assert clock.failing == "OperationalError"
    with centre.store.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO campaigns")
    await clock.tick()
    assert clock.failing is None
