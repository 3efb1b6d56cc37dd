"""Campaigns in the database: made, changed, told; who is ready; how far one is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from config.followups import Result
from schedulers.campaigns.changes import Turn
from schedulers.campaigns.records import CampaignState, Evidence, Phase, Why
from schedulers.errors import RefusedError, StaleError
from schedulers.storage.campaign_candidates import Callers, load_ready
from schedulers.storage.campaign_progress import Contacts, count_committed, load_progress
from schedulers.storage.campaigns import (
    By,
    add_members,
    campaigns_of,
    change,
    count_by_state,
    load,
    load_all,
    load_story,
    next_turn_at,
    turn_by_time,
    turn_campaign,
)
from schedulers.storage.dial_attempts import Ending, settle
from schedulers.storage.dial_refusals import Refusal, load_refusals, note_refusals, refusals_of
from schedulers.storage.writing import write
from tests.schedulers.storage.placing import (
    NOW,
    SECOND,
    campaign,
    committed,
    intent,
    owed,
    planned,
    stored_campaign,
)
from tests.schedulers.storage.stories import HOUR, START, attempted, born, closed, decision, done, follow_up

LEADER = By(at=NOW, by="1000")


def test_a_campaign_is_read_as_it_was_written(store: Engine) -> None:
    """Every field survives, and the id is the store's."""
    told = campaign(
        kinds=("revisit", "callback"), listed=True, priority=3, groups=("service",), agents=("1001", "1002"),
        caller_id="4008001234", ring=timedelta(seconds=25), notice=True, starts_at=START, deadline_at=NOW + HOUR,
    )  # fmt: skip
    with store.begin() as connection:
        made = stored_campaign(connection, **{name: getattr(told, name) for name in told.__slots__ if name != "id"})
    with store.connect() as connection:
        assert load(connection, made.id) == made == replace(told, id=made.id)
        assert load(connection, made.id + 1) is None


def test_each_revision_is_a_line_of_its_story(store: Engine) -> None:
    """Who did what, when and why is on record; a turn that does not follow is refused and leaves no line."""
    with store.begin() as connection:
        made = stored_campaign(connection, state=CampaignState.DRAFT)
        turn_campaign(connection, made.id, Turn.STARTED, LEADER)
        turn_campaign(connection, made.id, Turn.PAUSED, replace(LEADER, note="lunch"))
        with pytest.raises(RefusedError, match="found one that is paused, expected one that is draft"):
            turn_campaign(connection, made.id, Turn.STARTED, LEADER)
    with store.connect() as connection:
        assert [(each.what, each.by, each.note) for each in load_story(connection, made.id)] == [
            (Turn.MADE, "1000", ""),
            (Turn.STARTED, "1000", ""),
            (Turn.PAUSED, "1000", "lunch"),
        ]


def test_what_another_changed_meanwhile_is_not_overwritten(store: Engine) -> None:
    """Two leaders read the same revision: the second one reads again."""
    with store.begin() as connection:
        made = stored_campaign(connection)
        change(connection, replace(made, priority=5), Turn.CHANGED, LEADER)
        with pytest.raises(StaleError, match="expected 1"):
            change(connection, replace(made, priority=1), Turn.CHANGED, LEADER)
        assert [each.priority for each in load_all(connection)] == [5]


def test_the_higher_priority_is_told_first(store: Engine) -> None:
    """Running campaigns come in the order in which they get agents."""
    with store.begin() as connection:
        ids = [stored_campaign(connection, priority=each).id for each in (0, 7, 7)]
        stored_campaign(connection, state=CampaignState.PAUSED, priority=9)
        found = load_all(connection, (CampaignState.RUNNING,))
        assert [each.id for each in found] == [ids[1], ids[2], ids[0]]
        assert count_by_state(connection) == {CampaignState.RUNNING: 3, CampaignState.PAUSED: 1}


