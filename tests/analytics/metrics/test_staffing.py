"""Staffing by Erlang C: against published values, exact sums and its own edges."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics.staffing import (
    Demand,
    Target,
    average_wait_ms,
    erlang_b,
    least_agents,
    scheduled,
    service_level,
    staffed,
    suggest,
    waiting,
)

HALF_HOUR = 1_800_000
TWENTY_S = 20_000
TARGET = Target(service_level=Fraction(80, 100), within_ms=TWENTY_S)

LOADS = st.fractions(min_value=Fraction(1, 100), max_value=120, max_denominator=100)


def demand(calls: int | Fraction, seconds: int, interval_ms: int = HALF_HOUR) -> Demand:
    """So many calls of so many seconds, in half an hour unless told otherwise."""
    return Demand(calls=Fraction(calls), handle_ms=Fraction(seconds * 1000), interval_ms=interval_ms)


def erlangs(load: Fraction, seconds: int = 180) -> Demand:
    """A load of so many erlangs."""
    return demand(load * HALF_HOUR / (seconds * 1000), seconds)


def exact_waiting(load: Fraction, agents: int) -> Fraction:
    """Erlang C as its textbook has it, with factorials and powers, in exact fractions."""
    last = load**agents / factorial(agents) * agents / (agents - load)
    return last / (sum(load**each / factorial(each) for each in range(agents)) + last)


@pytest.mark.parametrize(
    ("agents", "waits", "level", "asa_s"),
    [
        (11, "0.6821", "0.3896", "122.78"),
        (12, "0.4494", "0.6402", "40.44"),
        (13, "0.2853", "0.7956", "17.12"),
        (14, "0.1741", "0.8884", "7.84"),
        (15, "0.1020", "0.9415", "3.67"),
    ],
)
def test_a_hundred_calls_of_three_minutes_in_half_an_hour(agents: int, waits: str, level: str, asa_s: str) -> None:
    """The call centres' standard example: 10 erlangs; 14 agents answer 88.8 % within 20 s, in 7.8 s on average."""
    asked = demand(100, 180)
    assert asked.load == 10
    assert f"{waiting(asked.load, agents):.4f}" == waits
    assert f"{service_level(asked, agents, TWENTY_S):.4f}" == level
    wait = average_wait_ms(asked, agents)
    assert wait is not None
    assert f"{wait / 1000:.2f}" == asa_s


@pytest.mark.parametrize(
    ("agents", "load"),
    [(1, "0.0101"), (2, "0.153"), (5, "1.36"), (10, "4.46"), (20, "12.0"), (50, "37.9"), (100, "84.1")],
)
def test_the_published_table_of_erlang_b_at_one_per_cent(agents: int, load: str) -> None:
    """Offered traffic at 1 % blocking, as the traffic tables have it (R. F. Rey, ed., Engineering and Operations in the
    Bell System, 2nd ed., 1983): one unit of the last digit less blocks under 1 %, one more blocks over it."""
    unit = Fraction(Decimal(1).scaleb(Decimal(load).as_tuple().exponent))  # type: ignore[arg-type]
    assert erlang_b(Fraction(load) - unit, agents) < 0.01 < erlang_b(Fraction(load) + unit, agents)


@given(load=LOADS, more=st.integers(1, 40))
def test_the_recursion_gives_the_textbook_sums(load: Fraction, more: int) -> None:
    """To twelve digits, whatever the load and the agents."""
    agents = int(load) + more
    assert waiting(load, agents) == pytest.approx(float(exact_waiting(load, agents)), rel=1e-12)


def test_one_agent_waits_by_his_load() -> None:
    """With a single server the probability of waiting is the load itself (M/M/1)."""
    assert waiting(Fraction(3, 4), 1) == pytest.approx(0.75)


def test_a_thousand_agents_neither_overflow_nor_cancel() -> None:
    """Where factorials are beyond any float, the recursion still gives the exact sum."""
    load = Fraction(1000)
    assert waiting(load, 1040) == pytest.approx(float(exact_waiting(load, 1040)), rel=1e-11)


def test_no_calls_need_nobody() -> None:
    """Over nothing there is no rate and no wait, and no agent is asked for."""
    for nothing in (demand(0, 180), demand(100, 0)):
        found = suggest(nothing, TARGET)
        assert (found.agents, found.scheduled, found.load) == (0, 0, 0)
        assert (found.waiting, found.service_level, found.average_wait_ms, found.occupancy) == (None,) * 4


@pytest.mark.parametrize("agents", [0, 1, 9, 10])
def test_a_load_that_is_no_less_than_the_agents_is_never_served(agents: int) -> None:
    """Everybody waits, nobody is in time, the wait has no mean, and who is there is always busy."""
    found = staffed(demand(100, 180), agents, TWENTY_S)
    assert (found.waiting, found.service_level, found.average_wait_ms) == (1.0, 0.0, None)
    assert found.occupancy == (1 if agents else None)


def test_fourteen_are_the_least_for_eighty_in_twenty() -> None:
    """13 reach 79.6 % and 14 reach 88.8 %; a target of 79 % needs 13."""
    assert suggest(demand(100, 180), TARGET).agents == 14
    assert least_agents(demand(100, 180), Target(service_level=Fraction(79, 100), within_ms=TWENTY_S)) == 13


def test_the_least_may_be_the_very_next_number_above_the_load() -> None:
    """10.6 erlangs need 11 agents for 30 % within two handle times, not 12."""
    target = Target(service_level=Fraction(30, 100), within_ms=360_000)
    assert least_agents(erlangs(Fraction(106, 10)), target) == 11


def test_the_greatest_occupancy_is_kept_exactly() -> None:
    """Of 21 erlangs each of 30 agents has exactly 70 %: that is in time, and a 31st is not asked for."""
    target = Target(service_level=Fraction(1, 10), within_ms=TWENTY_S, occupancy=Fraction(70, 100))
    found = suggest(erlangs(Fraction(21)), target)
    assert (found.agents, found.occupancy) == (30, Fraction(7, 10))
    assert least_agents(erlangs(Fraction(2101, 100)), target) == 31


def test_shrinkage_is_rounded_up_to_whole_people() -> None:
    """14 at their phones are 20 on the roster at 30 %; exactly, so that no 21st comes of a float."""
    assert scheduled(14, Fraction(30, 100)) == 20
    assert scheduled(15, Fraction(30, 100)) == 22
    assert suggest(demand(100, 180), TARGET).scheduled == 14


@given(
    load=LOADS,
    level=st.integers(1, 99),
    occupancy=st.integers(50, 100),
    within_ms=st.integers(0, 120_000),
)
def test_what_is_suggested_reaches_the_target_and_one_less_does_not(
    load: Fraction, level: int, occupancy: int, within_ms: int
) -> None:
    """The least, for every load and target."""
    target = Target(service_level=Fraction(level, 100), within_ms=within_ms, occupancy=Fraction(occupancy, 100))
    asked = erlangs(load)
    agents = least_agents(asked, target)
    assert _reaches(asked, agents, target)
    assert not _reaches(asked, agents - 1, target)


def _reaches(asked: Demand, agents: int, target: Target) -> bool:
    """By the exact sums where they tell; the exponential is a float in either."""
    found = staffed(asked, agents, target.within_ms)
    if agents <= asked.load or found.service_level is None or found.occupancy is None:
        return False
    return found.service_level >= float(target.service_level) - 1e-12 and found.occupancy <= target.occupancy
