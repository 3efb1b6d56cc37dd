"""One row of a file of customers as what it tells: pure. A cell that cannot be read is refused, never guessed.

An empty cell tells nothing; a cell with only a dash takes back what was known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from analytics.errors import PeopleError
from analytics.people import cells
from analytics.people.row_readers import TOTALS, CellError
from config.values import is_zone
from schedulers.customers.columns import Header
from schedulers.customers.number_cells import Numbering, read_numbers
from schedulers.customers.records import TELEPHONE, Birthday, Number, NumberUse
from schedulers.customers.texts import birthday_of, read_birthday, read_hours
from schedulers.customers.told import Told, Wish
from schedulers.errors import CustomersError
from telephony.clock import from_microseconds

Value = TypeVar("Value")
TAKEN_BACK = frozenset(("-", "—", "–"))
MOST_FIGURE = 10**15
_is_zone = lru_cache(maxsize=1024)(is_zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """By what rows are read. `agents` maps what an agent may be called to his number, None where two are called so."""

    zone: ZoneInfo
    numbering: Numbering
    agents: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class SpendRow:
    """What a row tells of a customer's month, in fen."""

    customer: str
    month: str
    fen: int


class Row:
    """One row's cells, read with their place."""

    def __init__(self, header: Header, values: Sequence[object]) -> None:
        self._header = header
        self._values = values

    def cell(self, at: int) -> object:
        """The cell of a place."""
        return self._values[at] if at < len(self._values) else None

    def text(self, name: str) -> str:
        """A column's text, '' for an empty cell or where there is no such column."""
        at = self._header.places.get(name)
        return "" if at is None else cells.plain(self.cell(at))

    def read(self, name: str, how: Callable[[object], Value]) -> Value:
        """A column's value. Raise CellError where it cannot be read."""
        return self.read_at(self._header.places[name], how)

    def read_at(self, at: int, how: Callable[[object], Value]) -> Value:
        """The value of a place."""
        try:
            return how(self.cell(at))
        except (PeopleError, CustomersError) as error:
            raise CellError(self._header.titles[at], str(error)) from None

    def refusal(self, name: str, why: str) -> CellError:
        """A column's cell that does not fit the others."""
        return CellError(self._header.titles[self._header.places[name]], why)


def read_customer(row: Row, header: Header, rules: Rules) -> tuple[Told, tuple[tuple[str, str], ...]]:
    """What a row tells of a customer, and what of it is passed over: column and sentence. Raise CellError."""
    numbers, wrong = _numbers(row, header, rules.numbering)
    fields = [(name, value) for name, value in _fields(row, header, rules) if value is not _NOTHING]
    _check_span(row, dict(fields))
    told = Told(
        id=_id(row, header, numbers),
        fields=tuple(fields),
        numbers=numbers,
        figures=tuple(_figures(row, header)),
        blocked=_blocked(row, rules),
    )
    return told, wrong


def read_spend(row: Row) -> SpendRow:
    """What a row tells of a customer's month. Raise CellError."""
    return SpendRow(_known_id(row), row.read("month", cells.read_month), row.read("spend", _fen))


# -- who he is ---------------------------------------------------------------------------------------


def _id(row: Row, header: Header, numbers: tuple[Number, ...] | None) -> str:
    """The register's id; without one the first number that is his own, or the first of all."""
    if row.text("id"):
        return _known_id(row)
    if numbers:
        first = next((each for each in numbers if each.use is NumberUse.OWN), numbers[0])
        return TELEPHONE + first.number
    column = header.titles[header.places["id"]] if "id" in header.places else header.titles[header.numbers[0][0]]
    raise CellError(column, "found nothing, expected a customer's id, or a number in its place")


def _known_id(row: Row) -> str:
    found = row.read("id", lambda cell: cells.read_text(cell, "a customer's id"))
    if found.casefold() in TOTALS:
        raise row.refusal("id", f"found {found!r}, expected a customer's id: a line of totals is nobody")
    return found


def _numbers(
    row: Row, header: Header, numbering: Numbering
) -> tuple[tuple[Number, ...] | None, tuple[tuple[str, str], ...]]:
    told = [(at, row.cell(at), label) for at, label in header.numbers if cells.plain(row.cell(at))]
    if not told:
        return None, ()
    if all(cells.plain(cell) in TAKEN_BACK for _, cell, _ in told):
        return (), ()
    found, wrong = read_numbers([(cell, label) for _, cell, label in told], numbering)
    named = tuple((header.titles[told[at][0]], why) for at, why in wrong)
    if not found:
        raise CellError(*named[0])
    return found, named


# -- fields ------------------------------------------------------------------------------------------

