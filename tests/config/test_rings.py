"""Tests of config.rings: where "within three rings" ends, in each cadence and by each boundary."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.rings import CADENCES, Boundary, Cadence, RingRule, TrunkCadence

MICROSECOND = timedelta(microseconds=1)


def seconds(value: float) -> timedelta:
    """A duration to the millisecond."""
    return timedelta(milliseconds=round(value * 1000))


@pytest.mark.parametrize(
    ("country", "cycle", "next_ring", "tone_end"),
    [("cn", 5, 15, 11), ("us", 6, 18, 14), ("uk", 3, 9, 7), ("de", 5, 15, 11), ("jp", 3, 9, 7)],
)
def test_three_rings_end_where_the_cadence_says(country: str, cycle: int, next_ring: int, tone_end: int) -> None:
    """The third ring ends when the fourth starts, or with its own (last) tone."""
    cadence = CADENCES[country]
    assert cadence.cycle == seconds(cycle)
    assert RingRule(cadence=cadence).limit() == seconds(next_ring)
    assert RingRule(cadence=cadence, boundary=Boundary.TONE_END).limit() == seconds(tone_end)


@pytest.mark.parametrize(
    ("boundary", "edge"), [(Boundary.NEXT_RING, 15), (Boundary.TONE_END, 11), (Boundary.SECONDS, 12)]
)
def test_equality_is_late(boundary: Boundary, edge: int) -> None:
    """A microsecond before the edge is in time; the edge itself is late."""
    rule = RingRule(boundary=boundary, seconds=seconds(12))
    assert rule.within(seconds(edge) - MICROSECOND)
    assert not rule.within(seconds(edge))
    assert not rule.within(seconds(edge) + MICROSECOND)


def test_fifteen_seconds_to_the_microsecond() -> None:
    """In China 14.999999 s of ringing is within three rings and 15.000000 s is not."""
    assert RingRule().within(timedelta(seconds=14, microseconds=999_999))
    assert not RingRule().within(timedelta(seconds=15))
    assert RingRule().within(timedelta())


def test_a_trunk_may_have_its_own_cadence() -> None:
    """The first pattern that matches the trunk decides; an unknown trunk has the policy's cadence."""
    us = TrunkCadence(match="us-*", cadence=CADENCES["us"])
    rest = TrunkCadence(match="*-1", cadence=CADENCES["uk"])
    rule = RingRule(trunks=(us, rest))
    limits = [rule.limit(trunk) for trunk in ("us-1", "de-1", "US-2", None)]
    assert limits == [seconds(18), seconds(9), seconds(15), seconds(15)]


def test_plain_seconds_do_not_ask_the_cadence() -> None:
    """With a boundary in seconds every trunk has the same edge."""
    us = TrunkCadence(match="us", cadence=CADENCES["us"])
    rule = RingRule(boundary=Boundary.SECONDS, seconds=seconds(10), trunks=(us,))
    assert rule.limit("us") == rule.limit("cn") == seconds(10)


@pytest.mark.parametrize(("ring", "number"), [(0, 1), (4.999, 1), (5, 2), (14.999, 3), (15, 4), (-1, 1)])
def test_rings_are_counted_from_one(ring: float, number: int) -> None:
    """Ring n begins at (n − 1) cycles; clocks that disagree never give a ring before the first."""
    assert RingRule().ring_number(seconds(ring)) == number


spans = st.integers(1, 60_000).map(lambda ms: timedelta(milliseconds=ms))
cadences = st.lists(st.tuples(spans, spans), min_size=1, max_size=4).map(
    lambda pairs: Cadence(pattern=tuple(span for pair in pairs for span in pair))
)


@given(cadences, st.integers(1, 20), st.timedeltas(timedelta(), timedelta(hours=1)))
def test_within_n_rings_is_before_ring_n_plus_one(cadence: Cadence, rings: int, ring: timedelta) -> None:
    """For any cadence: in time is the same as no later ring than the Nth, and the tone ends before it."""
    rule = RingRule(cadence=cadence, rings=rings)
    assert rule.within(ring) == (rule.ring_number(ring) <= rings)
    tone_end = RingRule(cadence=cadence, rings=rings, boundary=Boundary.TONE_END).limit()
    assert cadence.cycle * (rings - 1) < tone_end < rule.limit()
