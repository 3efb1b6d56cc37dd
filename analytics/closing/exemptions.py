"""Exemptions: an offering or a call that is left out of the rate, because of the phone, a test or a crank.

One person asks with a reason, another one decides; it is in force while it is approved and not withdrawn. Figures count
what is exempted beside the rate; nothing here changes a fact.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from analytics.closing.models import exemptions
from analytics.closing.persons import must_differ, written
from analytics.closing.records import Exemption, Kind, Reason
from analytics.closing.states import EXEMPTIONS, ExemptionState, ExemptionStep, follow
from analytics.errors import ClosingError
from analytics.people.store import load_names
from analytics.storage.aliases import resolve
from analytics.storage.changes import mark_calls
from analytics.storage.models import call_aliases, calls, offerings
from analytics.storage.queries import LONGEST_US
from telephony.clock import from_microseconds, to_microseconds


def find_target(connection: Connection, kind: Kind, target_id: str) -> tuple[str, int]:
    """The id by which an offering or a call is stored now, and when it began. Raise ClosingError where none is."""
    stored_id = resolve(connection, target_id) if kind is Kind.CALL else target_id
    table, began = (calls, calls.c.started_us) if kind is Kind.CALL else (offerings, offerings.c.offered_us)
    at_us = connection.execute(select(began).where(table.c.id == stored_id)).scalar()
    if at_us is None:
        raise ClosingError(f"{kind.value}: found none of the id {target_id!r}, expected one that is stored")
    return stored_id, at_us


def ask(
    connection: Connection, *, kind: Kind, target_id: str, reason: Reason, text: str, by: str, at: datetime
) -> Exemption:
    """Ask for an exemption. Raise ClosingError where the target is not stored, or has one already."""
    stored_id, target_us = find_target(connection, kind, target_id)
    for each in load_exemptions(connection, target_id=stored_id):
        if each.kind is kind and each.state in (ExemptionState.ASKED, ExemptionState.APPROVED):
            raise ClosingError(f"{each.title}: found {each.state.value}, expected no exemption of it yet")
    row = {
        "kind": kind.value,
        "target_id": stored_id,
        "target_us": target_us,
        "reason": reason.value,
        "text": written(text, "text"),
        "asked_by": written(by, "asked by"),
        "asked_us": to_microseconds(at),
    }
    try:
        key = connection.execute(insert(exemptions).values(row)).inserted_primary_key
    except IntegrityError:
        taken = f"{kind.value} {stored_id}: found an exemption asked for meanwhile"
        raise ClosingError(f"{taken}, expected no exemption of it yet") from None
    return load_exemption(connection, int(key[0]) if key else 0)


def decide(connection: Connection, exemption_id: int, *, approve: bool, by: str, at: datetime) -> Exemption:
    """Approve or refuse. Raise ClosingError where it is decided or withdrawn, or who decides has asked for it."""
    step = ExemptionStep.APPROVE if approve else ExemptionStep.REFUSE
    found = load_exemption(connection, exemption_id)
    follow(EXEMPTIONS, found.title, found.state, step)
    person = written(by, "decided by")
    must_differ(f"{found.title} decided by", person, found.asked_by, load_names(connection))
    changed = {"approved": approve, "decided_by": person, "decided_us": to_microseconds(at)}
    return _change(connection, found, step, changed)


def withdraw(connection: Connection, exemption_id: int, *, by: str, at: datetime) -> Exemption:
    """Take it back. Raise ClosingError where it was refused, or withdrawn before."""
    found = load_exemption(connection, exemption_id)
    follow(EXEMPTIONS, found.title, found.state, ExemptionStep.WITHDRAW)
    changed = {"withdrawn_by": written(by, "withdrawn by"), "withdrawn_us": to_microseconds(at)}
    return _change(connection, found, ExemptionStep.WITHDRAW, changed)


def _change(connection: Connection, found: Exemption, step: ExemptionStep, changed: dict[str, Any]) -> Exemption:
    """Change the row as it was found; whoever was faster has changed its state, which is judged anew."""
    as_found = exemptions.c.approved.is_not_distinct_from(_approved(found.state))
    wanted = update(exemptions).where(exemptions.c.id == found.id, exemptions.c.withdrawn_us.is_(None), as_found)
    if connection.execute(wanted.values(changed)).rowcount == 0:
        now = load_exemption(connection, found.id)
        follow(EXEMPTIONS, now.title, now.state, step)
        raise ClosingError(f"{now.title}: found {now.state.value}, expected {found.state.value}")
    mark_calls(connection, _calls_of(connection, found))
    return load_exemption(connection, found.id)


def _calls_of(connection: Connection, found: Exemption) -> list[str]:
    """The call whose figures change, if it is stored."""
    if found.kind is Kind.CALL:
        return [resolve(connection, found.target_id)]
    wanted = select(offerings.c.call_id).where(offerings.c.id == found.target_id)
    return list(connection.execute(wanted).scalars())


def _approved(state: ExemptionState) -> bool | None:
    return {ExemptionState.APPROVED: True, ExemptionState.REFUSED: False}.get(state)


def load_exemption(connection: Connection, exemption_id: int) -> Exemption:
    """One exemption. Raise ClosingError where there is none of this id."""
    row = connection.execute(_exemptions().where(exemptions.c.id == exemption_id)).first()
    if row is None:
        raise ClosingError(f"exemption: found none of the id {exemption_id}, expected one of `exemption list`")
    return _exemption(row)


def load_exemptions(
    connection: Connection,
    start: datetime | None = None,
    end: datetime | None = None,
    target_id: str | None = None,
) -> tuple[Exemption, ...]:
    """Those of what began in a period, of one target, or all; in the order in which they were asked for."""
    wanted = _exemptions()
    if start is not None and end is not None:
        began = exemptions.c.target_us
        wanted = wanted.where(began >= to_microseconds(start), began < to_microseconds(end))
    if target_id is not None:
        wanted = wanted.where(exemptions.c.target_id == target_id)
    return tuple(map(_exemption, connection.execute(wanted.order_by(exemptions.c.id))))


def load_exempted(connection: Connection, start_us: int, end_us: int) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of the offerings and of the calls that are exempted now, by what they are stored under.

    For figures of [start_us, end_us): all that may touch it are there, and some beside it may be. A call stands for all
    its offerings.
    """
    target = exemptions.c.target_id
    survivor = func.coalesce(call_aliases.c.call_id, target)
    wanted = (
        select(exemptions.c.kind, target, survivor)
        .join(call_aliases, call_aliases.c.alias_id == target, isouter=True)
        .where(exemptions.c.withdrawn_us.is_(None), exemptions.c.approved.is_(True))
        .where(exemptions.c.target_us >= start_us - LONGEST_US, exemptions.c.target_us < end_us + LONGEST_US)
    )
    rows = connection.execute(wanted).all()
    offered = frozenset(given for kind, given, _ in rows if kind == Kind.OFFERING)
    return offered, frozenset(stored for kind, _, stored in rows if kind == Kind.CALL)


