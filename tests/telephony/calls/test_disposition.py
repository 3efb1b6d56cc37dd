"""How offerings and calls end: the rules, at their boundaries."""

from __future__ import annotations

import pytest

from telephony.calls.disposition import disposition_of, outcome_of
from telephony.calls.facts import Direction, Disposition, OfferingOutcome

OUTCOMES = [
    # status, alerted, cause, sibling answered, timed out -> outcome
    ("ANSWER", True, None, False, True, "answered"),
    ("NOANSWER", True, 0, False, True, "no_answer"),
    ("NOANSWER", True, 21, False, True, "declined"),  # 603 after the phone rang: a queue says NOANSWER
    ("NOANSWER", False, 17, False, False, "busy"),  # 486 at once: a queue says NOANSWER, not BUSY
    ("BUSY", False, 17, False, False, "busy"),
    ("BUSY", True, 17, False, False, "declined"),
    ("NOANSWER", False, 19, False, False, "unreachable"),  # 480 at once
    ("NOANSWER", True, 19, False, True, "no_answer"),
    ("CHANUNAVAIL", False, 20, False, False, "unreachable"),
    ("CONGESTION", False, 34, False, False, "failed"),
    ("CANCEL", True, 26, False, True, "answered_elsewhere"),
    ("CANCEL", True, 19, True, True, "answered_elsewhere"),  # FreePBX sets 19 for those who lost
    ("CANCEL", True, 127, False, True, "caller_gave_up"),
    ("CANCEL", False, None, False, False, "caller_gave_up"),
    ("PICKUP", True, 16, False, True, "answered_elsewhere"),
    ("FORWARD", False, 23, False, False, "answered_elsewhere"),
    ("", True, 19, False, True, "no_answer"),  # an Originate that rang in vain has no DialEnd
    ("", False, 17, False, False, "busy"),
]


@pytest.mark.parametrize(("status", "alerted", "cause", "sibling", "timed_out", "outcome"), OUTCOMES)
def test_an_offering_ends_as_its_first_dial_end_and_its_cause_say(
    status: str, alerted: bool, cause: int | None, sibling: bool, timed_out: bool, outcome: str
) -> None:
    """Each row was seen on a real Asterisk, or follows from the definitions."""
    assert (
        outcome_of(status, alerted=alerted, cause=cause, sibling_answered=sibling, timed_out=timed_out).value
        == outcome
    )


CALLS = [
    # direction, answered, voicemail, caller left, customer up, last fate -> disposition
    ("inbound", True, False, True, True, "answered", "answered"),
    ("inbound", False, True, True, True, "no_answer", "voicemail"),
    ("inbound", False, False, True, True, None, "abandoned"),  # in the menu
    ("inbound", False, False, True, False, "caller_gave_up", "abandoned"),  # while a phone rang
    ("inbound", False, False, False, True, None, "picked_up"),  # a message was played
    ("inbound", False, False, False, False, "no_answer", "no_answer"),
    ("inbound", False, False, False, False, "declined", "busy"),
    ("inbound", False, False, False, False, "unreachable", "failed"),
    ("inbound", False, False, False, False, None, "failed"),
    ("outbound", False, False, False, True, "answered", "picked_up"),  # reached no human of ours
    ("outbound", False, False, False, False, "busy", "busy"),
    ("outbound", False, False, True, False, "caller_gave_up", "cancelled"),
    ("outbound", False, False, False, False, "failed", "failed"),
    ("internal", False, False, True, False, "caller_gave_up", "cancelled"),
    ("internal", False, False, False, False, "no_answer", "no_answer"),
]


@pytest.mark.parametrize(("direction", "answered", "voicemail", "left", "up", "fate", "disposition"), CALLS)
def test_a_call_ends_as_the_customer_fared(
    direction: str, answered: bool, voicemail: bool, left: bool, up: bool, fate: str | None, disposition: str
) -> None:
    """Abandoned is what an inbound caller does, cancelled what we do; else the last leg's fate tells."""
    found = disposition_of(
        Direction(direction),
        answered=answered,
        voicemail=voicemail,
        caller_left=left,
        customer_up=up,
        last_fate=None if fate is None else OfferingOutcome(fate),
    )
    assert found is Disposition(disposition)
