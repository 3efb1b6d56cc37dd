"""Tests of config.contact_times: when a customer may be called, to the microsecond."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendars import Hours, OpenSpan, WeeklyHours
from config.closings import Closings
from config.contact_bands import around, edges_of
from config.contact_times import ContactTimes, Shut, part_of_day
from config.followups import ContactRules, Windows
from config.openings import EPOCH, MICROSECOND, Openings
from config.policy_loader import load_policy

SHANGHAI = ZoneInfo("Asia/Shanghai")
KOLKATA = ZoneInfo("Asia/Kolkata")
BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
HEALTH = load_policy("health").openings  # Monday to Friday 8:30-12:00 and 13:30-17:30, national closings
HOTLINE = load_policy("hotline").openings  # always open
GONE = Openings((WeeklyHours(),), Closings(), SHANGHAI)
ANYTIME = ContactRules(windows=())
DAYTIME = ContactRules()  # 8:00 to 21:00 by the customer's clock
D = Windows(near=(time(11), time(16)), edges=True)  # the care call of centre D


def span(opens: str, closes: str) -> OpenSpan:
    """A span as a policy writes it."""
    return OpenSpan(opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))


def shanghai(text: str) -> datetime:
    """An instant by the clock of Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def clocks(times: ContactTimes, day: str, zone: ZoneInfo = SHANGHAI, hours: tuple[OpenSpan, ...] = ()) -> str:
    """The permitted stretches of a customer's day, by his own clock."""
    stretches = times.spans_on(date.fromisoformat(day), zone, hours)
    return " ".join(f"{a.astimezone(zone):%H:%M}-{b.astimezone(zone):%H:%M}" for a, b in stretches)


@pytest.mark.parametrize(
    ("windows", "told"),
    [
        (Windows(), "08:30-12:00 13:30-17:30"),
        (Windows(edges=True), "09:00-11:30 14:00-17:00"),
        (D, "10:30-11:30 15:30-16:30"),
        (Windows(spans=(span("10:00", "14:00"),)), "10:00-12:00 13:30-14:00"),
        (Windows(weekdays=(0, 1)), "08:30-12:00 13:30-17:30"),
        (Windows(weekdays=(2,)), ""),
        (Windows(closed_days=True), "08:00-21:00"),
        (Windows(near=(time(21),), closed_days=True), "20:30-21:00"),
        (Windows(near=(time(12),)), "11:30-12:00"),
        (Windows(near=(time(12),), edges=True), ""),
    ],
)
def test_what_a_kind_says_bounds_a_working_day(windows: Windows, told: str) -> None:
    """On Monday 2 November 2026 each rule of a kind cuts the health centre's opening hours."""
    assert clocks(ContactTimes(HEALTH, DAYTIME, windows), "2026-11-02") == told


@pytest.mark.parametrize(
    ("at", "permitted"),
    [
        ("2026-11-02T08:29:59.999999", False),
        ("2026-11-02T08:30:00", True),
        ("2026-11-02T11:59:59.999999", True),
        ("2026-11-02T12:00:00", False),
        ("2026-11-02T17:29:59.999999", True),
        ("2026-11-02T17:30:00", False),
        ("2026-02-14T09:00:00", True),  # a Saturday that makes up for the Spring Festival
        ("2026-02-15T09:00:00", False),
        ("2026-02-28T17:29:59.999999", True),  # and another
        ("2026-03-01T09:00:00", False),
    ],
)
def test_a_stretch_holds_its_first_instant_and_not_its_last(at: str, permitted: bool) -> None:
    """At opening the customer may be called, at the noon break and at closing he may not."""
    assert ContactTimes(HEALTH, DAYTIME, Windows()).permits(shanghai(at)) is permitted


def test_over_the_spring_festival_the_next_call_is_on_the_24th() -> None:
    """After closing on the made-up Saturday of 2026 nobody is called until the Tuesday of the week after next."""
    times = ContactTimes(HEALTH, DAYTIME, D)
    assert times.next(shanghai("2026-02-14T16:30")) == shanghai("2026-02-24T10:30")
    assert times.last(shanghai("2026-02-12T08:00"), shanghai("2026-02-23T18:00")) == (
        shanghai("2026-02-14T15:30"),
        shanghai("2026-02-14T16:30"),
    )
    assert times.last(shanghai("2026-02-14T16:30"), shanghai("2026-02-24T10:30")) is None


