"""Whether a time that is being promised is one at which the customer may be called, and the next one that is. Pure.

The customer's own wish goes before quiet times and closed days (`schedulers.followups.planning`), so this warns and
never refuses: the agent moves it, or says that the customer wants it so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.contact_times import ContactTimes, Shut
from config.followups import FollowUpKind, TriggerKind
from schedulers.customers.records import Customer
from schedulers.followups.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Awkward:
    """Why a time is none to call at, and the next one that is; None where there is none within 400 days."""

    why: Shut
    next_at: datetime | None


def promise_kinds(rules: Rules, at: datetime) -> tuple[FollowUpKind, ...]:
    """What may be promised on the phone, in the policy's order."""
    kinds = rules.version_at(at).promises.kinds
    return tuple(each for each in kinds if each.trigger.kind is TriggerKind.PROMISE)


def awkward(
    rules: Rules, kind: FollowUpKind, customer: Customer | None, at: datetime, now: datetime
) -> Awkward | None:
    """What is wrong with calling this customer at an instant; None where nothing is."""
    times = ContactTimes(rules.openings, rules.version_at(now).promises.contact, kind.windows)
    zone, hours = (customer.zone, customer.hours) if customer else (None, ())
    why = times.shut(at, zone, hours)
    return None if why is None else Awkward(why=why, next_at=times.next(at, zone, hours))
