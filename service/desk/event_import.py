"""Takes files of events in: all rows, or none where any of them is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from analytics.people.sheets import read_sheets
from schedulers.errors import RefusedError
from service.desk import events
from service.desk.desk import Desk
from service.desk.event_rows import Placed, Reading, Refusal, read_events
from service.desk.events import Taken

PLACES = ("event", "at", "key", "customer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an import found and did."""

    rows: int
    refusals: tuple[Refusal, ...] = ()
    taken: tuple[Taken, ...] = ()
    stored: bool = False

    def as_json(self) -> dict[str, Any]:
        """The public shape."""
        new = sum(each.is_new for each in self.taken)
        return {
            "rows": self.rows,
            "new": new,
            "known": len(self.taken) - new,
            "follow_ups": len({id_ for each in self.taken for id_ in each.follow_ups}),
            "refused": [each.as_json() for each in self.refusals],
            "stored": self.stored,
        }


def take_in(desk: Desk, paths: Sequence[Path], how: Reading, *, dry_run: bool) -> Outcome:
    """Read, check and take in. Raises PeopleError, OSError for what is no file of events."""
    read = read_events([sheet for path in paths for sheet in read_sheets(path)], how)
    refusals = (*read.refusals, *_refused(desk, read.placed, how.now))
    if refusals or dry_run:
        return Outcome(rows=len(read.placed), refusals=refusals)
    taken = events.take(desk, [each.event for each in read.placed], how.now)
    return Outcome(rows=len(read.placed), taken=tuple(taken), stored=True)


def _refused(desk: Desk, placed: Iterable[Placed], now: datetime) -> list[Refusal]:
    """What rows say that cannot be: an event without a kind, a time to come, an unknown customer."""
    rules, listed = desk.rules, list(placed)
    with desk.engine.connect() as connection:
        named = [each.event.customer for each in listed]
        customers = events.customers_of(connection, named, desk.country)
    found: list[Refusal] = []
    for each in listed:
        try:
            events.check(each.event, rules, now)
        except RefusedError as error:
            column = error.thing if error.thing in PLACES else "row"
            found.append(each.refused(column, error.found, error.expected))
            continue
        if each.event.customer not in customers:
            what = repr(each.event.customer)
            found.append(each.refused("customer", what, "a customer's id, or a number of his"))
    return found
