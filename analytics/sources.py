"""What figures are made of, put together in one place: facts, roll-ups, exemptions, and what is known beside the store.

Every outlet (pages, reports, commands, API, roll-ups) reads through `figures_of`, so that none of them can count
something another leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from sqlalchemy import Connection

from analytics.closing.exemptions import load_exempted
from analytics.metrics.periods import clock_of
from analytics.people.people_store import load_roster
from analytics.people.roster import Roster
from analytics.storage.queries import Gaps, StoredFacts
from analytics.values import Exempted, Scheduled
from config.policies import Policy


def no_gaps(start_us: int, end_us: int) -> Sequence[tuple[int, int]]:
    """Where no ledger of gaps is at hand."""
    return ()


def figures_of(
    connection: Connection, policy: Policy, gaps: Gaps = no_gaps, agents: frozenset[str] | None = None
) -> StoredFacts:
    """The source of a policy's figures, over one transaction; of what these agents did only, where they are named."""

    def exempted(start_us: int, end_us: int) -> Exempted:
        return Exempted(*load_exempted(connection, start_us, end_us))

    @cache
    def roster() -> Roster:
        return load_roster(connection, policy.zone)

    def shifts(start_us: int, end_us: int) -> Iterator[Scheduled]:
        for agent in roster().agents:
            for begins, ends in roster().scheduled(agent, start_us, end_us):
                yield Scheduled(agent, begins, ends)

    return StoredFacts(connection, clock_of(policy), gaps=gaps, exempted=exempted, shifts=shifts, agents=agents)
