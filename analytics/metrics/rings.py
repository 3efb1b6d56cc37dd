"""Within three rings 三声之内接听: how one offering, and how one caller, is judged. Pure.

The agent's view judges each offering; what he could not help stands apart, and nobody is blamed for it.
The caller's view judges each call that alerted somebody. Ring times are compared in microseconds: at
exactly the limit it is late.
"""

from __future__ import annotations

from enum import StrEnum

from analytics.values import Called, Offered
from telephony.calls.facts import Direction, OfferingOutcome, OfferingSource


class RingResult(StrEnum):
    """What became of one offering, in the agent's view."""

    WITHIN = "within"  # answered before the limit
    LATE = "late"  # answered at the limit or after it
    NO_ANSWER = "no_answer"  # though the queue may have stopped ringing before the limit
    DECLINED = "declined"  # refused after the device alerted
    CALLER_GAVE_UP_LATE = "caller_gave_up_late"  # at the limit or after it
    CALLER_GAVE_UP_EARLY = "caller_gave_up_early"  # before the limit: nobody is blamed
    ANSWERED_ELSEWHERE = "answered_elsewhere"  # a colleague was quicker: nobody is blamed
    BUSY = "busy"  # refused before it alerted: nobody is blamed
    UNREACHABLE = "unreachable"  # nobody is blamed
    FAILED = "failed"  # the PBX could not ring the device: nobody is blamed
    RINGING = "ringing"  # not decided yet


IN_RATE = frozenset(
    {
        RingResult.WITHIN,
        RingResult.LATE,
        RingResult.NO_ANSWER,
        RingResult.DECLINED,
        RingResult.CALLER_GAVE_UP_LATE,
    }
)
"""The results over which the three-ring rate is taken; all others stand apart."""

_APART = {
    OfferingOutcome.NO_ANSWER: RingResult.NO_ANSWER,
    OfferingOutcome.DECLINED: RingResult.DECLINED,
    OfferingOutcome.BUSY: RingResult.BUSY,
    OfferingOutcome.UNREACHABLE: RingResult.UNREACHABLE,
    OfferingOutcome.ANSWERED_ELSEWHERE: RingResult.ANSWERED_ELSEWHERE,
    OfferingOutcome.FAILED: RingResult.FAILED,
}

_COUNTED_SOURCES = frozenset(
    {OfferingSource.QUEUE, OfferingSource.DIRECT, OfferingSource.TRANSFER, OfferingSource.PICKUP}
)


def counts(offered: Offered) -> bool:
    """Whether an offering is one of the three-ring rate: a customer's or a campaign's call to an agent.

    Outside are the agent's own leg of a click-to-call, internal calls and consultations.
    """
    internal = offered.call.direction is Direction.INTERNAL
    return offered.source in _COUNTED_SOURCES and not offered.consult and not internal


def judge_offering(offered: Offered, limit_us: int, as_of_us: int) -> RingResult:
    """The result of one offering, as far as it was known at an instant."""
    if offered.outcome is None or offered.end_us is None or offered.end_us > as_of_us:
        return RingResult.RINGING
    apart = _APART.get(offered.outcome)
    if apart is not None:
        return apart
    in_time = offered.end_us - offered.ring_us < limit_us
    if offered.outcome is OfferingOutcome.ANSWERED:
        return RingResult.WITHIN if in_time else RingResult.LATE
    return RingResult.CALLER_GAVE_UP_EARLY if in_time else RingResult.CALLER_GAVE_UP_LATE


class CallerResult(StrEnum):
    """How soon one caller reached a human, from the first phone that rang for him."""

    WITHIN = "within"  # bridged with a human before the limit
    LATE = "late"  # at the limit or after it
    GAVE_UP_EARLY = "gave_up_early"  # left before the limit; in the rate, and shown apart
    NOT_ANSWERED = "not_answered"  # left at the limit or after it
    NEVER_RANG = "never_rang"  # no phone alerted for him: outside the rate
    RINGING = "ringing"  # not decided yet


IN_CALLER_RATE = frozenset(
    {CallerResult.WITHIN, CallerResult.LATE, CallerResult.GAVE_UP_EARLY, CallerResult.NOT_ANSWERED}
)

_NEVER_ALERTED = frozenset({OfferingOutcome.BUSY, OfferingOutcome.UNREACHABLE, OfferingOutcome.FAILED})


def alerted(offered: Offered) -> bool:
    """Whether the device rang: one that was busy, not reachable or failed did not."""
    return offered.outcome not in _NEVER_ALERTED


def judge_caller(called: Called, first_alert_us: int | None, limit_us: int, as_of_us: int) -> CallerResult:
    """The result of one caller, as far as it was known at an instant."""
    left_us = called.end_us if called.customer_left_us is None else called.customer_left_us
    is_answered = called.answered_us is not None and called.answered_us <= as_of_us
    is_over = is_answered or (left_us is not None and left_us <= as_of_us)
    if not is_over:
        return CallerResult.RINGING
    if first_alert_us is None or first_alert_us > as_of_us:
        return CallerResult.NEVER_RANG
    if is_answered and called.answered_us is not None:
        in_time = called.answered_us - first_alert_us < limit_us
        return CallerResult.WITHIN if in_time else CallerResult.LATE
    in_time = (left_us or as_of_us) - first_alert_us < limit_us
    return CallerResult.GAVE_UP_EARLY if in_time else CallerResult.NOT_ANSWERED
