"""The call at hand of an agent's desk: whose it is, what is owed, what was before, and what he typed or recorded of it.

A call that goes on is taken as the hub has it, since what rings now may not be stored yet; all else is read from the
store. Blocking; raises SQLAlchemyError.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from analytics.storage.call_facts import facts_of_call
from schedulers.customers.records import Customer
from schedulers.followups.rules import Rules
from service.dashboard.desk.shapes import Hand
from service.desk import call_records
from service.desk.callers import Caller, Seen, who
from service.desk.form_reading import Around
from service.desk.history import Past, history
from service.live import desk_reading
from telephony.calls.facts import CallFact, Direction
from telephony.calls.record import CallRecord, fold

LATELY = timedelta(minutes=10)
"""For how long a call that is over stays at hand without a record of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Whose desk, and what of it: a call instead of the one at hand, whose call it is, the number that he said."""

    agent: str
    call: str | None = None
    customer: str | None = None
    asked: str = ""


class Hands:
    """Reads calls at hand."""

    def __init__(self, country: str, now: Callable[[], datetime]) -> None:
        self._country = country
        self._now = now

    def history(
        self, connection: Connection, customer: Customer | None, number: str | None, without: Sequence[str]
    ) -> tuple[Past, ...]:
        """What was before with a customer, or with the number alone."""
        own = [each.number for each in customer.callable_numbers()] if customer else []
        numbers = list(dict.fromkeys([*own, *([number] if number else [])]))
        named = customer.id if customer else None
        return history(connection, numbers, named, self._country, without=without)

    def hand(self, connection: Connection, rules: Rules, wish: Wish, heard: CallRecord | None) -> Hand | None:
        """The call; None where there is none, or none of his."""
        record = heard or self._lately(connection, wish.agent, wish.call)
        if record is None or record.call.direction is Direction.INTERNAL:
            return None
        fact = record.call
        caller = who(connection, self._seen(fact, rules, wish))
        version = rules.version_at(fact.started_at)
        line = version.line_of(fact.did)
        queue = record.visits[-1].queue if record.visits else None
        return Hand(
            call=fact,
            caller=caller,
            around=Around(call=fact, caller=caller, rules=rules, now=self._now()),
            line=line.name if line else None,
            queue=queue,
            code=version.code_of(fact.did, queue),
            history=self._past(connection, caller, fact),
            entries=call_records.entries_of(connection, fact.id, wish.agent),
            draft=call_records.load_draft(connection, wish.agent, fact.id),
            skills=_skills(rules, caller, fact.started_at),
        )

    def _seen(self, fact: CallFact, rules: Rules, wish: Wish) -> Seen:
        return Seen(
            call=fact,
            agent=wish.agent,
            rules=rules,
            country=self._country,
            now=self._now(),
            chosen=wish.customer,
            asked=wish.asked,
        )

    def _past(self, connection: Connection, caller: Caller, fact: CallFact) -> tuple[Past, ...]:
        own = (fact.id, *fact.alias_ids)
        return self.history(connection, caller.customer, caller.number, own)

    def _lately(self, connection: Connection, agent: str, call: str | None) -> CallRecord | None:
        """A call that he names, else his last one, for a while and until something is recorded of it."""
        if call is not None:
            was_his = desk_reading.was_his(connection, call, agent)
            return _stored(connection, call) if was_his else None
        now = self._now()
        last = desk_reading.last_call(connection, agent, now - timedelta(days=1))
        if last is None or (last[1] is not None and last[1] < now - LATELY):
            return None
        return None if call_records.entries_of(connection, last[0], agent) else _stored(connection, last[0])


def _stored(connection: Connection, call: str) -> CallRecord | None:
    return next(iter(fold(facts_of_call(connection, call))), None)


def _skills(rules: Rules, caller: Caller, at: datetime) -> tuple[str, ...]:
    """What may be asked of who keeps a promise: the customer's dialect first, then what lines and kinds name."""
    version = rules.version_at(at)
    customer = caller.customer
    named = [customer.dialect if customer else None, *(each.skill for each in version.lines)]
    named += [each.skill for each in version.promises.kinds]
    return tuple(dict.fromkeys(each for each in named if each))
