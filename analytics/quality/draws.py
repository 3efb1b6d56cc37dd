"""A week's draw on record: its random committed to beforehand, drawn once, and done again by whoever doubts it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from analytics.errors import QualityError
from analytics.quality.assigning import Inspector, ToHear, assign
from analytics.quality.candidates import heard_before, load_candidates, load_pool
from analytics.quality.drawing import (
    Ask,
    Candidate,
    Drawn,
    Shortfall,
    asks_of,
    commitment_of,
    draw,
    pool_digest,
    seed_of,
)
from analytics.quality.models import quality_candidates, quality_draws, quality_samples
from analytics.quality.records import Draw, SampleState
from analytics.quality.scoring import form_digest
from analytics.quality.urging import put_first
from analytics.quality.weeks import Week
from config.policies import Policy
from config.quality import Quality
from telephony.clock import from_microseconds, to_microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A draw that was done again. `differing` says in what it is not what it was; empty where it is."""

    draw: Draw
    picks: tuple[Candidate, ...]
    shortfalls: tuple[Shortfall, ...]
    differing: tuple[str, ...]


def quality_of(policy: Policy, week: Week) -> Quality | None:
    """The section in force when a week ended: what it began with holds for talks, but a week is drawn by one rule."""
    return policy.resolve(from_microseconds(week.period(policy.zone, policy.day_start).end_us - 1)).quality


def commit(connection: Connection, week: Week, policy: Policy, random: str, now: datetime) -> Draw:
    """Commit to a random for a week, unless one was committed to already."""
    if (found := find_draw(connection, week.label)) is not None:
        return found
    period = week.period(policy.zone, policy.day_start)
    row = {
        "week": week.label,
        "start_us": period.start_us,
        "end_us": period.end_us,
        "random": random,
        "commitment": commitment_of(random),
        "committed_us": to_microseconds(now),
    }
    connection.execute(insert(quality_draws).values(row))
    return load_draw(connection, week.label)


def draw_week(
    connection: Connection, week: Week, policy: Policy, inspectors: Sequence[Inspector], by: str, now: datetime
) -> Drawn:
    """Draw a week that is over. Raises QualityError where that cannot be, or was done already."""
    quality = quality_of(policy, week)
    if quality is None:
        raise QualityError(f"draw {week.label}: found no [version.quality] in force, expected one in the policy")
    seed = _begin(connection, week, by, now)
    pool = load_candidates(connection, week, policy, quality)
    shares = {month: week.share(month) for month in week.months()}
    asks = asks_of(seed, quality, shares, pool, heard_before(connection, week.months()))
    asked = {(each.month, each.agent) for each in asks}
    pool = [each for each in pool if (each.month, each.agent) in asked]
    drawn = draw(seed, asks, pool)
    _keep_pool(connection, week.label, pool)
    _keep_samples(connection, week.label, seed, drawn.picks, policy, inspectors, now)
    told = {
        "asks": _written(asks),
        "pool_digest": pool_digest(asks, pool),
        "candidates": len(pool),
        "form_digest": form_digest(quality),
        "policy_digest": policy.digest(),
    }
    connection.execute(update(quality_draws).where(quality_draws.c.week == week.label).values(told))
    return drawn


def _begin(connection: Connection, week: Week, by: str, now: datetime) -> str:
    """Take the draw, so that nobody else draws it too; its seed."""
    row = connection.execute(select(quality_draws).where(quality_draws.c.week == week.label)).first()
    if row is None:
        raise QualityError(f"draw {week.label}: found no random committed to, expected one before the draw")
    if to_microseconds(now) < row.end_us:
        until = from_microseconds(row.end_us).isoformat(timespec="seconds")
        raise QualityError(f"draw {week.label}: found the week unfinished, expected it over: it ends at {until}")
    seed = seed_of(row.random, week.label)
    taken = (
        update(quality_draws)
        .where(quality_draws.c.week == week.label, quality_draws.c.drawn_us.is_(None))
        .values(drawn_us=to_microseconds(now), drawn_by=by, seed=seed)
    )
    if connection.execute(taken).rowcount == 0:
        raise QualityError(f"draw {week.label}: found it drawn already, expected it once: --check does it again")
    return seed


def _keep_pool(connection: Connection, week: str, pool: Sequence[Candidate]) -> None:
    if pool:
        connection.execute(insert(quality_candidates), [{"week": week, **asdict(each)} for each in pool])


