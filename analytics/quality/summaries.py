"""A week by agent and criterion with its training points, and a month's totals. Pure.

Marks are hundredths of a point of 100; a criterion's share is hundredths of a per cent of its scale. A mean over fewer
cards than the policy's `mean_from` is None: two cards say nothing of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from analytics.quality.records import AppealState, Card, Note, Reply, Sample, SampleState, Training
from config.quality import Quality

WHOLE_C = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A sample with the card that counts, its notes, and the appeals to any of its cards."""

    sample: Sample
    card: Card | None
    notes: tuple[Note, ...] = ()
    appeals: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What some cards come to. `name` is an agent, a group, a criterion or '' for all."""

    name: str
    n: int
    mean_c: int | None
    worst_c: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A training point: where somebody, or the centre (`agent` None), did worst, and what was noted of it."""

    agent: str | None
    criterion: str
    n: int
    share_c: int  # the mean of the centre, the worst of one person
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekSummary:
    """A week's samples, however far they are. `lines`: by agent and criterion."""

    week: str
    drawn: int
    open: int
    replaced: int
    all: Row
    agents: tuple[Row, ...]
    criteria: tuple[Row, ...]
    lines: tuple[tuple[str, tuple[Row, ...]], ...]
    points: tuple[Point, ...]
    criticals: tuple[tuple[str, str, int], ...]  # agent, what failed, sample
    trainings: tuple[Training, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A month of an agent, a group or the centre. `asked`: how many talks the policy wants, None but for agents."""

    name: str
    group: str | None
    asked: int | None
    drawn: int
    row: Row
    passed: int
    critical: int
    appeals: int
    upheld: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthTotals:
    """A month. Coverage is agents with enough cards ÷ agents who talked; None where nobody did."""

    month: str
    at_least: int
    agents: tuple[Total, ...]
    groups: tuple[Total, ...]
    all: Total
    talked: int
    covered: int

    @property
    def coverage(self) -> Fraction | None:
        """Of the agents who talked, the share who have at least N cards."""
        return Fraction(self.covered, self.talked) if self.talked else None


def week_summary(
    week: str, marked: Sequence[Marked], quality: Quality, trainings: tuple[Training, ...] = ()
) -> WeekSummary:
    """What a week's cards come to."""
    states = [each.sample.state for each in marked]
    cards = [(each, each.card) for each in marked if each.card is not None]
    agents = sorted({each.sample.agent for each, _ in cards})

    def lines(of: Iterable[Card]) -> tuple[Row, ...]:
        told = list(of)
        return tuple(_criterion(each.id, told, quality) for each in quality.criteria)

    whole = lines(card for _, card in cards)
    return WeekSummary(
        week=week,
        drawn=len(states) - states.count(SampleState.REPLACED),
        open=states.count(SampleState.OPEN),
        replaced=states.count(SampleState.REPLACED),
        all=_row("", [card for _, card in cards], quality),
        agents=tuple(_row(name, _of(cards, name), quality) for name in agents),
        criteria=whole,
        lines=tuple((name, lines(_of(cards, name))) for name in agents),
        points=(*_centre_points(whole, quality), *(p for name in agents for p in _points(name, cards, quality))),
        criticals=tuple(
            (each.sample.agent, name, each.sample.id) for each, card in cards for name in card.criticals
        ),
        trainings=trainings,
    )


def _of(cards: Iterable[tuple[Marked, Card]], agent: str) -> list[Card]:
    return [card for each, card in cards if each.sample.agent == agent]


def _row(name: str, cards: Sequence[Card], quality: Quality) -> Row:
    return _summed(name, [Fraction(each.mark_c) for each in cards], quality)


def _criterion(name: str, cards: Sequence[Card], quality: Quality) -> Row:
    lines = ((card.form.scale, card.line(name)) for card in cards)
    return _summed(name, [Fraction(line.mark * WHOLE_C, scale) for scale, line in lines if line], quality)


def _summed(name: str, values: Sequence[Fraction], quality: Quality) -> Row:
    mean = _half_up(sum(values, Fraction()) / len(values)) if len(values) >= quality.mean_from else None
    return Row(name=name, n=len(values), mean_c=mean, worst_c=_half_up(min(values)) if values else None)


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _centre_points(rows: Sequence[Row], quality: Quality) -> list[Point]:
    known = [(row.mean_c, row) for row in rows if row.mean_c is not None and row.mean_c < WHOLE_C]
    lowest = sorted(known, key=lambda each: each[0])[: quality.training_points]
    return [Point(agent=None, criterion=row.name, n=row.n, share_c=mean, said=()) for mean, row in lowest]


def _points(agent: str, cards: Sequence[tuple[Marked, Card]], quality: Quality) -> list[Point]:
    """The lowest criteria of one person's cards: the marks themselves, so that one card is enough to learn from."""
    own = [(each, card) for each, card in cards if each.sample.agent == agent]
    rows = [_criterion(each.id, [card for _, card in own], quality) for each in quality.criteria]
    known = [(row.worst_c, row) for row in rows if row.worst_c is not None and row.worst_c < WHOLE_C]
    lowest = sorted(known, key=lambda each: each[0])[: quality.training_points]
    return [
        Point(agent=agent, criterion=row.name, n=row.n, share_c=worst, said=_said(own, row.name))
        for worst, row in lowest
    ]


def _said(own: Sequence[tuple[Marked, Card]], criterion: str) -> tuple[str, ...]:
    remarks = [line.remark for _, card in own if (line := card.line(criterion)) and line.remark]
    return (*remarks, *(note.text for each, _ in own for note in each.notes if note.criterion == criterion))


def month_totals(
    month: str,
    marked: Sequence[Marked],
    quality: Quality,
    talked: frozenset[str],
    group_of: Callable[[str], str | None],
) -> MonthTotals:
    """What a month's cards come to; `group_of` an agent at its end. Who talked and was not drawn stands in it too."""
    standing = [each for each in marked if each.sample.state is not SampleState.REPLACED]
    names = sorted(talked | {each.sample.agent for each in standing})
    groups = sorted({each.sample.group for each in standing if each.sample.group is not None})
    agents = tuple(
        _total(name, group_of(name), [each for each in standing if each.sample.agent == name], quality, asks=True)
        for name in names
    )
    return MonthTotals(
        month=month,
        at_least=quality.at_least,
        agents=agents,
        groups=tuple(
            _total(name, name, [each for each in standing if each.sample.group == name], quality) for name in groups
        ),
        all=_total("", None, standing, quality),
        talked=len(talked),
        covered=sum(each.row.n >= quality.at_least for each in agents if each.name in talked),
    )


def _total(
    name: str, group: str | None, marked: Sequence[Marked], quality: Quality, *, asks: bool = False
) -> Total:
    cards = [each.card for each in marked if each.card is not None]
    appeals = [appeal for each in marked for appeal in each.appeals]
    return Total(
        name=name,
        group=group,
        asked=quality.at_least if asks else None,
        drawn=len(marked),
        row=_row(name, cards, quality),
        passed=sum(each.passed for each in cards),
        critical=sum(each.critical for each in cards),
        appeals=len(appeals),
        upheld=sum(each.state is AppealState.UPHELD for each in appeals),
        rejected=sum(each.state is AppealState.REJECTED for each in appeals),
    )
