"""Answering questions about figures: from roll-ups where they hold, from the facts where they do not.

Wallboard, reports, spreadsheets, commands and API ask `run` and nothing else. Both roads count the same measures in
the same cells; a test holds them equal for every question.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from analytics.errors import QueryError
from analytics.metrics.beware import Caution, Warned
from analytics.metrics.cells import IN_TIME, OF_THE_DAY, Cells, Group
from analytics.metrics.definitions import Metric
from analytics.metrics.folds import Fold
from analytics.metrics.grouping import (
    Key,
    Rows,
    day_label,
    finest_of,
    labels_of,
    matches,
    quarter_label,
    renamed,
    rows_of_cells,
)
from analytics.metrics.in_force import InForce
from analytics.metrics.judging import Judging, judging_of
from analytics.metrics.measures import FAMILY_OF, Family, Sheet
from analytics.metrics.plan import Finest, Plan, Stretch, cut_by_clock, plan
from analytics.metrics.questions import Query, Result, ResultRow, metric_of
from analytics.metrics.rolled import Rolled, Span, first_day
from analytics.metrics.tallies import Tally
from analytics.metrics.windows import Window
from analytics.values import Source
from config.policies import Policy
from telephony.clock import to_microseconds

INFERRED = "calls_inferred"
ESTIMATED = "syllables"
__all__ = ["Query", "QueryError", "Result", "ResultRow", "run"]


Folded = dict[tuple[int, int, int, bool, frozenset[Family]], Cells]
"""What was counted from the facts before, by stretch, as-of instant, whether by call, and families."""


def run(
    query: Query,
    source: Source,
    policy: Policy,
    named: Callable[[Key], Key] = lambda key: key,
    folded: Folded | None = None,
) -> Result:
    """Answer a question. Raise QueryError for one that cannot be answered.

    named: the name of a row by its key; rows of one name are one row, exactly. folded: kept between questions of one
    source and policy, so that what several of them tell apart in different ways is counted once.
    """
    query.check()
    judging = judging_of(query, policy)
    told = folded if folded is not None and query.by_the_policy else {}
    answering = _Answering(query=query, source=source, judging=judging, folded=told)
    rows: Rows = {label: Tally() for label in labels_of(query.groups, query.period)}
    for sheet in Sheet:
        families = frozenset(each for each in query.families if each.sheet is sheet)
        if families:
            answering.fold(rows, sheet, families)
    rows = renamed(rows, named)
    metrics = {name: metric_of(name, judging.formula) for name in query.metrics}
    kept = {named(label) for label in labels_of(query.groups, query.period)}
    needed = {name for each in metrics.values() for name in each.measures} | set(query.distributions)
    return Result(
        query=query,
        rows=tuple(
            ResultRow(
                key=key,
                values={name: metric.value(tally) for name, metric in metrics.items()},
                spreads={name: tally.spreads.get(name, {}) for name in query.distributions},
            )
            for key, tally in sorted(rows.items())
            if key in kept or _counts(tally, needed)
        ),
        warnings=tuple(answering.warnings(rows.values())),
        service_level=judging.formula,
        policy=policy.name,
        policy_digest=policy.digest(),
        from_facts=len(answering.days_from_facts),
    )


def _counts(tally: Tally, needed: Collection[str]) -> bool:
    """Whether anything was counted of what is asked for."""
    return any(tally.sums.get(name) or name in tally.greatest or tally.spreads.get(name) for name in needed)


@dataclass(kw_only=True)
class _Answering:
    """One question on its way to its rows."""

    query: Query
    source: Source
    judging: Judging
    folded: Folded
    days_from_facts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._in_force = InForce(self.judging.policy)
        self._clean: Mapping[int, Span] | None = None  # the same for all sheets of a question
        self._as_of_us = to_microseconds(self.query.as_of)
        digest = self.judging.rolled_digest
        self._rolled = self.source.rolled(digest, self._in_force.customer_days) if digest else None

    def fold(self, rows: Rows, sheet: Sheet, families: frozenset[Family]) -> None:
        """Add what one sheet counts to the rows."""
        covered = self._plan(sheet, families, self.query.groups)
        if covered.spans and self._rolled is not None:
            for key, tally in self._from_rolled(self._rolled, covered, sheet, families):
                rows.setdefault(key, Tally()).absorb(self.judging.judged(tally))
        for stretch in self._cut(covered.stretches, sheet):
            self.days_from_facts.add(stretch.day.isoformat())
            for key, tally in self._from_facts(stretch, families):
                rows.setdefault(key, Tally()).absorb(tally)

    def _plan(self, sheet: Sheet, families: frozenset[Family], groups: tuple[Group, ...]) -> Plan:
        period, clock = self.query.period, self._in_force.clock
        finest = finest_of(groups, sheet)
        if not clock.same_as(period.clock) and IN_TIME & set(groups):
            # Days of another zone than the centre's are in no roll-up.
            clock, finest = period.clock, Finest.FACTS
        if self._rolled is None or finest is Finest.FACTS or period.start_us >= period.end_us:
            return plan(period, clock, {}, Finest.FACTS, lambda span: False)

        def usable(span: Span) -> bool:
            return span.settled_us <= self._as_of_us and (span.customers or Family.CUSTOMERS not in families)

        spans = self._spans(clock.day_of(period.start_us), clock.day_of(period.end_us - 1))
        return plan(period, clock, spans, finest, usable)

    def _spans(self, first: date, last: date) -> Mapping[int, Span]:
        if self._clean is None:
            self._clean = self._rolled.spans(first, last) if self._rolled else {}
        return self._clean

    def _cut(self, stretches: tuple[Stretch, ...], sheet: Sheet) -> Iterator[Stretch]:
        """Stretches cut by the clock where agents' time is told apart by it."""
        asked = OF_THE_DAY & set(self.query.groups)
        for stretch in stretches:
            if not asked or sheet is not Sheet.AGENTS:
                yield stretch
            else:
                quarters = 1 if Group.QUARTER_HOUR in asked else 4
                yield from cut_by_clock(stretch, self._in_force.clock, quarters)

    def _from_facts(self, stretch: Stretch, families: frozenset[Family]) -> Iterator[tuple[Key, Tally]]:
        window = Window(start_us=stretch.start_us, end_us=stretch.end_us, as_of_us=self._as_of_us)
        by_call = Group.CALL in self.query.groups
        key = (stretch.start_us, stretch.end_us, self._as_of_us, by_call, families)
        if key not in self.folded:
            fold = Fold(source=self.source, window=window, in_force=self._in_force, by_call=by_call)
            self.folded[key] = fold.run(families)
        cells = self.folded[key]
        if self.query.where:
            cells = {cell: tally for cell, tally in cells.items() if matches(cell, self.query.where)}
        _, quarter = self._in_force.clock.place(stretch.start_us)
        yield from rows_of_cells(cells, stretch, quarter, self.query.groups)

    def _from_rolled(
        self, rolled: Rolled, covered: Plan, sheet: Sheet, families: frozenset[Family]
    ) -> Iterator[tuple[Key, Tally]]:
        groups = self.query.groups
        by_span = [self._is_of_span(group, sheet) for group in groups]
        measures = {name for metric in self._metrics() for name in metric.measures if FAMILY_OF[name] in families}
        spreads = {name for name in self.query.distributions if FAMILY_OF[name] in families}
        found = rolled.tallies(
            covered.spans,
            sheet,
            groups=[group for group, of_span in zip(groups, by_span, strict=True) if not of_span],
            by_span=any(by_span),
            where=self.query.where,
            measures=measures,
            spreads=spreads | self.judging.spreads_for(measures),
        )
        for span, values, tally in found:
            given = iter(values)
            yield (
                tuple(
                    day_label(group, first_day(span)) if of_span else _label(group, next(given))
                    for group, of_span in zip(groups, by_span, strict=True)
                ),
                tally,
            )

    @staticmethod
    def _is_of_span(group: Group, sheet: Sheet) -> bool:
        """Whether the span alone tells this group's value."""
        return group in (Group.DAY, Group.WEEK, Group.MONTH) or (group is Group.WEEKDAY and sheet is Sheet.AGENTS)

    def _metrics(self) -> Iterator[Metric]:
        return (metric_of(name, self.judging.formula) for name in self.query.metrics)

    def _inferred(self) -> int:
        """How many of the period's calls are inferred, whatever was asked for."""
        found = 0
        covered = self._plan(Sheet.LOAD, frozenset(), ())
        if covered.spans and self._rolled is not None:
            sums = self._rolled.tallies(
                covered.spans, Sheet.LOAD, groups=(), by_span=False, where={}, measures={INFERRED}, spreads=()
            )
            found += sum(tally[INFERRED] for _, _, tally in sums)
        return found + sum(self.source.inferred(each.start_us, each.end_us) for each in covered.stretches)

    def warnings(self, tallies: Collection[Tally]) -> Iterator[Warned]:
        """What a reader must know: of the period, of the calls, and of sums that overlap."""
        period, in_force = self.query.period, self._in_force
        if self._as_of_us < period.end_us:
            yield Warned(caution=Caution.UNFINISHED, at=self.query.as_of)
        last = max(period.start_us, period.end_us - 1)
        if in_force.version(period.start_us) is not in_force.version(last):
            yield Warned(caution=Caution.POLICY_CHANGED)
        gaps = self.source.gaps(period.start_us, min(period.end_us, self._as_of_us))
        if gaps:
            seconds = sum(end - start for start, end in gaps) // 1_000_000
            yield Warned(caution=Caution.GAPS, count=len(gaps), seconds=seconds)
        inferred = self._inferred()
        if inferred:
            yield Warned(caution=Caution.INFERRED, count=inferred)
        for caution, measure in (
            (Caution.OPEN_TALKS, "talks_open"),
            (Caution.CONFERENCES, "conference_ms"),
            (Caution.UNJUDGED, "contacts_open"),
        ):
            counted = sum(tally[measure] for tally in tallies)
            if counted:
                yield Warned(caution=caution, count=counted)
        if any(ESTIMATED in metric.measures for metric in self._metrics()):
            yield Warned(caution=Caution.ESTIMATED)


def _label(group: Group, value: str | int) -> str:
    if group is Group.WEEKDAY:
        return str(int(value) + 1)
    return quarter_label(group, int(value)) if group in OF_THE_DAY else str(value)