def test_time_starts_and_ends_campaigns(store: Engine) -> None:
    """A planned start, a deadline, and a list of which nothing is owed any more; a campaign over kinds goes on."""
    first, *_ = owed(store, 1)
    with store.begin() as connection:
        early = stored_campaign(connection, state=CampaignState.DRAFT, starts_at=NOW)
        late = stored_campaign(connection, deadline_at=NOW)
        listed = stored_campaign(connection, listed=True)
        empty = stored_campaign(connection, listed=True)
        add_members(connection, listed, [first.id], LEADER)
        assert next_turn_at(connection, NOW - SECOND) == NOW
        turned = {each.id: each.state for each in turn_by_time(connection, NOW)}
        assert turned == {early.id: CampaignState.RUNNING, late.id: CampaignState.FINISHED}
        assert turn_by_time(connection, NOW) == ()
        write(connection, [decision(done(first, NOW))])
        assert [each.id for each in turn_by_time(connection, NOW)] == [listed.id]
        found = load(connection, empty.id)
        assert found is not None
        assert found.state is CampaignState.RUNNING


def test_a_list_takes_each_follow_up_once(store: Engine) -> None:
    """Telling the same list again adds nothing, and no line to the story."""
    told = owed(store, 3)
    with store.begin() as connection:
        made = stored_campaign(connection, listed=True)
        made, added = add_members(connection, made, [each.id for each in told], LEADER)
        made, again = add_members(connection, made, [each.id for each in told], LEADER)
        assert (added, again) == (3, 0)
        assert [each.what for each in load_story(connection, made.id)] == [Turn.MADE, Turn.MEMBERS]
        assert campaigns_of(connection, told[0].id) == (made.id,)


def test_ready_are_agreed_times_first_then_what_is_due_first(store: Engine) -> None:
    """Others are left out: not their time yet, another kind or group, ended, spoken with."""
    told = [
        follow_up(1, due_at=NOW + 3 * HOUR),
        follow_up(2, due_at=NOW + 2 * HOUR, group=None),
        follow_up(3, due_at=NOW + 9 * HOUR, agreed_at=NOW - SECOND, ready_at=NOW - SECOND),
        follow_up(4, ready_at=NOW + SECOND),
        follow_up(5, kind="callback"),
        follow_up(6, group="sales"),
        follow_up(7, reached_call="pbx/1.1"),
    ]
    with store.begin() as connection:
        write(connection, [decision(born(each)) for each in told])
        made = stored_campaign(connection, groups=("service",))
        found = load_ready(connection, made, NOW, limit=10)
        assert [each.customer for each in found] == ["C000003", "C000002", "C000001"]
        assert [each.customer for each in load_ready(connection, made, NOW, limit=2)] == ["C000003", "C000002"]


def test_only_who_somebody_free_may_call_is_told(store: Engine) -> None:
    """What belongs to an agent who is not free is passed over, but for kinds that anyone may do."""
    told = [follow_up(1, owner="1001"), follow_up(2, owner="1002"), follow_up(3, owner="1002", kind="callback")]
    with store.begin() as connection:
        write(connection, [decision(born(each)) for each in told])
        made = stored_campaign(connection, kinds=("revisit", "callback"))
        callers = Callers(agents=("1001",), shared_kinds=("callback",))
        found = load_ready(connection, made, NOW, limit=10, callers=callers)
        assert {each.customer for each in found} == {"C000001", "C000003"}


def test_nobody_is_told_whose_customer_a_live_attempt_is_at(store: Engine) -> None:
    """Though another campaign made it; once it has ended he is told again."""
    told = owed(store, 2)
    with store.begin() as connection:
        made = stored_campaign(connection)
    attempts = planned(store, intent(1, campaign=77))
    taken = committed(store, attempts).attempts
    with store.begin() as connection:
        assert [each.customer for each in load_ready(connection, made, NOW, limit=9)] == [told[1].customer]
        ending = Ending(phase=Phase.NOT_ANSWERED, at=NOW, evidence=Evidence.HEARD, result=Result.BUSY)
        assert settle(connection, taken[0], ending)
        assert len(load_ready(connection, made, NOW, limit=9)) == 2


