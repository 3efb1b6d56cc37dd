"""The URL is the state, and what it does not understand is refused in words."""

from __future__ import annotations

from datetime import date

import pytest

from service.dashboard.query import QueryError, next_month, previous_month, read_filter, read_month, read_period
from telephony.calls.facts import Direction, Disposition

TODAY = date(2026, 11, 20)


def test_a_filter_names_direction_disposition_and_agent() -> None:
    """All at once, and the cursor of the page before."""
    found = read_filter(
        {"direction": "inbound", "disposition": "abandoned", "agent": "1003", "after": "x", "lang": "en"}, TODAY
    )
    assert (found.direction, found.disposition) == (Direction.INBOUND, Disposition.ABANDONED)
    assert (found.agent, found.after, found.day, found.limit) == ("1003", "x", TODAY, 50)


def test_empty_values_are_no_filter() -> None:
    """A form without script sends every field."""
    found = read_filter({"direction": "", "disposition": "", "agent": ""}, TODAY)
    assert (found.direction, found.disposition, found.agent) == (None, None, None)


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ({"directon": "inbound"}, "directon"),
        ({"direction": "up"}, "direction"),
        ({"disposition": "lost"}, "disposition"),
        ({"day": "yesterday"}, "day"),
    ],
)
def test_a_key_or_value_that_is_none_is_refused(query: dict[str, str], key: str) -> None:
    """The error names the key, what was found, and what was expected."""
    with pytest.raises(QueryError) as refused:
        read_filter(query, TODAY)
    assert refused.value.key == key
    assert refused.value.expected


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("", date(2026, 11, 20), date(2026, 11, 21)),
        ("week", date(2026, 11, 16), date(2026, 11, 21)),
        ("month", date(2026, 11, 1), date(2026, 11, 21)),
        ("2026-10", date(2026, 10, 1), date(2026, 11, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-11-01..2026-11-20", date(2026, 11, 1), date(2026, 11, 21)),
    ],
)
def test_periods_end_with_the_day_after_their_last(text: str, start: date, end: date) -> None:
    """Weeks begin on Monday; what is asked for is closed below and open above."""
    assert read_period(text, TODAY) == (start, end)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-1", "november", "2026-11-20..2026-11-01", "2020-01-01..2026-01-01"]
)
def test_periods_that_are_none_are_refused(text: str) -> None:
    """A month that is none, an end before its start, more than 400 days."""
    with pytest.raises(QueryError):
        read_period(text, TODAY)


def test_months_go_round_the_year() -> None:
    """December leads to January, January back to December."""
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert previous_month(date(2026, 1, 1)) == date(2025, 12, 1)
    assert read_month("", TODAY) == date(2026, 11, 20).replace(day=1)
