"""The URL is the state, and what it does not understand is refused in words."""

from __future__ import annotations

from datetime import date

import pytest

from service.dashboard.query import QueryError, next_month, previous_month, read_month, read_period

TODAY = date(2026, 11, 20)


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
