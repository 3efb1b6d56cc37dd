"""What was decided is written once, whole and in order, whoever tells it how often."""

from __future__ import annotations

import random
import threading
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from config.followups import Result
from schedulers.errors import StaleError
from schedulers.followups.account import Decision, Series, Uncreated
from schedulers.followups.records import FollowUp, Obstacle, State, What, id_of
from schedulers.storage.accounts import load_follow_ups
from schedulers.storage.followup_models import (
    customer_contacts,
    follow_up_attempts,
    follow_up_changes,
    follow_up_series,
    follow_up_triggers,
    follow_ups,
)
from schedulers.storage.followup_rows import attempt_of, attempt_row, field_of, follow_up_of
from schedulers.storage.hearing import series_due, series_of_customers
from schedulers.storage.writing import Written, known_triggers, write
from tests.schedulers.storage.stories import HOUR, START, attempted, born, changed, decision, done, follow_up, walk

TABLES = (
    follow_ups,
    follow_up_changes,
    follow_up_attempts,
    follow_up_triggers,
    follow_up_series,
    customer_contacts,
)


def written(store: Engine, *decisions: Decision) -> Written:
    """Write them in one transaction."""
    with store.begin() as connection:
        return write(connection, decisions)


def rows(store: Engine) -> dict[str, list[Any]]:
    """All that is stored."""
    with store.connect() as connection:
        return {
            table.name: list(connection.execute(select(table).order_by(*table.primary_key))) for table in TABLES
        }


def stored(store: Engine, told: FollowUp) -> FollowUp:
    """The follow-up as it is stored."""
    with store.connect() as connection:
        return load_follow_ups(connection, [told.id])[told.id]


def test_every_field_of_a_follow_up_has_its_column() -> None:
    """A field that the record gains must be kept, or it is forgotten at the next decision."""
    columns = [field_of(column.name) for column in follow_ups.columns if column.name != "changed_us"]
    assert sorted(columns) == sorted(field.name for field in fields(FollowUp))


def test_a_follow_up_comes_back_as_it_was_written(store: Engine) -> None:
    """With every field set to something, to the microsecond."""
    at = START + timedelta(microseconds=1)
    full = follow_up(
        about=(("amount", 7), ("等级", "core")), number=1, occurrence=2, after="x", level=1, agreed_at=at,
        skill="sichuan", state=State.DONE, fulfilled_at=at, ended_at=at, reason="refused", last_chance_at=at,
        obstacle=Obstacle.MUST_DECIDE, reached_call="pbx/1.1", claimed_call="", call="pbx/1.2", elsewhere="wechat",
        content=False, counted=3, uncounted=1, tried_at=at, tried=Result.BUSY, overdue_told=True, nudged_at=at,
        acknowledged_at=at, escalated_at=at, wake_at=at, approvals=("1001", "王"), wanted_at=at, version=None,
    )  # fmt: skip
    full = replace(full, number="+8613800138000")
    written(store, decision(born(full)))
    assert stored(store, full) == full


def test_an_attempt_comes_back_as_it_was_written() -> None:
    """The row holds all of it; a talk to the millisecond."""
    change = attempted(follow_up(), START)
    assert change.attempt is not None
    row = attempt_row(change.attempt)
    names = [column.name for column in follow_up_attempts.columns]
    named = type("Row", (), dict(zip(names, row, strict=True)))
    assert attempt_of(named) == change.attempt


def test_the_same_trigger_ten_times_makes_one(store: Engine) -> None:
    """Also when it is told later, in one batch or in several, and after the follow-up has moved on."""
    told = follow_up()
    again = replace(told, born_at=START + HOUR, due_at=START + 30 * HOUR)
    assert written(store, *[decision(born(told))] * 3) == Written(changes=(born(told),), repeated=2)
    written(store, decision(attempted(told, START + HOUR)))
    before = rows(store)
    for _ in range(3):
        assert written(store, decision(born(again)), decision(born(told))) == Written(repeated=2)
    assert rows(store) == before
    with store.connect() as connection:
        assert known_triggers(connection, [told.id, "other"]) == {told.id}


def test_what_belongs_to_a_repeated_birth_is_not_written_either(store: Engine) -> None:
    """A decision is made of a birth and what follows from it at once."""
    told = follow_up()
    written(store, decision(born(told)))
    at_once = changed(told, What.ESCALATED, START)
    assert written(store, decision(born(told), at_once)) == Written(repeated=2)
    assert stored(store, told) == told


def test_decisions_told_again_change_nothing(store: Engine) -> None:
    """A process that was killed after its commit tells all of it once more."""
    rng = random.Random(5)
    told = [each for number in range(20) for each in walk(rng, number, 8)]
    first = written(store, *told)
    assert len(first.changes) == sum(len(each.changes) for each in told)
    before = rows(store)
    assert written(store, *told).changes == ()
    assert rows(store) == before


def test_one_batch_and_many_give_the_same_rows(store: Engine) -> None:
    """A story is the same however it was cut into transactions."""
    told = list(walk(random.Random(9), 1, 30))
    for each in told:
        written(store, each)
    apart = rows(store)
    with store.begin() as connection:
        for table in TABLES:
            connection.execute(table.delete())
    written(store, *told)
    assert rows(store) == apart


def test_a_change_upon_an_older_revision_is_refused_and_nothing_is_kept(store: Engine) -> None:
    """Two who decided at once: the second one reads again."""
    told = follow_up()
    written(store, decision(born(told)))
    written(store, decision(done(told, START + HOUR)))
    before = rows(store)
    other = decision(born(follow_up(2)))
    late = decision(changed(told, What.HANDED_OVER, START + HOUR, owner="1002"))
    with pytest.raises(StaleError, match=f"follow-up {told.id}: found revision 2, expected 1"):
        written(store, other, late)
    assert rows(store) == before