def test_the_customers_own_hours_are_what_is_kept_clear_of() -> None:
    """A customer who works from 10 to 16 without a break is called at noon, not around 10 and 16."""
    times = ContactTimes(HEALTH, DAYTIME, Windows(edges=True))
    assert (
        clocks(times, "2026-11-02", hours=(span("10:00", "16:00"),))
        == "08:30-09:30 10:30-12:00 13:30-15:30 16:30-17:30"
    )
    assert clocks(times, "2026-11-02", hours=(OpenSpan(opens=time(), closes=None),)) == "08:30-12:00 13:30-17:30"
    assert clocks(ContactTimes(HEALTH, DAYTIME, Windows()), "2026-11-02", hours=(span("10:00", "16:00"),)) == (
        "08:30-12:00 13:30-17:30"
    )


def test_a_customer_in_another_zone_is_called_by_his_clock_within_the_centres_hours() -> None:
    """Kolkata is two and a half hours behind: the centre's afternoon is his morning, and its morning too early."""
    times = ContactTimes(HEALTH, DAYTIME, Windows(edges=True))
    assert clocks(times, "2026-11-02", KOLKATA) == "08:00-09:00 11:30-14:30"
    assert clocks(times, "2026-11-02", SHANGHAI) == "09:00-11:30 14:00-17:00"
    near = ContactTimes(HOTLINE, DAYTIME, Windows(near=(time(11),)))
    assert near.next(shanghai("2026-11-02T12:00"), KOLKATA) == shanghai("2026-11-02T13:00")


def test_a_weekday_is_the_customers() -> None:
    """On Monday morning in Shanghai it is Sunday in New York, and a kind of Sundays may call there."""
    times = ContactTimes(HOTLINE, DAYTIME, Windows(weekdays=(6,)))
    monday = shanghai("2026-11-02T08:30")
    assert times.permits(monday, ZoneInfo("America/New_York"))
    assert not times.permits(monday)


@pytest.mark.parametrize(
    ("day", "told", "hours"),
    [
        ("2026-03-28", "01:30-03:30", 2),
        ("2026-03-29", "01:30-03:30", 1),  # two o'clock does not come
        ("2026-10-25", "01:30-03:30", 3),  # and comes twice
    ],
)
def test_when_the_clock_is_changed_the_stretch_is_what_the_clock_shows(day: str, told: str, hours: int) -> None:
    """Half past one to half past three lasts one hour in spring and three in autumn, in Berlin."""
    night = Openings((), Closings(), BERLIN)
    times = ContactTimes(night, ANYTIME, Windows(spans=(span("01:30", "03:30"),)))
    assert clocks(times, day, BERLIN) == told
    assert sum((b - a for a, b in times.spans_on(date.fromisoformat(day))), timedelta()) == timedelta(hours=hours)


def test_within_a_repeated_hour_the_window_opens_twice() -> None:
    """A window from 2:30 to 2:45 is there twice when Berlin's clock goes back, and not at all when it goes on."""
    times = ContactTimes(Openings((), Closings(), BERLIN), ANYTIME, Windows(spans=(span("02:30", "02:45"),)))
    assert clocks(times, "2026-10-25", BERLIN) == "02:30-02:45 02:30-02:45"
    assert clocks(times, "2026-03-29", BERLIN) == ""


def test_a_window_whose_beginning_the_clock_leaps_over_begins_after_the_leap() -> None:
    """From half past two to four is from three to four when Berlin's clock goes on from two to three."""
    times = ContactTimes(Openings((), Closings(), BERLIN), ANYTIME, Windows(spans=(span("02:30", "04:00"),)))
    assert clocks(times, "2026-03-29", BERLIN) == "03:00-04:00"


@pytest.mark.parametrize(
    ("opens", "windows", "told"),
    [
        ("07:45", Windows(edges=True), "08:15-17:30"),  # a quarter to midnight, UTC
        ("08:15", Windows(edges=True, closed_days=True), "00:00-07:45 08:45-17:30 18:30-00:00"),
    ],
)
def test_what_is_kept_clear_of_reaches_over_a_day_of_utc(opens: str, windows: Windows, told: str) -> None:
    """Half an hour on each side of the start of work is quiet, though Shanghai's eight o'clock is midnight in UTC."""
    openings = Openings((WeeklyHours(days=((span(opens, "18:00"),),) * 7),), Closings(), SHANGHAI)
    assert clocks(ContactTimes(openings, ANYTIME, windows), "2026-11-04") == told


def test_a_stretch_over_midnight_is_one() -> None:
    """A centre that never closes has one stretch, cut only by what is asked for."""
    times = ContactTimes(HOTLINE, ANYTIME, Windows(edges=True))
    start, end = shanghai("2026-11-02T09:00"), shanghai("2026-11-09T21:00")
    assert times.last(start, end) == (start, end)
    assert clocks(times, "2026-11-02") == "00:00-00:00"


