"""Events from outside: an order, a report, a complaint. Each has a customer and a key, and makes what the policy says.

The key names the event for good: the same one again, by whatever road, makes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from config.followups import TriggerKind
from schedulers.customers.records import Customer
from schedulers.errors import RefusedError
from schedulers.followups.account import Happened
from schedulers.followups.arising import key_of
from schedulers.followups.records import Attributes, id_of
from schedulers.followups.rules import Rules
from schedulers.storage.customers import find, load, whose
from schedulers.storage.followup_models import follow_up_triggers
from service.desk.desk import Desk
from telephony.numbers import to_e164

AHEAD = timedelta(minutes=5)
"""The clock of who tells us may be ahead of ours by so much."""
MAX_KEY, MAX_NAME, MAX_VALUE, MAX_ABOUT = 200, 60, 500, 40
_WHOLE = re.compile(r"0|-?[1-9]\d{0,14}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """As it was told. `customer` is an id of the register, or one of the customer's numbers."""

    event: str
    customer: str
    key: str
    at: datetime
    about: Attributes = ()
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an event made: follow-ups by id, whether they are new, and why kinds that it names made none."""

    event: Event
    customer: str
    follow_ups: tuple[str, ...]
    is_new: bool
    why: tuple[tuple[str, str], ...]  # kind, reason

    def as_json(self) -> dict[str, Any]:
        """The public shape."""
        return {
            "event": self.event.event,
            "key": self.event.key,
            "new": self.is_new,
            "follow_ups": list(self.follow_ups),
            "nothing": [{"kind": kind, "why": why} for kind, why in self.why],
        }


def attribute(text: str) -> str | int:
    """A value of an event: a whole number as such, so that a policy can say `at_least`."""
    return int(text) if _WHOLE.fullmatch(text) else text


def known_events(rules: Rules, at: datetime) -> tuple[str, ...]:
    """The events for which the policy in force has a kind."""
    kinds = rules.version_at(at).promises.kinds
    return tuple(dict.fromkeys(each.trigger.name for each in kinds if each.trigger.kind is TriggerKind.EVENT))


def check(event: Event, rules: Rules, now: datetime) -> None:
    """Raise RefusedError for what no event can be."""
    if event.event not in known_events(rules, event.at):
        expected = ", ".join(sorted(known_events(rules, event.at))) or "none: the policy has no kind for any"
        raise RefusedError("event", repr(event.event[:MAX_NAME]), f"one of {expected}")
    if event.at > now + AHEAD:
        raise RefusedError("at", event.at.isoformat(), "an instant that has come")
    for name, text, most in (("key", event.key, MAX_KEY), ("customer", event.customer, MAX_KEY)):
        if not text.strip() or not text.isprintable() or len(text) > most:
            raise RefusedError(name, repr(text[:MAX_NAME]), f"up to {most} letters on one line")
    if len(event.about) > MAX_ABOUT:
        raise RefusedError("attributes", str(len(event.about)), f"at most {MAX_ABOUT}")
    for key, value in event.about:
        if not key.isprintable() or len(key) > MAX_NAME or len(str(value)) > MAX_VALUE:
            raise RefusedError(
                f"attribute {key[:MAX_NAME]!r}", "one that is too long", f"up to {MAX_VALUE} letters"
            )


def customers_of(connection: Connection, named: Iterable[str], country: str) -> dict[str, Customer]:
    """Customers by what names them: an id of the register, else a number of their own. Unknown ones are left out."""
    asked = list(dict.fromkeys(named))
    found = load(connection, asked)
    numbers = {each: to_e164(each, country) or each for each in asked if each not in found}
    candidates = find(connection, numbers.values())
    by_number = {each: whose(candidates.get(number, ()), number) for each, number in numbers.items()}
    return found | {each: customer for each, customer in by_number.items() if customer is not None}


def take(desk: Desk, events: Sequence[Event], now: datetime) -> list[Taken]:
    """Take all of them in, or none. Raises RefusedError."""
    rules = desk.rules
    for event in events:
        check(event, rules, now)
    with desk.engine.connect() as connection:
        customers = customers_of(connection, (each.customer for each in events), desk.country)
    for event in events:
        if event.customer not in customers:
            raise RefusedError("customer", repr(event.customer[:MAX_NAME]), "a customer's id, or a number of his")
    told = [(customers[each.customer].id, happened(each)) for each in events]
    with desk.engine.connect() as connection:
        known = what_became(connection, _ids(rules, told).values())
    desk.book.happened(told)
    with desk.engine.connect() as connection:
        became = what_became(connection, _ids(rules, told).values())
    return [_taken(event, pair, rules, known, became) for event, pair in zip(events, told, strict=True)]


def happened(event: Event) -> Happened:
    """An event as a trigger."""
    return Happened(
        trigger=f"{TriggerKind.EVENT.value}:{event.event}",
        key=f"event:{event.key}",
        at=event.at,
        about=tuple(sorted(event.about)),
        by=event.by,
    )


def _ids(rules: Rules, told: Iterable[tuple[str, Happened]]) -> dict[tuple[str, str, str], str]:
    """The ids of what each trigger makes, by trigger, key and kind."""
    return {
        (each.trigger, each.key, kind.id): id_of(kind.id, key_of(kind, each, rules))
        for _, each in told
        for kind in rules.version_at(each.at).promises.kinds
        if str(kind.trigger) == each.trigger
    }


def what_became(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[str | None, str | None]]:
    """What triggers became: the follow-up, or why none."""
    table = follow_up_triggers.c
    asked = list(dict.fromkeys(ids))
    found: dict[str, tuple[str | None, str | None]] = {}
    for first in range(0, len(asked), 500):
        wanted = select(table.id, table.follow_up, table.why).where(table.id.in_(asked[first : first + 500]))
        found |= {row.id: (row.follow_up, row.why) for row in connection.execute(wanted)}
    return found


def _taken(
    event: Event,
    told: tuple[str, Happened],
    rules: Rules,
    known: Mapping[str, tuple[str | None, str | None]],
    became: Mapping[str, tuple[str | None, str | None]],
) -> Taken:
    made: list[str] = []
    why: list[tuple[str, str]] = []
    is_new = False
    for (_, _, kind), identity in _ids(rules, [told]).items():
        follow_up, reason = became.get(identity, (None, None))
        is_new |= identity not in known
        if follow_up is not None:
            made.append(follow_up)
        elif reason is not None:
            why.append((kind, reason))
    return Taken(event=event, customer=told[0], follow_ups=tuple(made), is_new=is_new, why=tuple(why))
