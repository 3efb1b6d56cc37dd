"""`threerings people import | list | show | export`: who works here, where, in which shifts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from analytics.errors import PeopleError
from analytics.people.columns import LAYOUTS, Kind, asked_kinds
from analytics.people.differences import as_row
from analytics.people.merging import FIELDS
from analytics.people.people_store import are_of_policy, load_people, people_of_policy
from analytics.people.records import People
from analytics.storage.engine import open_store
from config.policies import Policy
from service.cli import context, options
from service.cli.output import print_csv, print_json, print_json_lines, print_line, print_note, print_table
from service.cli.people_words import told_row
from service.cli.store import store_for
from service.cli.words import Words, words
from service.errors import UsageError
from service.people_import import Outcome, read_files, take_in

FilesArgument = Annotated[list[Path], typer.Argument(metavar="FILE…", help="CSV or Excel (.xlsx).")]
KindOption = Annotated[
    str | None,
    typer.Option(
        "--kind", help="What the rows are: agents, devices, groups, tiers, certificates, shifts, leave, facts."
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]
PartialOption = Annotated[bool, typer.Option("--partial", help="Store the good rows though others are refused.")]
AgentArgument = Annotated[str, typer.Argument(metavar="AGENT", help="An agent's number.")]


def import_(
    files: FilesArgument,
    kind: KindOption = None,
    dry_run: DryRunOption = False,
    partial: PartialOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> int:
    """Take people in from CSV or Excel; a row that is bad is named, and then nothing of the import is stored."""
    settings = context.need(config)
    policy = context.policy_of(settings, None)
    word = words(context.language_of(settings, lang))
    try:
        read = read_files(files, asked_kinds(kind), policy)
    except OSError as error:
        raise PeopleError(f"{error.filename}: found {error.strerror}, expected a CSV or Excel file") from None
    tell = (lambda _: None) if json else (lambda found: _tell(found, word))
    with store_for(settings, dry_run=dry_run) as engine:
        done = take_in(engine, policy, read, dry_run=dry_run, partial=partial, tell=tell)
    if json:
        print_json(done.as_json())
    elif dry_run:
        _tell(done, word)
    if not done.refusals:
        return 0
    count = len(done.refusals)
    bad = f"{done.refusals[0].file}: found {count} bad {'row' if count == 1 else 'rows'}, expected none"
    if done.stored:
        print_note(f"threerings: {bad}; the good ones are stored")
        return 1
    raise UsageError(f"{bad}; nothing was stored (the first: {done.refusals[0].sentence()})")


def _tell(found: Outcome, word: Words) -> None:
    """What will change and what is refused, for people."""
    for change in found.changes:
        line = f"{word.get(change.kind.value)} {word.get(change.what.value)}: "
        told = [told_row(row, word) for row in (change.before, change.after) if row is not None]
        print_line(line + " → ".join(told))
    if not found.changes:
        print_line(word.get("no_change"))
    for refusal in found.refusals:
        print_line(f"! {refusal.sentence()}")
    if found.unread:
        print_line(f"{word.get('unread_columns')}: {', '.join(found.unread)}")


def list_(
    kind: Annotated[Kind, typer.Option("--kind", help="What to list.")] = Kind.AGENTS,
    json: options.JsonOption = False,
    csv: options.CsvOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """List the rows of one kind, as an import would read them again."""
    if json and csv:
        raise UsageError("people list: found both --json and --csv, expected one")
    settings = context.need(config)
    with people_of(config) as (people, policy, _):
        rows = rows_of(people, kind, policy)
    if json:
        print_json_lines(rows)
    elif csv:
        print_csv(columns_of(kind, rows), rows)
    else:
        word = words(context.language_of(settings, lang)).get
        columns = columns_of(kind, rows)
        print_table(word(kind.value), [word(each) for each in columns], [[row[c] for c in columns] for row in rows])


def show(
    agent: AgentArgument,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """All that is known of one agent, kind by kind."""
    settings = context.need(config)
    with people_of(config) as (people, policy, _):
        known_agent(people, agent)
        found = {kind: _rows_about(people, kind, policy, agent) for kind in Kind}
    if json:
        print_json({"agent": agent} | {kind.value: rows for kind, rows in found.items() if kind not in _CENTRES})
        return
    word = words(context.language_of(settings, lang))
    for kind, rows in found.items():
        for row in rows:
            print_line(f"{word.get(kind.value)}: {told_row(row, word)}")


def export(
    kind: Annotated[Kind, typer.Option("--kind", help="What to export.")] = Kind.AGENTS,
    config: options.ConfigOption = None,
    json: options.JsonOption = False,
    lang: options.LangOption = None,
) -> None:
    """Write one kind as CSV to standard output, in the form that `people import` reads again."""
    list_(kind=kind, json=json, csv=not json, config=config, lang=lang)


_CENTRES = (Kind.SHIFTS, Kind.ROTATIONS)
"""Kinds that belong to nobody."""


@contextmanager
def people_of(config: Path | None) -> Iterator[tuple[People, Policy, Connection]]:
    """Everybody, the policy, and a connection that only reads."""
    settings = context.need(config)
    policy = context.policy_of(settings, None)
    engine = open_store(settings.database_url, reads_only=True)
    try:
        with engine.connect() as connection:
            stored = load_people(connection)
            begun = stored == People() and are_of_policy(connection)
            yield people_of_policy(policy) if begun else stored, policy, connection
    finally:
        engine.dispose()


def known_agent(people: People, agent: str) -> None:
    """Raise UsageError for an agent who is not known."""
    if people.agent(agent) is None:
        known = ", ".join(each.agent for each in people.agents[:10]) or "none: import agents first"
        raise UsageError(f"people: found the agent {agent!r}, expected one of {known}")


def rows_of(people: People, kind: Kind, policy: Policy) -> list[dict[str, Any]]:
    """The rows of a kind by the names of their columns."""
    return [as_row(kind, each, policy.zone) for each in getattr(people, FIELDS[kind])]


def columns_of(kind: Kind, rows: list[dict[str, Any]]) -> list[str]:
    """The columns of a kind, also where it has no row."""
    return list(rows[0]) if rows else [*LAYOUTS[kind].needed, *LAYOUTS[kind].other]


def _rows_about(people: People, kind: Kind, policy: Policy, agent: str) -> list[dict[str, Any]]:
    return [row for row in rows_of(people, kind, policy) if row.get("agent") == agent]
