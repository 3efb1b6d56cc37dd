"""`threerings followups coverage`: the proof that nothing owed is forgotten, and the items behind each figure."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from schedulers.storage.coverage import Standing
from service.cli import context, options
from service.cli.followup_desk import Room, room
from service.cli.output import print_json, print_json_lines, print_line, print_note, print_table
from service.desk.coverage import Question, coverage_json, items_page
from service.desk.desk import kinds_of
from service.errors import UsageError

PARTS = ("done_on_time", "done_late", "closed", "open_in_time", "open_overdue")
RATES = ("coverage", "reached")
SAID = ("kind", "answers", "satisfied", "rate", "refused", "unreached")
BEHIND = ("id", "kind", "group", "owner", "standing", "due", "fulfilled", "reason", "attempts")


def coverage(
    period: Annotated[
        str | None, typer.Option("--period", metavar="PERIOD", help="What was due in it. Default: this month.")
    ] = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only these kinds; repeat for several.")] = None,
    group: Annotated[list[str] | None, typer.Option("--group", help="Only these groups.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="WHEN", help="How it stood then. Default: now.")
    ] = None,
    items: Annotated[Standing | None, typer.Option("--items", help="The follow-ups behind this part.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many items a page has.")] = 100,
    after: Annotated[
        str | None, typer.Option("--after", metavar="CURSOR", help="The page after: what the one before said.")
    ] = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Due = done on time + done late + closed + open in time + open overdue, by kind and group."""
    settings = context.need(config)
    with room(settings, lang) as here:
        question = _question(here, period, tuple(kind or ()), tuple(group or ()), as_of)
        if items is not None:
            _items(here, question, items, limit, after, json)
            return
        with here.desk.engine.connect() as connection:
            found = coverage_json(connection, question, here.desk.rules)
        if json:
            print_json(found)
        else:
            _tell(found, here)


def _question(
    here: Room, period: str | None, kinds: tuple[str, ...], groups: tuple[str, ...], as_of: str | None
) -> Question:
    known = kinds_of(here.desk.rules)
    for each in kinds:
        if each not in known:
            raise UsageError(f"--kind: found {each!r}, expected one of {', '.join(sorted(known)) or 'none'}")
    at = here.instant("--as-of", as_of) or here.now
    zone = str(here.desk.rules.zone)
    text = period or context.month_now(here.settings, zone, here.now)
    asked = context.period_of(here.settings, text, zone)
    return Question(period=asked, as_of=at, kinds=kinds, groups=groups)


def _tell(found: dict[str, Any], here: Room) -> None:
    word = here.word.get
    heads = ("kind", "group", "due_count", *PARTS, "coverage", "reached_rate", "attempts_per_contact")
    rows = [[here.kind(row), row["group"], *_cells(row)] for row in found["rows"]]
    rows.append([word("total"), None, *_cells(found["total"])])
    print_table(f"{found['period']}", [word(name) for name in heads], rows, numbers=range(2, len(heads)))
    for each in found["total"]["closed_by_reason"].items():
        print_line(f"{word('closed')} · {word(each[0])}: {each[1]}")
    if found["satisfaction"]:
        kinds = kinds_of(here.desk.rules)
        said = [
            [_name(each["kind"], kinds, here), *(_said(name, each, here) for name in SAID[1:])]
            for each in found["satisfaction"]
        ]
        print_table(word("satisfaction"), [word(name) for name in SAID], said, numbers=range(1, len(SAID)))


def _name(kind: str, kinds: dict[str, Any], here: Room) -> str:
    known = kinds.get(kind)
    return kind if known is None else here.kind({"kind": kind, "kind_zh": known.name_zh, "kind_en": known.name_en})


def _said(name: str, said: dict[str, Any], here: Room) -> Any:
    if name == "rate":
        return percent(said["rate"]) or here.word.get("not_shown").format(said["least"])
    return said[name]


def _cells(row: dict[str, Any]) -> list[Any]:
    per_contact = row["attempts_per_contact"]
    shown = None if per_contact is None else f"{per_contact:.1f}"
    return [row["due"], *(row[name] for name in PARTS), *(percent(row[name]) for name in RATES), shown]


def percent(rate: float | None) -> str | None:
    """A rate for people; None over nothing."""
    return None if rate is None else f"{rate * 100:.1f} %"


def _items(here: Room, question: Question, standing: Standing, limit: int, after: str | None, json: bool) -> None:
    with here.desk.engine.connect() as connection:
        place = None if after is None else _place(after)
        found, following = items_page(connection, question, standing, after=place, limit=limit)
    if json:
        print_json_lines(found)
    else:
        print_table(None, [here.word.get(name) for name in BEHIND], [_behind(each, here) for each in found])
    if following is not None:
        print_note(here.word.get("more").format(f"{following[0].isoformat()}~{following[1]}"))


def _place(text: str) -> tuple[datetime, str]:
    due, _, identity = text.partition("~")
    try:
        at = datetime.fromisoformat(due)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not identity:
        raise UsageError(f"--after: found {text[:40]!r}, expected the cursor of the page before")
    return at, identity


def _behind(each: dict[str, Any], here: Room) -> list[Any]:
    word = here.word.get
    return [
        each["id"],
        _name(each["kind"], kinds_of(here.desk.rules), here),
        each["group"],
        each["owner"],
        word(each["standing"]),
        here.clock(each["due_at"]),
        here.clock(each["fulfilled_at"]),
        word(each["reason"]) if each["reason"] else None,
        each["attempts"],
    ]
