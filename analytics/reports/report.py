"""The shape that every report has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analytics.metrics.cells import Group
from analytics.metrics.query import Result, ResultRow

Cell = str | int | float | bool | None
"""What JSON and a spreadsheet can both hold; minutes and rates are rounded where they become one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report's rows, all with the same keys in the same order, and what they are about."""

    name: str
    period: str
    as_of: datetime
    rows: tuple[dict[str, Cell], ...]
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """One object for `--json` and the API."""
        return {
            "report": self.name,
            "period": self.period,
            "as_of": self.as_of.isoformat(timespec="milliseconds"),
            "rows": list(self.rows),
            "warnings": list(self.warnings),
        }


def named_by(groups: tuple[Group, ...], row: ResultRow) -> dict[str, Cell]:
    """The columns that say what a row is of; `all` where nothing is told apart."""
    return {group.value: value for group, value in zip(groups, row.key, strict=True)} or {"all": ""}


def report_of(
    name: str, result: Result, rows: tuple[dict[str, Cell], ...], warnings: tuple[str, ...] = ()
) -> Report:
    """A report that takes its period, instant and warnings from a result."""
    return Report(
        name=name,
        period=result.query.period.label,
        as_of=result.query.as_of,
        rows=rows,
        warnings=(*map(str, result.warnings), *warnings),
    )
