"""Effective-dated values laid over one another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analytics.people.devices import END_OF_TIME
from analytics.people.records import Stretch
from analytics.people.stretches import joint_periods, lay_over, split_periods, until_the_next, value_at


def stretch(start: int, end: int, value: str, key: str = "wang") -> Stretch:
    """One stretch."""
    return Stretch(key=key, start_us=start, end_us=end, value=value)


STRETCHES = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 9), st.sampled_from("ab"), st.sampled_from(["wang", "li"])).map(
        lambda each: stretch(each[0], each[0] + each[1], each[2], each[3])
    ),
    max_size=6,
)


def test_what_begins_ends_what_was_in_force() -> None:
    """An open stretch is cut where the new one begins, and goes on where a closed one ends."""
    old = [stretch(0, END_OF_TIME, "north")]
    assert lay_over(old, [stretch(5, END_OF_TIME, "south")]) == (
        stretch(0, 5, "north"),
        stretch(5, END_OF_TIME, "south"),
    )
    assert lay_over(old, [stretch(5, 7, "south")]) == (
        stretch(0, 5, "north"),
        stretch(5, 7, "south"),
        stretch(7, END_OF_TIME, "north"),
    )


@given(old=STRETCHES, new=STRETCHES, at=st.integers(-1, 31), key=st.sampled_from(["wang", "li"]))
def test_the_newest_that_covers_an_instant_is_in_force(
    old: list[Stretch], new: list[Stretch], at: int, key: str
) -> None:
    """Laying the same over once more changes nothing, and no key has two values at once."""
    begun = lay_over((), old)
    laid = lay_over(begun, new)
    newest = [each.value for each in reversed(new) if each.key == key and each.start_us <= at < each.end_us]
    assert value_at(laid, key, at) == (newest[0] if newest else value_at(begun, key, at))
    assert sum(each.key == key and each.start_us <= at < each.end_us for each in laid) <= 1
    assert lay_over(laid, new) == laid


def test_in_one_file_an_open_row_holds_until_the_next() -> None:
    """So a list of changes needs no column of ends; a row that has an end keeps it."""
    rows = [stretch(9, END_OF_TIME, "c"), stretch(0, END_OF_TIME, "a"), stretch(4, 6, "b")]
    assert until_the_next(rows) == [stretch(0, 4, "a"), stretch(4, 6, "b"), stretch(9, END_OF_TIME, "c")]


@given(groups=STRETCHES, tiers=STRETCHES)
def test_groups_and_tiers_survive_being_kept_in_one_table(groups: list[Stretch], tiers: list[Stretch]) -> None:
    """Joint and split again they are what they were."""
    clean = lay_over((), groups), lay_over((), tiers)
    assert split_periods(joint_periods(*clean)) == clean
