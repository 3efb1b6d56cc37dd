"""The difference sheet: two figures of one report beside each other, cell by cell. Pure.

Rows are found again by their keys (`Figures.keys`); several rows of one key are told apart by their order. A row that
is in one of them only has a line for each cell that is not empty. Where both cells are numbers the difference is exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from analytics.closing.canonical import plain_number
from analytics.closing.figures import Figures, FrozenCell
from analytics.errors import ClosingError

Key = tuple[str, ...]


class Change(StrEnum):
    """What became of a row or a cell."""

    ADDED = "added"  # the row is in the second only
    GONE = "gone"  # the row is in the first only
    CHANGED = "changed"  # the row is in both, and this cell differs


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One cell that differs. Numbers are texts with all their decimals; None is an empty cell.

    numeric: whether all that is there are numbers.
    """

    change: Change
    key: Key
    column: str
    before: str | None
    after: str | None
    difference: str | None
    numeric: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that differs, in the order of the rows' keys and of the columns.

    `policy_changed` tells that the two were counted by different rules; `warnings_gone` and `warnings_new` are those
    that only the first and only the second has.
    """

    keys: tuple[str, ...]
    lines: tuple[Line, ...]
    policy_changed: bool
    warnings_gone: tuple[str, ...]
    warnings_new: tuple[str, ...]


def difference(before: Figures, after: Figures) -> Sheet:
    """The difference sheet. Raise ClosingError where they are not of the same report, period and grouping."""
    _must_match(before, after)
    olds, news = _by_key(before), _by_key(after)
    columns = tuple(dict.fromkeys((*before.columns, *after.columns)))
    keys = after.keys or before.keys
    values = [name for name in columns if name not in keys]
    lines = (line for key in sorted({*olds, *news}) for line in _lines(key, olds.get(key), news.get(key), values))
    return Sheet(
        keys=keys,
        lines=tuple(lines),
        policy_changed=before.policy_digest != after.policy_digest,
        warnings_gone=tuple(each for each in before.warnings if each not in after.warnings),
        warnings_new=tuple(each for each in after.warnings if each not in before.warnings),
    )


def _must_match(before: Figures, after: Figures) -> None:
    for what in ("report", "start", "end", "groups"):
        found, expected = getattr(after, what), getattr(before, what)
        if found != expected:
            raise ClosingError(f"difference: found the {what} {_told(found)}, expected {_told(expected)}")


def _told(value: object) -> str:
    return "+".join(value) if isinstance(value, tuple) else str(value)


_Row = dict[str, FrozenCell]


def _by_key(figures: Figures) -> dict[Key, _Row]:
    """The rows by their keys; the second of one key has its number added."""
    seen: Counter[Key] = Counter()
    found: dict[Key, _Row] = {}
    for row in figures.named_rows():
        key = tuple(shown(row[name]) or "" for name in figures.keys)
        seen[key] += 1
        found[key if seen[key] == 1 else (*key, str(seen[key]))] = row
    return found


def _lines(key: Key, old: _Row | None, new: _Row | None, columns: list[str]) -> Iterator[Line]:
    change = Change.ADDED if old is None else Change.GONE if new is None else Change.CHANGED
    empty = True
    for column in columns:
        before, after = (old or {}).get(column), (new or {}).get(column)
        if not _same(before, after):
            empty = False
            yield _line(change, key, column, before, after)
    if empty and change is not Change.CHANGED:
        yield Line(change=change, key=key, column="", before=None, after=None, difference=None, numeric=False)


def _same(before: FrozenCell, after: FrozenCell) -> bool:
    """Whether two cells say the same; 1 and true do not, though Python has them equal."""
    return before == after and isinstance(before, bool) == isinstance(after, bool)


def _line(change: Change, key: Key, column: str, before: FrozenCell, after: FrozenCell) -> Line:
    difference = after - before if isinstance(before, Decimal) and isinstance(after, Decimal) else None
    return Line(
        change=change,
        key=key,
        column=column,
        before=shown(before),
        after=shown(after),
        difference=None if difference is None else plain_number(difference),
        numeric=all(cell is None or isinstance(cell, Decimal) for cell in (before, after)),
    )


def shown(cell: FrozenCell) -> str | None:
    """A cell as a text; None where it is empty."""
    match cell:
        case None:
            return None
        case bool():
            return "true" if cell else "false"
        case Decimal():
            return plain_number(cell)
        case _:
            return cell
