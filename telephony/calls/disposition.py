"""How an offering and a call ended: pure rules over what was seen.

Causes are Q.850, as Asterisk gives them in Hangup; dial statuses are those of DialEnd. The first DialEnd of a
leg counts: a queue sends a second one (CANCEL) for each leg that it gives up.
"""

from __future__ import annotations

from telephony.calls.facts import Direction, Disposition, OfferingOutcome

BUSY_CAUSES = frozenset({17, 21})
"""User busy, call rejected: SIP 486, 600, 603."""
ELSEWHERE_CAUSE = 26
UNREACHABLE_CAUSES = frozenset({1, 2, 3, 18, 19, 20, 22, 27, 28, 38, 41})
"""No number, no route, no user responding, subscriber absent, out of order …: SIP 404, 408, 410, 480, 500."""


def outcome_of(
    status: str,
    *,
    alerted: bool,
    cause: int | None,
    sibling_answered: bool,
    timed_out: bool,
    refused: bool = False,
) -> OfferingOutcome:
    """How the ringing of one device ended.

    status: its first DialEnd, '' if there was none; cause: of its Hangup, None while it lives;
    PICKUP and FORWARD: a colleague took it, or the phone itself sent it on;
    sibling_answered: another device of the same dialling took the call; refused: its own far end ended
    it; timed_out: it was dialled for so long that a silent end is a ring time-out.
    """
    if status == "ANSWER":
        return OfferingOutcome.ANSWERED
    if status in ("PICKUP", "FORWARD"):
        return OfferingOutcome.ANSWERED_ELSEWHERE
    if status == "CANCEL":
        if sibling_answered or cause == ELSEWHERE_CAUSE:
            return OfferingOutcome.ANSWERED_ELSEWHERE
        return OfferingOutcome.CALLER_GAVE_UP
    if status == "BUSY" or cause in BUSY_CAUSES:
        return OfferingOutcome.DECLINED if alerted else OfferingOutcome.BUSY
    if cause == ELSEWHERE_CAUSE:
        if not refused:
            return OfferingOutcome.ANSWERED_ELSEWHERE
        # A phone that declines may be given this cause too (603, Asterisk 16).
        return OfferingOutcome.DECLINED if alerted else OfferingOutcome.BUSY
    if alerted:
        return OfferingOutcome.FAILED if status == "CONGESTION" else OfferingOutcome.NO_ANSWER
    if status == "CONGESTION" and cause not in UNREACHABLE_CAUSES:
        return OfferingOutcome.FAILED
    if status == "CHANUNAVAIL" or (cause in UNREACHABLE_CAUSES and not timed_out):
        return OfferingOutcome.UNREACHABLE
    if cause is None or status == "NOANSWER" or timed_out:
        return OfferingOutcome.NO_ANSWER
    return OfferingOutcome.FAILED


FATE = {
    OfferingOutcome.ANSWERED: Disposition.PICKED_UP,
    OfferingOutcome.NO_ANSWER: Disposition.NO_ANSWER,
    OfferingOutcome.BUSY: Disposition.BUSY,
    OfferingOutcome.DECLINED: Disposition.BUSY,
    OfferingOutcome.UNREACHABLE: Disposition.FAILED,
    OfferingOutcome.ANSWERED_ELSEWHERE: Disposition.NO_ANSWER,
    OfferingOutcome.CALLER_GAVE_UP: Disposition.CANCELLED,
    OfferingOutcome.FAILED: Disposition.FAILED,
}
"""What the fate of the last leg makes of a call in which nobody talked."""


def disposition_of(
    direction: Direction,
    *,
    answered: bool,
    voicemail: bool,
    caller_left: bool,
    customer_up: bool,
    last_fate: OfferingOutcome | None,
) -> Disposition:
    """What telephony did with a call that is over.

    caller_left: who began the call ended it; customer_up: the customer was connected to the PBX;
    last_fate: how the last leg that was dialled ended, None if none was.
    """
    if answered:
        return Disposition.ANSWERED
    if voicemail:
        return Disposition.VOICEMAIL
    if direction is Direction.INBOUND:
        if caller_left:
            return Disposition.ABANDONED
        if last_fate is not None and last_fate not in (
            OfferingOutcome.ANSWERED,
            OfferingOutcome.CALLER_GAVE_UP,
        ):
            return FATE[last_fate]
        return Disposition.PICKED_UP if customer_up else Disposition.FAILED
    if direction is Direction.OUTBOUND and customer_up:
        return Disposition.PICKED_UP
    if last_fate is None:
        return Disposition.CANCELLED if caller_left else Disposition.FAILED
    return FATE[last_fate]
