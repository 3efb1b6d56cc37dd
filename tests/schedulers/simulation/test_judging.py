"""What a simulated centre must not do is found: one good plan or call beside each bad one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from config.policy_loader import load_policy
from schedulers.customers.records import DoNotCall
from schedulers.followups.records import FollowUp, altered
from schedulers.followups.rules import Rules
from schedulers.simulation.checks import ViolationError
from schedulers.simulation.crew import crew_of
from schedulers.simulation.dice import Dice
from schedulers.simulation.judging import Judge
from schedulers.simulation.world import plan_of
from schedulers.simulation.year import Year
from tests.schedulers.followups.worlds import customer

DAY = date(2026, 1, 1)
POLICY = load_policy("securities")
HOUR = timedelta(hours=1)
TOLD = customer(zone=None)
TEN = datetime(2026, 1, 22, 10, tzinfo=POLICY.zone)


def judge() -> Judge:
    """A judge who knows of no contact yet."""
    return Judge(Rules(POLICY, crew_of(POLICY, DAY, DAY, 0, Dice(1))), 1)


@pytest.fixture(scope="module")
def item() -> FollowUp:
    """A monthly call that is owed in January, quiet half an hour around the edges of work."""
    year = Year(plan_of(POLICY, DAY, DAY, count=100)).live()
    return next(each for _, each in year.ledger.open_items() if each.kind == "monthly_satisfaction")


def test_a_plan_for_the_night_is_found(item: FollowUp) -> None:
    """A planned time that is no permitted one is a violation that names the kind, the customer and the time."""
    judge().plan(TOLD, altered(item, ready_at=TEN), TEN)
    night = TEN.replace(hour=3)
    with pytest.raises(
        ViolationError, match=rf"seed 1: found monthly_satisfaction of {TOLD.id} planned for 2026-01-22T03"
    ):
        judge().plan(TOLD, altered(item, ready_at=night), night)


def test_only_the_planned_instant_is_the_plans_own(item: FollowUp) -> None:
    """What was ready at ten and is looked at in the night was planned well; it waits."""
    night = TEN.replace(hour=22)
    judge().plan(TOLD, altered(item, ready_at=TEN), night)
    with pytest.raises(ViolationError):
        judge().plan(TOLD, altered(item, ready_at=night), night)


def test_an_agreed_time_is_the_customers_wish(item: FollowUp) -> None:
    """A time in the evening that he asked for is planned and called at, up to half an hour late."""
    evening = TEN.replace(hour=20)
    agreed = altered(item, agreed_at=evening, ready_at=evening)
    judge().plan(TOLD, agreed, evening)
    judge().call(0, TOLD, [agreed], evening + HOUR / 4)
    with pytest.raises(ViolationError, match="expected one within the permitted times"):
        judge().call(0, TOLD, [agreed], evening + HOUR)


@pytest.mark.parametrize("clock", ["09:15", "11:15", "12:00", "17:30", "22:00"])
def test_a_call_at_a_bad_hour_is_found(item: FollowUp, clock: str) -> None:
    """Within half an hour of an edge of work, at noon and in the evening nobody is called; at ten he may be."""
    judge().call(0, TOLD, [item], TEN)
    hour, minute = map(int, clock.split(":"))
    with pytest.raises(ViolationError, match="expected one within the permitted times"):
        judge().call(0, TOLD, [item], TEN.replace(hour=hour, minute=minute))


def test_a_call_over_a_cap_is_found(item: FollowUp) -> None:
    """Two contacts in a rolling day are the most; the third is a violation though each alone was permitted."""
    judged = judge()
    for at in (TEN, TEN + HOUR / 2):
        judged.call(0, TOLD, [item], at)
        judged.contacts.add(0, at)
    judged.call(1, TOLD, [item], TEN + HOUR / 2)
    with pytest.raises(ViolationError, match="expected no more contacts than the caps permit"):
        judged.call(0, TOLD, [item], TEN + HOUR / 2)


def test_a_call_before_it_is_open_is_found(item: FollowUp) -> None:
    """What is foreseen for later is not called for today."""
    with pytest.raises(ViolationError, match="expected none before 2026-01-23"):
        judge().call(0, TOLD, [altered(item, open_at=datetime(2026, 1, 23, tzinfo=UTC))], TEN)


def test_a_call_to_who_asked_not_to_be_called_is_found(item: FollowUp) -> None:
    """Once he has said so, every call for a talk is a violation."""
    quiet = replace(TOLD, do_not_call=DoNotCall(reason="asked", since=TEN))
    judge().call(0, quiet, [item], TEN - HOUR / 4)
    with pytest.raises(ViolationError, match="expected none: he asked not to be called"):
        judge().call(0, quiet, [item], TEN)
