"""The order of an attempt, as its PBX is asked for it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from config.dialling import DialTrunk
from schedulers.campaigns.records import Campaign, DialAttempt, DialMode
from telephony.dialler import First, Order
from telephony.dialling.numbers import as_dialled


def order_of(attempt: DialAttempt, campaign: Campaign | None, trunk: DialTrunk, country: str) -> Order | None:
    """The order; None where the number is one that no telephone could dial. `country` is the trunk's."""
    number = as_dialled(attempt.number, trunk.number, country=country, prefix=trunk.prefix)
    if number is None:
        return None
    return Order(
        channel_id=attempt.channel_id,
        first=First.CUSTOMER if attempt.mode is DialMode.PROGRESSIVE else First.AGENT,
        device=attempt.device,
        number=number,
        trunk=attempt.trunk,
        ring=trunk.ring if campaign is None or campaign.ring is None else campaign.ring,
        caller_id=(campaign.caller_id if campaign is not None else "") or trunk.caller_id,
        account=attempt.channel_id,
        notice=campaign is not None and campaign.notice,
    )


Trunks = Mapping[tuple[str, str], DialTrunk]
"""The trunks that calls may go over, by the PBX's name and their own."""
