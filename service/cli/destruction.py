"""`threerings destruction`: what is due, lists with their acts, carrying out, certificates."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from service.auth.rights import Right
from service.cli import options
from service.cli.closing_store import YesOption, reading, writing
from service.cli.destruction_desk import AsOption, Desk, ListArgument, PasswordOption
from service.cli.output import print_json, print_json_lines, print_line, print_note, print_table
from service.destroying import certificates, choosing, lists, shapes
from service.destroying.acts import Act, Stage
from service.destroying.carrying import Carrier
from service.destroying.items import ItemState
from service.destroying.lists import DestructionList
from service.errors import CheckFailedError, UsageError
from service.listening.shelf import shelf_of

FilesOption = Annotated[list[int] | None, typer.Option("--file", metavar="ID", help="A recording; repeatable.")]
CallsOption = Annotated[list[str] | None, typer.Option("--call", metavar="ID", help="All of a call; repeatable.")]
ReasonOption = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why these; kept on record.")]
NoteOption = Annotated[str, typer.Option("--note", metavar="TEXT", help="Kept with the act.")]
WithoutOption = Annotated[
    list[int] | None,
    typer.Option("--without", metavar="ITEM", help="Take an item off; --note says why. Repeatable."),
]
LIST_HEADS = ("id", "made_at", "basis", "files", "stage", "left", "certificate")
ITEM_HEADS = ("id", "file", "call_id", "began_at", "kept_until", "state", "reason")
ACT_HEADS = ("act", "login", "name", "at", "note")


def due(
    json: options.JsonOption = False, config: options.ConfigOption = None, lang: options.LangOption = None
) -> None:
    """Count what is past its days, and what of it is held."""
    desk = Desk(config, lang)
    with reading(desk.settings) as connection:
        found = choosing.past_retention(connection, desk.policy, desk.settings.country, desk.clock.now())
    if json:
        print_json({"due": len(found.candidates), "held": found.held, "more": found.more})
        return
    print_line(desk.word.get("due_told").format(len(found.candidates), found.held))


def list_(
    json: options.JsonOption = False, config: options.ConfigOption = None, lang: options.LangOption = None
) -> None:
    """List the lists, the newest first."""
    desk = Desk(config, lang)
    with reading(desk.settings) as connection:
        found = lists.listed(connection)
    _tell(desk, list(found), json, many=True)


def show(
    list_id: ListArgument,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Show a list with its acts and files."""
    desk = Desk(config, lang)
    with reading(desk.settings) as connection:
        found, items = lists.need(connection, list_id), lists.items_of(connection, list_id)
    told = shapes.list_json(found, desk.clock.now())
    files = [shapes.item_json(each) for each in items]
    if json:
        print_json({**told, "items": files})
        return
    _tell(desk, [found], json=False)
    word = desk.word.get
    acts = [{**each, "act": word(each["act"])} for each in told["acts"]]
    for heads, rows in (
        (ACT_HEADS, acts),
        (ITEM_HEADS, [{**each, "state": word(each["state"])} for each in files]),
    ):
        print_table(None, [word(head) for head in heads], [[row[head] for head in heads] for row in rows])


