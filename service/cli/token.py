"""`threerings token create | list | revoke`: who may ask the API."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from service.auth import tokens
from service.auth.tokens import Scope, Token
from service.cli import context, options
from service.cli.output import print_json, print_json_lines, print_line, print_note, print_table
from service.cli.store import store_of
from service.cli.words import words
from service.errors import UsageError
from telephony.calls.record import instant
from telephony.clock import SystemClock

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Whose it is: a program's or a person's name.")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The id of `token list`.")]
ScopeOption = Annotated[
    list[Scope] | None, typer.Option("--scope", help="What it allows; repeat for several. Default: read.")
]
ExpiresOption = Annotated[
    str | None, typer.Option("--expires", metavar="WHEN", help="A day or an instant from which it is not valid.")
]
_LONGEST_NAME = 100


def create(
    name: NameArgument,
    scope: ScopeOption = None,
    expires: ExpiresOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Make a token and print it, this once: only a hash of it is stored."""
    settings = context.need(config)
    _check_name(name)
    now = SystemClock().now()
    ends = None if expires is None else _instant(expires, settings.zone, now)
    with store_of(settings) as connection:
        token, shown = tokens.create(connection, name, scope or [Scope.READ], now, ends)
    if json:
        print_json({**_as_json(token, now), "token": shown})
        return
    print_line(shown)
    print_note(words(context.language_of(settings, lang)).get("shown_once"))


def list_(
    json: options.JsonOption = False, config: options.ConfigOption = None, lang: options.LangOption = None
) -> None:
    """List the tokens: never their secrets, which nobody has but their bearers."""
    settings = context.need(config)
    now = SystemClock().now()
    with store_of(settings) as connection:
        found = tokens.listed(connection)
    if json:
        print_json_lines(_as_json(each, now) for each in found)
        return
    word = words(context.language_of(settings, lang)).get
    heads = ("id", "name", "scopes", "created_at", "expires_at", "last_used_day", "revoked_at")
    print_table(None, [word(name) for name in heads], (_row(each, settings.zone) for each in found))


def revoke(
    id: IdArgument,  # noqa: A002 - the name that the help shows
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """End a token for good, at once."""
    settings = context.need(config)
    with store_of(settings) as connection:
        if not tokens.revoke(connection, id, SystemClock().now()):
            raise UsageError(f"token: found none of the id {id[:40]!r}, expected one of `threerings token list`")
    if json:
        print_json({"id": id, "revoked": True})
    else:
        print_line(words(context.language_of(settings, lang)).get("token_revoked"))


def _check_name(name: str) -> None:
    if not name.strip() or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise UsageError(f"NAME: found {name[:40]!a}, expected up to {_LONGEST_NAME} letters on one line")


def _instant(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """When it ends: a day begins by the centre's clocks."""
    expected = "a day or an instant to come, such as 2027-01-31"
    try:
        if not re.match(r"\d{4}-", text):
            raise ValueError
        read = datetime.fromisoformat(text)
        ends = (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(now.tzinfo)
    except (ValueError, OverflowError):
        raise UsageError(f"--expires: found {text[:40]!a}, expected {expected}") from None
    if ends <= now:
        raise UsageError(f"--expires: found {text[:40]!a}, which has come, expected {expected}")
    return ends


def _as_json(token: Token, now: datetime) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": sorted(token.scopes),
        "created_at": instant(token.created_at),
        "expires_at": instant(token.expires_at),
        "last_used_day": token.last_used_day,
        "revoked_at": instant(token.revoked_at),
        "valid": token.is_valid(now),
    }


def _row(token: Token, zone: ZoneInfo) -> list[Any]:
    def clock(at: datetime | None) -> str | None:
        return None if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"

    dates = (clock(token.created_at), clock(token.expires_at), token.last_used_day, clock(token.revoked_at))
    return [token.id, token.name, " ".join(sorted(token.scopes)), *dates]
