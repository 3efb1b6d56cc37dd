"""A report's figures, frozen: with its period, grouping, as-of instant and policy, as one canonical text.

    {"as_of", "columns", "groups", "period": {"from", "label", "to", "zone"}, "policy": {"digest", "name"},
     "report", "rows": [[…], …], "warnings"}

Nothing here knows which report it is, so every report can be issued. Rows are lists in the order of `columns`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from analytics.closing.canonical import as_decimal, canonical, digest, policy_rules, read_canonical
from analytics.errors import ClosingError
from analytics.metrics.periods import Period
from analytics.reports.report import Report
from config.policies import Policy

FrozenCell = str | Decimal | bool | None
"""A cell of a frozen row. Numbers are exact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a report said: about which period, by which policy, as known when.

    `groups` are the names that its rows are told apart by; each row has one cell for each column.
    """

    report: str
    period: str
    start: datetime
    end: datetime
    zone: str
    groups: tuple[str, ...]
    as_of: datetime
    policy: str
    policy_digest: str
    columns: tuple[str, ...]
    rows: tuple[tuple[FrozenCell, ...], ...]
    warnings: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that tell rows apart: those of its groups, else the first."""
        return tuple(name for name in self.columns if name in self.groups) or self.columns[:1]

    def named_rows(self) -> list[dict[str, FrozenCell]]:
        """The rows with the names of their columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def freeze(report: Report, period: Period, groups: tuple[str, ...], policy: Policy) -> Figures:
    """The figures of a report. Raise ClosingError where its rows have not all the same columns."""
    columns = tuple(report.rows[0]) if report.rows else ()
    return Figures(
        report=report.name,
        period=period.label,
        start=period.start,
        end=period.end,
        zone=str(period.zone),
        groups=groups,
        as_of=report.as_of,
        policy=policy.name,
        policy_digest=digest(policy_rules(policy)),
        columns=columns,
        rows=tuple(_row(number, row, columns) for number, row in enumerate(report.rows, 1)),
        warnings=report.warnings,
    )


def _row(number: int, row: Mapping[str, Any], columns: tuple[str, ...]) -> tuple[FrozenCell, ...]:
    if tuple(row) != columns:
        raise ClosingError(
            f"figures row {number}: found the columns {', '.join(row)}, expected {', '.join(columns)}"
        )
    return tuple(_cell(number, name, row[name]) for name in columns)


def _cell(number: int, column: str, value: Any) -> FrozenCell:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float, Decimal)):
        return as_decimal(value)
    found = type(value).__name__
    raise ClosingError(f"figures row {number} {column}: found a {found}, expected a number, a text or null")


def text_of(figures: Figures) -> str:
    """The figures as canonical JSON."""
    return canonical(
        {
            "report": figures.report,
            "period": {
                "label": figures.period,
                "from": figures.start.isoformat(),
                "to": figures.end.isoformat(),
                "zone": figures.zone,
            },
            "groups": figures.groups,
            "as_of": figures.as_of.isoformat(),
            "policy": {"name": figures.policy, "digest": figures.policy_digest},
            "columns": figures.columns,
            "rows": figures.rows,
            "warnings": figures.warnings,
        }
    )


def figures_of(text: str) -> Figures:
    """What `text_of` wrote. Raise ClosingError where the text is not of that shape."""
    try:
        told = read_canonical(text)
        period, policy = told["period"], told["policy"]
        return Figures(
            report=told["report"],
            period=period["label"],
            start=datetime.fromisoformat(period["from"]),
            end=datetime.fromisoformat(period["to"]),
            zone=period["zone"],
            groups=tuple(told["groups"]),
            as_of=datetime.fromisoformat(told["as_of"]),
            policy=policy["name"],
            policy_digest=policy["digest"],
            columns=tuple(told["columns"]),
            rows=tuple(tuple(row) for row in told["rows"]),
            warnings=tuple(told["warnings"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ClosingError(
            f"figures: found {type(error).__name__} {error}, expected the text as it was issued"
        ) from None
