"""Takes files of customers into the store: read as a stream, told, and written in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from analytics.people.people_store import are_of_policy, load_people, people_of_policy
from analytics.people.records import People
from analytics.people.rows import Refusal
from analytics.people.sheets import Stream, stream_sheets
from config.policies import Policy
from schedulers.customers.files import LIMITS, read_files
from schedulers.customers.number_cells import Numbering
from schedulers.customers.row_readers import Rules
from schedulers.storage.customer_import import Found, Importer
from service.migrations import upgrade


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an import found and did."""

    found: Found
    stored: bool

    def as_json(self) -> dict[str, Any]:
        """The public shape; lists hold the first thousand, counts all."""
        found = self.found
        return {
            "rows": found.rows,
            "added": found.added,
            "changed": found.changed,
            "unchanged": found.unchanged,
            "months_of_spend": found.months,
            "refused_rows": found.refused,
            "warned": found.warned,
            "changes": [
                {"id": each.customer, "what": "added" if each.is_new else "changed", "fields": _fields(each.fields)}
                for each in found.changes
            ],
            "refused": [_place(each) for each in found.refusals],
            "warnings": [_place(each) for each in found.warnings],
            "unread_columns": list(found.unread),
            "stored": self.stored,
        }


def take_in(
    engine: Engine,
    policy: Policy,
    paths: Iterable[Path],
    *,
    by: str,
    at: datetime,
    dry_run: bool,
    partial: bool,
) -> Outcome:
    """Lay what files tell over the store's customers.

    Nothing is written where any row is refused, unless `partial` says so. Raises PeopleError, OSError,
    SQLAlchemyError.
    """
    if not dry_run:
        upgrade(engine)
    with engine.connect() as connection:
        rules = rules_of(connection, policy, at)
        importer = Importer(connection, by=by, at=at, partial=partial, writes=not dry_run)
        found = importer.take_in(read_files(_sheets(paths), rules))
        stores = not dry_run and (partial or not found.refused)
        if stores:
            connection.commit()
        else:
            connection.rollback()
    return Outcome(found=found, stored=stores)


def rules_of(connection: Connection, policy: Policy, at: datetime) -> Rules:
    """By what customers are read: the policy's zone, country and numbers in force, and the agents who are known."""
    numbering = Numbering(country=policy.country, lists=policy.resolve(at).numbers)
    return Rules(zone=policy.zone, numbering=numbering, agents=agents_of(connection, policy))


def agents_of(connection: Connection, policy: Policy) -> dict[str, str | None]:
    """What agents may be called, to their number: the number itself, or a name that only one of them has."""
    stored = load_people(connection)
    people = people_of_policy(policy) if stored == People() and are_of_policy(connection) else stored
    found: dict[str, str | None] = {}
    for each in people.agents:
        if each.name:
            found[each.name] = None if each.name in found else each.agent
    return found | {each.agent: each.agent for each in people.agents}


def _sheets(paths: Iterable[Path]) -> Iterator[Stream]:
    for path in paths:
        yield from stream_sheets(path, LIMITS)


def _fields(fields: Any) -> dict[str, Any]:
    return {name: {"before": before, "after": after} for name, (before, after) in fields.items()}


def _place(each: Refusal) -> dict[str, Any]:
    return {
        "file": each.file,
        "sheet": each.sheet,
        "row": each.row,
        "column": each.column,
        "found": each.found,
        "expected": each.expected,
    }
