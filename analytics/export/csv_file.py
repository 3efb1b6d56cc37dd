"""A table as CSV: RFC 4180 in UTF-8 with a byte order mark, without which Excel takes it for another encoding.

A spreadsheet takes a text that begins with one of `=+-@`, a tab or a line end for a formula, and what a caller
calls himself must never be one: such a cell gets an apostrophe before it. Numbers are written as numbers.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from analytics.export.table import Cell, Table

BOM = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""The wide forms too: Excel of East Asian languages takes them for the narrow ones."""


def csv_file(table: Table) -> bytes:
    """The whole file: a line of the contract's column names, then the rows; CRLF after each."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_written(cell) for cell in row] for row in table.rows)
    return (BOM + text.getvalue()).encode("utf-8", errors="replace")


def defused(text: str) -> str:
    """The text, never a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _written(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case datetime():
            return cell.astimezone(UTC).isoformat(timespec="milliseconds")
        case str():
            return defused(cell)
        case _:
            return cell