def test_where_nobody_is_ever_called_nothing_is_found() -> None:
    """A centre that has closed for good has no next instant, and a span that is empty has no last stretch."""
    times = ContactTimes(GONE, DAYTIME, Windows())
    at = shanghai("2026-11-02T09:00")
    assert times.next(at) is None
    assert times.last(at, at + timedelta(days=30)) is None
    assert ContactTimes(HOTLINE, DAYTIME, Windows()).last(at, at) is None


def test_a_day_is_cut_around_an_hour() -> None:
    """Around an hour near midnight there are two spans; the times of work that touch have no edge between them."""
    half = timedelta(minutes=30)
    assert around(time(11), half) == (span("10:30", "11:30"),)
    assert around(time(23, 50), half) == (OpenSpan(opens=time(23, 20), closes=None), span("00:00", "00:20"))
    assert around(time(23, 30), half) == (OpenSpan(opens=time(23), closes=None),)
    assert edges_of((span("08:00", "12:00"), span("12:00", "18:00"))) == [time(8), time(18)]


@pytest.mark.parametrize(
    ("at", "part"),
    [
        ("2026-11-02T11:59:59.999999", "2026-11-02 am"),
        ("2026-11-02T12:00", "2026-11-02 pm"),
        ("2026-11-02T17:59:59.999999", "2026-11-02 pm"),
        ("2026-11-02T18:00", "2026-11-02 eve"),
        ("2026-11-02T23:59:59.999999", "2026-11-02 eve"),
    ],
)
def test_a_day_has_three_parts(at: str, part: str) -> None:
    """Forenoon, afternoon and evening are told apart by the customer's clock."""
    assert part_of_day(shanghai(at).astimezone(UTC), SHANGHAI) == part


def allowed(
    openings: Openings, windows: Windows, at: datetime, zone: ZoneInfo, hours: tuple[OpenSpan, ...]
) -> bool:
    """The rule again, said the long way, for a whole minute."""
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute

    def around_clock(clock: time) -> bool:
        return (minute - clock.hour * 60 - clock.minute + 30) % 1440 < 60

    def opened(later: int) -> bool:
        return openings.at(at + later * MINUTE) is Hours.IN

    if not (windows.closed_days or opened(0)) or not time(8) <= local.time() < time(21):
        return False
    if windows.weekdays and local.weekday() not in windows.weekdays:
        return False
    if windows.near and not any(around_clock(clock) for clock in windows.near):
        return False
    if windows.spans and not any(each.holds(local.time()) for each in windows.spans):
        return False
    if windows.edges and hours:
        return not any(around_clock(clock) for each in hours for clock in (each.opens, each.closes or time()))
    return not windows.edges or all(opened(later) is opened(later - 1) for later in range(-29, 31))


WINDOWS = st.builds(
    Windows,
    spans=st.sampled_from([(), (span("10:00", "19:30"),), (span("07:10", "09:00"), span("11:00", "15:00"))]),
    near=st.sampled_from([(), (time(11), time(16)), (time(0, 10), time(8, 15), time(20, 45))]),
    edges=st.booleans(),
    weekdays=st.sampled_from([(), (0, 2, 4), (5, 6)]),
    closed_days=st.booleans(),
)
ZONES = st.sampled_from([SHANGHAI, KOLKATA, BERLIN, ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/New_York")])
OPENINGS = st.sampled_from([HEALTH, HOTLINE, Openings(load_policy("health").hours, Closings(), BERLIN)])
HOURS = st.sampled_from([(), (span("09:00", "12:00"), span("13:00", "17:00"))])
INSTANTS = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)),  # noqa: DTZ001 - made UTC below
    st.sampled_from(["2026-02-13", "2026-02-23", "2026-03-29", "2026-10-25"]).flatmap(
        lambda day: st.times().map(lambda clock: datetime.combine(date.fromisoformat(day), clock))
    ),
).map(lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC))


@given(OPENINGS, WINDOWS, ZONES, HOURS, INSTANTS)
def test_every_answer_agrees_with_the_rule(
    openings: Openings, windows: Windows, zone: ZoneInfo, hours: tuple[OpenSpan, ...], at: datetime
) -> None:
    """At any minute `permits` is the rule, the day's stretches hold just such minutes, and so does `next`."""
    times = ContactTimes(openings, DAYTIME, windows)
    rule = allowed(openings, windows, at, zone, hours)
    assert times.permits(at, zone, hours) is rule
    assert times.permits(at + 59 * timedelta(seconds=1), zone, hours) is rule
    stretches = times.spans_on(at.astimezone(zone).date(), zone, hours)
    assert any(a <= at < b for a, b in stretches) is rule
    assert all(a < b for a, b in stretches)
    assert all(b < c for (_, b), (c, _) in pairwise(stretches))
    assert (times.next(at, zone, hours) == at) is rule


