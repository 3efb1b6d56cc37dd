"""`threerings report issue | issued | difference | verify`: reports as they were issued."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from analytics.closing import issues, shapes, spreadsheet
from analytics.closing.difference import difference
from analytics.closing.figures import Figures, freeze
from analytics.closing.issues import draft_of, faults, load_frozen, load_issues
from analytics.closing.objections import WINDOW_DAYS, window_end
from analytics.closing.records import Issue
from config.settings import Settings
from service.cli import context, options
from service.cli.closing_store import (
    ByOption,
    ExcelOption,
    YesOption,
    confirm,
    one_form,
    reading,
    write_new,
    writing,
)
from service.cli.closing_words import closing_words
from service.cli.issued_showing import show_difference, show_issue, show_list
from service.cli.output import print_json_lines, print_note, print_table
from service.cli.report import NAMES, Made, make
from service.errors import CheckFailedError, UsageError
from telephony.clock import SystemClock

IssueGroupOption = Annotated[
    str | None, typer.Option("--group", help="What rows are told apart by. Default: as the report itself.")
]
IdArgument = Annotated[int | None, typer.Argument(metavar="ID", help="An issued report. Default: all.")]


def issue(
    name: Annotated[str, typer.Argument(metavar="NAME", help="minutes, three-rings, load")],
    period: Annotated[str, typer.Option("--period", help="2026-11, 2026-11-02 or START/END.")],
    by: ByOption,
    group: IssueGroupOption = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Needed where it was issued before.")
    ] = None,
    window: Annotated[
        int, typer.Option("--window", metavar="DAYS", min=0, max=366, help="So long agents may object.")
    ] = WINDOW_DAYS,
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """Freeze a report as it is now, under the next number."""
    settings = context.need(config)
    language = context.language_of(settings, lang)
    made = _live(settings, name, period, group, zone)
    for warning in made.report.warnings:
        print_note(f"! {warning}")
    confirm("issue", f"{name} {made.period.label}", language, yes=yes)
    now = SystemClock().now()
    draft = draft_of(
        made.report,
        made.period,
        made.groups,
        made.policy,
        issued_by=by,
        issued_at=now,
        objections_until=window_end(now, window, context.zone_of(settings, zone)),
        program=version("threerings"),
        reason=reason,
    )
    with writing(settings) as engine:
        done = issues.issue(engine, draft)
    show_list([done], closing_words(language), json)


def issued(
    issue_id: IdArgument = None,
    excel: ExcelOption = None,
    json: options.JsonOption = False,
    csv: options.CsvOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """List what was issued, or show one report as it was."""
    one_form(json, csv)
    settings = context.need(config)
    word = closing_words(context.language_of(settings, lang))
    with reading(settings) as connection:
        if issue_id is None:
            if excel is not None:
                raise UsageError("--excel: found no ID, expected that of one report")
            show_list(load_issues(connection), word, json, csv)
            return
        frozen = load_frozen(connection, issue_id)
    show_issue(frozen, word, json, csv)
    if excel is not None:
        write_new(excel, spreadsheet.issued_workbook(frozen, shapes.issue_json(frozen.issue), word.get))


def difference_(
    before: Annotated[int, typer.Argument(metavar="ID", help="An issued report.")],
    after: Annotated[int | None, typer.Argument(metavar="ID", help="A later one, or --live.")] = None,
    live: Annotated[bool, typer.Option("--live", help="The report as it would be now.")] = False,
    excel: ExcelOption = None,
    json: options.JsonOption = False,
    csv: options.CsvOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Show what differs between an issued report and another, or the live one."""
    one_form(json, csv)
    settings = context.need(config)
    if live == (after is not None):
        raise UsageError(
            "report difference: found " + ("both" if live else "one ID") + ", expected a second ID or --live"
        )
    with reading(settings) as connection:
        first = load_frozen(connection, before)
        second = None if after is None else load_frozen(connection, after)
    figures = second.figures if second else _live_beside(settings, first.issue)
    told = shapes.issue_json(second.issue) if second else shapes.live_json(figures)
    sheet = difference(first.figures, figures)
    word = closing_words(context.language_of(settings, lang))
    ends = shapes.issue_json(first.issue), told
    show_difference(shapes.difference_json(*ends, sheet), sheet, word, json, csv)
    if excel is not None:
        write_new(excel, spreadsheet.difference_workbook(sheet, *ends, figures, word.get))


def verify(
    issue_id: IdArgument = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Check that issued reports are as they were issued. Exit status 1 if one is not."""
    settings = context.need(config)
    word = closing_words(context.language_of(settings, lang))
    with reading(settings) as connection:
        wanted = [each.id for each in load_issues(connection)] if issue_id is None else [issue_id]
        checked = []
        for each in wanted:
            frozen = load_frozen(connection, each)
            checked.append(shapes.verified_json(frozen, faults(frozen)))
    if json:
        print_json_lines(checked)
    else:
        heads = ("id", "report", "period", "number", "sha256", "sound")
        rows = [[*(row[name] for name in heads[:-1]), word.get(str(row["sound"]).lower())] for row in checked]
        print_table(None, [word.get(name) for name in heads], rows, numbers=[0, 3])
    unsound = [row for row in checked if not row["sound"]]
    if unsound:
        first = unsound[0]
        raise CheckFailedError(f"issued report {first['id']}: {first['faults'][0]} ({len(unsound)} unsound)")


def _live(settings: Settings, name: str, period: str, group: str | None, zone: str | None) -> Made:
    if name not in NAMES:
        raise UsageError(f"report: found {name!r}, expected one of {', '.join(NAMES)}")
    return make(settings, name, context.period_of(settings, period, zone), group, SystemClock().now())


def _live_beside(settings: Settings, issue: Issue) -> Figures:
    """The live report of an issue's period and grouping, by the zone that it was issued in."""
    group = ",".join(issue.groups) or "none"
    made = _live(settings, issue.report, issue.period, group, issue.zone)
    return freeze(made.report, made.period, issue.groups, made.policy)
