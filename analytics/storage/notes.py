"""What people say of a call: its service code, that the customer was not heard, what came of it.

The newest word counts in every figure; each change stays on record with who made it, when and why (domain.md §2: a
call's code is correctable with a trace). A note belongs to the call, not to its facts: it outlives a repair and a
replay, and goes with the call when that is merged.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from analytics.errors import NoteError
from analytics.storage.aliases import resolve
from analytics.storage.changes import Marks, hours_between, hours_of_calls, mark
from analytics.storage.models import agent_states, calls
from analytics.storage.rollup_models import call_note_changes, call_notes
from telephony.clock import from_microseconds, to_microseconds

Said = str | bool | None
"""What is said: a text, yes or no, or nothing."""


class NoteField(StrEnum):
    """Of what something is said."""

    CODE = "code"  # the service code, in the place of the number's or the queue's
    SILENT = "silent"  # whether the customer was not heard
    OUTCOME = "outcome"  # what came of the call


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNote:
    """What is said of a call now; None where nothing is."""

    call_id: str
    code: str | None = None
    silent: bool | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteChange:
    """One change of what is said of a call. `before` and `after` are None where nothing was, or is, said."""

    id: int
    call_id: str
    field: NoteField
    before: Said
    after: Said
    by: str
    at: datetime
    reason: str | None


def note_call(
    connection: Connection,
    call_id: str,
    field: NoteField,
    value: Said,
    *,
    by: str,
    at: datetime,
    reason: str | None = None,
) -> CallNote:
    """Say something of a stored call, by any id that it ever had; None takes back what was said. What holds then.

    To say again what is said already changes nothing and leaves no trace. Raise NoteError for a call that is not
    stored, a value of the wrong kind, or nobody's name.
    """
    stored_id = _stored(connection, call_id)
    said = _checked(field, value)
    person = _text(by, "by")
    why = None if reason is None else _text(reason, "reason")
    before = getattr(_locked(connection, stored_id), field.value)
    if before != said:
        connection.execute(update(call_notes).where(call_notes.c.call_id == stored_id).values({field.value: said}))
        trace = {
            "call_id": stored_id,
            "field": field.value,
            "before": _written(before),
            "after": _written(said),
            "by_whom": person,
            "at_us": to_microseconds(at),
            "reason": why,
        }
        connection.execute(insert(call_note_changes).values(trace))
        mark(connection, hours_of_calls(connection, [stored_id]) | _hours_after(connection, stored_id))
    return load_note(connection, stored_id)


def load_note(connection: Connection, call_id: str) -> CallNote:
    """What is said of a call, by any id that it ever had. Raise NoteError where it is not stored."""
    stored_id = _stored(connection, call_id)
    row = connection.execute(select(call_notes).where(call_notes.c.call_id == stored_id)).first()
    return CallNote(call_id=stored_id) if row is None else CallNote(**row._mapping)


def load_note_changes(connection: Connection, call_id: str) -> tuple[NoteChange, ...]:
    """Every change of what is said of a call, the oldest first. Raise NoteError where it is not stored."""
    table = call_note_changes
    wanted = select(table).where(table.c.call_id == _stored(connection, call_id))
    return tuple(map(_change, connection.execute(wanted.order_by(table.c.at_us, table.c.id))))


def _stored(connection: Connection, call_id: str) -> str:
    stored_id = resolve(connection, call_id)
    if connection.execute(select(calls.c.id).where(calls.c.id == stored_id)).first() is None:
        raise NoteError(f"call: found none of the id {call_id!r}, expected one that is stored")
    return stored_id


def _locked(connection: Connection, call_id: str) -> Row[Any]:
    """The row of a call, made if there is none, kept from others until the transaction ends."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(call_notes).values(call_id=call_id).on_conflict_do_nothing())
    wanted = select(call_notes).where(call_notes.c.call_id == call_id)
    return connection.execute(wanted.with_for_update()).one()


def _hours_after(connection: Connection, call_id: str) -> Marks:
    """The hours of the states that belong to a call: wrap-up may last into the next day."""
    table = agent_states
    wanted = select(table.c.started_us, table.c.at_us, table.c.ended_us).where(table.c.call_id == call_id)
    pbx = call_id.partition("/")[0]
    marks: Marks = set()
    for row in connection.execute(wanted):
        marks |= hours_between(row.started_us, max(row.at_us, row.ended_us or row.at_us) + 1, pbx)
    return marks


def _checked(field: NoteField, value: Said) -> Said:
    if value is None:
        return None
    if field is NoteField.SILENT:
        if not isinstance(value, bool):
            raise NoteError(f"silent: found {value!r}, expected yes or no")
        return value
    if not isinstance(value, str):
        raise NoteError(f"{field.value}: found {value!r}, expected a text")
    return _text(value, field.value)


def _text(value: str, what: str) -> str:
    joined = " ".join(unicodedata.normalize("NFC", value).split())
    if not joined or not joined.isprintable():
        raise NoteError(f"{what}: found {value!r}, expected a text")
    return joined


_TRUTH = {"true": True, "false": False}


def _written(said: Said) -> str | None:
    """As the trace keeps it."""
    return str(said).lower() if isinstance(said, bool) else said


def _change(row: Row[Any]) -> NoteChange:
    field = NoteField(row.field)
    told = {name: getattr(row, name) for name in ("before", "after")}
    if field is NoteField.SILENT:
        told = {name: None if said is None else _TRUTH[said] for name, said in told.items()}
    return NoteChange(
        id=row.id,
        call_id=row.call_id,
        field=field,
        by=row.by_whom,
        at=from_microseconds(row.at_us),
        reason=row.reason,
        **told,
    )
