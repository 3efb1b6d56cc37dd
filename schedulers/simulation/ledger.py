"""The accounts of a simulated centre as a store keeps them: what is known is kept, what was committed survives a crash.

Every step of the rules goes through `apply`. Since the last commit the steps are written down as a log of what
happened; a crash drops the accounts that changed since then and does the log again, which must give the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from schedulers.customers.records import Customer, NumberUse
from schedulers.errors import RefusedError
from schedulers.followups.account import Account, Decision, Series
from schedulers.followups.changing import applied
from schedulers.followups.records import Change, FollowUp, What
from schedulers.followups.rules import Rules
from schedulers.simulation.checks import ViolationError

Step = Callable[..., Decision]
KEPT = timedelta(days=2)
"""What ended so long ago leaves the account; that it was is known for good."""


class Ledger:
    """Accounts by the customer's place in the list, and the series that they are in."""

    def __init__(self, customers: list[Customer], rules: Rules, seed: int, keeps_log: bool) -> None:
        self.accounts = [Account(customer=each) for each in customers]
        self.series: dict[str, tuple[int, Series]] = {}
        self.busy: set[int] = set()  # customers with something open
        self.uncreated: Counter[tuple[str, str]] = Counter()
        self.steps = 0
        self._rules, self._seed, self._keeps_log = rules, seed, keeps_log
        self._born: dict[int, int] = {}  # identity of each follow-up, to that of its kind, trigger and occurrence
        self._cap = rules.longest_cap()
        self._log: list[tuple[int, datetime, Step, tuple[Any, ...]]] = []
        self._before: dict[int, Account] = {}
        self._series_before: dict[str, tuple[int, Series] | None] = {}
        self._born_since: list[int] = []
        self._moved: list[str] = []

    @property
    def born(self) -> int:
        """How many follow-ups there ever were."""
        return len(self._born)

    def item(self, customer: int, identity: str) -> FollowUp | None:
        """An open follow-up."""
        return next((each for each in self.accounts[customer].open if each.id == identity), None)

    def open_items(self) -> Iterator[tuple[int, FollowUp]]:
        """All that is open."""
        for customer in sorted(self.busy):
            for each in self.accounts[customer].open:
                yield customer, each

    def apply(self, customer: int, now: datetime, step: Step, *what: Any) -> tuple[Change, ...]:
        """One step of the rules. Raises RefusedError; then nothing is changed."""
        if self._keeps_log:
            self._log.append((customer, now, step, what))
        return self._apply(customer, now, step, what)

    def _apply(self, customer: int, now: datetime, step: Step, what: tuple[Any, ...]) -> tuple[Change, ...]:
        self.steps += 1
        if step is customer_is:
            self._change_customer(customer, what[0])
            return ()
        decision = step(self.accounts[customer], *what, self._rules)
        return self._take(customer, decision, now)

    def _take(self, customer: int, decision: Decision, now: datetime) -> tuple[Change, ...]:
        for each in decision.uncreated:
            self.uncreated[each.kind, each.why] += 1
        for series in decision.series:
            self._keep_series(customer, series)
        changes = tuple(each for each in decision.changes if each.what is not What.BORN or self._is_new(each.after))
        if not (changes or decision.wrong_numbers or decision.contacts or decision.withdrawn):
            return changes
        account = self.accounts[customer]
        self._before.setdefault(customer, account)
        account = applied(account, replace(decision, changes=changes))
        self._keep(customer, self._pruned(account, now))
        if decision.wrong_numbers:
            self._change_customer(customer, _without(account.customer, decision.wrong_numbers))
        return changes

    def _change_customer(self, customer: int, told: Customer) -> None:
        self._before.setdefault(customer, self.accounts[customer])
        self._keep(customer, replace(self.accounts[customer], customer=told))

    def _keep(self, customer: int, account: Account) -> None:
        self.accounts[customer] = account
        (self.busy.add if account.open else self.busy.discard)(customer)

    def _is_new(self, follow_up: FollowUp) -> bool:
        """Whether it is the first of its kind, trigger and occurrence, told by its id and by these three."""
        identity = int(follow_up.id[:15], 16)
        threefold = hash((follow_up.kind, follow_up.key, follow_up.occurrence))
        known = self._born.get(identity)
        if known is not None and known != threefold:
            raise ViolationError(self._seed, f"{follow_up.id} of two triggers", "one follow-up of each")
        if known is not None:
            return False
        self._born[identity] = threefold
        self._born_since.append(identity)
        return True

    def _pruned(self, account: Account, now: datetime) -> Account:
        ended = tuple(each for each in account.ended if each.ended_at is None or each.ended_at > now - KEPT)
        ids = {each.id for each in (*account.open, *ended)}
        return replace(
            account,
            ended=ended,
            attempts=tuple(each for each in account.attempts if each.follow_up in ids),
            contacts=tuple(each for each in account.contacts if each > now - self._cap),
        )

    def _keep_series(self, customer: int, series: Series) -> None:
        """The first of a series is kept, and each one after it; the same trigger begins it once."""
        name = f"{series.kind}|{series.key}"
        known = self.series.get(name)
        if known is not None and known[1].next >= series.next and series.next_at is not None:
            return
        self._series_before.setdefault(name, known)
        self.series[name] = (customer, series)
        self._moved.append(name)

    def moved_series(self) -> list[str]:
        """The series that are at another occurrence since this was asked last."""
        moved, self._moved = self._moved, []
        return moved

    def commit(self) -> None:
        """All so far is safe."""
        self._log.clear()
        self._before.clear()
        self._series_before.clear()
        self._born_since.clear()

    @property
    def uncommitted(self) -> int:
        """Steps that a crash would lose."""
        return len(self._log)

    def crash(self) -> None:
        """Lose what is not committed, and do it again. Raises ViolationError where the same does not come of it."""
        log, was = list(self._log), {each: self.accounts[each] for each in self._before}
        steps, told, series = self.steps, Counter(self.uncreated), {k: self.series[k] for k in self._series_before}
        self._roll_back()
        for customer, now, step, what in log:
            try:
                self._apply(customer, now, step, what)
            except RefusedError:
                continue
        for customer, account in was.items():
            if self.accounts[customer] != account:
                raise ViolationError(
                    self._seed, f"another account of {account.customer.id} after a crash", "the same"
                )
        if any(self.series[name] != each for name, each in series.items()):
            raise ViolationError(self._seed, "another series after a crash", "the same")
        self.steps, self.uncreated, self._moved = steps, told, []

    def _roll_back(self) -> None:
        for customer, account in self._before.items():
            self._keep(customer, account)
        for name, known in self._series_before.items():
            if known is None:
                del self.series[name]
            else:
                self.series[name] = known
        for identity in self._born_since:
            del self._born[identity]
        self._before, self._series_before, self._born_since = {}, {}, []


def customer_is(account: Account, told: Customer, rules: Rules) -> Decision:
    """A step: other data of the customer are stored."""
    return Decision()


def _without(customer: Customer, wrong: tuple[str, ...]) -> Customer:
    numbers = tuple(
        replace(each, use=NumberUse.WRONG) if each.number in wrong else each for each in customer.numbers
    )
    return replace(customer, numbers=numbers)
