"""A week and a month as text for their templates. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from analytics.quality.summaries import MonthTotals, Point, Row, Total
from analytics.quality.weeks import Week, parse_week
from config.policies import Policy
from service.dashboard import numerals
from service.dashboard.quality import labels
from service.dashboard.quality.source import Sees, WeekTold
from service.dashboard.rows import initial_of
from service.dashboard.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Somebody's row: cards, mean and worst as text; `few`: there are cards, but too few for a mean."""

    name: str
    number: str
    initial: str
    n: int
    mean: str
    worst: str
    few: bool
    lines: tuple[
        tuple[str, str, int], ...
    ] = ()  # of each criterion: mean or worst as text, which, per cent for its bar


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRow:
    """A training point."""

    who: str
    criterion: str
    share: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawTold:
    """The draw of a week, as anybody can do it again. `same` None: not drawn yet."""

    commitment: str
    committed: str
    late: bool
    random: str
    seed: str
    drawn: str
    candidates: str
    pool: str
    same: bool | None
    shorts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekView:
    """A week's page."""

    label: str
    days: str
    drawn: int
    scored: int
    open: int
    replaced: int
    mean: str
    worst: str
    criteria: tuple[str, ...]
    agents: tuple[Cells, ...]
    all: Cells
    points: tuple[PointRow, ...]
    criticals: tuple[tuple[str, str, str], ...]
    trainings: tuple[tuple[str, str, str, str], ...]
    draw: DrawTold | None
    previous: str
    following: str
    choices: tuple[tuple[str, str], ...]  # criteria, for a training
    people: tuple[tuple[str, str], ...]  # agents, for a training


def week_view(words: Words, told: WeekTold, policy: Policy, today: date, sees: Sees) -> WeekView:
    """The page of a week; nobody is named whom its reader does not see."""
    summary, week = told.summary, parse_week(told.summary.week)
    names = {each.agent: each.name or "" for each in policy.agents}
    criteria = {each.id: labels.named(words, each) for each in told.quality.criteria}
    criticals = {each.id: labels.named(words, each) for each in told.quality.criticals}
    lines = dict(summary.lines)
    return WeekView(
        label=week.label,
        days=words.days(
            week.monday, week.following.monday.fromordinal(week.following.monday.toordinal() - 1), year=True
        ),
        drawn=summary.drawn,
        scored=summary.all.n,
        open=summary.open,
        replaced=summary.replaced,
        mean=labels.points(summary.all.mean_c),
        worst=labels.points(summary.all.worst_c),
        criteria=tuple(criteria.values()),
        agents=tuple(_cells(words, each, names, lines[each.name]) for each in summary.agents),
        all=_cells(words, summary.all, names, summary.criteria),
        points=tuple(_point(words, each, names, criteria) for each in summary.points),
        criticals=tuple(
            (words.person(agent, names.get(agent)), criticals.get(name, name), f"/quality/{sample}")
            for agent, name, sample in summary.criticals
        ),
        trainings=tuple(
            (
                words.day(each.planned_on),
                words.person(each.agent, names.get(each.agent)) if each.agent else words.gettext("All"),
                " · ".join(filter(None, (criteria.get(each.criterion or "", ""), each.text))),
                told.people.get(each.by) or each.by,
            )
            for each in summary.trainings
        ),
        draw=_draw(words, told, names, sees),
        previous=f"/quality/weeks/{week.previous.label}",
        following=f"/quality/weeks/{week.following.label}" if week < Week.of(today) else "",
        choices=tuple(criteria.items()),
        people=tuple((each, words.person(each, names.get(each))) for each in sorted(names) if sees(each)),
    )


def _cells(words: Words, row: Row, names: Mapping[str, str], lines: tuple[Row, ...]) -> Cells:
    name = words.person(row.name, names.get(row.name)) if row.name else words.gettext("All")
    return Cells(
        name=name, number=row.name if name != row.name else "", initial=initial_of(name), n=row.n,
        mean=labels.points(row.mean_c), worst=labels.points(row.worst_c), few=row.n > 0 and row.mean_c is None,
        lines=tuple(_line(words, each) for each in lines),
    )  # fmt: skip


