"""The book of what is owed: the pure core over the store, one transaction a call.

Every function reads the accounts of those concerned, lets `schedulers.followups` decide, and writes changes, series and
wrong numbers. What was decided meanwhile by another is read again (`StaleError`). The changes that were written are
returned: notices are made of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, Engine

from config.followups import TriggerKind
from schedulers.customers.records import Customer, NumberUse, unregistered
from schedulers.errors import RefusedError, StaleError
from schedulers.followups.account import Account, Decision, Happened, HeardCall, Said
from schedulers.followups.arising import arise, enrol, recur
from schedulers.followups.changing import Act, applied
from schedulers.followups.dialled import Tried
from schedulers.followups.hearing import hear
from schedulers.followups.passing import pass_time, replanned
from schedulers.followups.records import SYSTEM, Change
from schedulers.followups.rules import Rules
from schedulers.followups.saying import record
from schedulers.storage import customers as stored
from schedulers.storage.accounts import load_accounts, load_follow_ups
from schedulers.storage.calls import unheard_calls
from schedulers.storage.customer_writing import Origin, Write, change_customer
from schedulers.storage.customer_writing import write as write_customers
from schedulers.storage.dial_hearing import Placed, placed_calls, settle_placed
from schedulers.storage.hearing import (
    about_number,
    customers_to_wake,
    note_heard,
    series_due,
    series_of_customers,
    write_answers,
)
from schedulers.storage.writing import write

DAY = timedelta(days=1)
TRIES = 5
"""How often what was changed by another meanwhile is decided again."""

Decide = Callable[[Account], Decision]
Settle = Callable[[Account, Tried, Rules], Decision]
Also = Callable[[Connection, Sequence[Change]], None]
Thing = TypeVar("Thing")


def _nothing_else(connection: Connection, changes: Sequence[Change]) -> None:
    """No notices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The book of one centre. `also` is done with the changes in the very transaction that writes them."""

    engine: Engine
    rules: Rules
    also: Also = _nothing_else

    def happened(self, triggers: Iterable[tuple[str, Happened]]) -> tuple[Change, ...]:
        """Triggers from outside, each with its customer's id; those that are known already change nothing."""
        by_customer = _grouped(triggers)
        return self._decide(lambda connection: self._each(connection, by_customer, self._arise))

    def say(self, customer: str, said: Said) -> tuple[Change, ...]:
        """An agent's outcome. Raises RefusedError."""

        def work(connection: Connection) -> list[Decision]:
            account = self._account(connection, customer, said.at)
            write_answers(connection, said)
            return [record(account, said, self.rules)]

        return self._decide(work)

    def told(self, customer: Customer, said: Said | None, happened: Sequence[Happened]) -> tuple[Change, ...]:
        """What came of one talk, in one transaction: an outcome for what is owed, and further triggers.

        Who is in no register becomes a customer by his number, once something is owed to him. Raises RefusedError.
        """
        at = max([each.at for each in happened] + ([said.at] if said else []))

        def work(connection: Connection) -> list[Decision]:
            if happened:
                _register(connection, [(customer, at)])
            account = self._account(connection, customer.id, at)
            decision = Decision()
            if said is not None:
                write_answers(connection, said)
                decision = record(account, said, self.rules)
            return [decision + self._in_turn(applied(account, decision), happened, self._arise)]

        return self._decide(work)

    def act(self, follow_up: str, act: Act, job: Callable[[Account, str], Decision]) -> tuple[Change, ...]:
        """What a person does to one follow-up: `job` gets its customer's account, and its id. Raises RefusedError."""

        def work(connection: Connection) -> list[Decision]:
            found = load_follow_ups(connection, [follow_up]).get(follow_up)
            if found is None:
                raise RefusedError("follow-up", repr(follow_up), "the id of a follow-up")
            account = self._account(connection, found.customer, act.at, with_ended=(follow_up,))
            return [job(account, follow_up)]

        return self._decide(work)

    def hear(self, since: datetime, country: str, limit: int = 2000) -> tuple[tuple[Change, ...], int]:
        """Take in the calls that are over and were not taken in; and how many they were (fewer than `limit`: all)."""
        seen: list[int] = []

        def work(connection: Connection) -> list[Decision]:
            told = unheard_calls(connection, since, country, limit)
            seen.append(len(told))
            note_heard(connection, {call: revision for call, (revision, _) in told.items()})
            calls = [call for _, call in told.values()]
            placed = placed_calls(connection, calls)
            for each in placed.values():
                settle_placed(connection, each)
            return self._heard(connection, [_as_placed(call, placed) for call in calls], placed)

        return self._decide(work), seen[-1]

    def settle(
        self, customer: str, tried: Tried, settle: Settle, row: Callable[[Connection], bool]
    ) -> tuple[Change, ...]:
        """What is known of one of our own attempts where no call tells: `settle` is a function of `dialled`.

        `row` writes the attempt's own row in the same transaction, and says whether it was still to be settled.
        """

        def work(connection: Connection) -> list[Decision]:
            if not row(connection):
                return []
            found = load_accounts(connection, [customer], tried.known_at, stored.load, with_ended=tried.follow_ups)
            nobody = Account(customer=unregistered(tried.number, tried.number))
            return [settle(found.get(customer, nobody), tried, self.rules)]

        return self._decide(work)

    def pass_time(self, customers: Sequence[str], now: datetime) -> tuple[Change, ...]:
        """What time changes for some customers, whether or not it was foreseen: their owners may be gone."""

        def work(connection: Connection) -> list[Decision]:
            return self._all(connection, customers, now, lambda account: pass_time(account, now, self.rules))

        return self._decide(work)

    def wake(self, now: datetime, limit: int = 2000) -> tuple[Change, ...]:
        """What time alone changes: due times that passed, reminders."""

        def work(connection: Connection) -> list[Decision]:
            ids = customers_to_wake(connection, now, limit)
            return self._all(connection, ids, now, lambda account: pass_time(account, now, self.rules))

        return self._decide(work)

    def recur(self, now: datetime, limit: int = 2000) -> tuple[tuple[Change, ...], int]:
        """The occurrences whose time has come; and how many series were looked at (fewer than `limit`: all)."""
        seen: list[int] = []

        def work(connection: Connection) -> list[Decision]:
            due = series_due(connection, now, limit)
            seen.append(len(due))
            by_customer = _grouped((each.customer, each) for each in due)
            accounts = self._accounts(connection, by_customer, now)
            ended = [replace(each, next_at=None) for each in due if each.customer not in accounts]
            found = [
                self._in_turn(accounts[id_], series, lambda account, each: recur(account, each, self.rules))
                for id_, series in by_customer.items()
                if id_ in accounts
            ]
            return [*found, Decision(series=tuple(ended))]

        return self._decide(work), seen[-1]

    def enrol(self, customers: Sequence[str], now: datetime) -> None:
        """Customers are in the series of their kinds: each once, however often they are enrolled."""

        def work(connection: Connection) -> list[Decision]:
            known: dict[str, set[str]] = defaultdict(set)
            for each in series_of_customers(connection, customers):
                known[each.customer].add(each.kind)
            accounts = self._accounts(connection, customers, now)
            return [
                enrol(account, now, self.rules, frozenset(known[account.customer.id]))
                for account in accounts.values()
            ]

        self._decide(work)

    def customers_changed(self, customers: Sequence[str], now: datetime) -> tuple[Change, ...]:
        """Customers have other numbers, hours, consent or owners: what is open follows."""

        def decide(account: Account) -> Decision:
            first = pass_time(account, now, self.rules)
            return first + replanned(applied(account, first), now, self.rules)

        return self._decide(lambda connection: self._all(connection, customers, now, decide))

    def _decide(self, work: Callable[[Connection], list[Decision]]) -> tuple[Change, ...]:
        for _ in range(TRIES):
            try:
                with self.engine.begin() as connection:
                    decisions = work(connection)
                    written = write(connection, decisions)
                    self._mark_wrong(connection, decisions)
                    self.also(connection, written.changes)
                    return written.changes
            except StaleError as error:
                stale = error
        raise stale

    def _mark_wrong(self, connection: Connection, decisions: Iterable[Decision]) -> None:
        """Numbers at which somebody else answers are not called again."""
        for decision in decisions:
            for change in decision.changes[:1] if decision.wrong_numbers else ():
                customer = stored.load(connection, [change.after.customer]).get(change.after.customer)
                if customer is not None:
                    numbers = tuple(
                        replace(each, use=NumberUse.WRONG) if each.number in decision.wrong_numbers else each
                        for each in customer.numbers
                    )
                    origin = Origin(at=change.at, by=change.by)
                    change_customer(connection, customer.id, origin, numbers=numbers)

    def _account(
        self, connection: Connection, customer: str, now: datetime, with_ended: Sequence[str] = ()
    ) -> Account:
        found = load_accounts(connection, [customer], now, stored.load, with_ended=with_ended).get(customer)
        if found is None:
            raise RefusedError("customer", repr(customer), "the id of a customer")
        return found

    def _accounts(self, connection: Connection, ids: Iterable[str], now: datetime) -> dict[str, Account]:
        return load_accounts(connection, ids, now, stored.load)

    def _all(self, connection: Connection, ids: Iterable[str], now: datetime, decide: Decide) -> list[Decision]:
        return [decide(account) for account in self._accounts(connection, ids, now).values()]

    def _each(
        self,
        connection: Connection,
        by_customer: Mapping[str, Sequence[Happened]],
        decide: Callable[[Account, Happened], Decision],
    ) -> list[Decision]:
        now = max((each.at for told in by_customer.values() for each in told), default=None)
        if now is None:
            return []
        accounts = self._accounts(connection, by_customer, now)
        unknown = next((each for each in by_customer if each not in accounts), None)
        if unknown is not None:
            raise RefusedError("trigger: customer", repr(unknown), "the id of a customer")
        return [self._in_turn(accounts[id_], told, decide) for id_, told in by_customer.items()]

    def _arise(self, account: Account, happened: Happened) -> Decision:
        return arise(account, happened, self.rules)

    @staticmethod
    def _in_turn(account: Account, told: Sequence[Thing], decide: Callable[[Account, Thing], Decision]) -> Decision:
        whole = Decision()
        for each in told:
            whole += decide(applied(account, whole), each)
        return whole

    def _heard(
        self, connection: Connection, calls: Sequence[HeardCall], placed: Mapping[str, Placed]
    ) -> list[Decision]:
        """Each call on the account of whose number it is, or whom we dialled; a missed stranger gets one."""
        whose = _whose(connection, {call.number for call in calls if call.number is not None})
        by_customer = _grouped(
            (placed[call.call].customer if call.call in placed else whose[call.number].id, call)
            for call in calls
            if call.number is not None
        )
        accounts = {each.customer: _account_of(each) for each in placed.values()}
        accounts |= {each.id: Account(customer=each) for each in whose.values()}
        if calls:
            now = max(call.ended_at for call in calls)
            serves = (each for call in calls if call.attempt for each in call.serves)
            ended = [*self._missed_before(connection, calls), *serves]
            accounts |= load_accounts(connection, by_customer, now, stored.load, with_ended=ended)
        decisions = {
            id_: self._in_turn(accounts[id_], told, lambda account, call: hear(account, call, self.rules))
            for id_, told in by_customer.items()
        }
        _register(
            connection,
            [(accounts[id_].customer, each.changes[0].at) for id_, each in decisions.items() if each.changes],
        )
        return [
            *decisions.values(),
            *(hear(_NOBODY, call, self.rules) for call in calls if call.number is None),
        ]

    def _missed_before(self, connection: Connection, calls: Sequence[HeardCall]) -> list[str]:
        """What missed callers were owed already on their day, though it be over: one a day is enough."""
        missed = {call.number: call for call in calls if call.inbound and not call.answered and call.number}
        return [
            id_
            for number, call in missed.items()
            for kind in self.rules.version_at(call.began_at).promises.kinds
            if kind.trigger.kind is TriggerKind.MISSED_CALL
            for id_ in about_number(connection, kind.id, number, call.began_at - DAY)
        ]


