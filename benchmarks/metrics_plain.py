"""The same figures by hand: plain SQL group-by over the facts, and pandas over them in memory.

Per agent: phone minutes (milliseconds of talk less hold, cut to the period), calls handled, offerings in the three-ring
rate, and those answered in less than 15 s. A talk over an edge is cut so that its parts add up to it.
It knows nothing of policies, rounding, transfers over midnight or of
calls that go on: the generated year has none of what it would get wrong, but for talks that cross the edge.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Engine, text

from analytics.metrics.periods import Period

LIMIT_US = 15_000_000

MINUTES = """
SELECT t.agent,
       SUM((MIN_OF(t.ended_us, :until) - t.started_us
            - CASE WHEN h.start_us IS NULL THEN 0 ELSE MAX_OF(0, MIN_OF(h.end_us, :until) - h.start_us) END) / 1000
           - (MAX_OF(t.started_us, :since) - t.started_us
              - CASE WHEN h.start_us IS NULL THEN 0 ELSE MAX_OF(0, MIN_OF(h.end_us, :since) - h.start_us) END) / 1000
          ) AS ms
FROM talks t LEFT JOIN holds h ON h.talk_id = t.id
WHERE t.started_us < :until AND t.ended_us > :since AND t.started_us > :since - 86400000000
  AND t.kind IN ('customer', 'conference')
GROUP BY t.agent
"""
HANDLED = """
SELECT t.agent, COUNT(DISTINCT t.call_id) AS calls
FROM talks t JOIN calls c ON c.id = t.call_id
WHERE c.started_us >= :since AND c.started_us < :until AND t.kind IN ('customer', 'conference')
GROUP BY t.agent
"""
RINGS = """
SELECT o.agent,
       SUM(CASE WHEN o.outcome IN ('answered', 'no_answer', 'declined')
                  OR (o.outcome = 'caller_gave_up' AND o.ended_us - o.ring_us >= :late) THEN 1 ELSE 0 END) AS offered,
       SUM(CASE WHEN o.outcome = 'answered' AND o.ended_us - o.ring_us < :late THEN 1 ELSE 0 END) AS within_it
FROM offerings o JOIN calls c ON c.id = o.call_id
WHERE o.offered_us >= :since AND o.offered_us < :until AND c.direction <> 'internal' AND NOT o.consult
  AND o.source IN ('queue', 'direct', 'transfer', 'pickup')
GROUP BY o.agent
"""


def by_sql(engine: Engine, period: Period) -> dict[str, list[int]]:
    """Agent to milliseconds, calls, offered and within, by three group-bys of the database."""
    least, most = ("LEAST", "GREATEST") if engine.dialect.name == "postgresql" else ("MIN", "MAX")
    told = {"since": period.start_us, "until": period.end_us}
    found: dict[str, list[int]] = {}
    with engine.connect() as connection:
        minutes = MINUTES.replace("MIN_OF", least).replace("MAX_OF", most)
        for agent, ms in connection.execute(text(minutes), told):
            found.setdefault(agent, [0, 0, 0, 0])[0] = int(ms)
        for agent, calls in connection.execute(text(HANDLED), told):
            found.setdefault(agent, [0, 0, 0, 0])[1] = calls
        for agent, offered, within in connection.execute(text(RINGS), told | {"late": LIMIT_US}):
            found.setdefault(agent, [0, 0, 0, 0])[2:] = [offered, within]
    return {agent: values for agent, values in found.items() if any(values)}


def by_pandas(engine: Engine, period: Period) -> dict[str, list[int]]:
    """The same by reading the period's facts into memory and grouping them there."""
    told: dict[str, Any] = {"since": period.start_us, "until": period.end_us}
    before = told | {"since": period.start_us - 86_400_000_000}
    with engine.connect() as connection:
        calls = pd.read_sql(
            text(
                "SELECT id AS call_id, direction, started_us AS began FROM calls"
                " WHERE started_us >= :since AND started_us < :until"
            ),
            connection,
            params=before,
        )
        talks = pd.read_sql(
            text(
                "SELECT t.id, t.call_id, t.agent, t.started_us, t.ended_us, h.start_us, h.end_us"
                " FROM talks t LEFT JOIN holds h ON h.talk_id = t.id"
                " WHERE t.started_us >= :since AND t.started_us < :until AND t.kind = 'customer'"
            ),
            connection,
            params=before | {"until": period.end_us + 86_400_000_000},
        )
        offerings = pd.read_sql(
            text(
                "SELECT call_id, agent, outcome, ring_us, ended_us FROM offerings"
                " WHERE offered_us >= :since AND offered_us < :until"
            ),
            connection,
            params=told,
        )
    since, until = period.start_us, period.end_us
    inside = talks[(talks.started_us < until) & (talks.ended_us > since)]
    minutes = (_milliseconds(inside, until) - _milliseconds(inside, since)).groupby(inside.agent).sum()
    joined = talks.merge(calls[calls.began >= since], on="call_id")
    handled = joined.groupby("agent").call_id.nunique()
    rung = offerings.merge(calls[calls.direction != "internal"], on="call_id")
    ring = rung.ended_us - rung.ring_us
    counted = rung.outcome.isin(["answered", "no_answer", "declined"]) | (
        (rung.outcome == "caller_gave_up") & (ring >= LIMIT_US)
    )
    offered = counted.groupby(rung.agent).sum()
    within = ((rung.outcome == "answered") & (ring < LIMIT_US)).groupby(rung.agent).sum()
    table = pd.concat([minutes, handled, offered, within], axis=1).fillna(0).astype("int64")
    return {str(agent): values for agent, *values in table.itertuples() if any(values)}


def _milliseconds(talks: pd.DataFrame, until: int) -> Any:
    """Each talk's milliseconds up to an instant, hold left out."""
    whole = talks.ended_us.clip(upper=until).clip(lower=talks.started_us) - talks.started_us
    held = (talks.end_us.clip(upper=until) - talks.start_us).clip(lower=0).fillna(0).astype("int64")
    return (whole - held) // 1000