def _exemptions() -> Select[Any]:
    """Each row with the id that its target is stored under now, None where it is not."""
    target = exemptions.c.target_id
    survivor = func.coalesce(call_aliases.c.call_id, target)
    return (
        select(exemptions, calls.c.id.label("stored_call"), offerings.c.id.label("stored_offering"))
        .join(call_aliases, call_aliases.c.alias_id == target, isouter=True)
        .join(calls, calls.c.id == survivor, isouter=True)
        .join(offerings, offerings.c.id == target, isouter=True)
    )


def _state(row: Row[Any]) -> ExemptionState:
    if row.withdrawn_us is not None:
        return ExemptionState.WITHDRAWN
    decided = {True: ExemptionState.APPROVED, False: ExemptionState.REFUSED}
    return ExemptionState.ASKED if row.approved is None else decided[row.approved]


def _exemption(row: Row[Any]) -> Exemption:
    kind = Kind(row.kind)
    return Exemption(
        id=row.id,
        kind=kind,
        target_id=row.target_id,
        target_at=from_microseconds(row.target_us),
        reason=Reason(row.reason),
        text=row.text,
        state=_state(row),
        asked_by=row.asked_by,
        asked_at=from_microseconds(row.asked_us),
        decided_by=row.decided_by,
        decided_at=_instant(row.decided_us),
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=_instant(row.withdrawn_us),
        stored=(row.stored_call if kind is Kind.CALL else row.stored_offering) is not None,
    )


def _instant(us: int | None) -> datetime | None:
    return None if us is None else from_microseconds(us)
