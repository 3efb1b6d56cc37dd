"""`threerings report minutes | three-rings`: figures of a period, from the stored facts; and what all reports share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Annotated, NamedTuple

import typer
from sqlalchemy import Connection

from analytics.metrics.cells import parse_groups
from analytics.metrics.periods import Period
from analytics.people.people_store import load_roster, with_people
from analytics.reports import load
from analytics.reports.load_time import parse_load_groups
from analytics.reports.minutes import minutes_report
from analytics.reports.report import Cell, Report
from analytics.reports.three_rings import three_rings_report
from analytics.sources import figures_of
from analytics.storage.engine import open_store
from config.policies import Policy
from config.settings import Settings
from service.cli import context, options
from service.cli.output import print_csv, print_json_lines, print_line, print_table
from service.cli.words import words
from service.errors import UsageError
from service.ledgers import Ledgers
from telephony.clock import SystemClock

PeriodOption = Annotated[
    str | None, typer.Option("--period", help="2026-11, 2026-11-02 or START/END. Default: this month.")
]
GroupOption = Annotated[str, typer.Option("--group", help="What rows are told apart by: agent; agent,day; none …")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="TIME", help="As known at this instant. Default: now.")
]
DEFAULT_GROUPS = {"minutes": "agent", "three-rings": "agent", "load": "weekday,hour"}
"""By the report's name, what its rows are told apart by where nothing is said."""

NAMES = tuple(DEFAULT_GROUPS)
_OTHER_HEADS = {("load", "offered"): "load_offered"}
"""Where a column's name means something else than in the other reports."""


def minutes(
    period: PeriodOption = None,
    group: GroupOption = "agent",
    json: options.JsonOption = False,
    csv: options.CsvOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """Phone minutes against the tier's floor and target."""
    Shower(json=json, csv=csv).show(_make("minutes", period, group, config, zone), config, lang)


def three_rings(
    period: PeriodOption = None,
    group: GroupOption = "agent",
    json: options.JsonOption = False,
    csv: options.CsvOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """Answered within three rings, the agent's view."""
    Shower(json=json, csv=csv).show(_make("three-rings", period, group, config, zone), config, lang)


def _make(
    name: str,
    period: str | None,
    group: str,
    config: options.ConfigOption,
    zone: str | None,
) -> Report:
    settings = context.need(config)
    now = SystemClock().now()
    wanted = context.period_of(settings, period or context.month_now(settings, zone, now), zone)
    return make(settings, name, wanted, group, now).report


class Made(NamedTuple):
    """A report, and what it was made by: the policy with the people in force. `groups` tell its rows apart."""

    report: Report
    period: Period
    policy: Policy
    groups: tuple[str, ...]


def make(
    settings: Settings,
    name: str,
    period: Period,
    group: str | None,
    as_of: datetime,
    asked: load.Asked = load.PLAIN,
) -> Made:
    """The live report of this name, all of it from one state of the store. `asked` says more of the load."""
    text = group or DEFAULT_GROUPS[name]
    with asking(settings) as (connection, policy):
        source, roster = (
            figures_of(connection, policy, Ledgers(settings).within),
            load_roster(connection, policy.zone),
        )
        if name == "load":
            names = parse_load_groups(text)
            report = load.load_report(source, policy, period, as_of, roster, replace(asked, groups=names))
            return Made(report, period, policy, names)
        groups = parse_groups(text)
        if name == "minutes":
            report = minutes_report(source, policy, period, as_of, groups, roster)
        else:
            report = three_rings_report(source, policy, period, as_of, groups)
        return Made(report, period, policy, tuple(each.value for each in groups))


@contextmanager
def asking(settings: Settings) -> Iterator[tuple[Connection, Policy]]:
    """One state of the store, which is only read, and the policy with the people in force."""
    policy = context.policy_of(settings, None)
    engine = open_store(settings.database_url, reads_only=True)
    try:
        with engine.connect() as connection:
            yield connection, with_people(connection, policy)
    finally:
        engine.dispose()


class Shower:
    """Prints a report as JSON lines, CSV or a table."""

    def __init__(self, *, json: bool, csv: bool) -> None:
        if json and csv:
            raise UsageError("report: found both --json and --csv, expected one")
        self._json = json
        self._csv = csv

    def show(self, report: Report, config: options.ConfigOption, lang: options.LangOption) -> None:
        """Rows to standard output; warnings too, where people read."""
        columns = list(report.rows[0]) if report.rows else []
        if self._json:
            print_json_lines(report.rows)
        elif self._csv:
            print_csv(columns, report.rows)
        else:
            word = words(context.language_of(context.find(config), lang)).get
            rows = ([_said(row[name], word) for name in columns] for row in report.rows)
            title = f"{report.name} {report.period}"
            heads = [word(_OTHER_HEADS.get((report.name, name), name)) for name in columns]
            print_table(title, heads, rows, numbers=range(1, len(columns)))
            for warning in report.warnings:
                print_line(f"! {warning}")


def _said(cell: Cell, word: Callable[[str], str]) -> Cell:
    return word("yes" if cell else "no") if isinstance(cell, bool) else cell
