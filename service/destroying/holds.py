"""Legal holds: recordings that may not be destroyed, whatever a policy or a list says, until the hold is lifted.

A hold is on a call, on a customer with all his numbers, or on all that began in a period. It is placed with a reason
and by a name, stays on record when it is lifted, and stands in the way of every list, those that are approved too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from analytics.storage.aliases import resolve
from analytics.storage.models import calls
from schedulers.storage.customers import load
from service.destroying.errors import DestructionError
from service.destroying.models import legal_holds
from telephony.clock import from_microseconds, to_microseconds
from telephony.numbers import heard_forms

LONGEST_REASON = 500


class HoldKind(StrEnum):
    """What is held."""

    CALL = "call"
    CUSTOMER = "customer"
    PERIOD = "period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One hold. `target`: the id of a call or customer; a period is [start, end)."""

    id: int
    kind: HoldKind
    target: str | None
    start: datetime | None
    end: datetime | None
    reason: str
    placed_by: str
    placed_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None
    lift_reason: str | None

    @property
    def title(self) -> str:
        """How people name it."""
        return f"hold {self.id} ({self.kind})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """All that is held at a moment. Made once for many files."""

    calls: Mapping[str, int]  # hold by call
    numbers: Mapping[str, int]  # hold by customer's number, in each form in which a PBX says it
    periods: tuple[tuple[int, int, int], ...]  # from, until, hold

    def of(self, call_id: str | None, customer: str | None, began_us: int) -> int | None:
        """The hold that keeps a file: by its call, the number of its customer, or when it began."""
        by_call = self.calls.get(call_id) if call_id else None
        by_number = self.numbers.get(customer) if customer else None
        by_time = next((hold for start, end, hold in self.periods if start <= began_us < end), None)
        return next((each for each in (by_call, by_number, by_time) if each is not None), None)


def take_turn(connection: Connection) -> None:
    """Keep others from placing a hold, or destroying, until this transaction ends: one comes after the other.

    On SQLite a writing transaction has the only lock that there is.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE legal_holds IN SHARE ROW EXCLUSIVE MODE")


def place(
    connection: Connection,
    kind: HoldKind,
    *,
    reason: str,
    by: str,
    at: datetime,
    target: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
) -> Hold:
    """Hold a call, a customer or a period. Raises DestructionError where there is no such thing."""
    take_turn(connection)
    row: dict[str, Any] = {"kind": kind.value, "reason": said(reason, "reason"), "placed_by": by}
    row |= _period(start, end) if kind is HoldKind.PERIOD else {"target": _target(connection, kind, target)}
    made = connection.execute(insert(legal_holds).values(**row, placed_us=to_microseconds(at)))
    key = made.inserted_primary_key
    return found(connection, int(key[0]) if key else 0)


def lift(connection: Connection, hold_id: int, *, reason: str, by: str, at: datetime) -> Hold:
    """End a hold. Raises DestructionError where it was lifted before."""
    take_turn(connection)
    told = {"lifted_by": by, "lifted_us": to_microseconds(at), "lift_reason": said(reason, "reason")}
    wanted = update(legal_holds).where(legal_holds.c.id == hold_id, legal_holds.c.lifted_us.is_(None))
    done = connection.execute(wanted.values(told)).rowcount
    hold = found(connection, hold_id)
    if not done:
        raise DestructionError(f"{hold.title}: found one that was lifted, expected one in force")
    return hold


def found(connection: Connection, hold_id: int) -> Hold:
    """One hold. Raises DestructionError where there is none of this id."""
    row = connection.execute(select(legal_holds).where(legal_holds.c.id == hold_id)).first()
    if row is None:
        raise DestructionError(f"hold: found none of the id {hold_id}, expected one of `hold list`")
    return _hold(row)


def listed(connection: Connection, *, in_force: bool = False) -> tuple[Hold, ...]:
    """All holds, the newest first; or those in force alone."""
    wanted = select(legal_holds).order_by(legal_holds.c.id.desc())
    return tuple(map(_hold, connection.execute(_in_force(wanted) if in_force else wanted)))


def holding(connection: Connection, country: str) -> Holding:
    """All that is held now. `country` is that of the centre, by whose forms a PBX says numbers."""
    rows = connection.execute(_in_force(select(legal_holds)).order_by(legal_holds.c.id)).all()
    by_call = {resolve(connection, row.target): row.id for row in rows if row.kind == HoldKind.CALL}
    numbers: dict[str, int] = {}
    of_customers = {row.target: row.id for row in rows if row.kind == HoldKind.CUSTOMER}
    for customer_id, customer in load(connection, of_customers).items():
        for each in customer.numbers:
            numbers |= dict.fromkeys((*heard_forms(each.number, country), each.written), of_customers[customer_id])
    periods = tuple((row.start_us, row.end_us, row.id) for row in rows if row.kind == HoldKind.PERIOD)
    return Holding(calls=by_call, numbers=numbers, periods=periods)


def customer_of_call(connection: Connection, call_id: str | None) -> str | None:
    """The number of a call's customer, as the PBX said it."""
    if call_id is None:
        return None
    return connection.execute(select(calls.c.customer).where(calls.c.id == call_id)).scalar()


def said(text: str, what: str) -> str:
    """A reason in one line. Raises DestructionError where there is none."""
    joined = " ".join(text.split())
    if not joined or not joined.isprintable() or len(joined) > LONGEST_REASON:
        raise DestructionError(f"{what}: found {text[:40]!r}, expected a text of up to {LONGEST_REASON} letters")
    return joined


def _period(start: datetime | None, end: datetime | None) -> dict[str, int]:
    if start is None or end is None or not start < end:
        raise DestructionError("period: found none, expected a first and a last day")
    return {"start_us": to_microseconds(start), "end_us": to_microseconds(end)}


def _target(connection: Connection, kind: HoldKind, target: str | None) -> str:
    expected = "one that is stored" if kind is HoldKind.CALL else "one of the register"
    if target and kind is HoldKind.CALL:
        call_id = resolve(connection, target)
        if connection.execute(select(calls.c.id).where(calls.c.id == call_id)).first() is not None:
            return call_id
    elif target and load(connection, [target]):
        return target
    raise DestructionError(f"{kind}: found none of the id {target!r}, expected {expected}")


def _in_force(wanted: Select[Any]) -> Select[Any]:
    return wanted.where(legal_holds.c.lifted_us.is_(None))


def _at(us: int | None) -> datetime | None:
    return None if us is None else from_microseconds(us)


def _hold(row: Row[Any]) -> Hold:
    return Hold(
        id=row.id, kind=HoldKind(row.kind), target=row.target, start=_at(row.start_us), end=_at(row.end_us),
        reason=row.reason, placed_by=row.placed_by, placed_at=from_microseconds(row.placed_us),
        lifted_by=row.lifted_by, lifted_at=_at(row.lifted_us), lift_reason=row.lift_reason,
    )  # fmt: skip
