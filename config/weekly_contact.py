"""Whether a kind of follow-up has any time in the week in which its customers may be called.

Only the plain week of each row of opening hours is looked at, minute by minute, in the centre's zone: a policy is
refused for a weekday that can never serve. Which instants are permitted is told by `config.contact_times`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from config.calendars import ALL_DAY, OpenSpan, WeeklyHours
from config.followups import EDGE, NEAR, FollowUpKind, FulfilledBy, Windows
from config.policies import Policy, PolicyVersion

DAY = 24 * 60
ALWAYS = WeeklyHours(days=(ALL_DAY,) * 7)


def weekly_gap(kind: FollowUpKind, version: PolicyVersion, policy: Policy) -> int | None:
    """The first weekday (Monday is 0) on which the kind is allowed and has no minute; None if there is none.

    A kind is allowed on its `weekdays`; where it names none, on the days on which the centre opens, or with
    `closed_days` on all. What is only marked by people needs no time of the customer's.
    """
    if kind.fulfilled_by is FulfilledBy.MARK:
        return None
    weeks = policy.hours or (ALWAYS,)
    gaps = (day for week in weeks for day in _allowed(kind.windows, week) if not _minutes(kind, version, week, day))
    return next(gaps, None)


def _allowed(windows: Windows, week: WeeklyHours) -> Iterable[int]:
    if windows.weekdays or windows.closed_days:
        return windows.weekdays or range(7)
    return [day for day in range(7) if week.days[day]]


def _minutes(kind: FollowUpKind, version: PolicyVersion, week: WeeklyHours, day: int) -> set[int]:
    """The permitted minutes of a weekday, counted from its midnight."""
    windows, open_spans = kind.windows, week.days[day]
    left = set(range(DAY)) if windows.closed_days else _inside(open_spans)
    left &= _inside(version.promises.contact.windows)
    if windows.spans:
        left &= _inside(windows.spans)
    if windows.near:
        left &= _around(windows.near, NEAR.seconds // 60)
    if windows.edges:
        left -= _around(_edges(open_spans), EDGE.seconds // 60)
    return left


def _inside(spans: Iterable[OpenSpan]) -> set[int]:
    return {minute for span in spans for minute in range(_minute(span.opens), _closing(span))}


def _around(clocks: Iterable[time], margin: int) -> set[int]:
    return {minute for clock in clocks for minute in range(_minute(clock) - margin, _minute(clock) + margin)}


def _edges(spans: Iterable[OpenSpan]) -> list[time]:
    """Start and end of work and of each break; midnight is none."""
    return [edge for span in spans for edge in (span.opens, span.closes) if edge]


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _closing(span: OpenSpan) -> int:
    return _minute(span.closes) if span.closes else DAY
