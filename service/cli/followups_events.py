"""`threerings followups trigger | import`: what happened outside, told once or by files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analytics.errors import PeopleError
from service.cli import context, options
from service.cli.followup_desk import Room, room
from service.cli.output import print_json, print_line
from service.desk import event_import, events
from service.desk.event_rows import COLUMNS, Reading
from service.desk.events import Event, Taken
from service.errors import UsageError

FilesArgument = Annotated[list[Path], typer.Argument(metavar="FILE…", help="CSV or Excel (.xlsx).")]


def trigger(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="An event for which the policy has a kind.")],
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="A customer's id, or a number of his.")],
    key: Annotated[str, typer.Option("--key", metavar="KEY", help="Names it for good: an order's number …")],
    at: Annotated[str | None, typer.Option("--at", metavar="WHEN", help="When it happened. Default: now.")] = None,
    about: Annotated[
        list[str] | None, typer.Option("--about", metavar="NAME=VALUE", help="An attribute; repeat for several.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="AGENT", help="Who was asked, or did it.")] = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Tell an event from outside: it makes what the policy says, once for each key."""
    settings = context.need(config)
    with room(settings, lang) as here:
        told = Event(
            event=event,
            customer=customer,
            key=key,
            at=here.instant("--at", at) or here.now,
            about=tuple(sorted(_about(about or []).items())),
            by=by,
        )
        (taken,) = events.take(here.desk, [told], here.now)
        if json:
            print_json(taken.as_json())
        else:
            _tell(taken, here)


def _about(given: list[str]) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name or name in found:
            raise UsageError(f"--about: found {text[:40]!r}, expected NAME=VALUE, each name once")
        found[name] = events.attribute(value)
    return found


def _tell(taken: Taken, here: Room) -> None:
    if not taken.is_new:
        print_line(here.word.get("known_already"))
    made = here.word.get("made" if taken.is_new else "there")
    for each in taken.follow_ups:
        print_line(f"{made}: {each}")
    for kind, why in taken.why:
        print_line(f"{kind}: {here.word.get(why)}")


def import_(
    files: FilesArgument,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="OURS=THEIRS", help="event, customer, key or at is called so there."),
    ] = None,
    event: Annotated[
        str | None, typer.Option("--event", metavar="EVENT", help="Of all rows: the files have no such column.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is refused.")] = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Take events in from CSV or Excel: all rows, or none where one is refused. The same file again makes nothing."""
    settings = context.need(config)
    names = _names(column or [])
    with room(settings, lang) as here:
        how = Reading(names=names, event=event, zone=here.desk.rules.zone, now=here.now)
        try:
            done = event_import.take_in(here.desk, files, how, dry_run=dry_run)
        except OSError as error:
            raise PeopleError(f"{error.filename}: found {error.strerror}, expected a CSV or Excel file") from None
        if json:
            print_json(done.as_json())
        else:
            for refusal in done.refusals:
                print_line(f"! {refusal.sentence()}")
        if done.refusals:
            count, first = len(done.refusals), done.refusals[0]
            bad = f"{first.file}: found {count} bad {'row' if count == 1 else 'rows'}, expected none"
            raise UsageError(f"{bad}; nothing was stored (the first: {first.sentence()})")
        if not json:
            told = done.as_json()
            name = "imported" if done.stored else "would_import"
            print_line(here.word.get(name).format(told["rows"], told["new"], told["known"]))


def _names(given: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        ours, _, theirs = text.partition("=")
        if ours not in COLUMNS or not theirs.strip() or ours in found:
            expected = f"one of {', '.join(COLUMNS)}, = and its name in the file, each once"
            raise UsageError(f"--column: found {text[:40]!r}, expected {expected}")
        found[ours] = theirs.strip()
    return found