@given(OPENINGS, WINDOWS, ZONES, HOURS, INSTANTS)
def test_the_next_is_the_first(
    openings: Openings, windows: Windows, zone: ZoneInfo, hours: tuple[OpenSpan, ...], at: datetime
) -> None:
    """What comes next is permitted, and no minute before it is."""
    times = ContactTimes(openings, DAYTIME, windows)
    found = times.next(at, zone, hours)
    if found is None:
        assert times.last(at, at + timedelta(days=399), zone, hours) is None
        return
    us = (at - EPOCH) // MICROSECOND
    assert times.next_us(us, zone, hours) == (found - EPOCH) // MICROSECOND
    assert times.permits(found, zone, hours)
    assert found == at or not times.permits(found - MICROSECOND, zone, hours)
    minutes = min((found - at) // MINUTE, 3000)
    assert not any(times.permits(at + each * MINUTE, zone, hours) for each in range(minutes))


@given(OPENINGS, WINDOWS, ZONES, HOURS, INSTANTS, st.integers(0, 5000))
def test_the_last_is_the_last(
    openings: Openings, windows: Windows, zone: ZoneInfo, hours: tuple[OpenSpan, ...], at: datetime, minutes: int
) -> None:
    """The last stretch is permitted all through, as long as it can be, and nothing is permitted behind it."""
    times = ContactTimes(openings, DAYTIME, windows)
    found = times.last(at, at + minutes * MINUTE, zone, hours)
    permitted = [each for each in range(minutes) if times.permits(at + each * MINUTE, zone, hours)]
    if found is None:
        assert permitted == []
        return
    low, high = ((each - at) // MINUTE for each in found)
    assert permitted[-1] == high - 1
    assert permitted[-(high - low) :] == list(range(low, high))
    assert low == 0 or low - 1 not in permitted


@pytest.mark.parametrize(
    ("at", "shut"),
    [
        ("2026-11-02T08:10", Shut.QUIET),  # half an hour before the start of work, though the centre is closed
        ("2026-11-02T07:59", Shut.WINDOW),
        ("2026-11-02T09:00", Shut.WINDOW),  # not near eleven
        ("2026-11-02T11:00", None),
        ("2026-11-02T11:30", Shut.QUIET),
        ("2026-11-02T12:29", Shut.QUIET),
        ("2026-11-02T12:30", Shut.WINDOW),
        ("2026-11-01T11:00", Shut.WINDOW),  # a Sunday
        ("2026-10-01T11:00", Shut.HOLIDAY),
        ("2026-10-01T03:00", Shut.HOLIDAY),
    ],
)
def test_why_a_customer_may_not_be_called(at: str, shut: Shut | None) -> None:
    """A holiday first, then quiet around the edges of work, then any other hour."""
    assert ContactTimes(HEALTH, DAYTIME, D).shut(shanghai(at)) is shut


def test_a_kind_for_closed_days_knows_no_holiday() -> None:
    """What may be done on holidays is bounded by the hours of the day alone."""
    greeting = ContactTimes(HEALTH, DAYTIME, Windows(closed_days=True))
    assert [greeting.shut(shanghai(f"2026-10-01T{hour}")) for hour in ("07:00", "09:00")] == [Shut.WINDOW, None]


def test_his_own_hours_tell_when_it_is_quiet() -> None:
    """Where his work begins at ten, it is quiet around ten, and not around the centre's half past eight."""
    his = (span("10:00", "16:00"),)
    told = ContactTimes(HEALTH, DAYTIME, Windows(edges=True))
    assert [told.shut(shanghai(f"2026-11-02T{each}"), None, his) for each in ("08:40", "09:40")] == [
        None,
        Shut.QUIET,
    ]


@given(
    st.integers(0, 366 * 48),
    st.sampled_from((SHANGHAI, KOLKATA, BERLIN, ZoneInfo("Australia/Lord_Howe"))),
    st.sampled_from(((), (span("09:00", "17:00"),))),
    st.sampled_from((D, Windows(), Windows(closed_days=True, edges=True), Windows(weekdays=(2,)))),
)
def test_a_reason_is_told_exactly_where_it_is_not_permitted(
    halves: int, zone: ZoneInfo, hours: tuple[OpenSpan, ...], windows: Windows
) -> None:
    """In any zone, at any half hour of a year, with and without hours of his own."""
    times = ContactTimes(HEALTH, DAYTIME, windows)
    at = datetime(2026, 1, 1, tzinfo=UTC) + halves * timedelta(minutes=30)
    assert (times.shut(at, zone, hours) is None) is times.permits(at, zone, hours)
