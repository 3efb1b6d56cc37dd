"""Lives a span of days of a centre: everything in the order of time, every step by the rules, checked all along."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import nlargest

from config.followups import IN_PERSON, FollowUpKind, FulfilledBy, TriggerKind
from config.policies import Policy
from config.recurrence import period_of
from schedulers.customers.records import Customer
from schedulers.errors import RefusedError
from schedulers.followups.account import Account, Decision, Happened, HeardCall
from schedulers.followups.acting import acknowledge
from schedulers.followups.arising import arise, enrol, recur
from schedulers.followups.changing import Act as Doing
from schedulers.followups.hearing import hear
from schedulers.followups.passing import pass_time, replanned
from schedulers.followups.records import Change, FollowUp, What
from schedulers.followups.rules import Rules
from schedulers.followups.saying import record
from schedulers.simulation.checks import ViolationError
from schedulers.simulation.crew import Crew
from schedulers.simulation.dice import Dice
from schedulers.simulation.floor import Floor, is_ready
from schedulers.simulation.ledger import Ledger, customer_is
from schedulers.simulation.moments import Act, Moment, Moments
from schedulers.simulation.outcomes import Word
from schedulers.simulation.outside import Outside, Wish, granted
from schedulers.simulation.tally import Tally

DAY, TICK, MINUTE = timedelta(days=1), timedelta(microseconds=1), timedelta(minutes=1)
COMMITTED_AFTER = 150
"""Steps of the rules between two commits."""

Progress = Callable[[date], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be lived: from the first day to the last, with so many strangers and crashes."""

    policy: Policy
    customers: tuple[Customer, ...]
    registered: int  # the others are known by a number alone
    crew: Crew
    first: date
    last: date
    seed: int
    crashes: int = 0
    watched: str | None = None  # the customer whose calendar is kept


@dataclass(slots=True)
class Lived:
    """What it was like."""

    tally: Tally
    ledger: Ledger
    refused: int = 0
    crashed: int = 0
    story: list[Change] = field(default_factory=list)
    open_at_end: tuple[FollowUp, ...] = ()


