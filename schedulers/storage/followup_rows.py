"""Follow-ups, their changes and attempts as rows of their tables, and rows as follow-ups: pure.

A column holds the field of its name; `…_us` holds the instant `…_at`. Rows are tuples in the order of the columns.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table

from analytics.storage.dialects import storable_text
from analytics.storage.rows import Row, Value
from config.followups import Result
from schedulers.followups.account import Series, Uncreated
from schedulers.followups.records import Attempt, Attributes, Change, FollowUp, Obstacle, State, id_of
from schedulers.storage.followup_models import follow_ups
from telephony.clock import from_microseconds, milliseconds, to_microseconds

NAMED_OTHERWISE = {
    "trigger_key": "key",
    "case_id": "case",
    "after_id": "after",
    "group_name": "group",
    "call_id": "call",
    "version_us": "version",
}
"""Columns whose field has another name: most of these are words of SQL."""

_DIGEST_BYTES = 12
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def field_of(column: str) -> str:
    """The field that a column holds."""
    plain = f"{column[:-3]}_at" if column.endswith("_us") else column
    return NAMED_OTHERWISE.get(column, plain)


def follow_up_row(follow_up: FollowUp, changed_us: int) -> Row:
    """A row of `follow_ups`."""
    return tuple(
        changed_us if name == "changed_us" else write(getattr(follow_up, field))
        for name, field, write in _FOLLOW_UP
    )


def follow_up_of(row: Sequence[Any]) -> FollowUp:
    """The follow-up that a row of `follow_ups` is; the columns are in the table's order."""
    told: dict[str, Any] = dict(zip(_FIELDS, row, strict=True))
    del told[_NO_FIELD]
    for field, read in _READ_FOLLOW_UP:
        value = told[field]
        if value is not None:
            told[field] = read(value)
    return FollowUp(**told)


def change_row(change: Change, at_us: int, digest: str) -> Row:
    """A row of `follow_up_changes`. at_us: never before that of the change before it."""
    after = change.after
    return (
        after.id,
        after.revision,
        at_us,
        None,
        change.what.value,
        storable_text(change.by),
        storable_text(change.note),
        change.before_owner,
        digest,
        after.kind,
        _us(after.version),
        after.group,
        after.owner,
        after.state.value,
        to_microseconds(after.born_at),
        to_microseconds(after.due_at),
        _us(after.fulfilled_at),
        after.reason,
        after.counted,
    )


def digest_of(change: Change, row: Row) -> str:
    """By what the same change is known when it is told again. row: of the follow-up after it, at the told instant."""
    told = repr((change.what.value, change.by, change.note, change.before_owner, row))
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).hexdigest()


def attempt_row(attempt: Attempt) -> Row:
    """A row of `follow_up_attempts`."""
    return (
        attempt.follow_up,
        attempt.key,
        to_microseconds(attempt.at),
        attempt.result.value,
        attempt.counts,
        attempt.number,
        attempt.agent,
        attempt.call,
        None if attempt.talk is None else milliseconds(attempt.talk),
        attempt.window,
    )


def attempt_of(row: Any) -> Attempt:
    """The attempt that a row of `follow_up_attempts` is."""
    return Attempt(
        follow_up=row.follow_up,
        key=row.key,
        at=from_microseconds(row.at_us),
        result=Result(row.result),
        counts=bool(row.counts),
        number=row.number,
        agent=row.agent,
        call=row.call_id,
        talk=None if row.talk_ms is None else timedelta(milliseconds=row.talk_ms),
        window=row.local_window,
    )


def born_row(change: Change) -> Row:
    """The row of `follow_up_triggers` of a trigger that made a follow-up."""
    born = change.after
    at_us = to_microseconds(change.at)
    return (born.id, born.kind, storable_text(born.key), born.occurrence, born.id, None, at_us, born.number)


def uncreated_row(uncreated: Uncreated) -> Row:
    """The row of `follow_up_triggers` of a trigger that made none."""
    named = id_of(uncreated.kind, uncreated.key)
    at_us = to_microseconds(uncreated.at)
    return (named, uncreated.kind, storable_text(uncreated.key), 0, None, uncreated.why, at_us, None)


def series_row(series: Series) -> Row:
    """A row of `follow_up_series`."""
    return (
        series.kind,
        series.key,
        series.customer,
        _us(series.version),
        to_microseconds(series.anchor_at),
        series.next,
        _us(series.next_at),
        _write_pairs(series.about),
        series.by,
    )


def series_of(row: Any) -> Series:
    """The series that a row of `follow_up_series` is."""
    return Series(
        kind=row.kind,
        version=_at(row.version_us),
        customer=row.customer,
        key=row.trigger_key,
        anchor_at=from_microseconds(row.anchor_us),
        next=row.next_number,
        next_at=_at(row.next_us),
        about=_read_pairs(row.about),
        by=row.by_whom,
    )


def _us(at: datetime | None) -> int | None:
    return None if at is None else to_microseconds(at)


def _at(us: int | None) -> datetime | None:
    return None if us is None else from_microseconds(us)


def _write_pairs(about: Attributes) -> str:
    return _encode(about) if about else "[]"


def _read_pairs(about: str) -> Attributes:
    return () if about == "[]" else tuple((name, value) for name, value in json.loads(about))


def _read_list(written: str) -> tuple[str, ...]:
    return () if written == "[]" else tuple(json.loads(written))


def _member(value: Any) -> Value:
    return None if value is None else str(value.value)


def _plain(value: Any) -> Any:
    return value


_WRITERS: dict[str, Callable[[Any], Value]] = {
    "about": _write_pairs,
    "approvals": _write_pairs,
    "state": _member,
    "obstacle": _member,
    "tried": _member,
}
_READERS: dict[str, Callable[[Any], Any]] = {
    "about": _read_pairs,
    "approvals": _read_list,
    "state": State,
    "obstacle": Obstacle,
    "tried": Result,
    "overdue_told": bool,
    "content": bool,
}


def _columns(table: Table) -> tuple[tuple[str, str, Callable[[Any], Value]], ...]:
    names = [column.name for column in table.columns]
    return tuple(
        (name, field_of(name), _us if name.endswith("_us") else _WRITERS.get(name, _plain)) for name in names
    )


_FOLLOW_UP = _columns(follow_ups)
_FIELDS = tuple(field for _, field, _ in _FOLLOW_UP)
_NO_FIELD = field_of("changed_us")
_READ_FOLLOW_UP = tuple(
    (field, from_microseconds if name.endswith("_us") else _READERS[name])
    for name, field, _ in _FOLLOW_UP
    if name in _READERS or (name.endswith("_us") and field != _NO_FIELD)
)
