"""Files of people as sheets of cells: CSV in UTF-8 or GB 18030, and Excel workbooks. The only IO of an import.

A workbook is read in Excel's own values, not its formulas; styles, pictures and macros are not looked at.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from analytics.errors import PeopleError

MAX_COLUMNS = 200
_PIECE = 1 << 20

Row = tuple[int, tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a file may be. More is a mistake, or meant ill. `unpacked` is the size of a workbook's content."""

    size: int
    unpacked: int
    rows: int  # of one sheet


PEOPLE = Limits(size=20_000_000, unpacked=200_000_000, rows=100_000)
"""A workbook of ten thousand people unpacks to less than a tenth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows of one sheet with their numbers as people count them, from 1; blank ones are left out."""

    file: str
    name: str | None  # None: a CSV file has no sheets
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The same, with rows that are read once, while they are asked for: before the next sheet is."""

    file: str
    name: str | None
    rows: Iterator[Row]


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """The sheets of a file that have any row. Raise PeopleError for what is no such file, OSError for none."""
    told = (Sheet(file=s.file, name=s.name, rows=tuple(s.rows)) for s in stream_sheets(path, PEOPLE))
    return tuple(sheet for sheet in told if sheet.rows)


def stream_sheets(path: Path, limits: Limits) -> Iterator[Stream]:
    """The sheets of a file, empty ones too, without holding them in memory. Raises as `read_sheets`, and later."""
    size = path.stat().st_size
    if size > limits.size:
        raise PeopleError(f"{path}: found {size} bytes, expected at most {limits.size}")
    with path.open("rb") as stream:
        head = stream.read(4)
    if head == b"PK\x03\x04" or zipfile.is_zipfile(path):
        return _workbook(path, limits)
    if head == b"\xd0\xcf\x11\xe0":
        raise PeopleError(f"{path}: found an old Excel file (.xls), expected .xlsx or CSV: save it as one")
    return iter((Stream(file=str(path), name=None, rows=_csv(path, limits)),))


def _workbook(path: Path, limits: Limits) -> Iterator[Stream]:
    with _told_as_unreadable(path):
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
        if unpacked > limits.unpacked:
            raise PeopleError(f"{path}: found {unpacked} bytes unpacked, expected at most {limits.unpacked}")
        book = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                yield Stream(file=str(path), name=sheet.title, rows=_filled(sheet, path, limits))
    finally:
        book.close()


@contextmanager
def _told_as_unreadable(path: Path) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, OSError) as error:
        raise PeopleError(f"{path}: found no readable workbook ({type(error).__name__}), expected .xlsx") from None


def _filled(sheet: Any, path: Path, limits: Limits) -> Iterator[Row]:
    """All rows, whatever size the sheet says that it has: other programs than Excel write A1 there."""
    with _told_as_unreadable(path):
        sheet.reset_dimensions()
        rows = enumerate(sheet.iter_rows(values_only=True), start=1)
    while True:
        with _told_as_unreadable(path):
            number, cells = next(rows, (0, ()))
        if not number:
            return
        if number > limits.rows:
            raise PeopleError(f"{path}: found more than {limits.rows} rows in a sheet, expected fewer")
        if any(cell is not None and str(cell).strip() for cell in cells[:MAX_COLUMNS]):
            yield number, cells[:MAX_COLUMNS]


def _csv(path: Path, limits: Limits) -> Iterator[Row]:
    with path.open(encoding=_encoding(path), newline="") as text:
        delimiter = max(",\t;", key=text.readline().count)
        text.seek(0)
        reader, rows = csv.reader(text, delimiter=delimiter), 0
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith("#"):
                    rows += 1
                    if rows > limits.rows:
                        raise PeopleError(f"{path}: found more than {limits.rows} rows, expected fewer")
                    yield reader.line_num, tuple(cells[:MAX_COLUMNS])
        except csv.Error as error:
            raise PeopleError(f"{path}, line {reader.line_num}: found {error}, expected CSV") from None


def _encoding(path: Path) -> str:
    """Excel in China saves CSV in GB 18030, which is told from UTF-8 by its bytes."""
    for encoding in ("utf-8-sig", "gb18030"):
        if _is_text(path, encoding):
            return encoding
    raise PeopleError(f"{path}: found bytes that are no text, expected CSV in UTF-8 or GB 18030, or .xlsx")


def _is_text(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as text:
            return not any("\0" in piece for piece in iter(lambda: text.read(_PIECE), ""))
    except UnicodeDecodeError:
        return False
