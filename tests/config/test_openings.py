"""Tests of config.openings: in hours, out of hours and holiday at any instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendars import Hours, OpenSpan, WeeklyHours
from config.closings import Closings, ExtraOpening, MakeUp, MakeUpDay
from config.openings import EPOCH, MICROSECOND, Openings
from config.policies import Policy

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_SIX = (OpenSpan(opens=time(9), closes=time(18)),)
EIGHT_TO_TEN = (OpenSpan(opens=time(8), closes=time(10)),)
FIVE_DAYS = (WeeklyHours(days=(EIGHT_TO_TEN, *(NINE_TO_SIX,) * 4, (), ())),)
CHINA = Closings(country="CN")


def shanghai(text: str) -> datetime:
    """An instant by the clock of Shanghai."""
    return datetime.fromisoformat(text + "+08:00")


@pytest.mark.parametrize(
    ("at", "hours"),
    [
        ("2026-02-13T17:59:59.999999", Hours.IN),
        ("2026-02-13T18:00:00", Hours.OUT),
        ("2026-02-14T09:59:59.999999", Hours.IN),  # a Saturday that makes up, with Monday's hours
        ("2026-02-14T10:00:00", Hours.OUT),
        ("2026-02-14T23:59:59.999999", Hours.OUT),
        ("2026-02-15T00:00:00", Hours.HOLIDAY),
        ("2026-02-21T12:00:00", Hours.HOLIDAY),  # the Saturday inside the Spring Festival
        ("2026-02-23T23:59:59.999999", Hours.HOLIDAY),
        ("2026-02-24T00:00:00", Hours.OUT),
        ("2026-02-24T09:00:00", Hours.IN),
        ("2026-03-01T12:00:00", Hours.OUT),  # an ordinary Sunday
    ],
)
def test_the_week_the_closings_and_the_make_up_days_make_one_answer(at: str, hours: Hours) -> None:
    """Around the Spring Festival of 2026 each instant is in, out or holiday to the microsecond."""
    openings = Openings(FIVE_DAYS, CHINA, SHANGHAI)
    assert openings.at(shanghai(at)) is hours
    assert openings.at(shanghai(at).astimezone(UTC)) is hours


def test_a_policy_without_hours_is_in_hours_but_for_holidays() -> None:
    """Where nothing is said of hours, every instant is in hours, and a national closing is a holiday."""
    plain = Policy(name="p", zone=SHANGHAI, country="CN")
    keeps = Policy(name="p", zone=SHANGHAI, country="CN", closings=CHINA)
    night = shanghai("2026-10-01T03:00:00")
    assert plain.hours_at(night) is Hours.IN
    assert keeps.hours_at(night) is Hours.HOLIDAY
    assert keeps.hours_at(shanghai("2026-10-11T03:00:00")) is Hours.IN
    assert keeps.hours_at_us((night - EPOCH) // MICROSECOND) is Hours.HOLIDAY


def test_before_the_first_hours_nothing_is_said() -> None:
    """A policy whose hours begin on a day calls the night before it in hours."""
    openings = Openings((WeeklyHours(start=date(2026, 1, 6), days=FIVE_DAYS[0].days),), Closings(), SHANGHAI)
    assert openings.at(shanghai("2026-01-05T23:59:59")) is Hours.IN
    assert openings.at(shanghai("2026-01-06T00:00:00")) is Hours.OUT


@pytest.mark.parametrize(
    ("make_up", "last_hour"),
    [(MakeUp.MON, 9), (MakeUp.TUE, 17), (MakeUp.REPLACED, 17), (MakeUp.SAT, None), (MakeUp.NONE, None)],
)
def test_a_make_up_day_has_the_hours_that_the_policy_gives_it(make_up: MakeUp, last_hour: int | None) -> None:
    """14 February 2026, worked for Friday the 20th, has the hours of the chosen weekday."""
    openings = Openings(FIVE_DAYS, Closings(country="CN", make_up=make_up), SHANGHAI)
    spans = openings.plan(date(2026, 2, 14)).spans
    assert [hour for hour in range(24) if any(span.holds(time(hour)) for span in spans)][-1:] == (
        [] if last_hour is None else [last_hour]
    )


def test_the_centres_own_days_win_over_the_nation() -> None:
    """An extra opening is open on a holiday, an own closing is a holiday, an own make-up day has its own hours."""
    own = Closings(
        country="CN",
        closed=(date(2026, 3, 4), date(2026, 2, 14)),
        make_up_days=(MakeUpDay(day=date(2026, 3, 7), hours=MakeUp.TUE), MakeUpDay(day=date(2026, 3, 8))),
        openings=(ExtraOpening(day=date(2026, 10, 1), spans=EIGHT_TO_TEN),),
    )
    openings = Openings(FIVE_DAYS, own, SHANGHAI)
    asked = ["2026-03-04T12:00", "2026-02-14T08:30", "2026-03-07T17:00", "2026-03-08T17:00", "2026-03-08T09:00"]
    expected = [Hours.HOLIDAY, Hours.HOLIDAY, Hours.IN, Hours.OUT, Hours.IN]
    assert [openings.at(shanghai(at)) for at in asked] == expected
    assert openings.at(shanghai("2026-10-01T09:00")) is Hours.IN
    assert openings.at(shanghai("2026-10-01T11:00")) is Hours.OUT


def test_a_year_told_by_the_centre_alone_does_not_ask_the_nation() -> None:
    """With the year among the centre's own, its closings are those of the file and no others."""
    openings = Openings(FIVE_DAYS, Closings(country="CN", years=(2026,), closed=(date(2026, 10, 2),)), SHANGHAI)
    assert openings.at(shanghai("2026-10-01T12:00")) is Hours.IN
    assert openings.at(shanghai("2026-10-02T12:00")) is Hours.HOLIDAY
    assert not openings.plan(date(2026, 2, 14)).is_working