def _whose(connection: Connection, numbers: set[str]) -> dict[str, Customer]:
    """The customer of each number; where none is known, the one that the number alone makes."""
    found = stored.find(connection, numbers)
    return {
        number: stored.whose(found.get(number, ()), number) or _known_by(number, found.get(number, ()))
        for number in numbers
    }


def _known_by(number: str, candidates: Sequence[Customer]) -> Customer:
    """Nobody of the register: a number that several people stand behind stays such a number."""
    customer = unregistered(number, number)
    shared = any(
        each.number == number and each.use is NumberUse.SHARED for one in candidates for each in one.numbers
    )
    return replace(customer, numbers=(replace(customer.numbers[0], use=NumberUse.SHARED),)) if shared else customer


def _register(connection: Connection, owed: Iterable[tuple[Customer, datetime]]) -> None:
    """Who is owed something since an instant and is in no register becomes a customer by his number alone."""
    new = [(each, at) for each, at in owed if not each.is_registered]
    known = stored.load(connection, [each.id for each, _ in new])
    writes = [
        Write(before=None, after=each, origin=Origin(at=at, by=SYSTEM)) for each, at in new if each.id not in known
    ]
    if writes:
        write_customers(connection, writes)


def _as_placed(call: HeardCall, placed: Mapping[str, Placed]) -> HeardCall:
    """A call with what its attempt knows of it."""
    return placed[call.call].heard if call.call in placed else call


def _account_of(placed: Placed) -> Account:
    """Of a customer whom we dialled and who is in no register."""
    number = placed.attempt.number
    return Account(customer=replace(unregistered(number, number), id=placed.customer))


_NOBODY = Account(customer=Customer(id="", is_registered=False))
"""On whose account a call without a number is: nothing is owed, and that is counted."""


def _grouped(pairs: Iterable[tuple[str, Thing]]) -> dict[str, list[Thing]]:
    found: dict[str, list[Thing]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
