"""Files of people as sheets of cells: CSV in UTF-8 or GB 18030, and Excel workbooks. The only IO of an import.

A workbook is read in Excel's own values, not its formulas; styles, pictures and macros are not looked at.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from analytics.errors import PeopleError

MAX_BYTES = 20_000_000
MAX_UNPACKED = 200_000_000
"""A workbook of ten thousand people unpacks to less than a tenth; more is a mistake, or meant ill."""

MAX_ROWS = 100_000
MAX_COLUMNS = 200

Row = tuple[int, tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows of one sheet with their numbers as people count them, from 1; blank ones are left out."""

    file: str
    name: str | None  # None: a CSV file has no sheets
    rows: tuple[Row, ...]


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """The sheets of a file that have any row. Raise PeopleError for what is no such file, OSError for none."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise PeopleError(f"{path}: found {size} bytes, expected at most {MAX_BYTES}")
    content = path.read_bytes()
    if zipfile.is_zipfile(io.BytesIO(content)):
        return _workbook(path, content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise PeopleError(f"{path}: found an old Excel file (.xls), expected .xlsx or CSV: save it as one")
    return _csv(path, content)


def _workbook(path: Path, content: bytes) -> tuple[Sheet, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise PeopleError(f"{path}: found {unpacked} bytes unpacked, expected at most {MAX_UNPACKED}")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            sheets = [
                Sheet(file=str(path), name=sheet.title, rows=tuple(_filled(_all_rows(sheet), path)))
                for sheet in book.worksheets
                if sheet.sheet_state == "visible"
            ]
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, OSError) as error:
        raise PeopleError(f"{path}: found no readable workbook ({type(error).__name__}), expected .xlsx") from None
    return tuple(sheet for sheet in sheets if sheet.rows)


def _all_rows(sheet: Any) -> Iterator[tuple[object, ...]]:
    """All rows, whatever size the sheet says that it has: other programs than Excel write A1 there."""
    sheet.reset_dimensions()
    rows: Iterator[tuple[object, ...]] = sheet.iter_rows(values_only=True)
    return rows


def _filled(rows: Iterator[tuple[object, ...]], path: Path) -> Iterator[Row]:
    for number, cells in enumerate(rows, start=1):
        if number > MAX_ROWS:
            raise PeopleError(f"{path}: found more than {MAX_ROWS} rows in a sheet, expected fewer")
        if any(cell is not None and str(cell).strip() for cell in cells[:MAX_COLUMNS]):
            yield number, cells[:MAX_COLUMNS]


def _csv(path: Path, content: bytes) -> tuple[Sheet, ...]:
    text = _decoded(path, content)
    head = text.partition("\n")[0]
    delimiter = max(",\t;", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[Row] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith("#"):
                rows.append((reader.line_num, tuple(cells[:MAX_COLUMNS])))
    except csv.Error as error:
        raise PeopleError(f"{path}, line {reader.line_num}: found {error}, expected CSV") from None
    if len(rows) > MAX_ROWS:
        raise PeopleError(f"{path}: found {len(rows)} rows, expected at most {MAX_ROWS}")
    return (Sheet(file=str(path), name=None, rows=tuple(rows)),) if rows else ()


def _decoded(path: Path, content: bytes) -> str:
    """Excel in China saves CSV in GB 18030, which is told from UTF-8 by its bytes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise PeopleError(f"{path}: found bytes that are no text, expected CSV in UTF-8 or GB 18030, or .xlsx")
