"""What the commands of closing a month share: the store, the question before what cannot be undone, exported files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection, Engine

from analytics.metrics.periods import Period, PeriodKind
from analytics.storage.engine import open_store
from config.settings import Language, Settings
from service.cli import context
from service.cli.closing_words import question
from service.errors import UnreachableError, UsageError
from service.migrations import newest_revision, stored_revision, upgrade

ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it; kept on record.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask before what cannot be undone.")]
ExcelOption = Annotated[
    Path | None,
    typer.Option("--excel", metavar="FILE.xlsx", help="Write an Excel file too; no file is written over."),
]


@contextmanager
def reading(settings: Settings) -> Iterator[Connection]:
    """A connection that writes nothing. Raises UnreachableError where the tables are not there yet."""
    engine = open_store(settings.database_url, reads_only=True)
    try:
        with engine.connect() as connection:
            found = stored_revision(connection)
            if found is None or found < newest_revision():
                expected = f"expected {newest_revision()}: the service migrates its database when it starts"
                raise UnreachableError(f"database: found the tables of version {found or 'none'}, {expected}")
            yield connection
    finally:
        engine.dispose()


@contextmanager
def writing(settings: Settings) -> Iterator[Engine]:
    """The store with all its tables."""
    engine = open_store(settings.database_url)
    try:
        upgrade(engine)
        yield engine
    finally:
        engine.dispose()


def month_of(text: str, settings: Settings, zone: str | None = None) -> Period:
    """A calendar month of the centre's zone. Raises UsageError, PeriodError."""
    period = context.period_of(settings, text, zone)
    if period.kind is not PeriodKind.MONTH:
        raise UsageError(f"month: found {text!r}, expected one such as 2026-11")
    return period


def confirm(name: str, about: str, language: Language, *, yes: bool) -> None:
    """Ask before what cannot be undone. Raises UsageError where nobody can be asked; ends the command at a no."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(f"{about}: found no terminal to ask on, expected --yes")
    typer.confirm(question(name, language, about), abort=True, err=True)


def one_form(json: bool, csv: bool) -> None:
    """Raise UsageError where output is asked for in two forms."""
    if json and csv:
        raise UsageError("found both --json and --csv, expected one")


def write_new(file: Path, content: bytes) -> None:
    """Write a file that is not there yet. Raises UsageError."""
    try:
        with file.open("xb") as stream:
            stream.write(content)
    except FileExistsError:
        raise UsageError(f"{file}: found a file there, expected none: nothing is written over") from None
