"""Campaigns made and changed: what was asked for as a record that the policy and the settings permit.

A campaign is made as a draft. Its contacts are follow-ups: a list or a query makes them, by the kinds' own trigger; a
campaign without a list works what is owed of its kinds anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from config.dialling import DialTrunk
from config.followups import FollowUpKind
from config.settings import PbxSettings, Settings
from schedulers.campaigns.changes import Turn
from schedulers.campaigns.choosing import key_of_member
from schedulers.campaigns.making import checked
from schedulers.campaigns.records import Campaign, DialMode
from schedulers.errors import RefusedError
from schedulers.followups.account import Happened
from schedulers.followups.records import id_of
from schedulers.followups.rules import Rules
from schedulers.storage import campaigns
from schedulers.storage.campaigns import By
from service.desk.desk import Desk
from service.desk.events import what_became

AT_A_TIME = 500
"""Customers whose follow-ups are made in one transaction."""

Told = Callable[[int, int], None]
"""(so many are done, of so many)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A campaign as it was asked for. `pbx` and `trunk` '' are the only ones that there are."""

    name: str
    mode: DialMode
    kinds: tuple[str, ...]
    listed: bool = False
    priority: int = 0
    groups: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    pbx: str = ""
    trunk: str = ""
    caller_id: str = ""
    ring: timedelta | None = None
    notice: bool = False
    starts_at: datetime | None = None
    deadline_at: datetime | None = None
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of the customers of a list: new on it, on it before, and why others are not, by customer."""

    campaign: Campaign
    new: int = 0
    known: int = 0
    left_out: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The public shape, but for the campaign."""
        reasons: dict[str, int] = {}
        for why in self.left_out.values():
            reasons[why] = reasons.get(why, 0) + 1
        return {"new": self.new, "known": self.known, "left_out": dict(sorted(reasons.items()))}


def create(desk: Desk, wish: Wish, now: datetime) -> Campaign:
    """Make a campaign. Raises RefusedError."""
    place = trunk_of(desk.settings, wish.pbx, wish.trunk)
    asked = Campaign(
        id=0,
        name=wish.name.strip(),
        mode=wish.mode,
        kinds=wish.kinds,
        listed=wish.listed,
        priority=wish.priority,
        groups=wish.groups,
        agents=wish.agents,
        pbx=place[0],
        trunk=place[1].name,
        caller_id=wish.caller_id,
        ring=wish.ring,
        notice=wish.notice,
        starts_at=wish.starts_at,
        deadline_at=wish.deadline_at,
        made_by=wish.by,
        made_at=now,
    )
    rules = desk.rules
    checked(asked, rules.policy, now, rules.staff)
    with desk.engine.begin() as connection:
        return campaigns.create(connection, asked, By(at=now, by=wish.by, note=wish.note))


def change(desk: Desk, campaign_id: int, to: Mapping[str, Any], by: By, revision: int | None = None) -> Campaign:
    """Give a campaign other values of some of its fields; `revision` is the one that who asks has seen.

    Raises RefusedError, StaleError."""
    rules = desk.rules
    with desk.engine.begin() as connection:
        found = campaigns.require(connection, campaign_id)
        after = replace(found, **to)
        after = after if revision is None else replace(after, revision=revision)
        trunk_of(desk.settings, after.pbx, after.trunk)
        checked(after, rules.policy, by.at, rules.staff)
        told = ", ".join(sorted(to))
        return campaigns.change(connection, after, Turn.CHANGED, replace(by, note=by.note or told))


def trunk_of(settings: Settings, pbx: str, trunk: str) -> tuple[str, DialTrunk]:
    """The PBX and trunk that are meant; '' is the only one. Raises RefusedError where none of the name dials."""
    dialling = {each.name: each.dialling for each in settings.pbxs if each.dialling is not None}
    name = pbx or (next(iter(dialling)) if len(dialling) == 1 else "")
    found = dialling.get(name)
    if found is None:
        expected = ", ".join(sorted(dialling)) or "none: no [pbx.NAME.dialling] in the settings"
        raise RefusedError("campaign: pbx", repr(pbx) if pbx else "none", f"one of {expected}")
    ways = {each.name: each for each in found.trunks}
    way = ways.get(trunk or (next(iter(ways)) if len(ways) == 1 else ""))
    if way is None:
        expected = ", ".join(sorted(ways))
        raise RefusedError("campaign: trunk", repr(trunk) if trunk else "none", f"one of {expected}")
    return name, way


def dials(pbx: PbxSettings) -> bool:
    """Whether the settings let this PBX place calls."""
    return pbx.dialling is not None and pbx.actions is not None


# -- its list ----------------------------------------------------------------------------------------


def add_customers(
    desk: Desk,
    campaign_id: int,
    customers: Sequence[str],
    by: By,
    told: Told = lambda done, of: None,
) -> Added:
    """Put customers on a campaign's list: a follow-up for each, of the kinds of the campaign's trigger.

    The same customer again is there already. Broken off, it goes on where it is begun again. Raises RefusedError.
    """
    rules = desk.rules
    campaign = _listed(desk, campaign_id)
    kinds = _kinds(rules, campaign, by.at)
    everybody = list(dict.fromkeys(customers))
    whole = Added(campaign=campaign)
    for first in range(0, len(everybody), AT_A_TIME):
        some = everybody[first : first + AT_A_TIME]
        whole = _add(desk, kinds, whole, some, by)
        told(first + len(some), len(everybody))
    return whole


def _listed(desk: Desk, campaign_id: int) -> Campaign:
    with desk.engine.connect() as connection:
        found = campaigns.require(connection, campaign_id)
    if not found.listed:
        raise RefusedError(
            f"campaign {found.id}", "one that works all that is owed of its kinds", "one with a list"
        )
    return found


def _kinds(rules: Rules, campaign: Campaign, now: datetime) -> list[FollowUpKind]:
    found = [each for each in rules.version_at(now).promises.kinds if each.id in campaign.kinds]
    if not found:
        raise RefusedError(
            f"campaign {campaign.id}: kinds", ", ".join(campaign.kinds), "kinds of the policy in force"
        )
    return found


def _add(desk: Desk, kinds: Iterable[FollowUpKind], so_far: Added, some: Sequence[str], by: By) -> Added:
    campaign, left_out = so_far.campaign, dict(so_far.left_out)
    triggers = {str(each.trigger) for each in kinds}
    happened = [
        (customer, _happened(each, campaign, customer, by)) for each in sorted(triggers) for customer in some
    ]
    desk.book.happened(happened)
    ids = {id_of(kind.id, key_of_member(campaign.id, customer)): customer for kind in kinds for customer in some}
    with desk.engine.begin() as connection:
        became = what_became(connection, ids)
        made = [follow_up for follow_up, _ in became.values() if follow_up is not None]
        campaign, new = campaigns.add_members(connection, campaign, made, by)
    for identity, (follow_up, why) in became.items():
        if follow_up is None:
            left_out[ids[identity]] = why or "nothing"
    known = so_far.known + len(made) - new
    return Added(campaign=campaign, new=so_far.new + new, known=known, left_out=left_out)


def _happened(trigger: str, campaign: Campaign, customer: str, by: By) -> Happened:
    return Happened(
        trigger=trigger,
        key=key_of_member(campaign.id, customer),
        at=by.at,
        about=(("campaign", campaign.id),),
        by=None,
    )
