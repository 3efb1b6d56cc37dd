"""The calls of a span with what both sides say of them, for `analytics.differential`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, union

from analytics.differential import CallToCompare, Claimed, Stretch
from analytics.storage.models import calls, claims, holds, offerings, queue_visits, talks, transfers
from analytics.storage.queries import LONGEST_US
from telephony.calls.facts import TalkKind

_KINDS = {each.value: each for each in TalkKind}
SPAN_US = 3_600_000_000
"""An hour of calls is read at a time: a centre's year would not fit in memory."""

IDS_AT_A_TIME = 500


def calls_to_compare(connection: Connection, start_us: int, end_us: int) -> Iterator[CallToCompare]:
    """The calls that began in this span and have ended, in order of their beginning."""
    at = start_us
    while at < end_us:
        until = min(at + SPAN_US, end_us)
        yield from _read(connection, (calls.c.started_us >= at) & (calls.c.started_us < until))
        at = until


def calls_of_agent(connection: Connection, agent: str, start_us: int, end_us: int) -> Iterator[CallToCompare]:
    """Those of them in which an agent was rung or talked: the PBX claims nothing of him in others."""
    began = calls.c.started_us
    parts = (
        select(table.c.call_id).where(table.c.agent == agent, column >= start_us, column < end_us + LONGEST_US)
        for table, column in ((offerings, offerings.c.offered_us), (talks, talks.c.started_us))
    )
    wanted = select(calls.c.id).where(calls.c.id.in_(union(*parts)), began >= start_us, began < end_us)
    ids = list(connection.execute(wanted.order_by(began, calls.c.id)).scalars())
    for first in range(0, len(ids), IDS_AT_A_TIME):
        yield from _read(connection, calls.c.id.in_(ids[first : first + IDS_AT_A_TIME]))


def _read(connection: Connection, within: ColumnElement[bool]) -> Iterator[CallToCompare]:
    began = calls.c.started_us
    told = connection.execute(
        select(calls).where(within, calls.c.ended_us.is_not(None)).order_by(began, calls.c.id)
    )
    rows = told.fetchall()
    if not rows:
        return

    def of_calls(table: Any) -> dict[str, list[Any]]:
        wanted = select(table).join(calls, calls.c.id == table.c.call_id).where(within).order_by(table.c.id)
        found: dict[str, list[Any]] = {}
        for row in connection.execute(wanted):
            found.setdefault(row.call_id, []).append(row)
        return found

    talked, claimed, moved, queued = of_calls(talks), of_calls(claims), of_calls(transfers), of_calls(queue_visits)
    rung = of_calls(offerings)
    held = _holds(connection, within)
    for row in rows:
        stretches = tuple(_stretch(each, held) for each in talked.get(row.id, ()) if each.ended_us is not None)
        names = _names((*rung.get(row.id, ()), *talked.get(row.id, ())))
        devices = {each.by_device for each in moved.get(row.id, ())}
        yield CallToCompare(
            call_id=row.id,
            pbx=row.pbx,
            started_us=row.started_us,
            ended_us=row.ended_us,
            picked_up_us=row.picked_up_us,
            known=row.known,
            customer=row.customer,
            queued=row.id in queued,
            stretches=stretches,
            claims=tuple(
                Claimed(
                    agent=names.get(each.interface, each.agent), source=each.source, talk_seconds=each.talk_seconds
                )
                for each in claimed.get(row.id, ())
            ),
            handed_on_by=frozenset(each.agent for each in talked.get(row.id, ()) if each.device in devices),
            names=names,
        )


def _names(rows: Iterable[Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        for name in (row.member_name, row.interface, row.device):
            if name:
                found[name] = row.agent
    return found


def _holds(connection: Connection, within: Any) -> dict[str, int]:
    """Microseconds of hold by talk."""
    wanted = (
        select(holds)
        .join(talks, talks.c.id == holds.c.talk_id)
        .join(calls, calls.c.id == talks.c.call_id)
        .where(within)
    )
    found: dict[str, int] = {}
    for row in connection.execute(wanted):
        if row.end_us is not None:
            found[row.talk_id] = found.get(row.talk_id, 0) + row.end_us - row.start_us
    return found


def _stretch(row: Any, held: dict[str, int]) -> Stretch:
    return Stretch(
        agent=row.agent,
        kind=_KINDS[row.kind],
        start_us=row.started_us,
        end_us=row.ended_us,
        hold_us=held.get(row.id, 0),
    )
