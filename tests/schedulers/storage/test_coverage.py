"""The proof of coverage: whatever happened, at any instant the parts add up to what was due."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete

from schedulers.followups.account import Decision
from schedulers.followups.records import FollowUp, State
from schedulers.storage.coverage import Chosen, Coverage, Standing, Stood, load_coverage, load_items
from schedulers.storage.followup_models import (
    customer_contacts,
    follow_up_attempts,
    follow_up_changes,
    follow_up_triggers,
    follow_ups,
)
from schedulers.storage.writing import write
from tests.schedulers.storage.stories import HOUR, START, born, closed, decision, done, follow_up, walk

TABLES = (follow_ups, follow_up_changes, follow_up_attempts, follow_up_triggers, customer_contacts)
MONTH = Chosen(start=START - timedelta(days=1), end=START + timedelta(days=60), as_of=START + timedelta(days=60))


def items_of(connection: Connection, chosen: Chosen) -> list[Stood]:
    """All that is behind a figure, a page after the other."""
    found: list[Stood] = []
    after = None
    while page := load_items(connection, chosen, after=after, limit=20):
        found += page
        after = (page[-1].due_at, page[-1].id)
    return found


def fold(decisions: Iterable[Decision], as_of: datetime) -> dict[str, tuple[FollowUp, Standing]]:
    """How each follow-up stood, told naively: one change after the other, none before the one before it."""
    stood: dict[str, FollowUp] = {}
    newest: dict[str, datetime] = {}
    for told in decisions:
        for change in told.changes:
            id_ = change.after.id
            newest[id_] = max(newest.get(id_, change.at), change.at)
            if newest[id_] <= as_of:
                stood[id_] = change.after
    return {id_: (each, standing(each, as_of)) for id_, each in stood.items()}


def standing(told: FollowUp, as_of: datetime) -> Standing:
    """By the sentences of the domain."""
    if told.state is State.DONE:
        return Standing.DONE_LATE if told.is_late else Standing.DONE_ON_TIME
    if told.state is State.CLOSED:
        return Standing.CLOSED
    return Standing.OPEN_OVERDUE if told.is_overdue(as_of) else Standing.OPEN_IN_TIME


@given(
    seed=st.integers(0, 10_000),
    instants=st.lists(st.integers(-5, 400), min_size=1, max_size=4),
    span=st.tuples(st.integers(-10, 200), st.integers(1, 300)),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_at_any_instant_each_figure_is_that_of_a_naive_fold(
    store: Engine, seed: int, instants: list[int], span: tuple[int, int]
) -> None:
    """Figures, their items and the sum, for random stories, periods and instants; some things are told late."""
    rng = random.Random(seed)
    told = [each for number in range(12) for each in walk(rng, number, rng.randrange(10))]
    start, end = START + span[0] * HOUR, START + sum(span) * HOUR
    with store.begin() as connection:
        for table in TABLES:
            connection.execute(delete(table))
        write(connection, told)
        for hours in instants:
            as_of = START + hours * HOUR
            expected = {id_: stood for id_, stood in fold(told, as_of).items() if start <= stood[0].due_at < end}
            chosen = Chosen(start=start, end=end, as_of=as_of)
            figures = load_coverage(connection, chosen)
            items = items_of(connection, chosen)
            assert {each.id: each.standing for each in items} == {id_: each for id_, (_, each) in expected.items()}
            assert len(items) == len(expected) == sum(each.due for each in figures)
            assert Counter({(each.kind, each.group): each.due for each in figures}) == Counter(
                (each.kind, each.group) for each, _ in expected.values()
            )
            for part in Standing:
                assert sum(count(each, part) for each in figures) == sum(
                    each is part for _, each in expected.values()
                )
            assert sum(each.attempts for each in figures) == sum(each.counted for each, _ in expected.values())


def count(figures: Coverage, part: Standing) -> int:
    """The part of a figure."""
    return figures.closed_count if part is Standing.CLOSED else int(getattr(figures, part.value))


@pytest.fixture
def five(store: Engine) -> Engine:
    """One follow-up for each way in which one can stand, three of them due at the same instant."""
    due = START + 10 * HOUR
    on_time, late, given_up, in_time, overdue = (
        follow_up(n, due_at=at) for n, at in enumerate((due, due, due, due + HOUR, due - HOUR), start=1)
    )
    with store.begin() as connection:
        write(connection, [decision(*map(born, (on_time, late, given_up, in_time, overdue)))])
        second = timedelta(microseconds=1)
        write(connection, [decision(done(on_time, due), done(late, due + second), closed(given_up, due))])
    return store


def test_the_due_instant_itself_is_in_time(five: Engine) -> None:
    """For what is done and for what is open alike; a microsecond later it is not."""
    due = START + 10 * HOUR
    with five.connect() as connection:
        (found,) = load_coverage(connection, Chosen(start=START, end=due + 9 * HOUR, as_of=due + HOUR))
        (before,) = load_coverage(connection, Chosen(start=START, end=due + 9 * HOUR, as_of=due - HOUR))
    assert found == Coverage(
        kind="revisit", group="service", done_on_time=1, done_late=1, closed=(("refused", 1),), open_in_time=1,
        open_overdue=1,
    )  # fmt: skip
    assert (found.due, found.coverage, found.reached, found.attempts_per_contact) == (5, 3 / 5, 2 / 5, 0)
    assert before == Coverage(kind="revisit", group="service", open_in_time=5)
    assert (before.coverage, before.attempts_per_contact) == (0, None)


def test_before_it_arose_nothing_was_owed(five: Engine) -> None:
    """A rate over nothing is nothing."""
    with five.connect() as connection:
        assert load_coverage(connection, Chosen(start=START, end=START + 99 * HOUR, as_of=START - HOUR)) == ()
    assert Coverage(kind="revisit", group=None).coverage is None
    assert Coverage(kind="revisit", group=None).reached is None


def test_each_figure_opens_its_items_page_by_page(five: Engine) -> None:
    """In order of due time and id; no page leaves one out that has the same due time as the last of the one before."""
    with five.connect() as connection:
        first = load_items(connection, MONTH, limit=2)
        second = load_items(connection, MONTH, after=(first[-1].due_at, first[-1].id), limit=10)
        assert len({each.id for each in (*first, *second)}) == len(first) + len(second) == 5
        (late,) = load_items(connection, MONTH, [Standing.DONE_LATE])
        assert (late.owner, late.fulfilled_at) == ("1001", START + 10 * HOUR + timedelta(microseconds=1))


def test_figures_are_of_the_chosen_kinds_groups_and_owners(store: Engine) -> None:
    """Who owned it at the instant, not who owns it now."""
    told = [each for number in range(30) for each in walk(random.Random(number), number, 6)]
    as_of = START + 150 * HOUR
    with store.begin() as connection:
        write(connection, told)
        chosen = Chosen(
            start=START, end=START + 400 * HOUR, as_of=as_of, kinds=["revisit", "callback"], groups=["service"],
            owners=["1001", "1009"],
        )  # fmt: skip
        found = {each.id for each in items_of(connection, chosen)}
    assert found == {
        id_
        for id_, (each, _) in fold(told, as_of).items()
        if each.kind != "complaint" and each.group == "service" and each.owner in {"1001", "1009"}
        and START <= each.due_at < START + 400 * HOUR
    }  # fmt: skip
    assert found
