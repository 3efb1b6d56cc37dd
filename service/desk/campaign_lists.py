"""Whose list it is: customers of files, of ids and numbers that were given, or of a query, as ids of the register."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analytics.people.sheets import read_sheets
from schedulers.errors import RefusedError
from schedulers.storage.customer_query import CustomerQuery, choose
from service.desk.campaign_rows import Named, read_rows
from service.desk.desk import Desk
from service.desk.event_rows import Refusal
from service.desk.events import customers_of

EXPECTED = "a customer's id, or a number of his: customers import"
AT_A_TIME = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Customers by their ids, each once, in the order of the list; and the rows that name nobody."""

    customers: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def of_files(desk: Desk, paths: Iterable[Path]) -> Chosen:
    """The customers of files. Raises PeopleError for what is no such file, OSError for none."""
    rows = read_rows(sheet for path in paths for sheet in read_sheets(path))
    known = _known(desk, [each.text for each in rows.named])
    refusals = [*rows.refusals, *(each.refused(EXPECTED) for each in rows.named if each.text not in known)]
    return Chosen(customers=_once(rows.named, known), refusals=tuple(refusals))


def of_names(desk: Desk, names: Sequence[str]) -> tuple[str, ...]:
    """The customers of ids and numbers. Raises RefusedError for the first that is nobody's."""
    known = _known(desk, names)
    unknown = next((each for each in names if each not in known), None)
    if unknown is not None:
        raise RefusedError("customer", repr(unknown[:40]), EXPECTED)
    return tuple(dict.fromkeys(known[each] for each in names))


def of_query(desk: Desk, query: CustomerQuery) -> tuple[str, ...]:
    """The customers whom a query means."""
    with desk.engine.connect() as connection:
        return choose(connection, query)


def _known(desk: Desk, names: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    with desk.engine.connect() as connection:
        for first in range(0, len(names), AT_A_TIME):
            some = customers_of(connection, names[first : first + AT_A_TIME], desk.country)
            found |= {name: customer.id for name, customer in some.items()}
    return found


def _once(named: Iterable[Named], known: dict[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(known[each.text] for each in named if each.text in known))
