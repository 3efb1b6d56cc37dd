"""Who dialled whom, where no row says so."""

from __future__ import annotations

from telephony.calls.facts import CallFact, Direction, Disposition, OfferingFact
from telephony.calls.record import newest
from telephony.pbxlogs.builder import Builder
from tests.telephony.pbxlogs.cel_rows import AGENT, CUSTOMER, answered_call, at, call_of, cel


def test_a_phone_that_still_rang_when_the_pbx_died_was_dialled() -> None:
    """Its rows name no application: that it was dialled is told by whose call it bears, and by whom who was in Dial."""
    rows = [row for row in answered_call() if row.at < at(1)]
    facts = newest(fact for told in Builder("pbx", stops=[at(1.5)]).build([call_of(rows)]) for fact in told)
    (offering,) = [fact for fact in facts.values() if isinstance(fact, OfferingFact)]
    (call,) = [fact for fact in facts.values() if isinstance(fact, CallFact)]
    assert (offering.device, offering.offered_at, call.direction) == ("PJSIP/1001", at(0.2), Direction.INBOUND)


def test_a_call_to_the_outside_that_was_cut_off_is_outbound() -> None:
    """The trunk's channel did not ring us: its linkedid is another's."""
    rows = [
        cel(0, "CHAN_START", AGENT, context="agents", exten="913800138000", number="1001"),
        cel(0.1, "APP_START", AGENT, application="Dial", data="PJSIP/13800138000@trunk,30", number="1001"),
        cel(0.2, "CHAN_START", CUSTOMER, uniqueid="1.2", exten="s", number=""),
    ]
    facts = newest(fact for told in Builder("pbx", stops=[at(2)]).build([call_of(rows)]) for fact in told)
    (call,) = [fact for fact in facts.values() if isinstance(fact, CallFact)]
    assert (call.direction, call.customer, call.ended_at) == (Direction.OUTBOUND, "13800138000", at(2))
    assert call.disposition is not Disposition.ANSWERED
