"""Tests of config.due_times: by when a follow-up is owed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendars import Hours, OpenSpan, WeeklyHours
from config.closings import Closings
from config.due_times import due_at
from config.errors import ConfigMisuseError
from config.followups import Due, DueKind
from config.openings import MICROSECOND, Openings
from config.policy_loader import load_policy

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
HEALTH = load_policy("health").openings  # Monday to Friday 8:30-12:00 and 13:30-17:30, national closings
HOTLINE = load_policy("hotline").openings  # always open
GONE = Openings((WeeklyHours(),), Closings(), SHANGHAI)
DAY = (OpenSpan(opens=time(9), closes=time(18)),)


def shanghai(text: str) -> datetime:
    """An instant by the clock of Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def open_minutes(minutes: int) -> Due:
    """What is written "N open minutes"."""
    return Due(kind=DueKind.OPEN, span=minutes * MINUTE)


@pytest.mark.parametrize(
    ("at", "minutes", "due"),
    [
        ("2026-11-02T09:00", 30, "2026-11-02T09:30"),
        ("2026-11-02T11:50", 30, "2026-11-02T13:50"),  # over the noon break
        ("2026-11-02T11:30", 30, "2026-11-02T12:00"),  # up to it
        ("2026-11-02T17:00", 30, "2026-11-02T17:30"),  # up to closing time
        ("2026-11-02T17:00:00.000001", 30, "2026-11-03T08:30:00.000001"),
        ("2026-11-02T23:50", 30, "2026-11-03T09:00"),
        ("2026-11-03T00:10", 30, "2026-11-03T09:00"),
        ("2026-11-06T17:30", 5, "2026-11-09T08:35"),  # over the weekend
        ("2026-02-13T17:20", 30, "2026-02-14T08:50"),  # the Saturday that makes up
        ("2026-02-14T17:20", 30, "2026-02-24T08:50"),  # the Spring Festival
        ("2026-02-27T17:20", 30, "2026-02-28T08:50"),  # the other Saturday that makes up
        ("2026-11-02T08:30", 450 * 5, "2026-11-06T17:30"),  # a week of work
    ],
)
def test_open_time_stands_still_while_the_centre_is_closed(at: str, minutes: int, due: str) -> None:
    """It begins with the next opening, and runs over noon breaks, nights and closings."""
    assert due_at(open_minutes(minutes), HEALTH, shanghai(at)) == shanghai(due)


@pytest.mark.parametrize(
    ("due", "at", "told"),
    [
        (Due(kind=DueKind.ELAPSED, span=timedelta(hours=72)), "2026-02-13T17:00", "2026-02-16T17:00"),
        (Due(kind=DueKind.ELAPSED, span=5 * MINUTE), "2026-11-02T23:58", "2026-11-03T00:03"),
        (Due(kind=DueKind.DAYS, amount=3), "2026-11-02T17:29:59.999999", "2026-11-05T17:30"),
        (Due(kind=DueKind.DAYS, amount=3), "2026-11-02T17:30", "2026-11-06T17:30"),
        (Due(kind=DueKind.WORKING_DAYS, amount=1), "2026-02-13T17:29", "2026-02-14T17:30"),
        (Due(kind=DueKind.WORKING_DAYS, amount=2), "2026-02-13T17:29", "2026-02-24T17:30"),
        (Due(kind=DueKind.ON_THE_DAY), "2026-11-02T00:00", "2026-11-02T23:59:59.999999"),
        (Due(kind=DueKind.ON_THE_DAY), "2026-11-02T23:59:59.999999", "2026-11-02T23:59:59.999999"),
        (Due(kind=DueKind.PROMISED), "2026-11-02T10:00", "2026-11-03T17:30"),
    ],
)
def test_each_way_of_counting_has_its_end(due: Due, at: str, told: str) -> None:
    """Hours run through closings, days end at closing time, a day ends with its last microsecond."""
    assert due_at(due, HEALTH, shanghai(at)) == shanghai(told)


def test_what_was_promised_and_what_a_period_ends_with() -> None:
    """A promised time is the due time; a period's due time is the last microsecond in it; by hand there is none."""
    at, promised = shanghai("2026-11-02T10:00"), shanghai("2026-11-02T16:00")
    assert due_at(Due(kind=DueKind.PROMISED), HEALTH, at, promised_at=promised) == promised
    end = shanghai("2027-01-01T00:00")
    assert due_at(Due(kind=DueKind.IN_THE_PERIOD), HEALTH, at, period_end=end) == end - MICROSECOND
    assert due_at(Due(kind=DueKind.BY_HAND), HEALTH, at) is None


