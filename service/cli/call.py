"""`threerings call note | notes`: what people say of one call, and every change of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from analytics.storage.notes import CallNote, NoteChange, NoteField, Said, load_note, load_note_changes, note_call
from config.policies import Policy
from config.settings import Settings
from service.cli import context, options
from service.cli.closing_store import ByOption, reading, writing
from service.cli.output import print_json, print_line, print_table
from service.cli.words import Words, words
from service.errors import UsageError
from telephony.clock import SystemClock

CallArgument = Annotated[str, typer.Argument(metavar="CALL", help="Any id that the call ever had.")]
HEADS = ("at", "field", "before", "after", "by", "reason")


def note(
    call: CallArgument,
    by: ByOption,
    code: Annotated[str | None, typer.Option("--code", metavar="CODE", help="Its service code.")] = None,
    silent: Annotated[
        bool | None, typer.Option("--silent/--not-silent", help="Whether the customer was not heard.")
    ] = None,
    outcome: Annotated[str | None, typer.Option("--outcome", metavar="TEXT", help="What came of it.")] = None,
    clear: Annotated[NoteField | None, typer.Option("--clear", help="Take back what was said of this.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why.")] = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Say something of a call; the figures follow, and the change stays on record."""
    settings = context.need(config)
    said = _said(code, silent, outcome, clear, context.policy_of(settings, None))
    now = SystemClock().now()
    with writing(settings) as engine, engine.begin() as connection:
        for field, value in said.items():
            note_call(connection, call, field, value, by=by, at=now, reason=reason)
        _show(connection, call, settings, words(context.language_of(settings, lang)), json)


def notes(
    call: CallArgument,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Show what is said of a call, and every change of it."""
    settings = context.need(config)
    with reading(settings) as connection:
        _show(connection, call, settings, words(context.language_of(settings, lang)), json)


def _said(
    code: str | None, silent: bool | None, outcome: str | None, clear: NoteField | None, policy: Policy
) -> dict[NoteField, Said]:
    """What is to be said. Raise UsageError for nothing, for a field twice, for a code that the policy does not list."""
    given: dict[NoteField, Said] = {NoteField.CODE: code, NoteField.SILENT: silent, NoteField.OUTCOME: outcome}
    said: dict[NoteField, Said] = {field: value for field, value in given.items() if value is not None}
    if clear in said:
        raise UsageError(f"call note: found --{clear} and --clear {clear}, expected one")
    if clear is not None:
        said[clear] = None
    if not said:
        raise UsageError("call note: found nothing to say, expected --code, --silent, --outcome or --clear")
    codes = dict.fromkeys(each for version in policy.versions for each in version.service_codes)
    if code is not None and codes and code.strip() not in codes:
        raise UsageError(f"--code: found {code!r}, expected one of {', '.join(codes)}")
    return said


def _show(connection: Connection, call: str, settings: Settings, word: Words, json: bool) -> None:
    note, changes = load_note(connection, call), load_note_changes(connection, call)
    if json:
        print_json(asdict(note) | {"changes": [_change(each) for each in changes]})
        return
    for line in _lines(note, word):
        print_line(line)
    rows = [_row(each, settings, word) for each in changes]
    if rows:
        print_table(None, [word.get(name) for name in HEADS], rows)


def _lines(note: CallNote, word: Words) -> list[str]:
    told = asdict(note)
    return [f"{word.get(name)}: {_text(value, word)}" for name, value in told.items()]


def _change(each: NoteChange) -> dict[str, Any]:
    told = asdict(each) | {"at": each.at.isoformat(timespec="milliseconds"), "field": each.field.value}
    return {name: told[name] for name in HEADS}


def _row(each: NoteChange, settings: Settings, word: Words) -> list[str]:
    at = f"{each.at.astimezone(settings.zone):%Y-%m-%d %H:%M:%S}"
    before, after = (_text(said, word) for said in (each.before, each.after))
    return [at, word.get(each.field.value), before, after, each.by, each.reason or ""]


def _text(said: Said, word: Words) -> str:
    if isinstance(said, bool):
        return word.get("yes" if said else "no")
    return "–" if said is None else said
