"""`threerings customers import | list | show | export`: whom something may be owed to."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from analytics.errors import PeopleError
from config.policies import Policy
from schedulers.customers.records import Customer
from schedulers.storage.customer_import import Found
from schedulers.storage.customer_writing import load_changes
from schedulers.storage.customers import CustomerFilter, aliases_of, iterate, load, load_spend, page
from service.cli import context, options
from service.cli.closing_store import one_form, reading
from service.cli.customers_text import told_differences, told_lines
from service.cli.output import print_json, print_json_lines, print_line, print_note, print_table
from service.cli.store import store_for
from service.cli.words import Words, words
from service.customers_import import Outcome, take_in
from service.customers_showing import COLUMNS, as_row, figure_columns, masked_id, told, told_change
from service.errors import UsageError
from telephony.clock import SystemClock
from telephony.numbers import to_e164

MOST = 100_000
SHOWN = 20
FilesArgument = Annotated[list[Path], typer.Argument(metavar="FILE…", help="CSV or Excel (.xlsx).")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]
PartialOption = Annotated[bool, typer.Option("--partial", help="Store the good rows though others are refused.")]
ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it; kept on record.")]
NumbersOption = Annotated[bool, typer.Option("--numbers", help="Show numbers whole; without it they are masked.")]
CustomerArgument = Annotated[str, typer.Argument(metavar="ID", help="Any id that the customer ever had.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=MOST, help="At most so many.")]
HEADS = ("id", "name", "numbers", "branch", "tier", "owner", "consent", "do_not_call")


def import_(
    files: FilesArgument,
    by: ByOption = "import",
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> int:
    """Take customers in from CSV or Excel; a row that is bad is named, and then nothing of the import is stored."""
    settings = context.need(config)
    policy = context.policy_of(settings, None)
    now = SystemClock().now()
    try:
        with store_for(settings, dry_run=dry_run) as engine:
            done = take_in(engine, policy, files, by=by, at=now, dry_run=dry_run, partial=partial)
    except OSError as error:
        raise PeopleError(f"{error.filename}: found {error.strerror}, expected a CSV or Excel file") from None
    if json:
        print_json(done.as_json())
    else:
        _tell(done.found, words(context.language_of(settings, lang)))
    return _status(done)


def _status(done: Outcome) -> int:
    """0 where no row was refused, 1 where the good ones are stored. Raise UsageError where nothing was stored."""
    found = done.found
    if not found.refused:
        return 0
    rows = "row" if found.refused == 1 else "rows"
    bad = f"{found.refusals[0].file}: found {found.refused} bad {rows}, expected none"
    if done.stored:
        print_note(f"threerings: {bad}; the good ones are stored")
        return 1
    raise UsageError(f"{bad}; nothing was stored (the first: {found.refusals[0].sentence()})")


def _tell(found: Found, word: Words) -> None:
    counts = ("rows", "added", "changed", "unchanged", "months_of_spend", "refused_rows", "warned")
    values = (found.rows, found.added, found.changed, found.unchanged, found.months, found.refused, found.warned)
    print_line(" · ".join(f"{word.get(name)} {value}" for name, value in zip(counts, values, strict=True)))
    for change in [each for each in found.changes if not each.is_new][:SHOWN]:
        print_line(f"{word.get('changed')} {masked_id(change.customer)}: {told_differences(change.fields, word)}")
    for refusal in found.refusals:
        print_line(f"! {refusal.sentence()}")
    for warning in found.warnings:
        print_line(f"? {warning.sentence()}")
    if found.unread:
        print_line(f"{word.get('unread_columns')}: {', '.join(found.unread)}")


def list_(
    number: Annotated[str | None, typer.Option("--number", help="Whose number this is.")] = None,
    branch: Annotated[str | None, typer.Option("--branch", help="Of this branch.")] = None,
    tier: Annotated[str | None, typer.Option("--tier", help="Of this tier.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="AGENT", help="Of this agent.")] = None,
    limit: LimitOption = 100,
    after: Annotated[str, typer.Option("--after", metavar="ID", help="Behind this id: the last of a page.")] = "",
    numbers: NumbersOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """List customers by their ids."""
    settings = context.need(config)
    policy = context.policy_of(settings, None)
    number = None if number is None else to_e164(number, policy.country) or number
    which = CustomerFilter(number=number, branch=branch, tier=tier, owner=owner)
    with reading(settings) as connection:
        found = [told(each, masked=not numbers) for each in page(connection, which, limit=limit, after=after)]
    if json:
        print_json_lines(found)
        return
    word = words(context.language_of(settings, lang))
    rows = [[_cell(each[name], word) for name in HEADS] for each in found]
    print_table(word.get("customers"), [word.get(name) for name in HEADS], rows)


def _cell(value: Any, word: Words) -> Any:
    match value:
        case bool():
            return word.get("yes" if value else "no")
        case list():
            return " ".join(each["number"] for each in value)
        case {"reason": reason, "until": until}:
            return " ".join(filter(None, (word.get("yes"), reason, until)))
    return value


def show(
    customer: CustomerArgument,
    numbers: NumbersOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """All that is known of one customer, and every change of it."""
    settings = context.need(config)
    with reading(settings) as connection:
        found = load(connection, [customer]).get(customer)
        if found is None:
            raise UsageError(f"customers: found none of the id {customer!r}, expected one of `customers list`")
        shape = _whole(connection, found, masked=not numbers)
    if json:
        print_json(shape)
        return
    for line in told_lines(shape, words(context.language_of(settings, lang)), settings.zone):
        print_line(line)


def _whole(connection: Connection, customer: Customer, *, masked: bool) -> dict[str, Any]:
    aliases = aliases_of(connection, customer.id)
    changes = load_changes(connection, customer.id)
    return {
        **told(customer, masked=masked),
        "aliases": [masked_id(each) if masked else each for each in aliases],
        "spend": load_spend(connection, customer.id),
        "changes": [told_change(each, masked=masked) for each in changes],
    }


def export(
    json: options.JsonOption = False,
    csv: options.CsvOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Write all customers as CSV to standard output, numbers whole, in the form that `customers import` reads again."""
    one_form(json, csv)
    settings = context.need(config)
    policy = context.policy_of(settings, None)
    with reading(settings) as connection:
        everybody = chain.from_iterable(iterate(connection))
        if json:
            print_json_lines(told(each, masked=False) for each in everybody)
        else:
            _write_csv(connection, policy, everybody)


def _write_csv(connection: Connection, policy: Policy, everybody: Iterator[Customer]) -> None:
    """Line by line: a million customers are never in memory together. Their figures' names are gathered before."""
    named = {name for some in iterate(connection) for each in some for name in figure_columns(each)}
    columns = [*COLUMNS, *sorted(named)]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    for each in everybody:
        writer.writerow(as_row(each, policy.zone))
        sys.stdout.write(text.getvalue())
        text.seek(0)
        text.truncate()
    sys.stdout.write(text.getvalue())
