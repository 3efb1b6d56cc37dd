"""By when a follow-up is owed: a due instant in UTC, always counted from the trigger.

The due instant itself is in time. A day or a period that ends at midnight is therefore due at the last
microsecond before it. Pure: an `Openings` and instants in, an instant out.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from config.calendars import Hours
from config.errors import ConfigMisuseError
from config.followups import Due, DueKind
from config.openings import DAY_US, EPOCH, MICROSECOND, MIDNIGHT, Openings
from config.working_days import DAY, LONGEST_CLOSED, calendar_days_end, working_days_end

UNTIL_ANSWERED = 1
"""Working days in which a customer has the answer where no time was told him (E, C8, D)."""


def due_at(
    due: Due,
    openings: Openings,
    at: datetime,
    *,
    promised_at: datetime | None = None,
    period_end: datetime | None = None,
) -> datetime | None:
    """When what arose at an aware instant is due, in UTC; None where the centre does not open (so often) again.

    `promised_at` is the time that the customer was told; without one he is owed the answer by the close of the next
    working day. `period_end` is the first instant after the period that something is owed in. What is due by
    hand has no due time here: the caller asks for the kind's `due_unset`. Raises ConfigMisuseError for a time
    without a zone, or a period without its end.
    """
    for each in (at, promised_at, period_end):
        _require_aware(each)
    match due.kind:
        case DueKind.ELAPSED:
            return at.astimezone(UTC) + due.span
        case DueKind.OPEN:
            return open_time_end(openings, at, due.span)
        case DueKind.DAYS:
            return calendar_days_end(openings, at, due.amount)
        case DueKind.WORKING_DAYS:
            return working_days_end(openings, at, due.amount)
        case DueKind.ON_THE_DAY:
            return _end_of_day(openings, at)
        case DueKind.IN_THE_PERIOD:
            return _end_of_period(period_end)
        case DueKind.PROMISED:
            return promised_at.astimezone(UTC) if promised_at else working_days_end(openings, at, UNTIL_ANSWERED)
        case DueKind.BY_HAND:
            return None


def open_time_end(openings: Openings, at: datetime, span: timedelta) -> datetime | None:
    """When a span of opening time has passed since an instant, in UTC.

    It is counted from the next opening where the centre is closed, and stands still over noon breaks, nights and
    closings: it may end with a stretch of work, never at the start of one. None where the centre does not open for
    400 days.
    """
    us, left, closed = (at - EPOCH) // MICROSECOND, span // MICROSECOND, 0
    while closed < LONGEST_CLOSED:
        end = (us // DAY_US + 1) * DAY_US
        pieces = openings.changes(us, end)
        ends = [edge for edge, _ in pieces[1:]] + [end]
        opened = [(low, high) for (low, state), high in zip(pieces, ends, strict=True) if state is Hours.IN]
        for low, high in opened:
            if left <= high - low:
                return EPOCH + (low + left) * MICROSECOND
            left -= high - low
        us, closed = end, 0 if opened else closed + 1
    return None


def _end_of_day(openings: Openings, at: datetime) -> datetime:
    day = at.astimezone(openings.zone).date() + DAY
    return datetime.combine(day, MIDNIGHT, tzinfo=openings.zone).astimezone(UTC) - MICROSECOND


def _end_of_period(period_end: datetime | None) -> datetime:
    if period_end is None:
        raise ConfigMisuseError("due times: found no end of a period, expected one for `in the period`")
    return period_end.astimezone(UTC) - MICROSECOND


def _require_aware(at: datetime | None) -> None:
    if at is not None and at.tzinfo is None:
        raise ConfigMisuseError(f"due times: found the naive time {at.isoformat()}, expected an aware one")
