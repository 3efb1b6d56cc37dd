"""What differs between two states of everybody, told for people: pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from analytics.people.columns import Kind
from analytics.people.devices import BEGINNING_OF_TIME, END_OF_TIME
from analytics.people.merging import FIELDS, KEYS
from analytics.people.records import People, ShiftAssignment, ShiftPattern, Stretch
from analytics.people.shift_texts import write_days, write_spans
from telephony.clock import from_microseconds


class What(StrEnum):
    """What became of a row."""

    ADDED = "added"  # there was none
    CHANGED = "changed"  # another content
    ENDED = "ended"  # holds for a shorter time, or no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row that differs; `before` and `after` are its columns, None where it is not."""

    kind: Kind
    what: What
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def differences(old: People, new: People, zone: tzinfo) -> tuple[Change, ...]:
    """Every row that differs, by kind and key."""
    return tuple(change for kind in Kind for change in _of_kind(kind, _rows(old, kind), _rows(new, kind), zone))


def _rows(people: People, kind: Kind) -> tuple[Any, ...]:
    rows: tuple[Any, ...] = getattr(people, FIELDS[kind])
    return rows


def _of_kind(kind: Kind, old: tuple[Any, ...], new: tuple[Any, ...], zone: tzinfo) -> Iterator[Change]:
    before = {_key(kind, each): each for each in old}
    after = {_key(kind, each): each for each in new}
    for key in [*after, *(key for key in before if key not in after)]:
        was, now = before.get(key), after.get(key)
        if was != now:
            yield Change(
                kind=kind,
                what=_what(was, now),
                before=None if was is None else as_row(kind, was, zone),
                after=None if now is None else as_row(kind, now, zone),
            )


def _key(kind: Kind, row: Any) -> tuple[Any, ...]:
    """Rows that hold for a while are the same one if they begin together."""
    if kind in KEYS:
        return KEYS[kind](row)
    return (row.agent, row.start) if isinstance(row, ShiftAssignment) else (row.key, row.start_us)


def _what(was: Any, now: Any) -> What:
    if was is None:
        return What.ADDED
    return What.ENDED if now is None or _is_shorter(was, now) else What.CHANGED


def _is_shorter(was: Any, now: Any) -> bool:
    if isinstance(was, Stretch):
        return bool(was.value == now.value and now.end_us < was.end_us)
    if isinstance(was, ShiftAssignment):
        ends_sooner: bool = now.end is not None and (was.end is None or now.end < was.end)
        return bool(was.shift == now.shift) and ends_sooner
    return False


# -- rows as files have them ---------------------------------------------------------------------------

_STRETCHES = {Kind.DEVICES: ("interface", "agent"), Kind.GROUPS: ("agent", "group"), Kind.TIERS: ("agent", "tier")}
_RENAMED = {
    (Kind.CERTIFICATES, "code"): "certificate",
    (Kind.SHIFTS, "name"): "shift",
    (Kind.ROTATIONS, "name"): "rotation",
    (Kind.ROTATIONS, "start"): "from",
    (Kind.ASSIGNMENTS, "start"): "from",
    (Kind.ASSIGNMENTS, "end"): "to",
    (Kind.CHANGES, "kind"): "change",
    (Kind.LEAVE, "kind"): "leave",
    (Kind.LEAVE, "start_us"): "from",
    (Kind.LEAVE, "end_us"): "to",
    (Kind.FACTS, "kind"): "fact",
    (Kind.FACTS, "thousandths"): "value",
}


def as_row(kind: Kind, record: Any, zone: tzinfo) -> dict[str, Any]:
    """A record by the names of its columns, as an import reads it again; null where there is nothing."""
    if isinstance(record, Stretch):
        key, value = _STRETCHES[kind]
        span = {"from": _moment(record.start_us, zone), "to": _moment(record.end_us, zone)}
        return {key: record.key, value: record.value, **span}
    if isinstance(record, ShiftPattern):
        return {"shift": record.name, "spans": write_spans(record.spans), "days": write_days(record.days)}
    told = {each.name: getattr(record, each.name) for each in fields(record)}
    return {_RENAMED.get((kind, name), name): _cell(kind, name, value, zone) for name, value in told.items()}


def _cell(kind: Kind, name: str, value: Any, zone: tzinfo) -> Any:
    if (kind, name) == (Kind.LEAVE, "end_us"):
        return _last(value, zone)
    if name.endswith("_us"):
        return _moment(value, zone)
    if name == "thousandths":
        return value // 1000 if value % 1000 == 0 else value / 1000
    if name == "weeks":
        return ",".join(week or "off" for week in value)
    if (kind, name, value) == (Kind.CHANGES, "shift", None):
        return "off"
    return value.isoformat() if isinstance(value, date) else value


def _moment(us: int, zone: tzinfo) -> str | None:
    """An instant by the clocks of the centre, with its offset only where minutes would not tell it."""
    if us in (BEGINNING_OF_TIME, END_OF_TIME):
        return None
    local = from_microseconds(us).astimezone(zone)
    if local.second or local.microsecond or local.fold:
        return local.isoformat()
    return _minutes(local)


def _last(us: int, zone: tzinfo) -> str | None:
    """The end of leave: its last day, which is inside, or the minute."""
    local = from_microseconds(us).astimezone(zone)
    if (local.hour, local.minute, local.second, local.microsecond, local.fold) == (0, 0, 0, 0, 0):
        return f"{local - timedelta(days=1):%Y-%m-%d}"
    return _moment(us, zone)


def _minutes(local: datetime) -> str:
    return f"{local:%Y-%m-%d}" if (local.hour, local.minute) == (0, 0) else f"{local:%Y-%m-%d %H:%M}"
