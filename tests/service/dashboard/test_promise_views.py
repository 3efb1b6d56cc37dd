"""The views of promises as functions of values: bars, hours of calling, what stands against a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analytics.people.records import Agent, People
from config.contact_times import Shut
from schedulers.customers.records import Customer
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules
from schedulers.staff import PeopleStaff
from schedulers.storage.coverage import QUARTER_US, Coverage, Standing
from service.dashboard.promises.coverage_view import Links, counts_of, on_time_of, parts_of, percent
from service.dashboard.promises.hours_view import hours_of
from service.dashboard.promises.late_view import late_by
from service.dashboard.promises.permitted import barred
from service.dashboard.promises.source import CallDay
from service.dashboard.words import words
from telephony.clock import to_microseconds
from tests.service.dashboard import promised
from tests.service.dashboard.people import NOW, ZONE

EN = words("en", ZONE)


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    """The rules of the centre that owes things."""
    return Rules(promised.policy_of(tmp_path), PeopleStaff(People(agents=(Agent(agent="1002"),)), ZONE))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026 by the centre's clock."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def owed(kind: str) -> FollowUp:
    """A follow-up of a kind."""
    return FollowUp(
        id=kind, kind=kind, version=None, customer="C-1", key=kind, born_at=NOW, open_at=NOW, due_at=NOW,
        promised_at=NOW, owner="1002",
    )  # fmt: skip


def test_what_is_overdue_is_seen_however_little_and_ends_at_the_right() -> None:
    """One of ten thousand has 0.6 % of the bar; the others lie side by side from the left."""
    row = Coverage(kind="k", group=None, done_on_time=9998, done_late=1, open_overdue=1)
    parts = {each.key: each for each in parts_of(EN, counts_of([row]), Links([]))}
    assert (parts["open_overdue"].x, parts["open_overdue"].width) == ("99.40%", "0.60%")
    assert parts["done_late"].x == parts["done_on_time"].width
    nothing = parts_of(EN, dict.fromkeys(Standing, 0), Links([]))
    assert {each.width for each in nothing} == {"0.00%"}


def test_a_rate_never_shows_a_hundred_where_something_is_missing() -> None:
    """One late of ten thousand is 99.9 %; over nothing there is a dash."""
    row = Coverage(kind="k", group=None, done_on_time=9999, done_late=1)
    assert percent(on_time_of(counts_of([row]))) == "99.9%"
    assert percent(on_time_of(dict.fromkeys(Standing, 0))) == "—"


def test_late_is_told_in_hours_and_from_two_days_on_in_days() -> None:
    """+3:12, +47:59, then +2 d."""
    told = [late_by(EN, NOW - timedelta(minutes=each), NOW) for each in (192, 2879, 2880)]
    assert told == ["+3:12", "+47:59", "+2 d"]


def test_the_hours_of_a_day_show_what_is_permitted_preferred_and_was_tried(rules: Rules) -> None:
    """Open 9 to 12 and 13:30 to 17:30; near 11:00 and 16:00 is preferred; bars stand at their quarter of an hour."""
    first = to_microseconds(at(20, 10)) // QUARTER_US * QUARTER_US
    shown = hours_of(EN, rules, at(20, 15, 42), CallDay(tried={first: 4}, ready={first + 8 * 4 * QUARTER_US: 2}))
    assert [each.x for each in shown.quiet] == ["0.00%", "33.33%", "79.17%"]
    assert [each.x for each in shown.preferred] == ["20.83%", "62.50%"]
    assert [(each.planned, each.x) for each in shown.bars] == [(False, "16.87%"), (True, "83.53%")]
    assert (shown.now, shown.anchor, shown.clock) == ("64.17%", "middle", "15:42")
    assert shown.labels[0][1] == "near 11:00"


def test_an_evening_is_on_the_axis_too(rules: Rules) -> None:
    """At half past ten the axis reaches to eleven, its clock stays within the picture, and nothing is permitted."""
    shown = hours_of(EN, rules, at(20, 22, 30), CallDay())
    assert (shown.anchor, shown.ticks[-1][2]) == ("end", "20:00")
    assert float(shown.now.rstrip("%")) < 100
    last = shown.quiet[-1]
    assert float(last.x.rstrip("%")) + float(last.width.rstrip("%")) == pytest.approx(100, abs=0.02)


def test_what_stands_against_a_time_and_when_all_may_be_called(rules: Rules) -> None:
    """A day off, the noon break, an hour that one kind alone refuses; a mark needs nobody's ear."""
    plain, near, mark = owed("transaction"), owed("report"), owed("compensation")
    nobody: Customer | None = None
    saturday = barred(rules, [(plain, nobody), (near, nobody)], at(21, 11))
    assert saturday is not None
    assert (saturday.count, saturday.day_off, saturday.next) == (2, True, at(23, 10, 30))
    noon = barred(rules, [(plain, nobody)], at(23, 12, 30))
    assert noon is not None
    assert (noon.day_off, noon.next) == (False, at(23, 13, 30))
    one = barred(rules, [(plain, nobody), (near, nobody)], at(23, 9, 15))
    assert one is not None
    assert (one.count, one.why, one.next) == (1, Shut.QUIET, at(23, 10, 30))
    assert barred(rules, [(mark, nobody)], at(21, 3)) is None
    assert barred(rules, [(plain, nobody)], at(23, 10)) is None
