"""`threerings people sheet AGENT | --all`: one sheet of facts an agent, for promotion and ranking."""

from __future__ import annotations

from typing import Annotated

import typer

from analytics.metrics.periods import parse_period
from analytics.people.people_store import with_people
from analytics.reports.agent_sheet import Sheet, sheets
from analytics.sources import figures_of
from analytics.storage.hand_overs import hand_overs
from service.cli import context, options
from service.cli.output import print_json, print_json_lines, print_line, print_table
from service.cli.people import known_agent, people_of
from service.cli.people_words import told_row
from service.cli.words import Words, words
from service.errors import UsageError
from service.settling import device_map_of
from telephony.clock import SystemClock

SheetAgentArgument = Annotated[str | None, typer.Argument(metavar="AGENT", help="An agent's number.")]
AllOption = Annotated[bool, typer.Option("--all", help="Everybody, one object a line.")]
MonthsOption = Annotated[
    str | None, typer.Option("--period", help="START/END: the months that begin in it. Default: this year's.")
]
COLUMNS = (
    "month",
    "tier",
    "talk_minutes",
    "quota_floor_prorated",
    "floor_reached",
    "calls",
    "three_ring_rate",
    "transfers",
)


def sheet(
    agent: SheetAgentArgument = None,
    everybody: AllOption = False,
    period: MonthsOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Months, minutes, rings, certificates held and lacking, imported facts. Facts only, no verdict."""
    if (agent is None) == (not everybody):
        raise UsageError("people sheet: found both or neither of AGENT and --all, expected one")
    settings = context.need(config)
    now = SystemClock().now()
    with people_of(config) as (people, plain, connection):
        policy = with_people(connection, plain)
        year = now.astimezone(policy.zone).year
        wanted = parse_period(period or f"{year}-01-01/{year + 1}-01-01", policy.zone)
        if agent is not None:
            known_agent(people, agent)
        asked = frozenset([agent] if agent is not None else [each.agent for each in people.agents])
        devices = device_map_of(policy)
        made = sheets(
            figures_of(connection, policy),
            policy,
            people,
            wanted,
            now,
            asked,
            lambda month: hand_overs(connection, devices, month.start_us, month.end_us),
        )
    if json and everybody:
        print_json_lines(each.as_json() for each in made)
    elif json:
        print_json(made[0].as_json())
    else:
        for each in made:
            _print(each, words(context.language_of(settings, lang)))


def _print(made: Sheet, word: Words) -> None:
    """Head, months, certificates and what each tier asks, for people."""
    print_line(f"{made.agent} " + told_row(made.head, word))
    rows = [[_cell(row[name], word) for name in COLUMNS] for row in made.months]
    print_table(None, [word.get(name) for name in COLUMNS], rows, numbers=(2, 3, 5, 6, 7))
    if made.months_at_tier:
        spent = " · ".join(f"{tier} {months}" for tier, months in made.months_at_tier.items())
        print_line(f"{word.get('months_at_tier')}: {spent}")
    if made.facts:
        print_line(f"{word.get('facts')}: " + told_row(made.facts, word))
    for each in made.certificates:
        print_line(f"{word.get('certificate')}: " + told_row(each, word))
    for each in made.tiers:
        asked = {name: " ".join(value) for name, value in each.items() if isinstance(value, list) and value}
        print_line(f"{word.get('tier')} {each['tier']}: " + told_row(asked, word))


def _cell(value: object, word: Words) -> object:
    return word.get("yes" if value else "no") if isinstance(value, bool) else value
