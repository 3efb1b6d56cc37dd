"""A week and a month as tables for Excel: marks with two decimals, a mean that is none is an empty cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from analytics.export.table import Cell, Column, Kind, Note, Table
from analytics.quality.shapes import points
from analytics.quality.summaries import MonthTotals, Row, Total, WeekSummary
from config.quality import Quality
from config.settings import Language

Word = Callable[[str], str]
"""The word of the reader's language for a name of the contract."""


def _columns(word: Word, *named: tuple[str, Kind]) -> tuple[Column, ...]:
    return tuple(Column(name=name, title=word(name), kind=kind) for name, kind in named)


def month_sheet(month: MonthTotals, word: Word, now: datetime, zone: ZoneInfo) -> Table:
    """A row for each agent, then each group, then all."""
    counts = ("asked", "drawn", "n")
    later = ("passed", "critical", "appeals", "upheld", "rejected")
    return Table(
        title=f"{word('quality')} {month.month}",
        columns=_columns(
            word, ("agent", Kind.TEXT), ("group", Kind.TEXT), *((name, Kind.COUNT) for name in counts),
            ("mean", Kind.MINUTES), ("worst", Kind.MINUTES), *((name, Kind.COUNT) for name in later),
        ),
        rows=tuple(_total(each, word) for each in (*month.agents, *month.groups, month.all)),
        made_at=now,
        zone=zone,
        notes=(
            Note(
                label=word("quality"),
                value=word("coverage").format(talked=month.talked, covered=month.covered, n=month.at_least),
            ),
        ),
    )  # fmt: skip


def _total(each: Total, word: Word) -> tuple[Cell, ...]:
    row = each.row
    return (
        each.name or word("all"), each.group, each.asked, each.drawn, row.n, points(row.mean_c), points(row.worst_c),
        each.passed, each.critical, each.appeals, each.upheld, each.rejected,
    )  # fmt: skip


def week_sheet(
    week: WeekSummary, quality: Quality, word: Word, language: Language, now: datetime, zone: ZoneInfo
) -> Table:
    """A row for each agent and for all, with the mean of each criterion, and the training points as notes."""
    names = {each.id: each.name_zh if language is Language.ZH else each.name_en for each in quality.criteria}
    lines = dict(week.lines)
    rows = [_week_row(each.name, each, lines[each.name]) for each in week.agents]
    rows.append(_week_row(word("all"), week.all, week.criteria))
    return Table(
        title=f"{word('quality')} {week.week}",
        columns=(
            *_columns(
                word, ("agent", Kind.TEXT), ("n", Kind.COUNT), ("mean", Kind.MINUTES), ("worst", Kind.MINUTES)
            ),
            *(Column(name=row.name, title=names.get(row.name, row.name), kind=Kind.RATE) for row in week.criteria),
        ),
        rows=tuple(rows),
        made_at=now,
        zone=zone,
        notes_title=word("training_points"),
        notes=tuple(
            Note(
                label=f"{each.agent or word('centre')} · {names.get(each.criterion, each.criterion)}",
                value=" · ".join((f"{each.share_c / 100:g} %", *each.said)),
            )
            for each in week.points
        ),
    )


def _week_row(name: str, row: Row, lines: tuple[Row, ...]) -> tuple[Cell, ...]:
    """A criterion has its mean, and where there are too few cards its worst is no mean: an empty cell."""
    shares = (None if each.mean_c is None else each.mean_c / 10_000 for each in lines)
    return name, row.n, points(row.mean_c), points(row.worst_c), *shares
