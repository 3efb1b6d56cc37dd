"""Reading customers' pages: all that a decision is made of, in as many statements for one customer as for 5,000."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, literal_column, select

from schedulers.customers.records import Customer
from schedulers.followups.account import Account
from schedulers.followups.records import Attempt, FollowUp
from schedulers.storage.dialect import dialect_for
from schedulers.storage.followup_models import OPEN, customer_contacts, follow_up_attempts, follow_ups
from schedulers.storage.followup_rows import attempt_of, follow_up_of
from telephony.clock import from_microseconds, to_microseconds

IDS_AT_A_TIME = 5000
LONGEST_CAP = timedelta(days=30)
"""How far back contacts are read: no cap of a policy is longer than a month."""

LoadCustomers = Callable[[Connection, Collection[str]], Mapping[str, Customer]]
"""Customers by id; who is not known is left out."""

IS_OPEN: ColumnElement[bool] = literal_column(OPEN)
"""In the very words of the indexes over open rows."""


def load_accounts(
    connection: Connection,
    customer_ids: Iterable[str],
    now: datetime,
    load_customers: LoadCustomers,
    *,
    with_ended: Collection[str] = (),
) -> dict[str, Account]:
    """The accounts of those customers that are known, by id.

    with_ended: ids of follow-ups that are told, with their attempts, though they are over: undo, a late outcome.
    """
    found: dict[str, Account] = {}
    for some in batches(customer_ids):
        found |= _accounts(connection, load_customers(connection, some), now, with_ended)
    return found


def load_follow_ups(connection: Connection, ids: Iterable[str]) -> dict[str, FollowUp]:
    """Follow-ups by id, open or not."""
    dialect = dialect_for(connection)
    wanted = select(follow_ups).where(dialect.among(follow_ups.c.id))
    found = (connection.execute(wanted, dialect.values(some)) for some in batches(ids))
    return {row.id: follow_up_of(row) for rows in found for row in rows}


def batches(ids: Iterable[str]) -> Iterator[list[str]]:
    """The ids, each once, in lists that one statement takes."""
    each_once = list(dict.fromkeys(ids))
    for first in range(0, len(each_once), IDS_AT_A_TIME):
        yield each_once[first : first + IDS_AT_A_TIME]


def _accounts(
    connection: Connection, customers: Mapping[str, Customer], now: datetime, with_ended: Collection[str]
) -> dict[str, Account]:
    ended = [each for each in load_follow_ups(connection, with_ended).values() if not each.is_open]
    open_of = _of_customers([*_open(connection, customers)])
    ended_of = _of_customers(each for each in ended if each.customer in customers)
    concerned = [each.id for told in (*open_of.values(), *ended_of.values()) for each in told]
    attempts = _attempts(connection, concerned)
    contacts = _contacts(connection, customers, now)
    return {
        id_: Account(
            customer=customer,
            open=tuple(open_of[id_]),
            ended=tuple(ended_of[id_]),
            attempts=tuple(each for told in (*open_of[id_], *ended_of[id_]) for each in attempts[told.id]),
            contacts=tuple(contacts[id_]),
        )
        for id_, customer in customers.items()
    }


def _of_customers(told: Iterable[FollowUp]) -> dict[str, list[FollowUp]]:
    found: dict[str, list[FollowUp]] = defaultdict(list)
    for each in told:
        found[each.customer].append(each)
    return found


def _open(connection: Connection, customers: Collection[str]) -> Iterator[FollowUp]:
    """By due time: the order in which they are worked on."""
    dialect, table = dialect_for(connection), follow_ups
    wanted = select(table).where(dialect.among(table.c.customer), IS_OPEN)
    found = connection.execute(wanted, dialect.values(customers)).all()
    return map(follow_up_of, sorted(found, key=lambda row: (row.due_us, row.id)))


def _attempts(connection: Connection, ids: Sequence[str]) -> dict[str, list[Attempt]]:
    dialect, table = dialect_for(connection), follow_up_attempts
    found: dict[str, list[Attempt]] = defaultdict(list)
    if ids:
        wanted = select(table).where(dialect.among(table.c.follow_up))
        rows = connection.execute(wanted, dialect.values(ids)).all()
        for row in sorted(rows, key=lambda row: (row.at_us, row.key)):
            found[row.follow_up].append(attempt_of(row))
    return found


def _contacts(connection: Connection, customers: Collection[str], now: datetime) -> dict[str, list[datetime]]:
    dialect, table = dialect_for(connection), customer_contacts
    since = table.c.at_us >= to_microseconds(now - LONGEST_CAP)
    wanted = select(table).where(dialect.among(table.c.customer), since).order_by(table.c.customer, table.c.at_us)
    found: dict[str, list[datetime]] = defaultdict(list)
    for customer, at_us in connection.execute(wanted, dialect.values(customers)):
        found[customer].append(from_microseconds(at_us))
    return found
