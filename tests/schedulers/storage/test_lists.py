"""Work lists show each open follow-up where it belongs, in the order of work, page by page."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from schedulers.followups.records import FollowUp, Obstacle, What
from schedulers.storage.lists import Moment, View, Whose, case_of, count_views, iterate, load_page
from schedulers.storage.marks import owners_of_open
from schedulers.storage.writing import write
from tests.schedulers.storage.stories import HOUR, START, born, changed, closed, decision, done, follow_up

NOW = Moment(now=START + 5 * HOUR, day_end=START + 15 * HOUR)
ALL = Whose()
DAY = timedelta(days=1)


def stored(store: Engine, *told: FollowUp) -> None:
    """Store them as they are born."""
    with store.begin() as connection:
        write(connection, [decision(born(each)) for each in told])


def shown(store: Engine, view: View, whose: Whose = ALL) -> list[str]:
    """The keys of a list."""
    with store.connect() as connection:
        return [each.key for each in iterate(connection, view, whose, NOW)]


VIEWS: dict[str, tuple[FollowUp, set[View]]] = {
    "permitted this instant": (
        follow_up(ready_at=NOW.now, due_at=NOW.now + 2 * DAY),
        {View.NOW, View.TODAY},
    ),
    "permitted in a moment": (
        follow_up(ready_at=NOW.now + timedelta(microseconds=1), due_at=NOW.now + 2 * DAY),
        {View.TODAY},
    ),
    "permitted from the next day on": (follow_up(ready_at=NOW.day_end, due_at=NOW.now + 2 * DAY), set()),
    "due this instant, and in time": (follow_up(ready_at=None, due_at=NOW.now), {View.TODAY}),
    "overdue": (follow_up(ready_at=None, due_at=NOW.now - timedelta(microseconds=1)), {View.OVERDUE, View.TODAY}),
    "due when the day is over": (follow_up(ready_at=None, due_at=NOW.day_end), set()),
    "no permitted time is left": (
        follow_up(ready_at=START + 3 * DAY, due_at=START + 2 * DAY, obstacle=Obstacle.NO_WINDOW),
        {View.CANNOT_BE_MET},
    ),
    "the cap wins": (
        follow_up(ready_at=START + 3 * DAY, due_at=START + 2 * DAY, obstacle=Obstacle.CAP),
        {View.CANNOT_BE_MET},
    ),
    "a talk waits for its outcome": (
        follow_up(ready_at=START, due_at=START + 2 * DAY, reached_call="pbx/1.1"),
        {View.REACHED, View.TODAY},
    ),
    "tried as often as permitted": (
        follow_up(ready_at=None, due_at=START + 2 * DAY, obstacle=Obstacle.MUST_DECIDE),
        {View.MUST_DECIDE},
    ),
}


@pytest.mark.parametrize("name", VIEWS)
def test_an_open_follow_up_is_in_the_lists_that_it_belongs_to(store: Engine, name: str) -> None:
    """At the boundaries of each, and counted in the same."""
    told, views = VIEWS[name]
    stored(store, told)
    assert {view for view in View if shown(store, view)} == views | {View.OPEN}
    with store.connect() as connection:
        counts = count_views(connection, ALL, NOW)
    assert {view for view, count in counts.items() if count} == views | {View.OPEN}


def test_what_is_over_is_in_no_list(store: Engine) -> None:
    """And comes back when it is reopened."""
    first, second = follow_up(1), follow_up(2)
    stored(store, first, second)
    ended = done(first, START)
    with store.begin() as connection:
        write(connection, [decision(ended, closed(second, START))])
    assert [shown(store, view) for view in View] == [[]] * len(View)
    again = replace(first, revision=3)
    with store.begin() as connection:
        write(connection, [decision(replace(changed(ended.after, What.REOPENED, START), after=again))])
    assert shown(store, View.OPEN) == [first.key]


def test_agreed_times_come_first_then_what_is_due_first(store: Engine) -> None:
    """Also where something that was agreed is later than all the rest, or its due time stays what it was."""
    due = [(1, 9, None), (2, 3, None), (3, 2, 50), (4, 40, 40), (5, 1, None)]
    stored(
        store,
        *(
            follow_up(n, due_at=START + hours * HOUR, agreed_at=None if agreed is None else START + agreed * HOUR)
            for n, hours, agreed in due
        ),
    )
    assert shown(store, View.OPEN) == ["event:4", "event:3", "event:5", "event:2", "event:1"]


def test_pages_together_are_the_list(store: Engine) -> None:
    """Whatever their length, and with many due at once."""
    rng = random.Random(3)
    told = [
        follow_up(
            n, due_at=(due := START + rng.randrange(4) * HOUR), agreed_at=due if rng.random() < 0.4 else None,
            owner=rng.choice(["1001", "1002"]),
        )
        for n in range(40)
    ]  # fmt: skip
    stored(store, *told)
    expected = sorted(told, key=lambda each: (each.agreed_at is None, each.due_at, each.id))
    with store.connect() as connection:
        for limit in (1, 7, 40, 41):
            items: list[FollowUp] = []
            after, pages = None, 0
            while pages == 0 or after is not None:
                page = load_page(connection, View.OPEN, ALL, NOW, after=after, limit=limit)
                items += page.items
                after, pages = page.next, pages + 1
            assert items == expected
            assert pages == -(-40 // limit)


def test_a_list_is_of_an_agent_a_group_or_of_those_who_left(store: Engine) -> None:
    """Nothing open belongs to nobody: what leavers own is found by their names."""
    who = [("1001", "service"), ("1002", "service"), ("1002", "sales"), ("1003", None)]
    stored(store, *(follow_up(n, owner=owner, group=group) for n, (owner, group) in enumerate(who)))

    def of(*owners: str, groups: tuple[str, ...] = ()) -> set[str]:
        return set(shown(store, View.OPEN, Whose(owners=owners, groups=groups)))

    assert of("1001") == {"event:0"}
    assert of(groups=("service",)) == {"event:0", "event:1"}
    assert of("1002", groups=("sales",)) == {"event:2"}
    assert of("1001", "1003") == {"event:0", "event:3"}
    with store.connect() as connection:
        assert owners_of_open(connection) == ("1001", "1002", "1003")


def test_a_chain_is_shown_from_its_beginning(store: Engine) -> None:
    """What is over, too."""
    first = follow_up(1, kind="complaint")
    second = follow_up(2, kind="answer", case=first.id, after=first.id, born_at=START + HOUR)
    stored(store, second, first, follow_up(3))
    with store.begin() as connection:
        write(connection, [decision(done(first, START + HOUR))])
        assert [each.id for each in case_of(connection, first.id)] == [first.id, second.id]
