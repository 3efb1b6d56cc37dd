"""A call that a transfer joined to another was a consultation all along: says so in its talks and offerings."""

from __future__ import annotations

from telephony.calls.call import Call
from telephony.calls.drafts import Draft
from telephony.calls.facts import OfferingSource, TalkKind


def as_consultation(call: Call) -> list[Draft]:
    """Restate the call's talks and offerings; gives what changed."""
    changed: list[Draft] = []
    for talk in call.talks:
        if talk.kind in (TalkKind.INTERNAL, TalkKind.CUSTOMER):
            talk.kind = TalkKind.CONSULT
            changed.append(talk)
    for offering in call.offerings:
        if offering.source is OfferingSource.PICKUP:
            continue  # nobody asked him: he took a customer's call from a colleague's phone
        if offering.source is OfferingSource.DIRECT:
            offering.source = OfferingSource.TRANSFER
        # What still rings rings for the customer from now on.
        offering.consult = offering.ended_at is not None
        changed.append(offering)
    return changed