_NOTHING: Any = object()
"""What an empty cell tells."""


def _fields(row: Row, header: Header, rules: Rules) -> list[tuple[str, Any]]:
    readers: dict[str, Callable[[object], Any]] = {
        "name": cells.read_name,
        "owner": lambda cell: _owner(cell, rules.agents),
        "zone": _zone,
        "hours": lambda cell: read_hours(cells.plain(cell)),
        "birthday": _birthday,
        "since": cells.read_day,
        "until": cells.read_day,
        "consent": lambda cell: cells.read_flag(cell, default=False),
        **dict.fromkeys(("sort", "branch", "tier", "dialect", "language"), _text),
    }
    found = [(name, _told(row, name, how)) for name, how in readers.items() if name in header.places]
    if "lunar_birthday" in header.places:
        found.append(("birthday", _told(row, "lunar_birthday", _lunar_birthday)))
    return found


def _told(row: Row, name: str, how: Callable[[object], Any]) -> Any:
    text = row.text(name)
    if not text:
        return _NOTHING
    if text in TAKEN_BACK:
        return _EMPTY.get(name)
    return row.read(name, how)


_EMPTY: dict[str, Any] = {"sort": "", "hours": ()}
"""What stands in the record where nothing is known, if not None."""


def _text(cell: object) -> str:
    return cells.read_text(cell, "a text")


def _owner(cell: object, agents: Mapping[str, str | None]) -> str:
    text = cells.plain(cell)
    found = agents.get(text)
    if found is None:
        which = "one of his number: two are called so" if text in agents else "who is known: import agents first"
        raise CustomersError(f"found {cells.shown(cell)}, expected an agent {which}")
    return found


def _zone(cell: object) -> ZoneInfo:
    text = cells.plain(cell)
    if not _is_zone(text):
        raise CustomersError(f"found {cells.shown(cell)}, expected a time zone such as Asia/Urumqi")
    return ZoneInfo(text)


def _birthday(cell: object) -> Birthday:
    return birthday_of(cell) if isinstance(cell, date) else read_birthday(cells.plain(cell))


def _lunar_birthday(cell: object) -> Birthday:
    text = f"{cell:%m-%d}" if isinstance(cell, date) else cells.plain(cell)
    return read_birthday(text, lunar=True)


def _check_span(row: Row, fields: Mapping[str, Any]) -> None:
    since, until = fields.get("since"), fields.get("until")
    if since and until and until <= since:
        raise row.refusal(
            "until", f"found {until}, expected a day after {since}, the first on which he is no customer"
        )


# -- figures, and whether he may be called -----------------------------------------------------------


def _figures(row: Row, header: Header) -> list[tuple[str, int | None]]:
    told = ((at, name, cells.plain(row.cell(at))) for at, name in header.figures)
    return [(name, None if t in TAKEN_BACK else row.read_at(at, _whole)) for at, name, t in told if t]


def _whole(cell: object) -> int:
    text = cells.plain(cell).replace(",", "").removesuffix(".00").removesuffix(".0")
    if not text.removeprefix("-").isdecimal() or abs(int(text)) >= MOST_FIGURE:
        raise CustomersError(f"found {cells.shown(cell)}, expected a whole number")
    return int(text)


def _fen(cell: object) -> int:
    """Yuan with up to two decimals, in fen."""
    thousandths = cells.read_thousandths(cell)
    if thousandths % 10:
        raise CustomersError(f"found {cells.shown(cell)}, expected an amount with up to 2 decimals")
    return thousandths // 10


def _blocked(row: Row, rules: Rules) -> Wish | bool | None:
    """A reason or an end alone tells the wish too; against a 否 beside them they are refused."""
    flag, reason, until = (row.text(name) for name in ("do_not_call", "do_not_call_reason", "do_not_call_until"))
    beside = next((name for name, text in (("reason", reason), ("until", until)) if _says(text)), None)
    wished = row.read("do_not_call", lambda cell: cells.read_flag(cell, default=False)) if _says(flag) else None
    if wished is False and beside is not None:
        raise row.refusal(f"do_not_call_{beside}", f"found {reason or until!r}, expected nothing beside a no")
    if wished is False or flag in TAKEN_BACK:
        return False
    if wished is None and beside is None:
        return None
    return Wish(reason=_text(reason) if _says(reason) else None, until=_until(row, rules) if _says(until) else None)


def _says(text: str) -> bool:
    return bool(text) and text not in TAKEN_BACK


def _until(row: Row, rules: Rules) -> datetime:
    us = row.read("do_not_call_until", lambda cell: cells.read_moment(cell, rules.zone, ends=True))
    return from_microseconds(us)
