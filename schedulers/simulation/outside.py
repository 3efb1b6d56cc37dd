"""What happens outside of the centre on a day: events, each told several times, calls, customers who change.

Rates are plausible ones, ours. A day is a function of the seed and the day, so that it is the same after a crash.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from config.followups import FollowUpKind, Result, TriggerKind
from config.policies import Policy
from schedulers.customers.records import Customer, DoNotCall
from schedulers.followups.account import Happened, HeardCall, HeardTalk
from schedulers.followups.records import Attributes
from schedulers.simulation.crew import Crew
from schedulers.simulation.dice import Dice

RATES = {
    "complaint_received": 0.06,
    "complaint_resolved": 0.06,
    "report_received": 0.8,
    "transaction": 3.0,
    "visited": 1.0,
    "booking_requested": 1.0,
    "booking_cancelled": 0.1,
    "booking_clash": 0.05,
    "bad_review_unanswered": 0.05,
    "dealer_new": 0.1,
    "installation_ordered": 0.2,
}
"""How often a year an event concerns a customer; those that are not named, half a time."""
OTHER_RATE, PROMISES, MISSED, ANSWERED, CHANGES = 0.5, 0.2, 0.5, 0.6, 0.01
TOLD_FROM_OUTSIDE = frozenset({TriggerKind.EVENT, TriggerKind.CAMPAIGN})
FIRST_HOUR, HOURS = 7, 15
BUSIEST = {4: 0.9, 5: 0.5, 6: 0.4}
CLASSES = {"general": 8.0, "major": 1.5, "crisis": 0.2, "yes": 0.3, "business": 0.5}
"""How often an attribute has a value, 1 where none is said, beside 1 for not being known."""
YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A customer does not want to be called any more, or takes his consent back."""

    key: str
    call: bool  # not to be called; else no consent


class Arrival(NamedTuple):
    """Something reaches the centre: when, under which key, about whom, and what."""

    at: datetime
    key: str
    customer: int
    what: Happened | HeardCall | Wish


