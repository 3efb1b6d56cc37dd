"""When a campaign will have finished if it goes on as it did in the last hour. Pure.

Nothing is assumed of agents, answers or shifts: contacts that ended ÷ time in which they could. Where that says nothing
there is no forecast.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.contact_times import ContactTimes
from config.followups import FollowUpKind, Promises
from config.policies import Policy

Span = tuple[datetime, datetime]

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LEAST = timedelta(minutes=5)
"""Ours: less work than this within the hour says nothing of the next one."""
HORIZON = 400
"""Days that are looked at: who is not finished by then has no forecast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """So many contacts ended in so much time in which calls could be placed."""

    ended: int
    worked: timedelta

    @property
    def per_hour(self) -> float | None:
        """Contacts that end in an hour; None over no time."""
        return self.ended * HOUR / self.worked if self.worked else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """When nothing will be left, None where that cannot be said, and whether that is by the deadline."""

    pace: Pace
    remaining: int
    finish_at: datetime | None
    in_time: bool | None


def forecast(
    remaining: int, pace: Pace, spans: Iterable[Span], now: datetime, deadline_at: datetime | None
) -> Forecast:
    """The forecast for so many contacts. `spans` are the permitted stretches in order, as `open_spans` tells them."""
    finish_at = _finish(remaining, pace, spans, now)
    in_time = None if finish_at is None or deadline_at is None else finish_at <= deadline_at
    return Forecast(pace=pace, remaining=remaining, finish_at=finish_at, in_time=in_time)


def pace_of(ended_at: Iterable[datetime], ran: Iterable[Span], spans: Iterable[Span], now: datetime) -> Pace:
    """The pace of the last hour: contacts that ended in it, and how much of it the campaign ran at permitted times.

    `ran` are the stretches in which it was running, one after the other; the hour holds its end and not its start.
    """
    since = now - HOUR
    permitted = [_cut(each, (since, now)) for each in _until(spans, now)]
    worked = (_length(_cut(a, b)) for a in ran for b in permitted)
    return Pace(ended=sum(since < each <= now for each in ended_at), worked=sum(worked, timedelta()))


def open_spans(policy: Policy, promises: Promises, kinds: Iterable[FollowUpKind], now: datetime) -> Iterator[Span]:
    """The stretches in which any of these kinds may be called, from the day an hour before `now` on, in order.

    By the centre's zone: customers of another one are few, and a forecast is no promise.
    """
    times = [ContactTimes(policy.openings, promises.contact, kind.windows) for kind in kinds]
    first = (now - HOUR).astimezone(policy.zone).date()
    for day in (first + number * DAY for number in range(HORIZON)):
        yield from _joined(span for each in times for span in each.spans_on(day))


def _finish(remaining: int, pace: Pace, spans: Iterable[Span], now: datetime) -> datetime | None:
    if remaining <= 0:
        return now
    if pace.worked < LEAST or not pace.ended:
        return None
    left = pace.worked * remaining / pace.ended
    for start, end in spans:
        start = max(start, now)
        if end - start >= left:
            return start + left
        left -= max(end - start, timedelta())
    return None


def _until(spans: Iterable[Span], now: datetime) -> Iterator[Span]:
    for each in spans:
        if each[0] >= now:
            return
        yield each


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Stretches of several kinds as one set, in order; those that overlap or touch are one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            low, high = found.pop()
            start, end = low, max(end, high)
        found.append((start, end))
    return found


def _cut(span: Span, to: Span) -> Span:
    return max(span[0], to[0]), min(span[1], to[1])


def _length(span: Span) -> timedelta:
    return max(span[1] - span[0], timedelta())