def make(
    login: AsOption,
    file: FilesOption = None,
    call: CallsOption = None,
    reason: ReasonOption = None,
    password_file: PasswordOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """List what is past its days; or, with a reason, the files and calls that are named. You are the registrar."""
    desk = Desk(config, lang)
    named = bool(file or call)
    if named != (reason is not None):
        raise UsageError("destruction make: found one of a reason and what it is of, expected both or neither")
    with writing(desk.settings) as engine, desk.deeds(engine) as deeds:
        who, more = desk.doer(engine, login, password_file, Right.DESTROY), False
        if named:
            made = deeds.make_named(who, reason or "", file or (), call or ())
        else:
            made, more = deeds.make_due(who)
    _tell(desk, [made], json)
    if more:
        print_note(desk.word.get("more_due"))


def review(
    list_id: ListArgument,
    login: AsOption,
    without: WithoutOption = None,
    note: NoteOption = "",
    password_file: PasswordOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Say that each file on the list was looked at, and take off what is to stay. Another person than the registrar."""
    _act(Desk(config, lang), list_id, Act.REVIEW, login, password_file, json, note, without or ())


def approve(
    list_id: ListArgument,
    login: AsOption,
    note: NoteOption = "",
    password_file: PasswordOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Approve it as the director: a third person."""
    _act(Desk(config, lang), list_id, Act.APPROVE, login, password_file, json, note)


def attend(
    list_id: ListArgument,
    login: AsOption,
    password_file: PasswordOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Say that you are present; two have to, and it holds for 15 minutes."""
    _act(Desk(config, lang), list_id, Act.ATTEND, login, password_file, json)


def drop(
    list_id: ListArgument,
    login: AsOption,
    note: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it is not carried out.")],
    password_file: PasswordOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Drop a list before it is carried out."""
    _act(Desk(config, lang), list_id, Act.DROP, login, password_file, json, note)


def carry_out(
    list_id: ListArgument,
    login: AsOption,
    yes: YesOption = False,
    password_file: PasswordOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Destroy the recordings on a list with two present, or go on where it was broken off; then certify it.

    Exit status 1 if a file could not be destroyed.
    """
    desk = Desk(config, lang)
    with writing(desk.settings) as engine:
        who = desk.doer(engine, login, password_file, Right.DESTROY)
        with engine.connect() as connection:
            found = lists.need(connection, list_id)
        policy = desk.policy
        carrier = Carrier(engine, shelf_of(desk.settings), lambda: policy, desk.settings.country, desk.clock.now)
        carrier.check(list_id)
        _ask(desk, found, yes=yes)
        if found.standing.stage is not Stage.CARRYING:
            with desk.deeds(engine) as deeds:
                deeds.act(list_id, Act.BEGIN, who)
        done = carrier.carry_out(list_id)
    _tell(desk, [done], json)
    failed = done.counts.get(ItemState.FAILED, 0)
    if failed:
        raise CheckFailedError(f"{done.title}: found {failed} that could not be destroyed, expected none")


def certificate(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="A certificate's number.")],
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Show a certificate."""
    desk = Desk(config, lang)
    with reading(desk.settings) as connection:
        found = certificates.need(connection, number)
    if json:
        print_json(shapes.certificate_json(found))
        return
    word, told = desk.word.get, found.document
    print_line(f"{word('certificate')} {found.number}  SHA-256 {found.sha256}")
    print_table(None, [word(head) for head in ACT_HEADS], [
        [word(each["act"]), each["login"], each["name"], each["at"], each["note"]] for each in told["acts"]
    ])  # fmt: skip
    heads = ("file", "call_id", "destroyed_at", "sha256")
    print_table(word("destroyed"), [word(each) for each in heads], [
        [each[head] for head in heads] for each in told["destroyed"]
    ])  # fmt: skip


def verify(
    json: options.JsonOption = False, config: options.ConfigOption = None, lang: options.LangOption = None
) -> None:
    """Check that no certificate was changed or taken out. Exit status 1 if one was."""
    desk = Desk(config, lang)
    with reading(desk.settings) as connection:
        count, wrong = certificates.check_chain(connection)
    if json:
        print_json({"certificates": count, "wrong": wrong})
    elif wrong is None:
        print_line(desk.word.get("chain_whole").format(count))
    if wrong is not None:
        raise CheckFailedError(wrong)


def _act(
    desk: Desk,
    list_id: int,
    act: Act,
    login: str,
    password_file: Any,
    json: bool,
    note: str = "",
    without: Any = (),
) -> None:
    right = Right.DIRECT if act is Act.APPROVE else Right.DESTROY
    with writing(desk.settings) as engine, desk.deeds(engine) as deeds:
        who = desk.doer(engine, login, password_file, right)
        done = deeds.act(list_id, act, who, note, without)
    _tell(desk, [done], json)


def _ask(desk: Desk, found: DestructionList, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(f"{found.title}: found no terminal to ask on, expected --yes")
    waiting = found.counts.get(ItemState.LISTED, 0) + found.counts.get(ItemState.BEGUN, 0)
    typer.confirm(desk.word.get("destroy_question").format(found.id, waiting), abort=True, err=True)


def _tell(desk: Desk, found: list[DestructionList], json: bool, *, many: bool = False) -> None:
    now = desk.clock.now()
    told = [shapes.list_json(each, now) for each in found]
    if json:
        print_json_lines(told) if many else print_json(told[0])
        return
    word = desk.word.get
    rows = [
        [
            each["id"], each["made_at"], word(each["basis"]), each["files"], word(each["stage"]),
            word(each["left"][0]) if each["left"] else None, each["certificate"],
        ]
        for each in told
    ]  # fmt: skip
    print_table(None, [word(head) for head in LIST_HEADS], rows, numbers=[0, 3])
