"""Issued reports and difference sheets as Excel files: the figures on the first sheet, what they are on the second.

The same issue gives the same bytes on any day: the file says when the report was issued, not when the file was made.
Texts are written as texts, whatever they begin with, so that no name becomes a formula.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from analytics.closing.difference import Sheet
from analytics.closing.figures import Figures, FrozenCell
from analytics.closing.issues import Frozen

Word = Callable[[str], str]
"""The word of the reader's language for a name of the contract."""

_WIDEST = 60
_MOST_PLACES = 4
_INSTANTS = ("from", "to", "issued_at", "as_of", "objections_until", "signed_at")
_LATER = (
    "signed_by",
    "signed_at",
    "sign_note",
    "in_spite",
)  # said of the issue after it was issued: not frozen with it


def issued_workbook(frozen: Frozen, described: dict[str, Any], word: Word) -> bytes:
    """An issued report; `described` is it in the public shape. Raise ClosingError where it is not as it was issued."""
    figures = frozen.figures
    book = _Book(frozen.issue.issued_at)
    book.table(word("figures"), [word(name) for name in figures.columns], figures.rows)
    names = [name for name in described if name not in _LATER and name != "rows"]
    rows = [(word(name), _told(name, described[name], figures.zone)) for name in names]
    book.table(word("issue"), [word("name"), word("value")], rows)
    return book.bytes()


def difference_workbook(
    sheet: Sheet, before: dict[str, Any], after: dict[str, Any], later: Figures, word: Word
) -> bytes:
    """A difference sheet; `before` and `after` are described in the public shape, `later` is what is newer."""
    book = _Book(later.as_of)
    heads = ("change", *sheet.keys, "column", "before", "after", "difference")
    book.table(word("difference"), [word(name) for name in heads], list(_lines(sheet, word)))
    names = [name for name in before if name not in _LATER]
    rows = [
        (word(name), _told(name, before[name], later.zone), _told(name, after.get(name), later.zone))
        for name in names
    ]
    rows.append((word("policy_changed"), None, sheet.policy_changed))
    book.table(word("issue"), [word("name"), word("before"), word("after")], rows)
    return book.bytes()


def _lines(sheet: Sheet, word: Word) -> Iterator[tuple[FrozenCell, ...]]:
    for line in sheet.lines:
        keys = (*line.key[: len(sheet.keys)], *("" for _ in sheet.keys[len(line.key) :]))
        told = (line.before, line.after, line.difference)
        cells = [Decimal(each) if each is not None and line.numeric else each for each in told]
        yield (word(line.change.value), *keys, word(line.column) if line.column else None, *cells)


def _told(name: str, value: Any, zone: str) -> FrozenCell:
    """A value of the description in one cell; instants by the clocks of the centre's zone."""
    if isinstance(value, str):
        return in_zone(value, zone) if name in _INSTANTS else value
    if value is None or isinstance(value, bool):
        return value
    return Decimal(value) if isinstance(value, int) else "\n".join(map(str, value)) or None


def in_zone(at: str, zone: str) -> str:
    """An instant of the public shape as the centre's clocks show it, with their distance from UTC."""
    return datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).isoformat(sep=" ", timespec="seconds")


class _Book:
    """A workbook in memory."""

    def __init__(self, at: datetime) -> None:
        self._bytes = BytesIO()
        self._book = xlsxwriter.Workbook(self._bytes, {"in_memory": True})
        self._book.set_properties({"created": at.replace(tzinfo=None)})
        self._head = self._book.add_format({"bold": True, "bottom": 1})
        self._text = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._numbers: dict[int, Any] = {}

    def table(self, name: str, heads: Sequence[str], rows: Sequence[Sequence[FrozenCell]]) -> None:
        """A sheet with a line of heads that stays in sight; rows below it, which can be filtered."""
        page = self._book.add_worksheet(name)
        for place, head in enumerate(heads):
            page.write_string(0, place, head, self._head)
            self._column(page, place, head, [row[place] for row in rows])
        page.freeze_panes(1, 0)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # agents' numbers are names
        if heads:
            page.autofilter(0, 0, len(rows), len(heads) - 1)

    def _column(self, page: Any, place: int, head: str, cells: Sequence[FrozenCell]) -> None:
        """All cells of a column; its numbers have the decimals of the one that has most."""
        places = max((_places(cell) for cell in cells if isinstance(cell, Decimal)), default=0)
        widths = [self._write(page, row, place, cell, places) for row, cell in enumerate(cells, 1)]
        page.set_column(place, place, min(max([_width(head) + 2, *widths]) + 2, _WIDEST))

    def _write(self, page: Any, row: int, place: int, cell: FrozenCell, places: int) -> int:
        """Write a cell; its width in letters."""
        match cell:
            case None:
                return 0
            case bool():
                page.write_boolean(row, place, cell)
                return 5
            case Decimal():
                page.write_number(row, place, float(cell), self._number(places))
                return len(f"{cell:.{places}f}")
            case _:
                page.write_string(row, place, cell, self._text)
                return max(map(_width, cell.split("\n")))

    def _number(self, places: int) -> Any:
        if places not in self._numbers:
            self._numbers[places] = self._book.add_format({"num_format": f"0.{'0' * places}" if places else "0"})
        return self._numbers[places]

    def bytes(self) -> bytes:
        """The file."""
        self._book.close()
        return self._bytes.getvalue()


def _places(number: Decimal) -> int:
    """How many decimals are shown of a number; the cell itself has all of them."""
    exponent = number.normalize().as_tuple().exponent
    return min(max(-exponent, 0), _MOST_PLACES) if isinstance(exponent, int) else 0


def _width(text: str) -> int:
    """In letters of the usual width: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
