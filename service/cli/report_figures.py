"""`threerings report figures | metrics`: any figure there is, told apart and chosen as one likes, and its calls.

The JSON is that of `/api/v1/query`: one answer, whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Any

import typer

from analytics.export.workbook import workbook
from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group, parse_groups
from analytics.metrics.definitions import Value
from analytics.metrics.showing import shown
from config.policies import ServiceLevelFormula
from config.settings import Language, Settings
from service.api.figure_handlers import found_json, metric_json, values_json
from service.api.figures import ADDING, CHOICES, Found, Question, Row, ask
from service.api.tables import TABLES, Shown
from service.api.titles import title
from service.cli import context, options
from service.cli.closing_store import ExcelOption, one_form, write_new
from service.cli.output import print_csv, print_json, print_json_lines, print_line, print_table
from service.cli.report import AsOfOption, PeriodOption, asking
from service.cli.words import words
from service.errors import UsageError
from telephony.clock import SystemClock

MetricsOption = Annotated[
    str, typer.Option("--metrics", metavar="NAME,…", help="What is asked for: names of `report metrics`.")
]
FiguresGroupOption = Annotated[str, typer.Option("--group", help="What rows are told apart by: agent,day; none …")]
WhereOption = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="GROUP=VALUE,…", help="Only these; may be given for several groups."),
]
RingsOption = Annotated[
    int | None, typer.Option("--rings", metavar="N", help="As if so many rings were the limit.")
]
WithinOption = Annotated[
    int | None, typer.Option("--within", metavar="SECONDS", help="As if so long a wait were good service.")
]
FormulaOption = Annotated[
    ServiceLevelFormula | None, typer.Option("--formula", help="The service level's formula, as if it were chosen.")
]
CallsOption = Annotated[
    bool, typer.Option("--calls", help="The calls behind the figures, and what they add up to.")
]


def figures(
    names: MetricsOption,
    period: PeriodOption = None,
    group: FiguresGroupOption = "none",
    where: WhereOption = None,
    rings: RingsOption = None,
    within: WithinOption = None,
    formula: FormulaOption = None,
    as_of: AsOfOption = None,
    calls: CallsOption = False,
    excel: ExcelOption = None,
    json: options.JsonOption = False,
    csv: options.CsvOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """Answer any question about figures; `report metrics` lists what there is."""
    one_form(json, csv)
    settings = context.need(config)
    language, now = context.language_of(settings, lang), SystemClock().now()
    question = Question(
        metrics=tuple(each.strip() for each in names.split(",")),
        period=context.period_of(settings, period or context.month_now(settings, zone, now), zone),
        as_of=context.instant_of(settings, "--as-of", as_of, zone, now),
        groups=tuple(each.value for each in parse_groups(group)),
        where=chosen(where or ()),
        rings=rings,
        within=None if within is None else timedelta(seconds=within),
        formula=formula,
        language=language.value,
    )
    answered = _answer(settings, question, calls=calls)
    shower = _Shower(answered, language, Shown(language=language, zone=context.zone_of(settings, zone)))
    shower.show(json=json, csv=csv)
    if excel is not None:
        write_new(excel, workbook(TABLES["query"](shower.body, shower.view)))


def metrics(
    json: options.JsonOption = False,
    csv: options.CsvOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """List every metric there is, with its definition."""
    one_form(json, csv)
    listed = [metric_json(each) for each in METRICS.values()]
    joined = [each | {"groups": " ".join(each["groups"])} for each in listed]
    if json:
        print_json_lines(listed)
    elif csv:
        print_csv(list(listed[0]), joined)
    else:
        language = context.language_of(context.find(config), lang)
        word, columns = words(language).get, ("name", language.value, "unit", "formula")
        print_table(None, [word(each) for each in columns], [[row[each] for each in columns] for row in listed])


def chosen(texts: list[str] | tuple[str, ...]) -> Mapping[str, frozenset[str]]:
    """Read `queue=sales,support` for each group. Raises UsageError."""
    found: dict[str, frozenset[str]] = {}
    for text in texts:
        group, equals, values = text.partition("=")
        named = values.split(",")
        if group not in CHOICES or not equals or not all(named):
            raise UsageError(f"--where: found {text!r}, expected {' or '.join(CHOICES)}, = and values with commas")
        if group in found:
            raise UsageError(f"--where: found {group} twice, expected each group once")
        found[group] = frozenset(named)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    """A question with its rows. Where calls are asked for a row is a call's part, and `whole` is the figure itself."""

    question: Question
    found: Found
    whole: Row | None = None


def _answer(settings: Settings, question: Question, *, calls: bool) -> _Answered:
    """All of it from one state of the store. Raises QueryError."""
    with asking(settings) as (connection, policy):
        if not calls:
            return _Answered(question=question, found=ask(connection, policy, question))
        by_call = replace(question, groups=(Group.CALL.value, *question.groups))
        found = ask(connection, policy, by_call)
        (whole,) = ask(connection, policy, replace(question, groups=())).rows
        return _Answered(question=by_call, found=found, whole=whole)


class _Shower:
    """Prints an answer as JSON, CSV or a table."""

    def __init__(self, answered: _Answered, language: Language, view: Shown) -> None:
        self._answered = answered
        self._language = language
        self.view = view
        self.body: dict[str, Any] = found_json(answered.question, answered.found, language)
        if answered.whole is not None:
            self.body |= {"figure": values_json(answered.whole.values), "sum": values_json(self._sums())}

    def show(self, *, json: bool, csv: bool) -> None:
        """Rows to standard output; warnings too, where people read."""
        columns = [*self._answered.question.groups, *self._answered.question.metrics]
        if json:
            print_json(self.body)
        elif csv:
            print_csv(columns, [row["key"] | row["values"] for row in self.body["rows"]])
        else:
            self._table(columns)

    def _table(self, columns: list[str]) -> None:
        question, found = self._answered.question, self._answered.found
        rows = [[*row.key, *self._said(row.values)] for row in found.rows]
        right = range(len(question.groups), len(columns))
        print_table(question.period.label, [title(each, self._language) for each in columns], rows, numbers=right)
        if self._answered.whole is not None:
            word = words(self._language).get
            for name, values in (("sum", self._sums()), ("figure", self._answered.whole.values)):
                told = zip(question.metrics, self._said(values), strict=True)
                parts = (f"{title(each, self._language)} {'–' if value is None else value}" for each, value in told)
                print_line(f"{word(name)}: " + " · ".join(parts))
        for warning in found.warnings:
            print_line(f"! {warning}")

    def _said(self, values: Mapping[str, Value]) -> list[Any]:
        return [shown(METRICS[each], values[each]) for each in self._answered.question.metrics]

    def _sums(self) -> dict[str, Value]:
        """What the parts add up to, exactly; None for rates and averages, which do not."""
        rows = self._answered.found.rows
        return {
            name: sum(int(row.values[name] or 0) for row in rows) if METRICS[name].unit in ADDING else None
            for name in self._answered.question.metrics
        }