def _line(words: Words, row: Row) -> tuple[str, str, int]:
    if row.mean_c is not None:
        return f"{row.mean_c // 100}", words.gettext("mean"), row.mean_c // 100
    if row.worst_c is not None:
        return f"{row.worst_c // 100}", words.gettext("worst"), row.worst_c // 100
    return numerals.DASH, "", 0


def _point(words: Words, point: Point, names: Mapping[str, str], criteria: Mapping[str, str]) -> PointRow:
    who = words.person(point.agent, names.get(point.agent)) if point.agent else words.gettext("The centre")
    return PointRow(
        who=who, criterion=criteria.get(point.criterion, point.criterion), share=f"{point.share_c // 100}",
        said=point.said,
    )  # fmt: skip


def _draw(words: Words, told: WeekTold, names: Mapping[str, str], sees: Sees) -> DrawTold | None:
    draw, checked = told.draw, told.checked
    if draw is None:
        return None
    shorts = checked.shortfalls if checked else ()
    return DrawTold(
        commitment=draw.commitment, committed=words.moment(draw.committed_at), late=draw.committed_late,
        random=draw.random or "", seed=draw.seed or "", drawn=words.moment(draw.drawn_at) if draw.drawn_at else "",
        candidates=numerals.count(draw.candidates), pool=draw.pool_digest or "",
        same=None if checked is None else not checked.differing,
        shorts=tuple(
            words.gettext(
                "%(who)s had %(found)s of %(asked)s talks: all were taken",
                who=words.person(each.agent, names.get(each.agent)), found=each.found, asked=each.asked,
            )
            for each in shorts
            if sees(each.agent)
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalRow:
    """A row of a month."""

    name: str
    number: str
    initial: str
    group: str
    asked: str
    drawn: int
    n: int
    enough: bool
    mean: str
    few: bool
    worst: str
    passed: int
    critical: int
    appeals: int
    upheld: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthView:
    """A month's page."""

    label: str
    title: str
    coverage: str
    covered: str
    at_least: int
    agents: tuple[TotalRow, ...]
    groups: tuple[TotalRow, ...]
    all: TotalRow
    weeks: tuple[tuple[str, str], ...]


def month_view(words: Words, month: MonthTotals, policy: Policy, weeks: tuple[Week, ...]) -> MonthView:
    """The page of a month."""
    names = {each.agent: each.name or "" for each in policy.agents}
    return MonthView(
        label=month.month,
        title=words.month(date.fromisoformat(f"{month.month}-01")),
        coverage=numerals.percent(month.coverage),
        covered=words.gettext("%(n)s of %(all)s agents who talked", n=month.covered, all=month.talked),
        at_least=month.at_least,
        agents=tuple(_total(words, each, names) for each in month.agents),
        groups=tuple(_total(words, each, {}) for each in month.groups),
        all=_total(words, month.all, {}),
        weeks=tuple((each.label, f"/quality/weeks/{each.label}") for each in weeks),
    )


def _total(words: Words, total: Total, names: Mapping[str, str]) -> TotalRow:
    row = total.row
    name = words.person(total.name, names.get(total.name)) if total.name else words.gettext("All")
    return TotalRow(
        name=name, number=total.name if name != total.name and total.name in names else "", initial=initial_of(name),
        group=total.group or numerals.DASH, asked=numerals.count(total.asked), drawn=total.drawn, n=row.n,
        enough=total.asked is None or row.n >= total.asked, mean=labels.points(row.mean_c),
        few=row.n > 0 and row.mean_c is None, worst=labels.points(row.worst_c), passed=total.passed,
        critical=total.critical, appeals=total.appeals, upheld=total.upheld, rejected=total.rejected,
    )  # fmt: skip
