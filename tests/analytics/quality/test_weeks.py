"""Weeks by the centre's clocks, their share of a month, and when they are drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import QualityError
from analytics.quality.weeks import Week, drawn_at, parse_week, weeks_of
from config.quality import Quality

CHINA, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
QUALITY = Quality(criteria=())


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)))
def test_a_week_s_label_is_read_again(day: date) -> None:
    """Each day is in the week whose label names it."""
    week = Week.of(day)
    assert parse_week(week.label) == week
    assert day in week.days()
    assert Week.of(week.following.monday).previous == week


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)))
def test_a_month_s_share_grows_with_its_days_to_the_whole(day: date) -> None:
    """Week by week more of its days are over, all of them after its last week."""
    month = f"{day:%Y-%m}"
    shares = [each.share(month) for each in weeks_of(month)]
    assert Week.of(day) in weeks_of(month)
    assert [over for over, _ in shares] == sorted({over for over, _ in shares})
    assert shares[-1][0] == shares[-1][1]


def test_a_week_has_no_share_of_another_month() -> None:
    """Said with what was found and expected."""
    assert [each.share("2026-11")[0] for each in weeks_of("2026-11")] == [1, 8, 15, 22, 29, 30]
    with pytest.raises(QualityError, match="found no day of 2026-09"):
        parse_week("2026-W48").share("2026-09")


@pytest.mark.parametrize("text", ["2026-48", "2026-W54", "2025-W53", "W48", "2026-W4", ""])
def test_what_is_no_week_is_refused(text: str) -> None:
    """Said with what was found and expected."""
    with pytest.raises(QualityError, match="expected one such as 2026-W48"):
        parse_week(text)


def test_a_week_is_drawn_once_it_is_over() -> None:
    """Monday at eight is right after it; a business day that begins later than the draw waits for the next week."""
    week = parse_week("2026-W48")
    assert drawn_at(week, QUALITY, CHINA) == datetime(2026, 11, 30, 0, 0, tzinfo=UTC)
    friday = replace(QUALITY, draw_on=4, draw_at=time(17))
    assert drawn_at(week, friday, CHINA) == datetime(2026, 12, 4, 9, 0, tzinfo=UTC)
    assert drawn_at(week, QUALITY, CHINA, time(9)) == datetime(2026, 12, 7, 0, 0, tzinfo=UTC)


def test_a_week_has_an_hour_less_or_more_when_clocks_change() -> None:
    """By Berlin's clocks the week of 25 October 2026 has 169 hours, and that of 29 March 167."""
    for label, hours in (("2026-W43", 169), ("2026-W13", 167)):
        period = parse_week(label).period(BERLIN)
        assert (period.end - period.start).total_seconds() == hours * 3600