def test_where_the_centre_opens_no_more_nothing_counted_in_its_time_is_due() -> None:
    """Opening time and working days never pass there; the clock and the calendar do."""
    at = shanghai("2026-11-02T10:00")
    kinds = (open_minutes(1), Due(kind=DueKind.WORKING_DAYS, amount=1), Due(kind=DueKind.PROMISED))
    assert [due_at(due, GONE, at) for due in kinds] == [None, None, None]
    assert due_at(Due(kind=DueKind.ELAPSED, span=MINUTE), GONE, at) == at + MINUTE


def test_a_centre_that_opens_seldom_is_waited_for() -> None:
    """Sixty open hours of a centre that opens for one on Mondays are over after sixty Mondays, of 414 days."""
    monday = (OpenSpan(opens=time(9), closes=time(10)),)
    seldom = Openings((WeeklyHours(days=(monday, *((),) * 6)),), Closings(), SHANGHAI)
    assert due_at(open_minutes(3600), seldom, shanghai("2026-11-02T09:00")) == shanghai("2027-12-20T10:00")


def test_times_without_a_zone_or_a_period_are_mistakes_of_the_caller() -> None:
    """A naive time cannot be counted from, and a period must have its end."""
    with pytest.raises(ConfigMisuseError, match="naive"):
        due_at(open_minutes(1), HEALTH, datetime(2026, 11, 2))  # noqa: DTZ001 - that is what is refused
    with pytest.raises(ConfigMisuseError, match="end of a period"):
        due_at(Due(kind=DueKind.IN_THE_PERIOD), HEALTH, shanghai("2026-11-02T10:00"))


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-03-28T17:30", "2026-03-29T09:30"),
        ("2026-10-24T17:30", "2026-10-25T09:30"),
        ("2026-03-29T01:50", "2026-03-29T10:00"),
    ],
)
def test_a_change_of_the_clock_is_no_opening_time(at: str, due: str) -> None:
    """Berlin's nights of 23 and 25 hours between two days of work change nothing."""
    openings = Openings((WeeklyHours(days=(DAY,) * 7),), Closings(), BERLIN)
    begun = datetime.fromisoformat(at).replace(tzinfo=BERLIN)
    assert due_at(open_minutes(60), openings, begun) == datetime.fromisoformat(due).replace(tzinfo=BERLIN)


def test_a_centre_that_never_closes_counts_the_hour_that_comes_twice() -> None:
    """On the day of 25 hours 24 open hours are due an hour sooner by the clock."""
    always = Openings((), Closings(), BERLIN)
    begun = datetime(2026, 10, 25, tzinfo=BERLIN)
    assert due_at(open_minutes(24 * 60), always, begun) == datetime(2026, 10, 25, 23, tzinfo=BERLIN)


CENTRES = st.sampled_from([HEALTH, HOTLINE, Openings((WeeklyHours(days=(DAY,) * 7),), Closings(), BERLIN)])
MINUTES = st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1)).map(  # noqa: DTZ001 - made UTC here
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)
DUES = st.one_of(
    st.integers(1, 2000).map(open_minutes),
    st.integers(1, 9).map(lambda count: Due(kind=DueKind.DAYS, amount=count)),
    st.integers(1, 9).map(lambda count: Due(kind=DueKind.WORKING_DAYS, amount=count)),
    st.integers(1, 9).map(lambda count: Due(kind=DueKind.ELAPSED, span=count * timedelta(hours=9))),
    st.sampled_from([Due(kind=DueKind.ON_THE_DAY), Due(kind=DueKind.PROMISED)]),
)


@given(CENTRES, MINUTES, st.integers(1, 900))
def test_open_time_is_so_many_minutes_in_hours(openings: Openings, at: datetime, minutes: int) -> None:
    """Going minute by minute, the due time comes with the last of so many minutes in which the centre is open."""
    due = due_at(open_minutes(minutes), openings, at)
    assert due is not None
    instants = [at + each * MINUTE for each in range((due - at) // MINUTE)]
    opened = [each for each in instants if openings.at(each) is Hours.IN]
    assert len(opened) == minutes
    assert opened[-1] == due - MINUTE


@given(CENTRES, DUES, MINUTES, st.timedeltas(timedelta(), timedelta(days=12)))
def test_what_arises_later_is_never_due_sooner(
    openings: Openings, due: Due, at: datetime, later: timedelta
) -> None:
    """Whatever the way of counting, a due time is after the trigger and goes on with it."""
    first, second = due_at(due, openings, at), due_at(due, openings, at + later)
    assert first is not None
    assert second is not None
    assert at < first <= second
