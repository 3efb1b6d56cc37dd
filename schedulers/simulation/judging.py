"""Judges what a simulated centre is about to do against every promise to the customer. A broken one ends the year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from config.followups import FulfilledBy
from schedulers.customers.records import Customer
from schedulers.followups.occurrences import ENROLLED
from schedulers.followups.planning import waits_for_agreed_time
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules
from schedulers.followups.stopping import DISTURBS
from schedulers.simulation.checks import Contacts, ViolationError, may_be_called

PUNCTUAL = timedelta(minutes=30)
"""A call at an agreed time may begin so much later though the hour is not permitted otherwise."""


class Judge:
    """Knows the contacts of every customer by its own count."""

    def __init__(self, rules: Rules, seed: int) -> None:
        self.contacts = Contacts(seed)
        self._rules, self._seed = rules, seed

    def plan(self, told: Customer, item: FollowUp, now: datetime) -> None:
        """What the rules have planned for this very instant may be done now. Raises ViolationError."""
        kind = self._rules.kind(item)
        if item.ready_at != now or kind.fulfilled_by not in DISTURBS or waits_for_agreed_time(item):
            return
        if not may_be_called(kind, self._rules.contact(item), self._rules.openings, told, now):
            where = f"{item.kind} of {told.id} planned for {now.isoformat()}"
            raise ViolationError(self._seed, where, "one of the permitted times")

    def call(self, customer: int, told: Customer, items: Iterable[FollowUp], now: datetime) -> None:
        """No call outside the permitted times, none over a cap, none to who must not be called.

        Raises ViolationError.
        """
        for each in items:
            if not is_agreed_now(each, now):
                self._call_for(each, customer, told, now)

    def _call_for(self, item: FollowUp, customer: int, told: Customer, now: datetime) -> None:
        kind, contact = self._rules.kind(item), self._rules.contact(item)
        where = f"a call for {item.kind} to {told.id} at {now.isoformat()}"
        if item.open_at > now:
            raise ViolationError(self._seed, where, f"none before {item.open_at.isoformat()}")
        if not may_be_called(kind, contact, self._rules.openings, told, now):
            raise ViolationError(self._seed, where, "one within the permitted times")
        if not self.contacts.room(customer, contact, now):
            raise ViolationError(self._seed, where, "no more contacts than the caps permit")
        if told.do_not_call and told.do_not_call.holds(now) and kind.fulfilled_by is FulfilledBy.TALK:
            raise ViolationError(self._seed, where, "none: he asked not to be called")
        has_left = told.until is not None and told.until <= now.astimezone(self._rules.zone).date()
        if has_left and kind.trigger.kind in ENROLLED:
            raise ViolationError(self._seed, where, "none: he is no customer any more")


def is_agreed_now(item: FollowUp, now: datetime) -> bool:
    """Whether this is the time that was agreed with the customer: it goes before his quiet times and the caps."""
    return (
        waits_for_agreed_time(item)
        and item.agreed_at is not None
        and item.agreed_at <= now < item.agreed_at + PUNCTUAL
    )
