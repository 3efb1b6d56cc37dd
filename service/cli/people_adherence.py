"""`threerings people adherence`: who kept to his shifts, and each deviation behind it."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from analytics.metrics.periods import parse_period
from analytics.people.states import presence_of
from analytics.reports.adherence import AgentAdherence, adherence_report
from service.cli import context, options
from service.cli.output import print_json_lines, print_line, print_table
from service.cli.people import people_of
from service.cli.words import Words, words
from service.errors import UsageError
from telephony.clock import SystemClock, from_microseconds, to_microseconds

PeriodOption = Annotated[
    str | None, typer.Option("--period", help="2026-11, 2026-11-02 or START/END. Default: today.")
]
NamedGroupOption = Annotated[str | None, typer.Option("--group", metavar="NAME", help="Only of this group.")]
COLUMNS = (
    "agent",
    "name",
    "group",
    "scheduled_minutes",
    "present_minutes",
    "adherence",
    "late_minutes",
    "left_early_minutes",
    "absent_minutes",
    "away_minutes",
    "break_over_minutes",
    "prolonged_minutes",
)


def adherence(
    period: PeriodOption = None,
    group: NamedGroupOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Presence against the shifts: adherence, late, left early, absent, away, breaks over their limits."""
    settings = context.need(config)
    now = SystemClock().now()
    with people_of(config) as (people, policy, connection):
        wanted = parse_period(period or f"{now.astimezone(policy.zone):%Y-%m-%d}", policy.zone)
        known = {each.value for each in people.groups}
        if group is not None and group not in known:
            expected = ", ".join(sorted(known)) or "none: import groups first"
            raise UsageError(f"--group: found {group!r}, expected one of {expected}")
        as_of = max(wanted.start_us, min(to_microseconds(now), wanted.end_us))
        states = presence_of(connection, wanted.start_us, as_of)
        found = adherence_report(people, states, policy, wanted, as_of, group)
    if json:
        print_json_lines(each.as_json() for each in found)
    else:
        _print(found, wanted.label, policy.zone, words(context.language_of(settings, lang)))


def _print(found: tuple[AgentAdherence, ...], label: str, zone: ZoneInfo, word: Words) -> None:
    rows = [each.as_json() for each in found]
    shown = [[_cell(name, row[name]) for name in COLUMNS] for row in rows]
    title = f"{word.get('adherence')} {label}"
    print_table(title, [word.get(name) for name in COLUMNS], shown, numbers=range(3, len(COLUMNS)))
    for each in found:
        for remark in each.found.remarks:
            if remark.over_limit:
                start, end = (from_microseconds(us).astimezone(zone) for us in (remark.start_us, remark.end_us))
                reason = f" ({remark.reason})" if remark.reason else ""
                what = word.get(remark.deviation.value)
                print_line(f"{each.agent} {what}{reason}: {start:%Y-%m-%d %H:%M:%S} – {end:%H:%M:%S}")


def _cell(name: str, value: object) -> object:
    if isinstance(value, float):
        return f"{value:.1%}" if name == "adherence" else f"{value:.1f}"
    return value
