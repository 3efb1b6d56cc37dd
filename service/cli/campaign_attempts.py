"""`threerings campaign attempts | indeterminate | settle | export`: its calls, and those whose end nobody knows."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from analytics.export.csv_file import csv_file
from config.followups import Result
from schedulers.storage import campaigns as stored
from schedulers.storage.dial_reading import iterate_of_campaign, load_indeterminate, load_of_campaign
from service.cli import context, options
from service.cli.campaign_desk import (
    AttemptArgument,
    ByOption,
    CampaignArgument,
    NoteOption,
    NumbersOption,
    room,
    view,
)
from service.cli.closing_store import ExcelOption, one_form, write_new
from service.cli.followup_desk import Room
from service.cli.output import print_json, print_json_lines, print_line, print_note, print_table
from service.dashboard.numerals import mask
from service.desk.campaign_export import attempts_table
from service.desk.dialled import attempt_json
from service.desk.settling import settle_by_person

HEADS = ("id", "agent", "number", "phase", "result", "why", "evidence", "at", "call")
MAX_PAGE = 1000
ROWS = 1_000_000
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=MAX_PAGE, help="How many a page has.")]
AfterOption = Annotated[int, typer.Option("--after", metavar="ATTEMPT", help="The page after this one.")]


def attempts(
    campaign: CampaignArgument,
    limit: LimitOption = 100,
    after: AfterOption = 0,
    numbers: NumbersOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Its calls in their order: who was dialled for whom, how it ended, and how that is known."""
    with room(context.need(config), lang) as here:
        with here.desk.engine.connect() as connection:
            stored.require(connection, campaign)
            found = load_of_campaign(connection, campaign, after=after, limit=limit + 1)
        told = [attempt_json(each, view(here, masked=False)) for each in found[:limit]]
        _show(here, told, numbers, json)
        if len(found) > limit:
            print_note(here.word.get("more").format(told[-1]["id"]))


def indeterminate(
    limit: LimitOption = 100,
    after: AfterOption = 0,
    numbers: NumbersOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Calls whose end nobody knows, of all campaigns: they count, fulfil nothing and are not dialled again."""
    with room(context.need(config), lang) as here:
        with here.desk.engine.connect() as connection:
            found = load_indeterminate(connection, after=after, limit=limit)
        _show(here, [attempt_json(each, view(here, masked=False)) for each in found], numbers, json)


def settle(
    attempt: AttemptArgument,
    result: Annotated[Result, typer.Option("--result", help="How it ended; `failed`: he was not dialled.")],
    by_whom: ByOption,
    note: NoteOption = "",
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Say how a call ended whose end nobody knew. A talk is recorded as the follow-up's outcome."""
    with room(context.need(config), lang) as here:
        found = settle_by_person(here.desk, attempt, result, by_whom, here.now, note)
        if json:
            print_json(attempt_json(found, view(here, masked=False)))
        else:
            told = f"{found.id} · {here.word.get(found.phase.value)} · {here.word.get(result.value)}"
            print_line(here.word.get("settled").format(told))


def export(
    campaign: CampaignArgument,
    excel: ExcelOption = None,
    csv: options.CsvOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Write all calls of a campaign, numbers whole: CSV or JSON to standard output, or an Excel file."""
    one_form(json, csv)
    with room(context.need(config), lang) as here:
        shown = view(here, masked=False)
        with here.desk.engine.connect() as connection:
            found = stored.require(connection, campaign)
            rows = (attempt_json(each, shown) for each in iterate_of_campaign(connection, campaign))
            if json:
                print_json_lines(rows)
                return
            told = list(islice(rows, ROWS))
        table = attempts_table(found.name, told, here.word.get, here.desk.rules.zone, here.now)
        if excel is None:
            sys.stdout.write(csv_file(table).decode("utf-8-sig").replace("\r\n", "\n"))
        else:
            _write(excel, table)
            print_note(here.word.get("written").format(excel))


def _write(file: Path, table: Any) -> None:
    # Who asks for no spreadsheet never loads what writes one.
    from analytics.export.workbook import workbook

    write_new(file, workbook(table))


def _show(here: Room, told: list[dict[str, Any]], numbers: bool, json: bool) -> None:
    if json:
        print_json_lines(told)
    elif told:
        rows = [_row(each, here, numbers) for each in told]
        print_table(None, [here.word.get(name) for name in HEADS], rows)
    else:
        print_line(here.word.get("no_attempts"))


def _row(each: dict[str, Any], here: Room, numbers: bool) -> list[Any]:
    def named(name: str) -> str | None:
        return None if each[name] is None else here.word.get(each[name])

    return [
        each["id"],
        each["agent"],
        each["number"] if numbers else mask(each["number"]),
        named("phase"),
        named("result"),
        None if each["why"] is None else here.word.get(f"why.{each['why']}"),
        named("evidence"),
        here.clock(each["committed_at"] or each["planned_at"]),
        each["call"],
    ]
