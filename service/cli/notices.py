"""`threerings notices list | test | retry`: what staff were told, and what became of it."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from config.settings import Settings
from schedulers.notices.ledger import RETRIED, Told, find, listed, want_again
from schedulers.notices.records import Topic, id_of
from schedulers.notices.texts import message_of
from schedulers.notices.trying import Ending, NoticeState
from service import messenger
from service.cli import context, options
from service.cli.notice_words import notice_words
from service.cli.output import print_json, print_json_lines, print_line, print_table
from service.cli.store import store_of
from service.cli.words import Words
from service.errors import CheckFailedError, UsageError
from telephony.calls.record import instant
from telephony.clock import SystemClock

StateOption = Annotated[
    list[NoticeState] | None, typer.Option("--state", help="Only those in this state; repeat for several.")
]
LimitOption = Annotated[int | None, typer.Option("--limit", min=1, help="So many of the newest. Default: all.")]
ChannelArgument = Annotated[str, typer.Argument(metavar="CHANNEL", help="A [notices.channel.NAME].")]
IdArgument = Annotated[str | None, typer.Argument(metavar="[ID]", help="The id of `notices list`.")]
GivenUpOption = Annotated[bool, typer.Option("--given-up", help="All that were given up.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Also one that may have come.")]


def list_(
    state: StateOption = None,
    limit: LimitOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """List notices, the newest first, with what became of each."""
    settings = context.need(config)
    with store_of(settings) as connection:
        found = listed(connection, state or (), limit)
    if json:
        print_json_lines(_as_json(each) for each in found)
        return
    word = notice_words(context.language_of(settings, lang))
    heads = ("id", "wanted_at", "topic", "recipient", "channel", "state", "tries", "next_at", "why")
    rows = (_row(each, context.zone_of(settings, zone), word) for each in found)
    print_table(None, [word.get(name) for name in heads], rows, numbers=[6])


def try_(
    channel: ChannelArgument,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Send a test to a channel, at once; status 1 if it was not taken."""
    settings = context.need(config)
    found = settings.notices.channel(channel)
    if found is None:
        known = ", ".join(each.name for each in settings.notices.channels) or "none ([notices.channel.…])"
        raise UsageError(f"CHANNEL: found {channel[:40]!r}, expected one of {known}")
    language = lang or found.language or settings.language
    message = message_of(Topic.TEST, [()], language, settings.zone)
    key = id_of(Topic.TEST.value, channel, SystemClock().now().isoformat())
    tried = messenger.send(found.url, os.environ, message, key)
    word = notice_words(context.language_of(settings, lang))
    if json:
        print_json({"channel": channel, "ending": tried.ending.value, "why": tried.why})
    elif tried.ending is Ending.TAKEN:
        print_line(word.get(tried.ending.value))
    if tried.ending is not Ending.TAKEN:
        raise CheckFailedError(f"{channel}: found {tried.ending.value} ({tried.why}), expected that it was taken")


def retry(
    id: IdArgument = None,  # noqa: A002 - the name that the help shows
    given_up: GivenUpOption = False,
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Let a notice that was not sent surely be sent now, by the service."""
    settings = context.need(config)
    if (id is None) is not given_up:
        raise UsageError("notices retry: found both or neither of ID and --given-up, expected one of them")
    word = notice_words(context.language_of(settings, lang))
    if id is not None:
        _check(settings, id, word, yes=yes)
    with store_of(settings) as connection:
        states = RETRIED if id is not None else (NoticeState.GIVEN_UP,)
        count = want_again(connection, states, SystemClock().now(), id)
    if json:
        print_json({"wanted": count})
    else:
        print_line(f"{word.get('wanted_again')}: {count}")


def _check(settings: Settings, identity: str, word: Words, *, yes: bool) -> None:
    """Refuse what is not there or was sent; ask where it may have come."""
    with store_of(settings) as connection:
        told = find(connection, identity)
    if told is None:
        raise UsageError(f"ID: found none of the id {identity[:40]!r}, expected one of `threerings notices list`")
    if told.state not in RETRIED:
        expected = ", ".join(RETRIED)
        raise UsageError(f"notice {identity[:40]}: found it {told.state.value}, expected one of {expected}")
    if told.state is NoticeState.INDETERMINATE:
        _confirm(identity, word, yes=yes)


def _confirm(identity: str, word: Words, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(f"notice {identity}: found it indeterminate, so it may come twice, expected --yes")
    typer.confirm(word.get("may_come_twice").format(identity), abort=True, err=True)


def _as_json(told: Told) -> dict[str, Any]:
    return {
        "id": told.id,
        "topic": told.topic,
        "about": told.about,
        "recipient": told.recipient,
        "channel": told.channel or None,
        "language": told.language,
        "state": told.state.value,
        "wanted_at": instant(told.wanted_at),
        "next_at": instant(told.next_at),
        "tries": told.tries,
        "ended_at": instant(told.ended_at),
        "why": told.why or None,
    }


def _row(told: Told, zone: ZoneInfo, word: Words) -> list[Any]:
    next_at = told.next_at and f"{told.next_at.astimezone(zone):%Y-%m-%d %H:%M}"
    wanted_at = f"{told.wanted_at.astimezone(zone):%Y-%m-%d %H:%M}"
    state = word.get(told.state.value)
    who = (told.recipient, told.channel or None)
    return [told.id, wanted_at, word.get(told.topic), *who, state, told.tries, next_at, told.why or None]
