"""How commands print: JSON lines, CSV, tables for people."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text


def json_line(value: Any) -> str:
    """A value as one line of JSON; what UTF-8 cannot hold (bytes of a broken name) is escaped."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return line


def print_json(value: Any) -> None:
    """One object on one line."""
    sys.stdout.write(json_line(value) + "\n")


def print_json_lines(values: Iterable[Any]) -> None:
    """A list: one object a line."""
    for value in values:
        print_json(value)


def print_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows with a line of column names; null is an empty cell."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    sys.stdout.write(text.getvalue())


def print_table(
    title: str | None, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, numbers: Iterable[int] = ()
) -> None:
    """A table for people; `numbers` are the places of columns that are set to the right."""
    right = set(numbers)
    table = Table(title=None if title is None else Text(title), title_justify="left", header_style="bold")
    for place, column in enumerate(columns):
        table.add_column(Text(column), justify="right" if place in right else "left")
    for row in rows:
        # Text, not str: a customer's name in brackets is no markup.
        table.add_row(*(Text(_shown(cell)) for cell in row))
    console().print(table)


def print_line(text: str) -> None:
    """A sentence for people."""
    sys.stdout.write(text + "\n")


def print_note(text: str) -> None:
    """A sentence beside the result: on standard error, so that it is not taken for a part of it."""
    sys.stderr.write(text + "\n")


def console() -> Console:
    """Standard output; wide where it is no terminal, so that a table is not cut in a pipe."""
    return Console() if sys.stdout.isatty() else Console(width=160)


def _shown(cell: Any) -> str:
    if cell is None:
        return "–"
    text = str(cell)
    return "".join(each if each.isprintable() else "�" for each in text)