def test_a_change_of_what_is_not_stored_is_refused(store: Engine) -> None:
    """There is nothing that it could be a change of."""
    with pytest.raises(StaleError, match="found revision 0, expected 1"):
        written(store, decision(done(follow_up(), START)))


def test_each_change_is_so_until_the_next_one(store: Engine) -> None:
    """One told late counts from the one before it; the newest has no end."""
    told = follow_up()
    tried = attempted(told, START + 2 * HOUR)
    late = changed(tried.after, What.NOTED, START + HOUR)
    written(store, decision(born(told), tried))
    written(store, decision(late))
    hours = [
        (row.at_us - rows(store)["follow_up_changes"][0].at_us, row.until_us)
        for row in rows(store)["follow_up_changes"]
    ]
    start_us, hour_us = rows(store)["follow_up_changes"][0].at_us, 3_600_000_000
    assert hours == [(0, start_us + 2 * hour_us), (2 * hour_us, start_us + 2 * hour_us), (2 * hour_us, None)]


def test_a_trigger_that_made_nothing_is_kept_once_with_its_reason(store: Engine) -> None:
    """So that nothing is forgotten in silence, and nothing is counted twice."""
    nothing = Uncreated(kind="callback", key="call:pbx/1.1", at=START, why="withheld")
    written(store, Decision(uncreated=(nothing, nothing)))
    written(store, Decision(uncreated=(replace(nothing, why="short"),)))
    found = rows(store)["follow_up_triggers"]
    assert [(row.id, row.follow_up, row.why) for row in found] == [
        (id_of("callback", "call:pbx/1.1"), None, "withheld")
    ]


def test_a_trigger_joins_an_open_follow_up_once(store: Engine) -> None:
    """A number that was missed again changes the open callback; the same call told again does not."""
    told = follow_up(kind="callback")
    written(store, decision(born(told)))

    def joins(before: FollowUp) -> Decision:
        joined = Uncreated(kind="callback", key="call:pbx/2.1", at=START + HOUR, why="joined")
        return Decision(changes=(changed(before, What.JOINED, START + HOUR),), uncreated=(joined,))

    assert len(written(store, joins(told)).changes) == 1
    assert written(store, joins(stored(store, told))) == Written(repeated=1)
    assert stored(store, told).revision == 2


def test_attempts_that_count_are_contacts_and_the_same_instant_is_one(store: Engine) -> None:
    """One call for two follow-ups is one contact with the customer; a failed trunk is none."""
    first, second = follow_up(1), follow_up(2, customer="C000001")
    at = START + HOUR
    written(store, decision(born(first), born(second)))
    tried = [attempted(each, at) for each in (first, second)]
    failed = attempted(tried[0].after, at + HOUR, Result.FAILED, counts=False)
    written(store, decision(*tried, failed))
    found = rows(store)
    assert len(found["follow_up_attempts"]) == 3
    assert [(row.customer, row.at_us % 3_600_000_000) for row in found["customer_contacts"]] == [("C000001", 0)]


def test_a_series_goes_on_and_never_back(store: Engine) -> None:
    """An old decision that is told again does not make an occurrence arise twice."""

    def series(number: int, hours: int | None) -> Series:
        return Series(
            kind="care", version=None, customer="C000001", key="event:1", anchor_at=START, next=number,
            next_at=None if hours is None else START + hours * HOUR, about=(("amount", 1),), by="1001",
        )  # fmt: skip

    second, third = series(2, 20), series(3, None)
    for each in (series(1, 10), second, series(1, 10)):
        written(store, Decision(series=(each,)))
    with store.connect() as connection:
        assert series_due(connection, START + 19 * HOUR) == ()
        assert series_due(connection, START + 20 * HOUR) == (second,)
    written(store, Decision(series=(third,)))
    with store.connect() as connection:
        assert series_due(connection, START + 99 * HOUR) == ()
        assert series_of_customers(connection, ["C000001"]) == (third,)


def test_text_that_no_database_takes_is_mended(store: Engine) -> None:
    """Bytes that were not UTF-8 and NUL become U+FFFD, in notes, keys and what a trigger tells."""
    told = follow_up(about=(("remark", "a\udcff"),), key="event:\udcff")
    note = replace(changed(told, What.NOTED, START), note="b\0")
    written(store, decision(born(told), note))
    with store.connect() as connection:
        kept = connection.execute(select(follow_ups)).one()
        assert follow_up_of(kept).about == (("remark", "a\ufffd"),)
        assert connection.execute(select(follow_up_changes.c.note)).scalars().all() == ["", "b\ufffd"]
    assert written(store, decision(born(told), note)).changes == ()


@pytest.mark.slow
def test_a_hundred_thousand_births_fit_in_one_transaction(store: Engine) -> None:
    """A period begins for a whole register at once."""
    told = [decision(born(follow_up(number))) for number in range(100_000)]
    assert len(written(store, *told).changes) == 100_000
    with store.connect() as connection:
        for table in (follow_ups, follow_up_changes, follow_up_triggers):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 100_000


@pytest.mark.parametrize("store", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_two_writers_at_once_do_not_both_win(store: Engine) -> None:
    """The second waits for the first, and is told that what it decided upon is old."""
    told = follow_up()
    written(store, decision(born(told)))
    outcomes: list[str] = []

    def second() -> None:
        try:
            written(store, decision(changed(told, What.HANDED_OVER, START + HOUR, owner="1002")))
            outcomes.append("written")
        except StaleError:
            outcomes.append("stale")

    with store.begin() as connection:
        write(connection, [decision(done(told, START + HOUR))])
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        assert outcomes == []
    thread.join(10)
    assert outcomes == ["stale"]
    assert stored(store, told).state is State.DONE