class Outside:
    """The world around a centre with some customers, strangers at the end of their list."""

    def __init__(self, policy: Policy, customers: list[Customer], registered: int, crew: Crew, dice: Dice) -> None:
        self._policy, self._customers, self._registered = policy, customers, registered
        self._crew, self._dice = crew, dice

    def of_day(self, day: date) -> Iterator[Arrival]:
        """Everything that reaches the centre because of this day, in no order."""
        kinds = self._policy.resolve(datetime.combine(day, time(), tzinfo=self._policy.zone)).promises.kinds
        about = _values(kinds)
        for name in sorted({str(each.trigger) for each in kinds if each.trigger.kind in TOLD_FROM_OUTSIDE}):
            rate = RATES.get(name.partition(":")[2], OTHER_RATE)
            yield from self._events(name, day, rate, about)
        for name in sorted({str(each.trigger) for each in kinds if each.trigger.kind is TriggerKind.PROMISE}):
            yield from self._promises(name, day)
        yield from self._missed(day)
        yield from self._answered(day)
        yield from self._wishes(day)

    def _throws(self, name: str, day: date, rate: float, among: int) -> Iterator[tuple[str, int, datetime]]:
        expected = rate * among / YEAR * BUSIEST.get(day.weekday(), 1.15)
        for number in range(self._dice.count(expected, name, day)):
            key = f"{name}-{day.isoformat()}-{number}"
            minute = int(self._dice.roll(key, "when") * HOURS * 60)
            at = datetime.combine(day, time(FIRST_HOUR), tzinfo=self._policy.zone).astimezone(UTC)
            yield key, int(self._dice.roll(key, "who") * among), at + timedelta(minutes=minute)

    def _events(self, name: str, day: date, rate: float, about: dict[str, tuple[str, ...]]) -> Iterator[Arrival]:
        for key, who, at in self._throws(name, day, rate, self._registered):
            asked = self._someone(at, key)
            what = Happened(trigger=name, key=key, at=at, about=self._about(about, key), by=asked)
            yield from self._told_again(Arrival(at, key, who, what))

    def _told_again(self, first: Arrival) -> Iterator[Arrival]:
        """A trigger arrives at least once: mostly once, sometimes several times, seldom weeks later."""
        yield first
        thrown = self._dice.roll(first.key, "again")
        waits = (1, 300, 20 * 24 * 60) if thrown < 0.01 else (3,) if thrown < 0.2 else ()
        for number, minutes in enumerate(waits):
            at = first.at + timedelta(minutes=minutes)
            yield Arrival(at, f"{first.key}+{number}", first.customer, first.what)

    def _promises(self, name: str, day: date) -> Iterator[Arrival]:
        for key, who, at in self._throws(name, day, PROMISES, self._registered):
            told = self._dice.roll(key, "told") < 0.6
            promised = at + timedelta(minutes=self._dice.between(60, 48 * 60, key, "until")) if told else None
            by = self._someone(at, key)
            yield Arrival(at, key, who, Happened(trigger=name, key=key, at=at, by=by, promised_at=promised))

    def _about(self, values: dict[str, tuple[str, ...]], key: str) -> Attributes:
        found: list[tuple[str, str | int]] = []
        for name, each in sorted(values.items()):
            if not each:
                found.append((name, self._dice.between(0, 1000, key, name)))
                continue
            weighed = [(value, CLASSES.get(value, 1.0)) for value in each]
            chosen = self._dice.pick([*weighed, ("", 1.0)], key, name)
            found += [(name, chosen)] if chosen else []
        return tuple(found)

    def _someone(self, at: datetime, key: str) -> str | None:
        """Who is asked: an agent on shift, one time in ten nobody known."""
        here = self._crew.on_shift(at)
        if not here or self._dice.roll(key, "by") < 0.1:
            return None
        return here[int(self._dice.roll(key, "agent") * len(here))]

    def _missed(self, day: date) -> Iterator[Arrival]:
        """Callers whom nobody answered; three in ten get through within two hours."""
        for key, who, at in self._throws("missed", day, MISSED, len(self._customers)):
            call = self._inbound(key, who, at, answered=False)
            yield Arrival(call.ended_at, key, who, call)
            if self._dice.roll(key, "got through") < 0.3:
                again = at + timedelta(minutes=self._dice.between(5, 120, key, "later"))
                yield from self._talk(f"{key}+", who, again)

    def _answered(self, day: date) -> Iterator[Arrival]:
        for key, who, at in self._throws("inbound", day, ANSWERED, len(self._customers)):
            yield from self._talk(key, who, at)

    def _talk(self, key: str, who: int, at: datetime) -> Iterator[Arrival]:
        call = self._inbound(key, who, at, answered=True)
        if call.answered:
            yield Arrival(call.ended_at, key, who, call)

    def _inbound(self, key: str, who: int, at: datetime, answered: bool) -> HeardCall:
        numbers, dice = self._customers[who].numbers, self._dice
        withheld = not numbers or dice.roll(key, "withheld") < 0.03
        agent = self._someone(at, key) if answered else None
        waited = timedelta(seconds=dice.between(1, 90, key, "waits"))
        length = timedelta(seconds=dice.between(4, 400, key, "talks"))
        talk = (HeardTalk(agent=agent, began_at=at + waited, length=length),) if agent else ()
        return HeardCall(
            call=key,
            number=None if withheld else numbers[-1].number,
            withheld=withheld,
            inbound=True,
            began_at=at,
            ended_at=at + waited + (length if agent else timedelta()),
            waited=waited,
            answered=agent is not None,
            result=Result.TALKED if agent else Result.NO_ANSWER,
            talks=talk,
        )

    def _wishes(self, day: date) -> Iterator[Arrival]:
        for key, who, at in self._throws("wish", day, CHANGES, self._registered):
            yield Arrival(at, key, who, Wish(key=key, call=self._dice.roll(key) < 0.5))


def granted(customer: Customer, wish: Wish, at: datetime) -> Customer:
    """The customer who has said so."""
    if not wish.call:
        return replace(customer, consent=False)
    return replace(customer, do_not_call=DoNotCall(reason="asked", since=at))


def _values(kinds: tuple[FollowUpKind, ...]) -> dict[str, tuple[str, ...]]:
    """The attributes that any kind asks for, with the values that it asks for; () where it asks for an amount."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for kind in kinds:
        for match in kind.where:
            found[match.key].update(match.values)
    return {key: tuple(sorted(values)) for key, values in found.items()}
