"""Whom a campaign would call: who, when and why not, before it is started and while it runs.

What the rules say of each contact is asked anew; what agents and trunks say is on record once the campaign runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from schedulers.campaigns.choosing import number_of, why_not
from schedulers.campaigns.records import Campaign, Why
from schedulers.customers.records import Customer
from schedulers.followups.planning import planned
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules
from schedulers.storage import customers as stored
from schedulers.storage.accounts import load_accounts
from schedulers.storage.campaign_contacts import iterate_contacts, load_contacts
from schedulers.storage.dial_reading import load_live
from schedulers.storage.dial_refusals import Refused, load_refusals
from service.desk.campaigns import campaign_json
from service.desk.shapes import View
from telephony.calls.record import instant

AT_A_TIME = 500
Told = Callable[[int], None]
"""(so many contacts were looked at)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One contact at an instant. `why` None may be dialled now, else `ready_at` is the next permitted instant.

    refused: why the campaign did not dial him when it looked last, if it did.
    """

    follow_up: FollowUp
    customer: Customer | None
    number: str | None
    why: Why | None
    ready_at: datetime | None
    refused: Refused | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How many contacts may be dialled now, and how many not by reason; and when the next of these may."""

    ready: int = 0
    why_not: Mapping[Why, int] = field(default_factory=dict)
    next_at: datetime | None = None

    @property
    def contacts(self) -> int:
        """All of them."""
        return self.ready + sum(self.why_not.values())


def outlook(
    connection: Connection, campaign: Campaign, rules: Rules, now: datetime, told: Told = lambda done: None
) -> Outlook:
    """All contacts of a campaign, counted."""
    counted: Counter[Why] = Counter()
    ready = looked = 0
    next_at: datetime | None = None
    for some in iterate_contacts(connection, campaign, AT_A_TIME):
        for each in judged(connection, some, rules, now):
            if each.why is None:
                ready += 1
                continue
            counted[each.why] += 1
            if each.ready_at is not None and each.ready_at > now:
                next_at = each.ready_at if next_at is None else min(next_at, each.ready_at)
        looked += len(some)
        told(looked)
    ordered = {why: counted[why] for why in Why if counted[why]}
    return Outlook(ready=ready, why_not=ordered, next_at=next_at)


def contacts_page(
    connection: Connection, campaign: Campaign, rules: Rules, now: datetime, *, after: str = "", limit: int = 100
) -> tuple[list[Contact], str | None]:
    """Some contacts by their ids, from behind an id on, and the id behind which the next page begins."""
    found = load_contacts(connection, campaign, after=after, limit=limit + 1)
    refused = {each.follow_up: each for each in reversed(load_refusals(connection, campaign.id))}
    shown = judged(connection, found[:limit], rules, now, refused)
    return shown, found[limit - 1].id if len(found) > limit else None


def judged(
    connection: Connection,
    items: Iterable[FollowUp],
    rules: Rules,
    now: datetime,
    refused: Mapping[str, Refused] | None = None,
) -> list[Contact]:
    """Each of them by the rules, on accounts read now."""
    told = list(items)
    accounts = load_accounts(connection, {each.customer for each in told}, now, stored.load)
    alive = {each.customer for each in load_live(connection)}
    found: list[Contact] = []
    for each in told:
        account = accounts.get(each.customer)
        if account is None:
            found.append(Contact(follow_up=each, customer=None, number=None, why=Why.NOT_OPEN, ready_at=None))
            continue
        number = number_of(each, account.customer)
        why = Why.ALIVE if each.is_open and each.customer in alive else why_not(each, account, rules, now)
        found.append(
            Contact(
                follow_up=each,
                customer=account.customer,
                number=number,
                why=Why.NO_NUMBER if why is None and number is None else why,
                ready_at=planned(each, account, rules, now).ready_at,
                refused=(refused or {}).get(each.id),
            )
        )
    return found


def outlook_json(campaign: Campaign, found: Outlook, now: datetime) -> dict[str, Any]:
    """The counts."""
    return {
        "as_of": instant(now),
        "campaign": campaign_json(campaign),
        "contacts": found.contacts,
        "ready": found.ready,
        "why_not": {why.value: count for why, count in found.why_not.items()},
        "next_at": instant(found.next_at),
    }


def contact_json(each: Contact, view: View) -> dict[str, Any]:
    """One contact."""
    item = each.follow_up
    name = each.customer.name if each.customer else None
    return {
        "follow_up": item.id,
        "kind": item.kind,
        "customer": view.customer(item.customer),
        "customer_name": "****" if name and view.masked else name,
        "number": view.number(each.number),
        "owner": item.owner,
        "group": item.group,
        "state": item.state.value,
        "due_at": instant(item.due_at),
        "agreed_at": instant(item.agreed_at),
        "why": each.why.value if each.why else None,
        "ready_at": instant(each.ready_at),
        "attempts": item.counted,
        "last_result": item.tried.value if item.tried else None,
        "refused": None if each.refused is None else each.refused.why.value,
        "refused_at": None if each.refused is None else instant(each.refused.last_at),
    }