def test_a_year_is_announced_by_the_nation_or_by_the_own_file() -> None:
    """A far year lacks its make-up days until the centre's file has one of them, or tells the year whole."""
    asked = [
        CHINA,
        Closings(country="CN", make_up_days=(MakeUpDay(day=date(2043, 2, 1)),)),
        Closings(country="CN", years=(2043,)),
        Closings(),
    ]
    assert [Openings(FIVE_DAYS, each, SHANGHAI).announced(2043) for each in asked] == [False, True, True, True]
    assert Openings(FIVE_DAYS, CHINA, SHANGHAI).announced(2026)


def test_the_day_off_goes_round_week_by_week() -> None:
    """Of two days off in turn the first is that of the start's week, and the third week has it again."""
    row = WeeklyHours(start=date(2026, 1, 7), days=(NINE_TO_SIX,) * 7, days_off=(5, 6))
    off = [date(2026, 1, 5) + timedelta(days=each) for each in range(28)]
    assert [day.isoformat()[5:] for day in off if not row.on(day)] == ["01-10", "01-18", "01-24", "02-01"]


SPANS = st.lists(st.integers(0, 1439), max_size=6, unique=True).map(
    lambda minutes: tuple(
        OpenSpan(opens=time(low // 60, low % 60), closes=time(high // 60, high % 60))
        for low, high in zip(sorted(minutes)[::2], sorted(minutes)[1::2], strict=False)
    )
)


@given(
    st.tuples(*(SPANS,) * 7),
    st.one_of(
        st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - given a zone below
        st.sampled_from([datetime(2026, 3, 29), datetime(2026, 10, 25)]).flatmap(  # noqa: DTZ001
            lambda day: st.timedeltas(timedelta(), timedelta(hours=5)).map(lambda span: day + span)
        ),
    ),
    st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/St_Johns")]),
)
def test_the_answer_is_that_of_the_clock_on_the_wall(
    days: tuple[tuple[OpenSpan, ...], ...], at: datetime, zone: ZoneInfo
) -> None:
    """Whatever the week, what is answered from kept edges is what the local clock says, in both clock changes."""
    openings = Openings((WeeklyHours(days=days),), CHINA, zone)
    instant = at.replace(tzinfo=UTC)
    local = instant.astimezone(zone)
    assert openings.at(instant) is openings.plan(local.date()).at(local.time())


def test_asking_in_any_order_gives_the_same_answers() -> None:
    """What was asked before changes no answer: a fresh object and a used one agree on every quarter of an hour."""
    quarter = 900_000_000
    start = (shanghai("2026-09-18T00:00:00") - EPOCH) // MICROSECOND
    asked = [start + each * quarter for each in range(96 * 25)]
    used = Openings(FIVE_DAYS, CHINA, SHANGHAI)
    backwards = [used.at_us(us) for us in reversed(asked)][::-1]
    assert backwards == [Openings(FIVE_DAYS, CHINA, SHANGHAI).at_us(us) for us in asked[:200]] + [
        used.at_us(us) for us in asked[200:]
    ]
    assert set(backwards) == set(Hours)


@given(
    st.datetimes(datetime(2026, 2, 10), datetime(2026, 3, 31)),  # noqa: DTZ001 - given a zone below
    st.timedeltas(timedelta(), timedelta(days=40)),
    st.timedeltas(timedelta(), timedelta(days=40)),
    st.sampled_from([SHANGHAI, BERLIN]),
)
def test_a_stretch_is_cut_where_the_answer_changes(
    start: datetime, length: timedelta, later: timedelta, zone: ZoneInfo
) -> None:
    """Pieces follow each other, each another answer than the one before, and every instant has its piece's."""
    openings = Openings(FIVE_DAYS, CHINA, zone)
    start_us = (start.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
    end_us = start_us + length // MICROSECOND
    pieces = openings.changes(start_us, end_us)
    assert bool(pieces) == (start_us < end_us)
    assert all(a < b and x is not y for (a, x), (b, y) in pairwise(pieces))
    at_us = start_us + later // MICROSECOND
    if at_us < end_us:
        assert pieces[0][0] == start_us
        assert [state for edge, state in pieces if edge <= at_us][-1] is openings.at_us(at_us)
