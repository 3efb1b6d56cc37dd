"""`threerings followups list | show`: what is owed, to whom, by when; and how it came to that."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from config.settings import Language
from service.cli import context, options
from service.cli.followup_desk import GroupOption, IdArgument, KindOption, Room, one_of, room
from service.cli.output import print_json, print_json_lines, print_line, print_note, print_table
from service.dashboard.numerals import mask
from service.desk import lists
from service.desk.lists import STATES, Wanted
from service.desk.masking import masked_customer
from service.desk.shapes import View
from service.errors import UsageError

MAX_PAGE = 500
HEADS = ("id", "customer", "number", "kind", "due", "owner", "attempts", "obstacle")


def list_(
    agent: Annotated[str | None, typer.Option("--agent", metavar="AGENT", help="Whom it belongs to.")] = None,
    leader: Annotated[str | None, typer.Option("--leader", metavar="AGENT", help="Of the groups he leads.")] = None,
    group: GroupOption = None,
    kind: KindOption = None,
    customer: Annotated[str | None, typer.Option("--customer", metavar="ID", help="Owed to him.")] = None,
    state: Annotated[
        str, typer.Option("--state", help="due, today, overdue, unmeetable, reached, decide, agreed or all.")
    ] = "all",
    limit: Annotated[int, typer.Option("--limit", min=1, max=MAX_PAGE, help="How many a page has.")] = 50,
    after: Annotated[
        str | None, typer.Option("--after", metavar="CURSOR", help="The page after: what the one before said.")
    ] = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """The work list: agreed times first, then what is due first."""
    settings = context.need(config)
    one_of("--state", state, tuple(STATES))
    cursor = None if after is None else lists.read_cursor(after)
    if after is not None and cursor is None:
        raise UsageError(f"--after: found {after[:40]!r}, expected the cursor of the page before")
    wanted = Wanted(state=state, agent=agent, leader=leader, group=group, kind=kind, customer=customer)
    with room(settings, lang) as here:
        view = View(rules=here.desk.rules, now=here.now, masked=False)
        with here.desk.engine.connect() as connection:
            items, found = lists.page(connection, wanted, view, after=cursor, limit=limit)
        _show(items, here, json)
        if found.next is not None:
            print_note(here.word.get("more").format(lists.cursor_text(found.next)))


def _show(items: list[dict[str, Any]], here: Room, json: bool) -> None:
    if json:
        print_json_lines(items)
    elif items:
        print_table(None, [here.word.get(name) for name in HEADS], [row_of(each, here) for each in items])
    else:
        print_line(here.word.get("none"))


def row_of(item: dict[str, Any], here: Room) -> list[Any]:
    """An item for people: its number masked, what is in its way in words."""
    return [
        item["id"],
        item["customer_name"] or masked_customer(item["customer"]),
        mask(item["number"]),
        here.kind(item),
        here.clock(item["due_at"]),
        item["owner"],
        item["attempts"],
        " · ".join(here.word.get(each) for each in signs(item)) or None,
    ]


def signs(item: dict[str, Any]) -> list[str]:
    """What is to be seen of an item at once: how it stands, what waits, what is in its way."""
    found = {
        item["state"]: item["state"] != "open",
        "overdue": item["overdue"],
        "agreed": item["agreed_at"] is not None and item["state"] == "open",
        "reached?": item["reached_call"] is not None,
        "differs": item["claimed_call"] is not None,
        "wanted": item["wanted_at"] is not None,
        str(item["obstacle"]): item["obstacle"] is not None and item["state"] == "open",
    }
    return [name for name, holds in found.items() if holds]


def show(
    id: IdArgument,  # noqa: A002 - the name that the help shows
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """One follow-up: its story, the chain that it stands in, and the script and survey of its kind."""
    settings = context.need(config)
    with room(settings, lang) as here:
        view = View(rules=here.desk.rules, now=here.now, masked=False)
        with here.desk.engine.connect() as connection:
            story = lists.story(connection, id, view)
        if story is None:
            raise UsageError(f"follow-up: found none of the id {id[:40]!r}, expected one of `followups list`")
        if json:
            print_json(story)
        else:
            _tell(story, here)


def _tell(story: dict[str, Any], here: Room) -> None:
    item, word = story["follow_up"], here.word.get
    print_table(None, [word(name) for name in HEADS], [row_of(item, here)])
    script = story["script_zh"] if here.language is Language.ZH else story["script_en"]
    for name, text in (("about", _about(item)), ("script", script)):
        if text:
            print_line(f"{word(name)}: {text}")
    _questions(story["survey"], here)
    lines = [
        [
            here.clock(each["at"]),
            word(each["what"]),
            word(each["by"]),
            here.clock(each["due_at"]),
            each["owner"],
            word(each["reason"]) if each["reason"] else None,
            each["note"] or None,
        ]
        for each in story["changes"]
    ]
    print_table(
        word("changes"), [word(each) for each in ("at", "what", "by", "due", "owner", "reason", "note")], lines
    )
    tries = [
        [
            here.clock(each["at"]),
            word(each["result"]),
            word("yes" if each["counts"] else "no"),
            mask(each["number"]),
            each["agent"],
            each["talk_seconds"],
        ]
        for each in story["attempts"]
    ]
    if tries:
        heads = ("at", "result", "counts", "number", "agent", "talk_seconds")
        print_table(word("tries"), [word(each) for each in heads], tries)
    if story["answers"]:
        rows = [[each["question"], each["answer"], here.clock(each["at"]), each["by"]] for each in story["answers"]]
        print_table(word("answers"), [word(each) for each in ("question", "answer", "at", "by")], rows)
    if len(story["chain"]) > 1:
        rows = [row_of(each, here) for each in story["chain"]]
        print_table(word("chain"), [word(name) for name in HEADS], rows)


def _about(item: dict[str, Any]) -> str:
    return " · ".join(f"{name} {value}" for name, value in item["about"].items())


def _questions(survey: dict[str, Any] | None, here: Room) -> None:
    for each in survey["questions"] if survey else ():
        text = each["text_zh"] if here.language is Language.ZH else each["text_en"]
        scale = f" (1–{each['scale']})" if each["scale"] else ""
        print_line(f"{here.word.get('survey')} {each['id']}: {text}{scale}")
