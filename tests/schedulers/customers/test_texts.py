"""Birthdays, hours and numbers as people write them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendars import OpenSpan
from config.policies import NumberLists
from schedulers.customers.number_cells import Numbering, read_numbers
from schedulers.customers.records import Birthday, NumberUse
from schedulers.customers.texts import read_birthday, read_hours, write_birthday, write_hours

NUMBERING = Numbering(
    country="CN", lists=NumberLists(switchboards=("02188886666",), short_codes=("955??", "12345"))
)
MOBILE, SECOND, LANDLINE = "+8613800138000", "+8613900139000", "+862188886660"


@pytest.mark.parametrize(
    ("text", "month", "day", "lunar"),
    [
        ("1980-08-15", 8, 15, False),
        ("8月15日", 8, 15, False),
        ("08-15", 8, 15, False),
        ("2/29", 2, 29, False),
        ("19800815", 8, 15, False),
        ("公历8月15日", 8, 15, False),
        ("1980-08-15 00:00:00", 8, 15, False),
        ("农历八月十五", 8, 15, True),
        ("农历 8-15", 8, 15, True),
        ("阴历8月15日", 8, 15, True),
        ("lunar 02-30", 2, 30, True),
        ("正月初五", 1, 5, True),
        ("腊月廿三", 12, 23, True),
        ("农历十一月二十", 11, 20, True),
        ("农历闰四月初十", 4, 10, True),
        ("冬月三十", 11, 30, True),
    ],
)
def test_a_birthday_is_read_by_the_sun_or_by_the_moon(text: str, month: int, day: int, lunar: bool) -> None:
    """By the moon where the text says so, or where only that calendar has such words."""
    assert read_birthday(text) == Birthday(month=month, day=day, lunar=lunar)


@given(st.builds(Birthday, month=st.integers(1, 12), day=st.integers(1, 28), lunar=st.booleans()))
def test_a_birthday_is_read_as_it_was_written(birthday: Birthday) -> None:
    """Writing and reading are each other's opposite."""
    assert read_birthday(write_birthday(birthday)) == birthday


@given(st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True).filter(lambda each: len(each) % 2 == 0))
def test_hours_are_read_as_they_were_written(minutes: list[int]) -> None:
    """Any spans in order, midnight at the end too."""
    edges = sorted(minutes)
    spans = tuple(
        OpenSpan(opens=time(start // 60, start % 60), closes=None if end == 1440 else time(end // 60, end % 60))
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    )
    assert read_hours(write_hours(spans)) == spans


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("13800138000", [(MOBILE, "", NumberUse.OWN)]),
        (13800138000.0, [(MOBILE, "", NumberUse.OWN)]),
        ("１３８ ００１３ ８０００", [(MOBILE, "", NumberUse.OWN)]),
        ("+86 138-0013-8000", [(MOBILE, "", NumberUse.OWN)]),
        ("8613800138000", [(MOBILE, "", NumberUse.OWN)]),
        ("(021) 8888-6660", [(LANDLINE, "", NumberUse.OWN)]),
        ("13800138000/13900139000", [(MOBILE, "", NumberUse.OWN), (SECOND, "", NumberUse.OWN)]),
        ("13800138000，13900139000；", [(MOBILE, "", NumberUse.OWN), (SECOND, "", NumberUse.OWN)]),
        ("13800138000 13900139000", [(MOBILE, "", NumberUse.OWN), (SECOND, "", NumberUse.OWN)]),
        ("13800138000\n13900139000", [(MOBILE, "", NumberUse.OWN), (SECOND, "", NumberUse.OWN)]),
        ("13800138000、138 0013 8000", [(MOBILE, "", NumberUse.OWN)]),
        ("13800138000（本人）", [(MOBILE, "本人", NumberUse.OWN)]),
        ("办公: 021-88886660", [(LANDLINE, "办公", NumberUse.OWN)]),
        ("021-88886660转801", [(LANDLINE, "", NumberUse.SHARED)]),
        ("021-88886660 ext. 801", [(LANDLINE, "", NumberUse.SHARED)]),
        ("021-88886666", [("+862188886666", "", NumberUse.SHARED)]),
        ("95588", [("95588", "", NumberUse.SHARED)]),
        ("123-45", [("12345", "", NumberUse.SHARED)]),
        ("+44 7700 900110", [("+447700900110", "", NumberUse.OWN)]),
    ],
)
def test_a_cell_of_numbers_is_read_as_people_write_it(
    cell: object, expected: list[tuple[str, str, NumberUse]]
) -> None:
    """Several of them, labels, extensions, switchboards and short codes; each number once."""
    found, wrong = read_numbers([(cell, "")], NUMBERING)
    assert [(each.number, each.label, each.use) for each in found] == expected
    assert wrong == ()


def test_what_cannot_be_dialled_is_told_beside_what_can() -> None:
    """With the place of its cell; a column's label is the number's where the cell has none of its own."""
    found, wrong = read_numbers([("前台", "office"), ("13800138000", "mobile"), ("88886666", "home")], NUMBERING)
    assert [(each.number, each.label) for each in found] == [(MOBILE, "mobile")]
    assert wrong == (
        (0, "found '前台', expected a number that can be dialled"),
        (2, "found '88886666', expected a number that can be dialled"),
    )


@given(st.text(max_size=60))
def test_no_text_in_a_cell_of_numbers_is_a_mistake_of_ours(text: str) -> None:
    """Every part is a number or is told as none, and what is a number has digits."""
    found, wrong = read_numbers([(text, "")], NUMBERING)
    assert all(any(map(str.isdigit, each.number)) for each in found)
    assert all(why.startswith("found ") and ", expected " in why for _, why in wrong)
