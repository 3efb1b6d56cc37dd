"""What the PBX claims of agents' talk in a period, beside ours of the very same calls. Sums only, made by the database.

One source is compared: the first of SOURCES that claims anything in the period. Why a call differs is told by
`analytics.differential`, call by call.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Subquery, func, select

from analytics.differential import MINUTES
from analytics.storage.models import claims, holds, talks

SOURCES = ("agent_complete", "queue_log", "cdr")
_US_OF_MS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One agent's talk in the calls that the PBX makes a claim of, in milliseconds."""

    claimed_ms: int
    ours_ms: int

    @property
    def more_ms(self) -> int:
        """What the PBX claims more than we count."""
        return self.claimed_ms - self.ours_ms


def load_balances(
    connection: Connection, start_us: int, end_us: int, agents: Iterable[str] | None = None
) -> dict[str, Balance]:
    """By agent, of the claims that were made in [start_us, end_us); empty where the PBX claims nothing."""
    within = (claims.c.at_us >= start_us, claims.c.at_us < end_us)
    source = _source(connection, within)
    if source is None:
        return {}
    chosen = [*within, claims.c.source == source]
    if agents is not None:
        chosen.append(claims.c.agent.in_(sorted(agents)))
    claimed = select(claims.c.agent, func.sum(claims.c.talk_seconds)).where(*chosen).group_by(claims.c.agent)
    told = {agent: int(seconds) * 1000 for agent, seconds in connection.execute(claimed)}
    of_calls = select(claims.c.call_id, claims.c.agent).where(*chosen).distinct().subquery()
    talked, held = _talked(connection, of_calls), _held(connection, of_calls)
    return {
        agent: Balance(
            claimed_ms=ms, ours_ms=(talked.get(agent, 0) - held.get(agent, 0)) // _US_OF_MS
        )
        for agent, ms in told.items()
    }  # fmt: skip


def _source(connection: Connection, within: tuple[ColumnElement[bool], ...]) -> str | None:
    for source in SOURCES:
        wanted = select(claims.c.id).where(*within, claims.c.source == source).limit(1)
        if connection.execute(wanted).first() is not None:
            return source
    return None


def _talked(connection: Connection, of_calls: Subquery) -> dict[str, int]:
    length = func.sum(talks.c.ended_us - talks.c.started_us)
    wanted = select(talks.c.agent, length).join(of_calls, _same(of_calls)).where(*_counted())
    return _summed(connection, wanted.group_by(talks.c.agent))


def _held(connection: Connection, of_calls: Subquery) -> dict[str, int]:
    length = func.sum(holds.c.end_us - holds.c.start_us)
    wanted = (
        select(talks.c.agent, length).join(of_calls, _same(of_calls)).join(holds, holds.c.talk_id == talks.c.id)
    )
    return _summed(connection, wanted.where(*_counted(), holds.c.end_us.is_not(None)).group_by(talks.c.agent))


def _same(of_calls: Subquery) -> ColumnElement[bool]:
    return (talks.c.call_id == of_calls.c.call_id) & (talks.c.agent == of_calls.c.agent)


def _counted() -> tuple[ColumnElement[bool], ...]:
    return talks.c.kind.in_([each.value for each in MINUTES]), talks.c.ended_us.is_not(None)


def _summed(connection: Connection, wanted: object) -> dict[str, int]:
    return {agent: int(us or 0) for agent, us in connection.execute(wanted)}  # type: ignore[call-overload]
