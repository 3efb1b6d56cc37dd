"""What is done to follow-ups besides contacting the customer, one or many at once.

`threerings followups close | reopen | reschedule | approve | hand-over | acknowledge | note`
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from schedulers.followups.changing import Act
from schedulers.followups.records import What
from service.cli import context, options
from service.cli.closing_store import YesOption
from service.cli.followup_desk import ByOption, IdsArgument, KindOption, NoteOption, OwnerOption, Room, room
from service.cli.followup_words import bulk_question
from service.cli.output import print_json_lines, print_line, print_note
from service.desk import acts
from service.desk.acts import Done
from service.desk.lists import Wanted
from service.errors import UsageError

COMMAND = "threerings followups"
Undo = Callable[[list[Done], Room], list[str]]


def close(
    ids: IdsArgument = None,
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="REASON", help="One that the kind permits.")],
    by: ByOption,
    owner: OwnerOption = None,
    kind: KindOption = None,
    note: NoteOption = "",
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> int:
    """Give follow-ups up with a reason."""
    with room(context.need(config), lang) as here:
        found = _chosen(here, "close", ids, owner, kind, yes)
        done = acts.do(here.desk, found, acts.to_close(reason), _act(here, What.CLOSED, by, note))
        return _tell(here, done, json, _undo_end)


def reopen(
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Follow-ups that are done or closed.")],
    by: ByOption,
    note: NoteOption = "",
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> int:
    """Undo their end."""
    with room(context.need(config), lang) as here:
        done = acts.do(here.desk, ids, acts.to_reopen, _act(here, What.REOPENED, by, note))
        return _tell(here, done, json, _arisen)


def reschedule(
    ids: IdsArgument = None,
    *,
    to: Annotated[str, typer.Option("--to", metavar="WHEN", help="The new due time.")],
    by: ByOption,
    owner: OwnerOption = None,
    kind: KindOption = None,
    note: NoteOption = "",
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> int:
    """Set another due time; where the kind asks for approvals, it counts with the last of them."""
    with room(context.need(config), lang) as here:
        at = here.instant("--to", to) or here.now
        found = _chosen(here, "reschedule", ids, owner, kind, yes)
        done = acts.do(here.desk, found, acts.to_reschedule(at), _act(here, What.RESCHEDULED, by, note))
        return _tell(here, done, json, _undo_time)


def hand_over(
    ids: IdsArgument = None,
    *,
    to: Annotated[str, typer.Option("--to", metavar="AGENT", help="Who does it from now on.")],
    by: ByOption,
    owner: OwnerOption = None,
    kind: KindOption = None,
    note: NoteOption = "",
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> int:
    """Give follow-ups to another agent."""
    with room(context.need(config), lang) as here:
        found = _chosen(here, "hand-over", ids, owner, kind, yes)
        done = acts.do(here.desk, found, acts.to_hand_over(to), _act(here, What.HANDED_OVER, by, note))
        return _tell(here, done, json, _undo_owner)


def approve(
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Follow-ups with a date that waits.")],
    by: ByOption,
    note: NoteOption = "",
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> int:
    """Approve a date that was set by hand; not twice by one person."""
    with room(context.need(config), lang) as here:
        done = acts.do(here.desk, ids, acts.to_approve, _act(here, What.APPROVED, by, note))
        return _tell(here, done, json, None)


def acknowledge(
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Follow-ups of which one was reminded.")],
    by: ByOption,
    note: NoteOption = "",
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> int:
    """The reminder before a promised time was seen: the leader is not told."""
    with room(context.need(config), lang) as here:
        done = acts.do(here.desk, ids, acts.to_acknowledge, _act(here, What.ACKNOWLEDGED, by, note))
        return _tell(here, done, json, None)


def note(
    id: Annotated[str, typer.Argument(metavar="ID", help="A follow-up.")],  # noqa: A002 - the name that the help shows
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A sentence for its story.")],
    by: ByOption,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> int:
    """Put a sentence on record."""
    with room(context.need(config), lang) as here:
        done = acts.do(here.desk, [id], acts.to_note, _act(here, What.NOTED, by, text))
        return _tell(here, done, json, None)


def _act(here: Room, what: What, by: str, said: str) -> Act:
    return Act(what=what, at=here.now, by=by, note=said)


def _chosen(
    here: Room, name: str, ids: list[str] | None, owner: str | None, kind: str | None, yes: bool
) -> list[str]:
    """The ids that were named, or all open ones of an owner or kind, after a question. Raises UsageError."""
    if ids:
        if owner is not None or kind is not None:
            raise UsageError(f"followups {name}: found ids beside --owner or --kind, expected one way of choosing")
        return ids
    if owner is None and kind is None:
        raise UsageError(f"followups {name}: found none, expected ids, or --owner and --kind")
    with here.desk.engine.connect() as connection:
        found = acts.chosen(connection, here.desk.rules, Wanted(agent=owner, kind=kind), here.now)
    if not found:
        raise UsageError(f"followups {name}: found nothing open of that owner and kind, expected something")
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(f"followups {name}: found no terminal to ask on, expected --yes ({len(found)} items)")
        typer.confirm(bulk_question(name, here.language, f"{len(found)}"), abort=True, err=True)
    return found


def _tell(here: Room, done: list[Done], json: bool, undo: Undo | None) -> int:
    """What became of each, how it is undone; the exit status: 0 all, 1 some, 2 none."""
    good = [each for each in done if each.refused is None]
    if json:
        print_json_lines(each.as_json() for each in done)
    else:
        for each in good:
            print_line(_line(each, here))
        if len(done) > 1:
            print_line(here.word.get("done_count").format(len(good), len(done) - len(good)))
    for each in done:
        if each.refused is not None and (good or len(done) > 1):
            print_note(f"threerings: {each.refused}")
    for line in undo(good, here) if undo and good else ():
        print_note(line)
    if not good:
        raise UsageError(str(done[0].refused))
    return 0 if len(good) == len(done) else 1


def _line(each: Done, here: Room) -> str:
    told = next((change for change in each.changes if change.after.id == each.id), None)
    if told is None:
        return each.id
    after = told.after
    parts = (here.word.get(told.what.value), after.id, f"{here.word.get('due')} {here.clock(after.due_at)}")
    return " · ".join((*parts, f"{here.word.get('owner')} {after.owner}"))


def _undo_end(done: list[Done], here: Room) -> list[str]:
    line = f"{COMMAND} reopen {' '.join(each.id for each in done)} --by …"
    return [here.word.get("undo").format(line)]


def _undo_owner(done: list[Done], here: Room) -> list[str]:
    owners: dict[str, list[str]] = {}
    for each in done:
        if each.before is not None:
            owners.setdefault(each.before.owner, []).append(each.id)
    lines = (f"{COMMAND} hand-over {' '.join(ids)} --to {owner} --by …" for owner, ids in owners.items())
    return [here.word.get("undo").format(line) for line in lines]


def _undo_time(done: list[Done], here: Room) -> list[str]:
    found: list[str] = []
    for each in done:
        if each.before is None:
            continue
        before = each.before.due_at
        if before <= here.now:
            found.append(here.word.get("too_late_to_undo").format(each.id, here.clock(before)))
        else:
            line = f"{COMMAND} reschedule {each.id} --to {before.isoformat(timespec='seconds')} --by …"
            found.append(here.word.get("undo").format(line))
    return found


def _arisen(done: list[Done], here: Room) -> list[str]:
    ended = [each.before for each in done if each.before is not None]
    with here.desk.engine.connect() as connection:
        ids = acts.arisen_of(connection, ended)
    if not ids:
        return []
    told = " ".join(ids)
    return [here.word.get("arose").format(told, f"{COMMAND} close {told} --reason withdrawn --by …")]
