"""Lists for destruction in the store: made, acted upon, read. Every act is judged by `acts` over what is on record.

Functions over a connection; who acts notes it in the audit within the same transaction (`noting`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from service.destroying.acts import Act, Person, Standing, Step, fold, follow
from service.destroying.choosing import Chosen
from service.destroying.errors import DestructionError
from service.destroying.holds import said, take_turn
from service.destroying.items import Basis, Item, ItemState
from service.destroying.models import (
    destruction_acts,
    destruction_certificates,
    destruction_items,
    destruction_lists,
)
from telephony.clock import from_microseconds, to_microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionList:
    """One list. `counts`: its files by what became of them; `left_out`: how many were held when it was made."""

    id: int
    basis: Basis
    reason: str
    made_at: datetime
    policy: str
    left_out: int
    steps: tuple[Step, ...]
    standing: Standing
    counts: Mapping[ItemState, int]
    certificate: int | None

    @property
    def title(self) -> str:
        """How people name it."""
        return f"destruction {self.id}"

    @property
    def files(self) -> int:
        """How many files stand on it, whatever became of them."""
        return sum(self.counts.values())


def make(
    connection: Connection, chosen: Chosen, *, basis: Basis, reason: str, policy: str, who: Person, at: datetime
) -> DestructionList:
    """A list of what was chosen, by its registrar. Raises DestructionError where nothing was."""
    if not chosen.candidates:
        raise DestructionError("destruction make: found no recording that may be listed, expected one or more")
    why = said(reason, "reason") if basis is Basis.BY_HAND else ""
    told = {
        "basis": basis.value,
        "reason": why,
        "made_us": to_microseconds(at),
        "policy": policy,
        "left_out": chosen.held,
    }
    key = connection.execute(insert(destruction_lists).values(told)).inserted_primary_key
    list_id = int(key[0]) if key else 0
    rows = [
        {
            "list_id": list_id,
            "file_id": each.file_id,
            "pbx": each.pbx,
            "path": each.path,
            "call_id": each.call_id,
            "recording_id": each.recording_id,
            "began_us": to_microseconds(each.began_at),
            "kept_until_us": None if each.kept_until is None else to_microseconds(each.kept_until),
            "size": each.size,
            "length_ms": each.length_ms,
            "state": ItemState.LISTED.value,
            "reason": "",
        }
        for each in chosen.candidates
    ]
    connection.execute(insert(destruction_items), rows)
    _record(connection, list_id, Step(act=Act.MAKE, person=who, at=at, note=why))
    return need(connection, list_id)


def act(connection: Connection, list_id: int, step: Step, *, without: Collection[int] = ()) -> DestructionList:
    """One more act on a list. Raises DestructionError where it may not be.

    `without`: the ids of items that the reviewer takes off; the note says why.
    """
    take_turn(connection)
    found = need(connection, list_id)
    follow(found.standing, step)
    if without:
        _take_off(connection, found, step, without)
    if step.act is Act.DROP:
        said(step.note, "reason")
    _record(connection, list_id, step)
    return need(connection, list_id)


def _take_off(connection: Connection, found: DestructionList, step: Step, items: Collection[int]) -> None:
    if step.act is not Act.REVIEW:
        raise DestructionError(f"{step.act}: found items to leave out, expected them at the review")
    wanted = update(destruction_items).where(
        destruction_items.c.list_id == found.id,
        destruction_items.c.id.in_(sorted(items)),
        destruction_items.c.state == ItemState.LISTED,
    )
    told = {
        "state": ItemState.LEFT_OUT.value,
        "reason": said(step.note, "reason"),
        "ended_us": to_microseconds(step.at),
    }
    done = connection.execute(wanted.values(told)).rowcount
    if done != len(set(items)):
        raise DestructionError(f"{found.title}: found {done} of these items on it, expected {len(set(items))}")


def _record(connection: Connection, list_id: int, step: Step) -> None:
    who = step.person
    told = {"account": who.account, "login": who.login, "name": who.name, "agent": who.agent, "note": step.note}
    row = insert(destruction_acts).values(
        list_id=list_id, act=step.act.value, at_us=to_microseconds(step.at), **told
    )
    connection.execute(row)


# -- reading -----------------------------------------------------------------------------------


def need(connection: Connection, list_id: int) -> DestructionList:
    """One list. Raises DestructionError where there is none of this id."""
    found = _read(connection, [list_id])
    if not found:
        raise DestructionError(f"destruction: found none of the id {list_id}, expected one of `destruction list`")
    return found[0]


def listed(connection: Connection, *, limit: int = 100) -> tuple[DestructionList, ...]:
    """The newest lists, the newest first."""
    newest = select(destruction_lists.c.id).order_by(destruction_lists.c.id.desc()).limit(limit)
    return _read(connection, list(connection.execute(newest).scalars()))


def unfinished(connection: Connection) -> list[int]:
    """The lists that were begun and are not finished, the oldest first."""
    of = destruction_acts.c
    finished = select(of.list_id).where(of.act == Act.FINISH)
    begun = select(of.list_id).where(of.act == Act.BEGIN, of.list_id.not_in(finished)).order_by(of.list_id)
    return list(connection.execute(begun).scalars())


def items_of(connection: Connection, list_id: int, state: ItemState | None = None) -> tuple[Item, ...]:
    """The files on a list, the oldest first."""
    wanted = select(destruction_items).where(destruction_items.c.list_id == list_id)
    if state is not None:
        wanted = wanted.where(destruction_items.c.state == state)
    return tuple(
        map(item_of, connection.execute(wanted.order_by(destruction_items.c.began_us, destruction_items.c.id)))
    )


def destroyed_of_file(connection: Connection, file_id: int) -> tuple[datetime, int | None] | None:
    """When a file was destroyed, and the number of the certificate; None where it was not."""
    joined = destruction_items.outerjoin(
        destruction_certificates, destruction_certificates.c.list_id == destruction_items.c.list_id
    )
    wanted = select(destruction_items.c.ended_us, destruction_certificates.c.number).select_from(joined)
    found = wanted.where(destruction_items.c.file_id == file_id, destruction_items.c.state == ItemState.DESTROYED)
    row = connection.execute(found.order_by(destruction_items.c.id.desc())).first()
    return None if row is None else (from_microseconds(row.ended_us), row.number)


def _read(connection: Connection, ids: list[int]) -> tuple[DestructionList, ...]:
    if not ids:
        return ()
    steps: dict[int, list[Step]] = {each: [] for each in ids}
    acts = select(destruction_acts).where(destruction_acts.c.list_id.in_(ids)).order_by(destruction_acts.c.id)
    for row in connection.execute(acts):
        steps[row.list_id].append(_step(row))
    counts: dict[int, dict[ItemState, int]] = {each: {} for each in ids}
    of = destruction_items.c
    counted = select(of.list_id, of.state, func.count()).where(of.list_id.in_(ids)).group_by(of.list_id, of.state)
    for list_id, state, count in connection.execute(counted):
        counts[list_id][ItemState(state)] = count
    of_certificates = destruction_certificates.c
    issued = select(of_certificates.list_id, of_certificates.number).where(of_certificates.list_id.in_(ids))
    numbers = {row.list_id: row.number for row in connection.execute(issued)}
    rows = connection.execute(select(destruction_lists).where(destruction_lists.c.id.in_(ids)))
    found = {row.id: _list(row, steps[row.id], counts[row.id], numbers.get(row.id)) for row in rows}
    return tuple(found[each] for each in ids if each in found)


def _list(row: Row[Any], steps: list[Step], counts: Mapping[ItemState, int], number: int | None) -> DestructionList:
    return DestructionList(
        id=row.id, basis=Basis(row.basis), reason=row.reason, made_at=from_microseconds(row.made_us),
        policy=row.policy, left_out=row.left_out, steps=tuple(steps), standing=fold(steps), counts=counts,
        certificate=number,
    )  # fmt: skip


def _step(row: Row[Any]) -> Step:
    who = Person(account=row.account, login=row.login, name=row.name, agent=row.agent)
    return Step(act=Act(row.act), person=who, at=from_microseconds(row.at_us), note=row.note)


def item_of(row: Row[Any]) -> Item:
    """A row as an item."""
    return Item(
        id=row.id, list_id=row.list_id, file_id=row.file_id, pbx=row.pbx, path=row.path, call_id=row.call_id,
        recording_id=row.recording_id, began_at=from_microseconds(row.began_us),
        kept_until=None if row.kept_until_us is None else from_microseconds(row.kept_until_us), size=row.size,
        length_ms=row.length_ms, state=ItemState(row.state), reason=row.reason, sha256=row.sha256, stamp=row.stamp,
        overwritten=row.overwritten, ended_at=None if row.ended_us is None else from_microseconds(row.ended_us),
    )  # fmt: skip
