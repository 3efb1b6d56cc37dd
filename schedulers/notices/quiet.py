"""When somebody may be disturbed again, by the clocks of the centre; pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from analytics.people.local_clock import instant_of
from config.notices import QuietSpan
from telephony.clock import from_microseconds


def awake_at(quiet: tuple[QuietSpan, ...], at: datetime, zone: ZoneInfo) -> datetime:
    """The first instant from `at` on that is not in quiet hours.

    A time that the clocks skip is the instant of their change. Spans that leave no time of the day are refused when
    settings are read, so there is an end.
    """
    while True:
        local = at.astimezone(zone)
        span = next((each for each in quiet if each.holds(local.time())), None)
        if span is None:
            return at
        at = _end(span, local)


def _end(span: QuietSpan, local: datetime) -> datetime:
    """The end of the quiet span that a local time lies in."""
    day = local.date() if local.time() < span.end else local.date() + timedelta(days=1)
    end = from_microseconds(instant_of(day, span.end.hour * 60 + span.end.minute, local.tzinfo or UTC))
    if end > local:
        return end
    # Clocks were put back, and this is the hour's second time.
    return datetime.combine(day, span.end, tzinfo=local.tzinfo).replace(fold=1).astimezone(UTC)
