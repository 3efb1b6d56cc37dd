"""What is asked of the service for files: the same questions as the pages', written as CSV or Excel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from analytics.metrics.periods import Period
from analytics.metrics.query import Query
from service.auth.audit import Entry
from service.auth.rights import Seen
from service.dashboard.figures.source import Asked, Behind


class Format(StrEnum):
    """The kinds of files."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAsked:
    """A report by its name (minutes, load, missed), of whom somebody sees."""

    name: str
    period: Period
    as_of: datetime
    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file, and how many rows it has."""

    body: bytes
    rows: int


Wanted = Query | ReportAsked | Asked | Behind
"""Figures, a report, a list of calls, or the calls behind a figure."""


class TooManyRowsError(Exception):
    """More rows than a file holds: so many were `found`, `most` were expected."""

    def __init__(self, found: int, most: int) -> None:
        super().__init__(f"file: found {found} rows, expected at most {most}")
        self.found = found
        self.most = most


class FileSource(Protocol):
    """The methods may raise SQLAlchemyError where the store cannot be reached."""

    async def write(self, wanted: Wanted, form: Format, language: str, *, masked: bool) -> Written:
        """The file; `masked` hides customers' numbers and names. Raises TooManyRowsError."""
        ...

    async def note(self, entry: Entry) -> None:
        """Put down in the audit who took it."""
        ...
