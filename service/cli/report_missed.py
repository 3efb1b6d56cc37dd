"""`threerings report missed`: numbers that were missed and not spoken with since."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from analytics.reports.missed import missed_report
from analytics.reports.report import Cell, Report
from analytics.sources import figures_of
from analytics.storage.last_talks import last_talks
from config.settings import Settings
from service.cli import context, options
from service.cli.closing_store import one_form
from service.cli.output import print_csv, print_json_lines, print_table
from service.cli.report import AsOfOption, PeriodOption, asking
from service.cli.words import Words, words
from telephony.clock import SystemClock, to_microseconds

COLUMNS = (
    "number",
    "number_e164",
    "times",
    "first_missed_at",
    "last_missed_at",
    "disposition",
    "queue",
    "wait_seconds",
    "longest_wait_seconds",
    "missed_again",
    "last_agent",
    "last_agent_at",
)


def missed(
    period: PeriodOption = None,
    as_of: AsOfOption = None,
    json: options.JsonOption = False,
    csv: options.CsvOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """Who called, reached nobody, and was not spoken with since."""
    one_form(json, csv)
    settings = context.need(config)
    report = _made(settings, period, as_of, zone)
    if json:
        print_json_lines(report.rows)
    elif csv:
        print_csv(COLUMNS, report.rows)
    else:
        word, clock = words(context.language_of(settings, lang)), context.zone_of(settings, zone)
        rows = ([_told(name, row[name], word, clock) for name in COLUMNS] for row in report.rows)
        print_table(f"missed {report.period}", [word.get(each) for each in COLUMNS], rows, numbers=(2, 7, 8))


def _made(settings: Settings, period: str | None, as_of: str | None, zone: str | None) -> Report:
    now = SystemClock().now()
    known_at = context.instant_of(settings, "--as-of", as_of, zone, now)
    wanted = context.period_of(settings, period or context.month_now(settings, zone, now), zone)
    with asking(settings) as (connection, policy):
        return missed_report(
            figures_of(connection, policy),
            policy,
            wanted,
            known_at,
            lambda numbers: last_talks(connection, numbers, to_microseconds(known_at)),
        )


def _told(name: str, cell: Cell, word: Words, clock: ZoneInfo) -> Cell:
    """A cell for people: instants by the centre's clocks, words in their language."""
    if name.endswith("_at") and isinstance(cell, str):
        return f"{datetime.fromisoformat(cell).astimezone(clock):%m-%d %H:%M:%S}"
    if isinstance(cell, bool):
        return word.get("yes" if cell else "no")
    return word.get(str(cell)) if name == "disposition" and cell else cell
