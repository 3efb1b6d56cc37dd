"""`threerings campaign list | show | preview`: how campaigns stand, and whom one would call, when and why not."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from schedulers.campaigns.records import CampaignState
from schedulers.storage import campaigns as stored
from service.cli import context, options
from service.cli.campaign_desk import CampaignArgument, NumbersOption, counted, kinds, percent, room, view
from service.cli.followup_desk import Room
from service.cli.output import print_json, print_json_lines, print_line, print_note, print_table
from service.dashboard.numerals import mask
from service.desk import campaigns
from service.desk.campaign_outlook import contact_json, contacts_page, outlook, outlook_json
from service.desk.campaigns import campaign_json, require, standing, standing_json
from service.desk.masking import masked_customer

HEADS = ("id", "name", "mode", "state", "kinds", "priority", "trunk", "deadline")
LIVE = ("id", "agent", "number", "phase", "since")
STORY = ("at", "what", "by", "note")
CONTACTS = ("customer", "number", "owner", "due", "attempts", "why", "ready_at")
PARTS = ("fulfilled", "closed", "waiting", "reached", "dialling")
EVERY = 5000
MAX_PAGE = 500


def list_(
    state: Annotated[list[CampaignState] | None, typer.Option("--state", help="Only these; repeat.")] = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """List campaigns: the higher priority first."""
    with room(context.need(config), lang) as here:
        with here.desk.engine.connect() as connection:
            found = [campaign_json(each) for each in campaigns.listed(connection, state or ())]
        if json:
            print_json_lines(found)
        elif found:
            print_table(None, [here.word.get(name) for name in HEADS], [_row(each, here) for each in found])
        else:
            print_line(here.word.get("none"))


def _row(each: dict[str, Any], here: Room) -> list[Any]:
    word = here.word.get
    return [
        each["id"],
        each["name"],
        word(each["mode"]),
        word(each["state"]),
        kinds(each, here),
        each["priority"],
        f"{each['pbx']} {each['trunk']}",
        here.clock(each["deadline_at"]),
    ]


def show(
    campaign: CampaignArgument,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """How a campaign stands: contacts, calls by result, who is not dialled and why, and when it will have finished."""
    with room(context.need(config), lang) as here:
        with here.desk.engine.connect() as connection:
            found = require(standing(connection, campaign, here.desk.rules, here.now), campaign)
        told = standing_json(found, view(here, masked=False))
        if json:
            print_json(told)
        else:
            _tell(told, here)


def _tell(told: dict[str, Any], here: Room) -> None:
    word, progress = here.word.get, told["progress"]
    print_table(None, [word(name) for name in HEADS], [_row(told["campaign"], here)])
    parts = " + ".join(f"{word(name)} {progress['contacts'][name]}" for name in PARTS)
    print_line(f"{word('contacts')} {progress['contacts']['all']} = {parts}")
    figures = {
        "ready": progress["ready"],
        "tried": progress["tried"],
        "attempts": progress["attempts"],
        "connected_rate": percent(progress["connected_rate"]),
        "attempts_per_contact": progress["attempts_per_contact"],
        "talk_minutes": round(progress["talk_seconds"] / 60),
    }
    print_line(" · ".join(f"{word(name)} {'–' if value is None else value}" for name, value in figures.items()))
    held_back = {f"why.{why}": count for why, count in progress["held_back"].items()}
    for name, counts in (("outcomes", progress["results"]), ("why_not", held_back)):
        if counts:
            print_line(f"{word(name)}: {counted(counts, here)}")
    _tell_forecast(told["forecast"], here)
    if told["live"]:
        rows = [_live_row(each, here) for each in told["live"]]
        print_table(word("live"), [word(name) for name in LIVE], rows)
    lines = [[here.clock(each["at"]), word(each["what"]), word(each["by"]), each["note"]] for each in told["story"]]
    print_table(word("story"), [word(name) for name in STORY], lines)


def _tell_forecast(told: dict[str, Any], here: Room) -> None:
    word = here.word.get
    in_time = None if told["in_time"] is None else word("yes" if told["in_time"] else "no")
    values = (told["remaining"], told["per_hour"], here.clock(told["finish_at"]), in_time)
    names = ("remaining", "per_hour", "finish_at", "in_time")
    print_line(" · ".join(f"{word(name)} {'–' if v is None else v}" for name, v in zip(names, values, strict=True)))


def _live_row(each: dict[str, Any], here: Room) -> list[Any]:
    since = each["sent_at"] or each["committed_at"] or each["planned_at"]
    return [each["id"], each["agent"], mask(each["number"]), here.word.get(each["phase"]), here.clock(since)]


def preview(
    campaign: CampaignArgument,
    contacts: Annotated[bool, typer.Option("--contacts", help="Each contact, a page at a time.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=MAX_PAGE, help="How many a page has.")] = 50,
    after: Annotated[str, typer.Option("--after", metavar="ID", help="The page after this follow-up.")] = "",
    numbers: NumbersOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Whom it would call now, how many not and why, and when the next may be called; nothing is dialled."""
    with room(context.need(config), lang) as here:
        if contacts:
            _contacts(here, campaign, after, limit, numbers, json)
        else:
            _outlook(here, campaign, json)


def _outlook(here: Room, campaign: int, json: bool) -> None:
    def told(looked: int) -> None:
        if looked % EVERY == 0 and sys.stderr.isatty():
            print_note(f"{here.word.get('contacts')} {looked} …")

    rules = here.desk.rules
    with here.desk.engine.connect() as connection:
        found = stored.require(connection, campaign)
        counts = outlook(connection, found, rules, here.now, told)
    shape = outlook_json(found, counts, here.now)
    if json:
        print_json(shape)
        return
    word = here.word.get
    print_line(f"{word('contacts')} {shape['contacts']} · {word('ready')} {shape['ready']}")
    rows = [[word(f"why.{why}"), count] for why, count in shape["why_not"].items()]
    if rows:
        print_table(None, [word("why_not"), word("count")], rows, numbers=[1])
    if shape["next_at"] is not None:
        print_line(f"{word('next_at')} {here.clock(shape['next_at'])}")


def _contacts(here: Room, campaign: int, after: str, limit: int, numbers: bool, json: bool) -> None:
    rules = here.desk.rules
    with here.desk.engine.connect() as connection:
        found = stored.require(connection, campaign)
        page, following = contacts_page(connection, found, rules, here.now, after=after, limit=limit)
    told = [contact_json(each, view(here, masked=False)) for each in page]
    if json:
        print_json_lines(told)
    else:
        rows = [_contact_row(each, here, numbers) for each in told]
        print_table(None, [here.word.get(name) for name in CONTACTS], rows)
    if following is not None:
        print_note(here.word.get("more").format(following))


def _contact_row(each: dict[str, Any], here: Room, numbers: bool) -> list[Any]:
    named = each["customer_name"] or masked_customer(each["customer"])
    why = each["why"] or each["refused"]
    return [
        named,
        each["number"] if numbers else mask(each["number"]),
        each["owner"],
        here.clock(each["due_at"]),
        each["attempts"],
        None if why is None else here.word.get(f"why.{why}"),
        here.word.get("now") if each["why"] is None else here.clock(each["ready_at"]),
    ]
