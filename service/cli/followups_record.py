"""`threerings followups record | agree`: what came of a contact, and a time agreed with the customer."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from config.followups import Result
from schedulers.followups.records import Change
from service.cli import context, options
from service.cli.followup_desk import ByOption, NoteOption, Room, room
from service.cli.output import print_json_lines, print_line, print_note
from service.desk.outcomes import Outcome, say
from service.errors import UsageError
from telephony.calls.record import instant

IdsArgument = Annotated[list[str], typer.Argument(metavar="ID…", help="Follow-ups of one customer.")]


def record(
    ids: IdsArgument,
    by: ByOption,
    result: Annotated[Result, typer.Option("--result", help="What the contact was.")] = Result.TALKED,
    content: Annotated[str | None, typer.Option("--content", help="Is the customer satisfied? yes or no.")] = None,
    answer: Annotated[
        list[str] | None, typer.Option("--answer", metavar="QUESTION=ANSWER", help="Of the survey; repeat.")
    ] = None,
    agree: Annotated[str | None, typer.Option("--agree", metavar="WHEN", help="A time agreed with him.")] = None,
    promise: Annotated[
        str | None,
        typer.Option("--promise", metavar="NAME", help="A new question to be answered; '' is the plain promise."),
    ] = None,
    promise_at: Annotated[str | None, typer.Option("--promise-at", metavar="WHEN", help="Promised when.")] = None,
    skill: Annotated[str | None, typer.Option("--skill", metavar="CODE", help="Who may answer it.")] = None,
    close: Annotated[str | None, typer.Option("--close", metavar="REASON", help="Give it up, why.")] = None,
    elsewhere: Annotated[
        str | None, typer.Option("--elsewhere", metavar="HOW", help="A contact not by this PBX: wechat, visit …")
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="WHEN", help="When that contact was.")] = None,
    call: Annotated[str | None, typer.Option("--call", metavar="CALL", help="The call that it was.")] = None,
    key: Annotated[
        str | None, typer.Option("--key", metavar="KEY", help="Names the record: the same again counts once.")
    ] = None,
    note: NoteOption = "",
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Record an outcome: reached or not, answers, what was agreed, promised or given up."""
    settings = context.need(config)
    with room(settings, lang) as here:
        outcome = Outcome(
            follow_ups=tuple(ids),
            by=by,
            at=here.now,
            result=result,
            key=key,
            content=_yes_or_no(content),
            answers=_answers(answer or []),
            agreed_at=here.instant("--agree", agree),
            promise=promise,
            promise_at=here.instant("--promise-at", promise_at),
            promise_skill=skill,
            close=close,
            elsewhere=elsewhere,
            contact_at=here.instant("--at", at),
            call=call,
            note=note,
        )
        tell_changes(say(here.desk, outcome), here, json)


def agree(
    id: Annotated[str, typer.Argument(metavar="ID", help="A follow-up.")],  # noqa: A002 - the name that the help shows
    when: Annotated[str, typer.Argument(metavar="WHEN", help="The time agreed with the customer.")],
    by: ByOption,
    note: NoteOption = "",
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """The customer was spoken with and asks for another time: it replaces the due time."""
    settings = context.need(config)
    with room(settings, lang) as here:
        agreed = here.instant("WHEN", when)
        outcome = Outcome(follow_ups=(id,), by=by, at=here.now, agreed_at=agreed, note=note)
        tell_changes(say(here.desk, outcome), here, json)


def tell_changes(changes: tuple[Change, ...], here: Room, json: bool) -> None:
    """Each change: what, of which follow-up, and how it stands."""
    if json:
        print_json_lines(_as_json(each) for each in changes)
        return
    for each in changes:
        after = each.after
        kind = here.desk.rules.kind(after)
        name = here.kind({"kind": after.kind, "kind_zh": kind.name_zh, "kind_en": kind.name_en})
        due = f"{here.word.get('due')} {here.clock(after.due_at)}"
        told = " · ".join((here.word.get(each.what.value), f"{name} {after.id}", due, after.owner))
        print_line(here.word.get("recorded").format(told))
        if after.claimed_call is not None:
            print_note(here.word.get("waits_for_talk"))


def _as_json(each: Change) -> dict[str, Any]:
    after = each.after
    return {
        "id": after.id,
        "kind": after.kind,
        "what": each.what.value,
        "state": after.state.value,
        "owner": after.owner,
        "due_at": instant(after.due_at),
        "after": after.after,
    }


def _yes_or_no(text: str | None) -> bool | None:
    if text is None:
        return None
    if text not in ("yes", "no", "是", "否"):
        raise UsageError(f"--content: found {text[:20]!r}, expected yes or no")
    return text in ("yes", "是")


def _answers(given: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        question, equals, answer = text.partition("=")
        if not equals or not question or not answer or question in found:
            raise UsageError(f"--answer: found {text[:40]!r}, expected QUESTION=ANSWER, each question once")
        found[question] = answer
    return found
