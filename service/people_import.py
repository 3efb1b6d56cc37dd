"""Takes files of people into the store: read, planned, told, and written in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from analytics.people.columns import Kind
from analytics.people.differences import Change, differences
from analytics.people.merging import plan_import
from analytics.people.people_store import are_of_policy, load_people, make_own, people_of_policy, write_people
from analytics.people.records import People
from analytics.people.rows import Read, Refusal, read_rows
from analytics.people.sheets import read_sheets
from config.policies import Policy
from service.migrations import upgrade


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an import found and did. `joined_again` counts stored facts that changed their agent."""

    rows: dict[Kind, int]
    changes: tuple[Change, ...]
    refusals: tuple[Refusal, ...]
    unread: tuple[str, ...]
    stored: bool
    joined_again: int = 0

    def as_json(self) -> dict[str, Any]:
        """The public shape."""
        return {
            "rows": {kind.value: count for kind, count in self.rows.items()},
            "changes": [
                {"kind": each.kind.value, "what": each.what.value, "before": each.before, "after": each.after}
                for each in self.changes
            ],
            "refused": [
                {
                    "file": each.file,
                    "sheet": each.sheet,
                    "row": each.row,
                    "column": each.column,
                    "found": each.found,
                    "expected": each.expected,
                }
                for each in self.refusals
            ],
            "unread_columns": list(self.unread),
            "stored": self.stored,
            "joined_again": self.joined_again,
        }


def read_files(paths: Iterable[Path], kinds: Sequence[Kind], policy: Policy) -> Read:
    """The rows of some files, in their order. Raises PeopleError, OSError."""
    sheets = [sheet for path in paths for sheet in read_sheets(path)]
    return read_rows(sheets, kinds, policy.zone, tier_words(policy))


def tier_words(policy: Policy) -> dict[str, str]:
    """What a tier may be called in a file, to its id: the id itself, and its names in both languages."""
    tiers = [tier for version in policy.versions for tier in version.tiers]
    return {word: tier.id for tier in tiers for word in (tier.name_en, tier.name_zh, tier.id)}


def take_in(
    engine: Engine,
    policy: Policy,
    read: Read,
    *,
    dry_run: bool,
    partial: bool,
    tell: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Lay what was read over the store's people. `tell` is called with what will change, before it is written.

    Nothing is written where any row is refused, unless `partial` says so. Raises SQLAlchemyError.
    """
    if dry_run:
        with engine.connect() as connection:
            return _planned(connection, policy, read)[1]
    upgrade(engine)
    with engine.begin() as connection:
        (old, new), outcome = _planned(connection, policy, read)
        tell(outcome)
        if outcome.refusals and not partial:
            return outcome
        rejoined = write_people(connection, old, new, policy.zone)
        make_own(connection)
    return Outcome(
        rows=outcome.rows,
        changes=outcome.changes,
        refusals=outcome.refusals,
        unread=outcome.unread,
        stored=True,
        joined_again=rejoined,
    )


def _planned(connection: Connection, policy: Policy, read: Read) -> tuple[tuple[People, People], Outcome]:
    """From what to what, and how it is told; rows of the policy that are not stored yet count as known."""
    old = load_people(connection)
    begun = people_of_policy(policy) if old == People() and are_of_policy(connection) else old
    plan = plan_import(begun, read, policy.zone)
    outcome = Outcome(
        rows=plan.read,
        changes=differences(old, plan.new, policy.zone),
        refusals=plan.refusals,
        unread=read.unread,
        stored=False,
    )
    return (old, plan.new), outcome
