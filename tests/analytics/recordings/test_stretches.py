"""Stretches and turns against a plain count, millisecond by millisecond."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.recordings.stretches import (
    closed,
    common,
    filled,
    held,
    joined,
    longer,
    runs,
    total,
    touched,
    without,
)
from analytics.recordings.turns import answers, silences_of, turns_of
from analytics.recordings.values import Stretch

LENGTH = 60
STRETCHES = st.lists(st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)), max_size=8).map(
    lambda pairs: joined((min(pair), max(pair)) for pair in pairs if pair[0] != pair[1])
)
FLAGS = st.lists(st.booleans(), max_size=LENGTH).map(lambda flags: np.array(flags, np.bool_))


def points(stretches: tuple[Stretch, ...]) -> set[int]:
    """Every millisecond in them."""
    return {point for start, end in stretches for point in range(start, end)}


@given(STRETCHES, STRETCHES)
def test_common_time_is_that_of_both(ones: tuple[Stretch, ...], others: tuple[Stretch, ...]) -> None:
    """And whether one reaches into bounds is whether they have a millisecond in common."""
    assert points(common(ones, others)) == points(ones) & points(others)
    assert total(common(ones, others)) == len(points(ones) & points(others))
    for bounds in others:
        assert touched(ones, bounds) == bool(points(ones) & points((bounds,)))


@given(st.tuples(st.integers(0, 30), st.integers(30, LENGTH)), STRETCHES)
def test_what_is_left_and_what_is_cut_make_the_whole(bounds: Stretch, holes: tuple[Stretch, ...]) -> None:
    """Nothing of a hole stays, nothing else goes."""
    assert points(without(bounds, holes)) == points((bounds,)) - points(holes)


@given(STRETCHES, st.integers(0, 20))
def test_silences_are_all_that_is_long_enough(speech: tuple[Stretch, ...], longer_than: int) -> None:
    """Within the bounds, nobody speaks in them, and each is bounded by speech or an end."""
    told = silences_of(speech, (5, 55), longer_than)
    assert told == tuple((a, b) for a, b in without((5, 55), speech) if b - a > longer_than)


@given(FLAGS, st.integers(0, 5))
def test_runs_can_be_written_down_and_made_again(flags: np.ndarray, gap: int) -> None:
    """Closing fills short gaps alone; what is too short goes; a run is kept by one true value in it."""
    assert (filled(len(flags), *runs(flags)) == flags).all()
    begins, ends = runs(closed(flags, gap))
    assert ((begins[1:] - ends[:-1]) > gap).all()
    assert not (flags & ~closed(flags, gap)).any()
    begins, ends = runs(longer(flags, gap))
    assert ((ends - begins) >= gap).all()
    assert (held(flags, flags) == flags).all()
    assert not held(np.zeros_like(flags), flags).any()


def test_a_turn_ends_with_a_long_pause_or_with_the_others_word() -> None:
    """A pause of up to a second belongs to it, unless the other speaks in it."""
    own = ((0, 1000), (1900, 3000), (4100, 5000), (5500, 6000))
    assert turns_of(own, (), 1000) == ((0, 3000), (4100, 6000))
    assert turns_of(own, ((1200, 1400),), 1000) == ((0, 1000), (1900, 3000), (4100, 6000))
    assert turns_of(own, ((500, 1000), (1900, 2000)), 1000) == ((0, 3000), (4100, 6000))


def test_an_answer_follows_the_others_end() -> None:
    """Not where one spoke meanwhile, began before the end, or goes on with what one said."""
    other = ((0, 1000), (5000, 6000), (9000, 9500))
    assert answers(((1300, 2000), (3000, 4000)), other) == (300,)
    assert answers(((5500, 6500), (7000, 8000)), other) == ()
    assert answers(((1000, 1100), (6900, 7000), (9700, 9800)), other) == (0, 900, 200)
    assert answers((), other) == answers(((1, 2),), ()) == ()
