"""What may be recorded of a call: the policy's own choices by direction, else those of all."""

from __future__ import annotations

from config.explain import explain
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


def test_the_policy_s_own_are_told_in_both_languages() -> None:
    """One sentence of `policy explain`; a policy without any says nothing."""
    hotline = load_policy("hotline")
    assert "坐席可登记的业务结果：咨询、查询、投诉 · 一般" in explain(hotline, "zh")
    assert "What an agent may record of a call: Enquiry, Query, Complaint, general" in explain(hotline, "en")
    assert "业务结果" not in explain(load_policy("dealers"), "zh")


def test_those_of_all_have_a_digit_each() -> None:
    """Nine at most for either direction, each once, and a silent line is one of them."""
    for direction in (Direction.INBOUND, Direction.OUTBOUND):
        found = offered((), direction)
        assert len(found) <= AT_MOST
        assert [each.result for each in found if each.is_silent] == [Result.SILENT]
    assert len({each.id for each in OUTCOMES}) == len(OUTCOMES)
