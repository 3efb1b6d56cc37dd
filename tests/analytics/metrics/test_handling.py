"""Handled within three minutes, of a call and of an agent's own part."""

from __future__ import annotations

from fractions import Fraction

import pytest

from telephony.calls.facts import Direction, Disposition, Fact
from tests.analytics.factory import at, call, talk
from tests.analytics.metrics.asking import figure

CALLS = ("handled", "handled_within")
OWN = ("own_handled", "own_handled_within")


def counts(facts: list[Fact], key: str = "", **more: object) -> tuple[object, object]:
    """How many calls are in the figure, and how many were within."""
    values = [figure(facts, name, key=key, **more) for name in (OWN if key else CALLS)]  # type: ignore[arg-type]
    return values[0], values[1]


@pytest.mark.parametrize(("seconds", "within"), [(5, 1), (180.0, 1), (180.000001, 0), (3600, 0)])
def test_at_most_180_seconds_from_the_first_human_to_the_customers_end(seconds: float, within: int) -> None:
    """Equality is in time."""
    assert counts([call(answered=10, end=10 + seconds)]) == (1, within)


def test_the_customers_end_counts_not_that_of_the_last_leg() -> None:
    """Colleagues may go on talking after he left."""
    assert counts([call(answered=10, customer_left_at=at(190), end=500)]) == (1, 1)
    assert counts([call(answered=10, customer_left_at=at(190.000001), end=500)]) == (1, 0)


def test_a_short_call_is_left_out() -> None:
    """Under five seconds of talk it says nothing of handling; at five it counts."""
    assert counts([call(answered=10, end=14.999999)]) == (0, 0)
    assert counts([call(answered=10, end=15)]) == (1, 1)


def test_a_call_that_goes_on_is_undecided_until_it_is_over_the_limit() -> None:
    """Then no end can bring it back in time."""
    facts: list[Fact] = [call(answered=10)]
    assert counts(facts, as_of=at(190)) == (0, 0)
    assert counts(facts, as_of=at(190.000001)) == (1, 0)


def test_unanswered_and_internal_calls_are_not_in_it() -> None:
    """No human, or no customer."""
    assert counts([call(end=40, disposition=Disposition.ABANDONED)]) == (0, 0)
    assert counts([call(answered=1, end=40, direction=Direction.INTERNAL)]) == (0, 0)


def test_a_rate_over_nothing_is_null() -> None:
    """And exact over something."""
    assert figure([], "handled_rate") is None
    facts: list[Fact] = [call(f"pbx/{n}.1", answered=0, end=seconds) for n, seconds in enumerate((60, 70, 300))]
    assert figure(facts, "handled_rate") == Fraction(2, 3)


def test_of_an_agent_his_own_part_counts_with_its_hold() -> None:
    """Each of two agents is within, though the call is not."""
    facts: list[Fact] = [
        call(answered=0, end=300),
        talk(start=0, end=150, holds=((10, 100),)),
        talk(start=150, end=300, device="PJSIP/1005"),
    ]
    assert counts(facts) == (1, 0)
    assert counts(facts, key="1004") == (1, 1)
    assert counts(facts, key="1005") == (1, 1)


def test_two_stretches_of_one_agent_are_one_part() -> None:
    """90 s before and 91 s after a consultation are over three minutes."""
    facts: list[Fact] = [call(answered=0, end=300), talk(id="a", end=90), talk(id="b", start=200, end=291)]
    assert counts(facts, key="1004") == (1, 0)


@pytest.mark.parametrize(("end", "counted"), [(201.0, (0, 0)), (300.0, (1, 0))])
def test_a_call_on_hold_for_minutes_is_not_over_yet_while_it_may_be_a_short_one(
    end: float, counted: tuple[int, int]
) -> None:
    """Three seconds of talk and then hold: only more talk, or the end, decides."""
    facts: list[Fact] = [call(answered=0, end=end), talk(end=end, holds=((3, 200),))]
    for key in ("", "1004"):
        assert counts(facts, key=key, as_of=at(190)) == (0, 0)
        assert counts(facts, key=key, as_of=at(end)) == counted
