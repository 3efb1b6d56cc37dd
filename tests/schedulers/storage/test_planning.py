"""The plan of a day is made of what the store holds, customer by customer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from config.followups import Cap
from schedulers.followups.account import Contact, Decision
from schedulers.followups.day_plan import Place
from schedulers.followups.records import FollowUp, Obstacle
from schedulers.storage import planning
from schedulers.storage.planning import Day, plan_day
from schedulers.storage.writing import write
from telephony.clock import to_microseconds
from tests.schedulers.storage.stories import HOUR, START, born, decision, done, follow_up

DAY = Day(
    start=START,
    end=START + 13 * HOUR,
    kinds=("complaint", "revisit"),
    caps=(Cap(count=2, span=timedelta(days=1)), Cap(count=5, span=timedelta(days=7))),
)


def stored(store: Engine, *told: FollowUp) -> None:
    """Store them as they are born."""
    with store.begin() as connection:
        write(connection, [decision(born(each)) for each in told])


def lists(store: Engine, owner: str, day: Day = DAY) -> list[tuple[str, Place]]:
    """The list of an owner: keys of items and their places."""
    with store.connect() as connection:
        return [(each.id, each.place) for each in plan_day(connection, day).of(owner)]


@pytest.mark.parametrize("rows", [1, 2, 200_000])
def test_a_day_is_planned_alike_however_the_rows_are_cut(
    store: Engine, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A customer's items are never torn apart: what rides along is in the same chunk as its contact."""
    monkeypatch.setattr(planning, "ROWS_AT_A_TIME", rows)
    told = [
        follow_up(number, customer=f"客{number // 3}", owner=f"{1001 + number // 3 % 2}", due_at=START + n * HOUR)
        for number, n in enumerate([9, 5, 7, 6, 8, 4, 30, 31, 32])
    ]
    later = follow_up(50, customer="客1", ready_at=START + 20 * HOUR, due_at=START + 90 * HOUR)
    over = follow_up(51, customer="客1")
    stored(store, *told, later, over)
    with store.begin() as connection:
        write(connection, [decision(done(over, START))])
    rides, makes = Place.RIDES, Place.CONTACT
    assert lists(store, "1001") == [
        *[(told[n].id, makes if n == 1 else rides) for n in (1, 2, 0)],
        *[(told[n].id, makes if n == 6 else rides) for n in (6, 7, 8)],
    ]
    assert lists(store, "1002") == [(told[n].id, makes if n == 5 else rides) for n in (5, 3, 4)]


def test_contacts_that_were_made_count_for_the_caps(store: Engine) -> None:
    """Those of the customer himself, whatever they were about."""
    first, second = follow_up(1), follow_up(2)
    stored(store, first, second)
    with store.begin() as connection:
        contacts = (Contact(customer=first.customer, at=START - hours * HOUR) for hours in (1, 2))
        write(connection, [Decision(contacts=tuple(contacts))])
    assert lists(store, "1001") == [(second.id, Place.CONTACT), (first.id, Place.CAP)]
    assert lists(store, "1001", replace(DAY, caps=())) == sorted(
        [(first.id, Place.CONTACT), (second.id, Place.CONTACT)],
        key=lambda told: told[0] != first.id,
    )


def test_what_is_due_today_and_cannot_be_met_is_in_the_list_with_its_reason(store: Engine) -> None:
    """After all that can be done."""
    soon = START + 5 * HOUR
    told = {
        Place.WAITS: follow_up(1, reached_call="pbx/1.1"),
        Place.MUST_DECIDE: follow_up(2, obstacle=Obstacle.MUST_DECIDE, ready_at=None, due_at=soon),
        Place.NO_NUMBER: follow_up(3, obstacle=Obstacle.NO_NUMBER, ready_at=None, due_at=soon),
        Place.NO_WINDOW: follow_up(4, obstacle=Obstacle.NO_WINDOW, ready_at=START + 15 * HOUR, due_at=soon),
        Place.CONTACT: follow_up(5, obstacle=Obstacle.NO_WINDOW, ready_at=START + 6 * HOUR, due_at=soon),
    }
    stored(store, *told.values())
    found = lists(store, "1001")
    assert sorted(found) == sorted((each.id, place) for place, each in told.items())
    assert found[0][1] is Place.CONTACT


def test_kinds_that_are_done_at_the_desk_disturb_nobody(store: Engine) -> None:
    """They stand in the list by their due time, and the caps do not hold for them."""
    answer, call = follow_up(1, kind="answer"), follow_up(2, kind="revisit", due_at=START + 90 * HOUR)
    stored(store, answer, call)
    found = lists(store, "1001", replace(DAY, at_desk=("answer",), caps=(Cap(count=0, span=timedelta(days=1)),)))
    assert found == [(answer.id, Place.DESK), (call.id, Place.CAP)]


def test_kinds_decide_between_items_that_are_due_at_once(store: Engine) -> None:
    """In the policy's order; a kind that it does not have comes last."""
    told = [follow_up(n, kind=kind) for n, kind in ((1, "gone"), (2, "revisit"), (3, "complaint"))]
    stored(store, *told)
    assert [id_ for id_, _ in lists(store, "1001")] == [each.id for each in reversed(told)]


def test_an_entry_tells_when_and_for_which_item(store: Engine) -> None:
    """What a page of the list shows without asking again."""
    agreed = follow_up(1, agreed_at=START + 4 * HOUR, ready_at=START + 4 * HOUR, due_at=START + 4 * HOUR)
    stored(store, agreed)
    with store.connect() as connection:
        planned = plan_day(connection, DAY)
        (entry,) = planned.of("1001")
    assert planned.owners == ("1001",)
    at_us = to_microseconds(START + 4 * HOUR)
    assert (entry.at_us, entry.due_us, entry.is_agreed, entry.lead) == (at_us, at_us, True, agreed.id)
