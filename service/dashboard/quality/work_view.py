"""The worklist as rows of text for its template. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from analytics.quality.records import Draw, SampleState
from analytics.quality.summaries import MonthTotals, Total
from config.policies import Policy
from service.dashboard import numerals
from service.dashboard.catalogues import marked
from service.dashboard.labels import Label
from service.dashboard.quality import labels
from service.dashboard.quality.source import Appealed, Listed, Work
from service.dashboard.rows import Mark, initial_of, mark
from service.dashboard.words import Words


class Show(StrEnum):
    """Which samples are listed."""

    MINE = "mine"  # what waits for who reads
    OPEN = "open"  # what waits for anybody
    SCORED = "scored"
    REPLACED = "replaced"


SHOWN = {
    Show.MINE: marked("For me"),
    Show.OPEN: marked("All that waits"),
    Show.SCORED: marked("Scored"),
    Show.REPLACED: marked("Replaced"),
}
DRAWN = Label(marked("Drawn"), "good", "circle-check")
COMMITTED = Label(marked("Committed"), "", "lock")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRow:
    """A line of the worklist."""

    id: int
    link: str
    agent: str
    number: str
    initial: str
    at: str
    length: str
    stratum: str
    inspector: str
    state: Mark
    mark: str
    failed: bool
    more: str  # why it was replaced


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRow:
    """An appeal that waits."""

    link: str
    agent: str
    mark: str
    text: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawRow:
    """A week's draw. `late`: its random was committed to after the week."""

    week: str
    link: str
    state: Mark
    when: str
    samples: str
    commitment: str
    seed: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressRow:
    """An agent's month: `pips` are the talks that the policy asks for, how many are scored, drawn, and missing."""

    agent: str
    number: str
    initial: str
    scored: int
    drawn: int
    asked: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkView:
    """The page. `samples_nothing`: the policy has no section."""

    samples_nothing: bool
    tabs: tuple[tuple[str, str, int, bool], ...]  # key, words, how many, whether it is shown
    rows: tuple[SampleRow, ...]
    appeals: tuple[AppealRow, ...]
    draws: tuple[DrawRow, ...]
    progress: tuple[ProgressRow, ...]
    month: str
    month_link: str
    coverage: str
    covered: str
    mine: int
    open: int
    scored: int
    mean: str
    next_link: str


def work_view(words: Words, work: Work, policy: Policy, login: str, show: Show, now: datetime) -> WorkView:
    """The page of who reads."""
    lists = {each: [one for one in work.samples if _is(one, each, login)] for each in Show}
    names = {each.agent: each.name or "" for each in policy.agents}
    month = work.month
    first = next(iter(lists[Show.MINE]), None)
    return WorkView(
        samples_nothing=month is None,
        tabs=tuple((each.value, words.gettext(SHOWN[each]), len(lists[each]), each is show) for each in Show),
        rows=tuple(_row(words, each, policy, names, work.people) for each in lists[show]),
        appeals=tuple(_appeal(words, each, names) for each in work.appeals),
        draws=tuple(_draw(words, draw, count, due) for draw, count, due in work.draws),
        progress=tuple(_progress(words, each, names) for each in month.agents) if month else (),
        month=words.month(words.local(now).date().replace(day=1)),
        month_link=f"/quality/months/{month.month}" if month else "",
        coverage=numerals.percent(month.coverage) if month else numerals.DASH,
        covered=_covered(words, month),
        mine=len(lists[Show.MINE]),
        open=len(lists[Show.OPEN]),
        scored=month.all.row.n if month else 0,
        mean=labels.points(month.all.row.mean_c) if month else numerals.DASH,
        next_link=f"/quality/{first.sample.id}" if first else "",
    )


def _covered(words: Words, month: MonthTotals | None) -> str:
    if month is None or not month.talked:
        return words.gettext("nobody talked")
    return words.gettext(
        "%(n)s of %(all)s agents have %(least)s", n=month.covered, all=month.talked, least=month.at_least
    )


def _is(one: Listed, show: Show, login: str) -> bool:
    state = one.sample.state
    match show:
        case Show.MINE:
            return state is SampleState.OPEN and one.sample.inspector == login
        case Show.OPEN:
            return state is SampleState.OPEN
        case Show.SCORED:
            return state is SampleState.SCORED
        case _:
            return state is SampleState.REPLACED


def _row(
    words: Words, one: Listed, policy: Policy, names: Mapping[str, str], people: Mapping[str, str]
) -> SampleRow:
    sample, name = one.sample, words.person(one.sample.agent, names.get(one.sample.agent))
    reason = words.gettext(labels.REASONS[sample.reason]) if sample.reason else ""
    return SampleRow(
        id=sample.id, link=f"/quality/{sample.id}", agent=name, number=sample.agent if name != sample.agent else "",
        initial=initial_of(name), at=words.moment(sample.started_at), length=numerals.clock(sample.length_ms),
        stratum=labels.stratum(words, policy, sample), inspector=_person(words, sample.inspector, people),
        state=mark(words, labels.STATES[sample.state]), mark=labels.points(one.card.mark_c) if one.card else "",
        failed=one.card is not None and not one.card.passed,
        more=" · ".join(filter(None, (reason, sample.reason_text))),
    )  # fmt: skip


def _person(words: Words, login: str | None, people: Mapping[str, str]) -> str:
    if login is None:
        return words.gettext("nobody yet")
    return people.get(login) or login


def _appeal(words: Words, each: Appealed, names: Mapping[str, str]) -> AppealRow:
    return AppealRow(
        link=f"/quality/{each.sample.id}?mode=decide",
        agent=words.person(each.sample.agent, names.get(each.sample.agent)),
        mark=labels.points(each.card.mark_c),
        text=each.appeal.text,
        at=words.stamp(each.appeal.made_at),
    )


def _draw(words: Words, draw: Draw, count: int, due: datetime | None) -> DrawRow:
    drawn = draw.drawn_at is not None
    label = DRAWN if drawn else COMMITTED
    at = draw.drawn_at or due
    return DrawRow(
        week=draw.week, link=f"/quality/weeks/{draw.week}", state=mark(words, label),
        when=words.moment(at) if at else numerals.DASH, samples=numerals.count(count) if drawn else numerals.DASH,
        commitment=draw.commitment, seed=draw.seed or "", late=draw.committed_late,
    )  # fmt: skip


def _progress(words: Words, each: Total, names: Mapping[str, str]) -> ProgressRow:
    name = words.person(each.name, names.get(each.name))
    asked = each.asked or 0
    text = words.gettext(
        "%(scored)s of %(asked)s scored, %(drawn)s drawn", scored=each.row.n, asked=asked, drawn=each.drawn
    )
    return ProgressRow(
        agent=name, number=each.name if name != each.name else "", initial=initial_of(name), scored=each.row.n,
        drawn=each.drawn, asked=asked, text=text,
    )  # fmt: skip