class Year:
    """One run. The same plan gives the same, with crashes or without."""

    def __init__(self, plan: Plan, progress: Progress = lambda day: None) -> None:
        self._plan, self._progress = plan, progress
        self._dice = Dice(plan.seed)
        self._rules = Rules(plan.policy, plan.crew)
        self._moments = Moments()
        tally = Tally(plan.seed)
        customers = list(plan.customers)
        ledger = Ledger(customers, self._rules, plan.seed, keeps_log=plan.crashes > 0)
        self._lived = Lived(tally=tally, ledger=ledger)
        self._ledger, self._tally = ledger, tally
        self._floor = Floor(ledger, self._rules, plan.crew, self._moments, tally, self._dice)
        self._outside = Outside(plan.policy, customers, plan.registered, plan.crew, self._dice)
        self._places = {each.id: place for place, each in enumerate(customers)}

    @property
    def ledger(self) -> Ledger:
        """The accounts, as far as they were lived."""
        return self._ledger

    def live(self) -> Lived:
        """Every day of the plan. Raises ViolationError."""
        day = self._plan.first
        self._tally.month = f"{day:%Y-%m}"
        start = self._midnight(day)
        for customer in range(self._plan.registered):
            self._step(customer, start, enrol, start)
        self._await_crashes()
        while day <= self._plan.last:
            self._begin(day)
            self._until(self._midnight(day + DAY))
            day += DAY
            self._check(day)
            self._tally.month = f"{day:%Y-%m}"
        self._lived.open_at_end = tuple(each for _, each in self._ledger.open_items())
        return self._lived

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self._plan.policy.zone).astimezone(UTC)

    def _await_crashes(self) -> None:
        start, end = self._midnight(self._plan.first), self._midnight(self._plan.last + DAY)
        for number in range(self._plan.crashes):
            at = start + (end - start) * self._dice.roll("crash", number)
            self._moments.will(Moment(at, Act.CRASH, str(number), -1))

    def _begin(self, day: date) -> None:
        """A new day: owners who are gone, who is the best, and all that the day will bring."""
        at = self._midnight(day)
        self._progress(day)
        self._look_after_owners(at)
        for kind in self._rules.version_at(at).promises.kinds:
            if kind.trigger.kind is TriggerKind.TOP and period_of(day, kind.trigger.name)[0] == day:
                self._best(kind, day, at)
        for arrival in self._outside.of_day(day):
            self._moments.will(Moment(arrival.at, Act.ARRIVAL, arrival.key, arrival.customer, arrival.what))
        for worker in self._plan.crew.workers.values():
            for start in worker.starts_on(at, at + DAY):
                self._moments.will(Moment(start, Act.FREE, worker.agent, -1))

    def _look_after_owners(self, at: datetime) -> None:
        crew, ledger = self._plan.crew, self._ledger
        here = {each for each in crew.members(None, at) if not crew.is_away(each, at, at + DAY)}
        for customer in sorted(ledger.busy):
            account = ledger.accounts[customer]
            if any(each.owner not in here and crew.is_away(each.owner, at, each.due_at) for each in account.open):
                self._step(customer, at, pass_time, at)

    def _best(self, kind: FollowUpKind, day: date, at: datetime) -> None:
        """The best of each branch in the period before, by what they spent."""
        branches: dict[str, list[tuple[int, int]]] = {}
        for place in range(self._plan.registered):
            told = self._ledger.accounts[place].customer
            if told.branch and told.is_customer_on(day):
                spent = told.attribute("spend")
                branches.setdefault(told.branch, []).append((spent if isinstance(spent, int) else 0, place))
        for best in branches.values():
            for _, place in nlargest(kind.top, best):
                key = f"top:{day.isoformat()}:{self._plan.customers[place].id}"
                self._step(place, at, arise, Happened(trigger=str(kind.trigger), key=key, at=at))

    def _check(self, day: date) -> None:
        """At each midnight: the sums, and that nobody owns anything who does not work here."""
        at, crew = self._midnight(day), self._plan.crew
        items = [each for _, each in self._ledger.open_items()]
        self._tally.check(items, at, day)
        before = at - TICK
        for owner in {each.owner for each in items}:
            if not crew.works_here(owner, before):
                raise ViolationError(
                    self._plan.seed, f"open ones of {owner} before {day}", "an owner who works here"
                )
        if sum(each.due for each in self._tally.balances.values()) != self._ledger.born:
            raise ViolationError(self._plan.seed, "births that are not counted", f"{self._ledger.born} of them")

    def _until(self, end: datetime) -> None:
        while (moment := self._moments.next_before(end)) is not None:
            self._do(moment)
            if self._ledger.uncommitted > COMMITTED_AFTER:
                self._ledger.commit()

    def _do(self, moment: Moment) -> None:
        at, customer, what = moment.at, moment.customer, moment.what
        match moment.act:
            case Act.CRASH:
                self._crash(at)
            case Act.ARRIVAL:
                self._arrive(customer, at, what)
            case Act.CALL:
                self._heard(customer, at, what)
            case Act.SAID:
                self._say(customer, at, what)
            case Act.ACKNOWLEDGE:
                self._acknowledge(customer, at, moment.name)
            case Act.SERIES:
                self._recur(at, moment.name)
            case Act.WAKE:
                item = self._ledger.item(customer, moment.name)
                if item is not None and item.wake_at is not None and item.wake_at < at:
                    self._step(customer, at, pass_time, at)
            case Act.READY:
                self._ready(customer, at, moment.name)
            case Act.FREE:
                self._floor.free(moment.name, at)

    def _step(
        self, customer: int, at: datetime, step: Callable[..., Decision], *what: object
    ) -> tuple[Change, ...]:
        """A step of the rules, and what follows of it: figures, and when to look again."""
        changes = self._ledger.apply(customer, at, step, *what)
        for change in changes:
            self._tally.note(change)
            if change.what is What.NUDGED and self._dice.roll(change.after.id, "sees") < 0.7:
                self._moments.will(Moment(at + MINUTE, Act.ACKNOWLEDGE, change.after.id, customer))
        if self._plan.watched is not None and self._ledger.accounts[customer].customer.id == self._plan.watched:
            self._lived.story.extend(changes)
        for each in {change.after.id for change in changes}:
            item = self._ledger.item(customer, each)
            if item is not None:
                self._look_again(customer, item, at)
        self._await_series(at)
        return changes

    def _look_again(self, customer: int, item: FollowUp, at: datetime) -> None:
        if item.wake_at is not None:
            self._moments.wake(Moment(max(item.wake_at + TICK, at), Act.WAKE, item.id, customer))
        self._moments.wake(Moment(max(is_ready(item), at), Act.READY, item.id, customer))

    def _await_series(self, at: datetime, names: Iterable[str] | None = None) -> None:
        for name in self._ledger.moved_series() if names is None else names:
            customer, series = self._ledger.series[name]
            if series.next_at is not None:
                self._moments.wake(Moment(max(series.next_at, at), Act.SERIES, name, customer))

    def _arrive(self, customer: int, at: datetime, what: Happened | HeardCall | Wish) -> None:
        if isinstance(what, Happened):
            self._step(customer, at, arise, what)
        elif isinstance(what, HeardCall):
            self._heard(customer, at, what)
        else:
            told = granted(self._ledger.accounts[customer].customer, what, at)
            self._step(customer, at, customer_is, told)
            self._step(customer, at, replanned, at)
            self._step(customer, at, pass_time, at)

    def _heard(self, customer: int, at: datetime, call: HeardCall) -> None:
        """A call is over; who answered a customer's own call says what he reached, mostly at once."""
        changes = self._step(customer, at, hear, call)
        reached = [each.after for each in changes if each.what is What.REACHED]
        if call.inbound and reached and call.talks:
            waits = DAY if self._dice.roll(call.call, "forgets") < 0.05 else MINUTE
            word = self._floor.outcomes.of_inbound(reached, call, at + waits)
            self._moments.will(Moment(at + waits, Act.SAID, f"{call.call} said", customer, word))

    def _say(self, customer: int, at: datetime, word: Word) -> None:
        for said in word.said:
            if self._ledger.item(customer, said.follow_ups[0]) is None:
                continue
            try:
                self._step(customer, at, record, said)
            except RefusedError:
                self._lived.refused += 1
                continue
            if said.elsewhere not in IN_PERSON | {None}:
                self._floor.judge.contacts.add(customer, said.contact_at or said.at)
            if word.first:
                return

    def _acknowledge(self, customer: int, at: datetime, identity: str) -> None:
        if (item := self._ledger.item(customer, identity)) is not None:
            self._step(customer, at, _acknowledged, identity, Doing(what=What.ACKNOWLEDGED, at=at, by=item.owner))

    def _recur(self, at: datetime, name: str) -> None:
        customer, series = self._ledger.series[name]
        if series.next_at is not None and series.next_at <= at:
            self._step(customer, at, recur, series)

    def _ready(self, customer: int, at: datetime, identity: str) -> None:
        item = self._ledger.item(customer, identity)
        if item is None or is_ready(item) > at:
            return
        if self._rules.kind(item).fulfilled_by is FulfilledBy.MESSAGE and item.ready_at is not None:
            self._floor.judge.plan(self._ledger.accounts[customer].customer, item, at)
            self._send(customer, at, item)
        else:
            self._floor.ready(customer, item, at)

    def _send(self, customer: int, at: datetime, item: FollowUp) -> None:
        """Messages go by themselves as soon as they may."""
        self._say(customer, at, self._floor.outcomes.marked(item, item.owner, at))

    def _crash(self, at: datetime) -> None:
        """The software dies and starts again: only what was committed, and what happened since, is known to it."""
        self._lived.crashed += 1
        self._ledger.crash()
        self._ledger.commit()
        self._moments.forget()
        self._floor.forget()
        for customer, item in self._ledger.open_items():
            self._look_again(customer, item, at)
        self._await_series(at, tuple(self._ledger.series))


def _acknowledged(account: Account, identity: str, act: Doing, rules: Rules) -> Decision:
    item = next(each for each in account.open if each.id == identity)
    return acknowledge(account, item, rules, act)
