"""How many agents a simulated centre is given: by hours, tries and the busiest day, held against what was lived."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from functools import cache

import pytest

from config.followups import Attempts, Basis, Every, FollowUpKind, FulfilledBy, Step, Windows
from config.policy_loader import load_policy
from schedulers.customers.records import Customer
from schedulers.simulation.crew import crew_of
from schedulers.simulation.dice import Dice
from schedulers.simulation.people import customers_of
from schedulers.simulation.staffing import Need, agents_of, needs_of
from schedulers.simulation.world import plan_of
from schedulers.simulation.year import Year

pytestmark = pytest.mark.slow

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
COUNT = 300


@cache
def people(name: str) -> tuple[Customer, ...]:
    """Customers as a policy's year has them."""
    policy = load_policy(name)
    leaders = crew_of(policy, FIRST, LAST, 0, Dice(1))
    return tuple(customers_of(policy, FIRST, LAST, COUNT, leaders, 1))


def need(name: str, kind: str, alter: Callable[[FollowUpKind], FollowUpKind] = lambda kind: kind) -> Need:
    """What one kind of a shipped policy asks for, the kind being altered first."""
    policy = load_policy(name)
    version = policy.versions[-1]
    found = version.promises.kind(kind)
    assert found is not None
    alone = replace(version, promises=replace(version.promises, kinds=(alter(found),)))
    return needs_of(replace(policy, versions=(alone,)), people(name), COUNT, LAST)[0]


def test_work_is_shared_out_over_the_hours_in_which_it_can_be_done() -> None:
    """700 hours of work in 100 hours a year, seven tenths of them planned for, are ten agents."""
    assert agents_of([Need(work=700, here=100)]) == 10


def test_who_is_here_for_narrow_hours_does_the_rest_besides() -> None:
    """Wide hours add people only where those for the narrow ones do not have the time for both."""
    narrow = Need(work=700, here=100)
    assert agents_of([Need(work=700, here=1000), narrow]) == 10
    assert agents_of([Need(work=13300, here=1000), narrow]) == 20


def test_a_day_on_which_all_are_owed_adds_half_as_many_at_most() -> None:
    """Ten agents of the year become twelve for a day that asks for twelve, fifteen for one that asks for a hundred."""
    assert agents_of([Need(work=700, here=100, work_that_day=12, here_that_day=1)]) == 12
    assert agents_of([Need(work=700, here=100, work_that_day=100, here_that_day=1)]) == 15
    assert agents_of([Need(work=700, here=100, work_that_day=2, here_that_day=1)]) == 10


def test_nobody_is_hired_for_what_nobody_can_do() -> None:
    """Without any work, or without an hour in which it can be done, there are the three of every centre."""
    assert agents_of([]) == agents_of([Need(work=900, here=0)]) == 3


def test_near_two_hours_of_the_day_less_can_be_done_than_in_all_open_ones() -> None:
    """Care of D near 11:00 and 16:00 leaves an agent a third of the hours that its quiet times alone leave."""
    near = need("health", "report_care")
    whole = need("health", "report_care", lambda kind: replace(kind, windows=replace(kind.windows, near=())))
    assert near.work == pytest.approx(whole.work, rel=0.05)
    assert near.here == pytest.approx(whole.here / 3, rel=0.05)


def test_what_disturbs_nobody_has_the_whole_shift() -> None:
    """An act that is recorded is done at any hour of a shift: eight hours on five days of seven, less leave."""
    marked = need("health", "booking_verified")
    assert marked.here == pytest.approx(8 * 5 / 7 * 351, rel=0.01)


def test_repeats_add_work() -> None:
    """Care that recurs three times is four times the work of care that does not."""
    once = need("health", "report_care", lambda kind: replace(kind, repeat=()))
    assert need("health", "report_care").work == pytest.approx(4 * once.work)


def test_a_member_is_owed_as_often_as_it_recurs() -> None:
    """A visit each week is twice the work of one every two weeks."""
    weekly = need("retail", "core_contact", lambda kind: replace(kind, every=Step(count=1, unit=Every.WEEK)))
    assert weekly.work == pytest.approx(2 * need("retail", "core_contact").work)


def test_more_tries_are_more_work() -> None:
    """Up to five tries take longer than one, and less than five times as long: most are reached before."""
    one = need("health", "visit_survey", lambda kind: replace(kind, attempts=Attempts(least=1, most=1)))
    five = need("health", "visit_survey")
    assert 1.2 * one.work < five.work < 3 * one.work


def test_who_answers_less_is_called_more_often() -> None:
    """Over noon fewer answer than in the evening, so that the same kind takes more of an agent's time."""
    noon, evening = (
        need("hotline", "resolved_revisit", lambda kind, at=at: replace(kind, windows=Windows(near=(time(at),))))
        for at in (13, 19)
    )
    assert noon.work > 1.1 * evening.work


def test_who_did_not_consent_is_not_called() -> None:
    """Care on holidays, by consent only, is owed to those who gave it: six in ten."""
    by_consent = need("health", "holiday_care")
    to_all = need("health", "holiday_care", lambda kind: replace(kind, basis=Basis.SERVICE))
    assert by_consent.work == pytest.approx(0.6 * to_all.work, rel=0.15)
    assert by_consent.work_that_day == pytest.approx(0.6 * to_all.work_that_day, rel=0.15)


def test_the_best_of_a_branch_are_few() -> None:
    """Ten of a thousand each month: a hundredth of the work of a call to each of them every month."""
    assert need("health", "top_ten").work == pytest.approx(0.12 * one_call("health", "top_ten"), rel=0.01)


def one_call(name: str, kind: str) -> float:
    """The hours of one follow-up of a kind to each customer."""
    each_year = need(name, kind, lambda told: replace(told, trigger=replace(told.trigger, name="quarter")))
    return each_year.work / 4 * 1000 / 10


def test_messages_take_nobody() -> None:
    """A greeting by message goes by itself."""
    assert need("health", "birthday_greeting").work == 0
    as_call = need(
        "health", "birthday_greeting", lambda kind: replace(kind, fulfilled_by=FulfilledBy.TALK, windows=Windows())
    )
    assert as_call.work > 10


@pytest.mark.parametrize("name", ["retail", "securities"])
def test_the_estimate_is_what_a_year_takes(name: str) -> None:
    """The hours that agents worked in a simulated year are the estimated ones within an eighth."""
    policy = load_policy(name)
    plan = plan_of(policy, FIRST, LAST, count=COUNT)
    year = Year(plan).live()
    *owed, _calling_in = needs_of(policy, people(name), COUNT, LAST)
    worked = sum(year.tally.seconds.values()) / 3600
    assert worked == pytest.approx(sum(each.work for each in owed), rel=0.125)