def _keep_samples(
    connection: Connection,
    week: str,
    seed: str,
    picks: Sequence[Candidate],
    policy: Policy,
    inspectors: Sequence[Inspector],
    now: datetime,
) -> None:
    heard = [to_hear(each, policy) for each in picks]
    given = assign(seed, heard, inspectors, open_loads(connection))
    for pick, each in zip(picks, heard, strict=True):
        add_sample(connection, week, pick, each.group, given[pick.talk_id], now)
    put_first(connection, [each.file_id for each in picks], now)


def to_hear(pick: Candidate, policy: Policy) -> ToHear:
    """A pick with its agent's group in force when the talk began."""
    at = policy.agent_at(pick.agent, from_microseconds(pick.started_us))
    return ToHear(talk_id=pick.talk_id, agent=pick.agent, group=at.group if at else None)


def add_sample(
    connection: Connection,
    week: str,
    pick: Candidate,
    group: str | None,
    inspector: str | None,
    now: datetime,
    replaces: int | None = None,
) -> int:
    """Put a pick on the worklist; its id."""
    row = {
        "week": week,
        "month": pick.month,
        "talk_id": pick.talk_id,
        "call_id": pick.call_id,
        "file_id": pick.file_id,
        "agent": pick.agent,
        "group_name": group,
        "started_us": pick.started_us,
        "length_ms": pick.length_ms,
        "stratum": pick.stratum,
        "inspector": inspector,
        "drawn_us": to_microseconds(now),
        "state": SampleState.OPEN.value,
        "replaces": replaces,
    }
    key = connection.execute(insert(quality_samples).values(row)).inserted_primary_key
    return int(key[0]) if key else 0


def open_loads(connection: Connection) -> dict[str, int]:
    """By inspector, how many samples wait for him."""
    table = quality_samples.c
    wanted = select(table.inspector, func.count()).where(
        table.state == SampleState.OPEN.value, table.inspector.is_not(None)
    )
    rows = connection.execute(wanted.group_by(table.inspector))
    return {row[0]: row[1] for row in rows}


def check_draw(connection: Connection, week: str) -> Checked:
    """Do a draw again from its random, its questions and its candidates. Raises QualityError where it is not drawn."""
    found = load_draw(connection, week)
    if found.random is None or found.seed is None:
        raise QualityError(f"draw {week}: found it not drawn yet, expected a drawn one to check")
    pool = list(load_pool(connection, week))
    again = draw(found.seed, found.asks, pool)
    kept = select(quality_samples.c.talk_id).where(
        quality_samples.c.week == week, quality_samples.c.replaces.is_(None)
    )
    stored = list(connection.execute(kept.order_by(quality_samples.c.id)).scalars())
    tests = {
        "commitment": commitment_of(found.random) == found.commitment,
        "seed": seed_of(found.random, week) == found.seed,
        "candidates": pool_digest(found.asks, pool) == found.pool_digest,
        "sample": [each.talk_id for each in again.picks] == stored,
    }
    differing = tuple(name for name, same in tests.items() if not same)
    return Checked(draw=found, picks=again.picks, shortfalls=again.shortfalls, differing=differing)


# -- reading -------------------------------------------------------------------------------------


def find_draw(connection: Connection, week: str) -> Draw | None:
    """A week's draw, if its random was committed to."""
    row = connection.execute(select(quality_draws).where(quality_draws.c.week == week)).first()
    return None if row is None else _draw(row)


def load_draw(connection: Connection, week: str) -> Draw:
    """A week's draw. Raises QualityError where there is none."""
    found = find_draw(connection, week)
    if found is None:
        raise QualityError(f"draw: found none of {week}, expected one of `quality draw`")
    return found


def load_draws(connection: Connection, limit: int = 12) -> tuple[Draw, ...]:
    """The newest draws, committed ones first."""
    wanted = select(quality_draws).order_by(quality_draws.c.week.desc()).limit(limit)
    return tuple(map(_draw, connection.execute(wanted)))


def _draw(row: Row[Any]) -> Draw:
    """A random that was not used yet is nobody's business: it is not even read."""
    drawn = row.drawn_us is not None
    return Draw(
        week=row.week,
        start=from_microseconds(row.start_us),
        end=from_microseconds(row.end_us),
        commitment=row.commitment,
        committed_at=from_microseconds(row.committed_us),
        random=row.random if drawn else None,
        drawn_at=from_microseconds(row.drawn_us) if drawn else None,
        drawn_by=row.drawn_by,
        seed=row.seed,
        pool_digest=row.pool_digest,
        asks=_read(row.asks),
        candidates=row.candidates,
        form_digest=row.form_digest,
        policy_digest=row.policy_digest,
    )


def _written(asks: Sequence[Ask]) -> str:
    return json.dumps([asdict(each) for each in asks], ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _read(text: str | None) -> tuple[Ask, ...]:
    return tuple(Ask(**each) for each in json.loads(text or "[]"))
