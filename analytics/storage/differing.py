"""The calls of a span with what both sides say of them, for `analytics.differential`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, select

from analytics.differential import CallToCompare, Claimed, Stretch
from analytics.storage.models import calls, claims, holds, offerings, queue_visits, talks, transfers
from telephony.calls.facts import TalkKind

_KINDS = {each.value: each for each in TalkKind}
SPAN_US = 3_600_000_000
"""An hour of calls is read at a time: a centre's year would not fit in memory."""


def calls_to_compare(connection: Connection, start_us: int, end_us: int) -> Iterator[CallToCompare]:
    """The calls that began in this span and have ended, in order of their beginning."""
    at = start_us
    while at < end_us:
        until = min(at + SPAN_US, end_us)
        yield from _read(connection, at, until)
        at = until


def _read(connection: Connection, start_us: int, end_us: int) -> Iterator[CallToCompare]:
    began = calls.c.started_us
    within = (began >= start_us) & (began < end_us)
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