def test_a_reason_is_on_record_once_and_holds_back_for_its_time(store: Engine) -> None:
    """Noted twice it is one row that counts two; he is not looked at again before the instant that it names."""
    told = owed(store, 2)
    with store.begin() as connection:
        made = stored_campaign(connection)
        first = Refusal(campaign=made.id, follow_up=told[0].id, why=Why.WINDOW, at=NOW, again_at=NOW + HOUR)
        note_refusals(connection, [first])
        note_refusals(connection, [replace(first, at=NOW + SECOND)])
        found = load_refusals(connection, made.id)
        assert [(each.why, each.count, each.first_at, each.last_at) for each in found] == [
            (Why.WINDOW, 2, NOW, NOW + SECOND)
        ]
        assert refusals_of(connection, made.id, told[1].id) == ()
        assert [each.follow_up for each in load_ready(connection, made, NOW, limit=9)] == [told[1].id]
        assert len(load_ready(connection, made, NOW + HOUR, limit=9)) == 2


def test_progress_adds_up(store: Engine) -> None:
    """Every contact is in one place; rates are of what was dialled, and over nothing they are None."""
    told = owed(store, 5)
    with store.begin() as connection:
        made = stored_campaign(connection, listed=True)
        made, _ = add_members(connection, made, [each.id for each in told], LEADER)
        before = load_progress(connection, made, NOW)
    assert before.contacts == Contacts(waiting=5)
    assert (before.ready, before.connected_rate, before.attempts_per_contact) == (5, None, None)
    intents = [intent(number, campaign=made.id, follow_ups=(told[number - 1].id,)) for number in (1, 2)]
    taken = committed(store, planned(store, *intents)).attempts
    ends = [(Phase.ANSWERED, Result.TALKED), (Phase.NOT_ANSWERED, Result.BUSY)]
    with store.begin() as connection:
        for each, (phase, result) in zip(taken, ends, strict=True):
            settle(connection, each, Ending(phase=phase, at=NOW, evidence=Evidence.HEARD, result=result))
        write(connection, [decision(done(told[0], NOW)), decision(attempted(told[1], NOW))])
        write(connection, [decision(closed(told[2], NOW))])
    third = planned(store, intent(4, campaign=made.id, follow_ups=(told[3].id,)))
    with store.connect() as connection:
        found = load_progress(connection, made, NOW)
        assert count_committed(connection, made.id, NOW, NOW + SECOND) == 2
    assert found.contacts == Contacts(fulfilled=1, closed=1, waiting=2, dialling=1)
    assert found.contacts.all == 5
    assert (found.tried, found.attempts, found.ready) == (2, 2, 1)
    assert (found.connected_rate, found.answered_rate, found.attempts_per_contact) == (0.5, 0.5, 1.0)
    assert found.phases == {Phase.ANSWERED: 1, Phase.NOT_ANSWERED: 1, Phase.PLANNED: len(third)}


def test_a_campaign_over_kinds_counts_what_it_tried_and_what_is_open(store: Engine) -> None:
    """What was done by others before it began is none of its contacts; what it dialled stays one."""
    told = owed(store, 3)
    with store.begin() as connection:
        made = stored_campaign(connection)
        write(connection, [decision(done(told[2], NOW))])
    attempts = planned(store, intent(1, campaign=made.id, follow_ups=(told[0].id,)))
    taken = committed(store, attempts).attempts
    with store.begin() as connection:
        settle(connection, taken[0], Ending(phase=Phase.ANSWERED, at=NOW, result=Result.TALKED))
        write(connection, [decision(done(told[0], NOW))])
        assert load_progress(connection, made, NOW).contacts == Contacts(fulfilled=1, waiting=1)
