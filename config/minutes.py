"""Which durations are phone minutes, and how they are rounded.

All sums are of whole milliseconds. `exact` is not rounded at all until it is shown; the other ways come
from rulebooks that round each call and add the rounded ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from config.errors import ConfigMisuseError
from telephony.clock import milliseconds

MINUTE_MS = 60_000


class MinuteKind(StrEnum):
    """A duration that a policy may count as phone minutes."""

    TALK = "talk"  # agent and customer hear each other
    HOLD = "hold"  # the customer waits on hold
    WRAP_UP = "wrap_up"  # after the call
    CONSULT = "consult"  # with a colleague, about a customer who waits
    INTERNAL = "internal"  # between colleagues


class Rounding(StrEnum):
    """How an agent's part of a call becomes minutes."""

    EXACT = "exact"  # summed in milliseconds, rounded once when shown
    PER_CALL_UP = "per_call_up"  # each call up to the next whole minute
    PER_CALL_HALF_UP = "per_call_half_up"  # each call to the nearest whole minute, half a minute goes up
    CLOCK = "clock"  # end minute less start minute, as on a hand-written sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class MinuteRule:
    """What counts as phone minutes. Talk always does."""

    counts: frozenset[MinuteKind] = frozenset({MinuteKind.TALK})
    rounding: Rounding = Rounding.EXACT


def round_call(rounding: Rounding, call_ms: int) -> int:
    """An agent's part of one call, in milliseconds in and out; never less than 0.

    Raises ConfigMisuseError for `clock`, which needs the instants: see `clock_ms`.
    """
    whole = max(call_ms, 0)
    if rounding is Rounding.EXACT:
        return whole
    if rounding is Rounding.PER_CALL_UP:
        return -(-whole // MINUTE_MS) * MINUTE_MS
    if rounding is Rounding.PER_CALL_HALF_UP:
        return (whole + MINUTE_MS // 2) // MINUTE_MS * MINUTE_MS
    raise ConfigMisuseError("round_call: found rounding clock, expected a rounding of milliseconds")


def clock_ms(start: datetime, end: datetime, zone: tzinfo) -> int:
    """End minute less start minute, in milliseconds; both as a clock in this zone shows them.

    16:00:59 to 17:24:00 is 84 minutes. Minutes that a change to or from summer time skips or repeats
    are not counted or lost: what is subtracted are instants. Hold is inside, as on the sheets.
    """
    return max(milliseconds(_minute_of(end, zone) - _minute_of(start, zone)), 0)


def counted_ms(rounding: Rounding, *, start: datetime, end: datetime, talk_ms: int, zone: tzinfo) -> int:
    """The milliseconds that one talk from `start` to `end` with `talk_ms` of counted time is worth."""
    if rounding is Rounding.CLOCK:
        return clock_ms(start, end, zone)
    return round_call(rounding, talk_ms)


def _minute_of(at: datetime, zone: tzinfo) -> datetime:
    """The instant at which the minute that a clock in this zone shows began, in UTC."""
    local = at.astimezone(zone)
    return local.astimezone(UTC) - timedelta(seconds=local.second, microseconds=local.microsecond)
