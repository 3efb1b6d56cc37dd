"""What may be recorded of a call: the policy's own choices by direction, else those of all."""

from __future__ import annotations

from config.followups import Result
from config.outcomes import AT_MOST, OUTCOMES, Direction, offered
from config.policy_loader import load_policy


def test_a_policy_s_own_are_offered_in_their_order_and_the_other_direction_has_those_of_all() -> None:
    """The hotline names its classes for calls that come in; for calls out it says nothing."""
    named = load_policy("hotline").versions[0].outcomes
    inbound = [each.id for each in offered(named, Direction.INBOUND)]
    assert inbound == ["enquiry", "query", "complaint_general", "complaint_major", "complaint_crisis", "silent"]
    assert offered(named, Direction.OUTBOUND) == offered((), Direction.OUTBOUND)
    crisis = offered(named, Direction.INBOUND)[4]
    assert (crisis.event, crisis.about) == ("complaint_received", (("class", "crisis"),))


def test_those_of_all_have_a_digit_each() -> None:
    """Nine at most for either direction, each once, and a silent line is one of them."""
    for direction in (Direction.INBOUND, Direction.OUTBOUND):
        found = offered((), direction)
        assert len(found) <= AT_MOST
        assert [each.result for each in found if each.is_silent] == [Result.SILENT]
    assert len({each.id for each in OUTCOMES}) == len(OUTCOMES)
