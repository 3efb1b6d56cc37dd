"""`threerings close status | sign MONTH`: what stands in the way of a month's sign-off, and the sign-off."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlalchemy import Connection

from analytics.closing import shapes, sign_offs
from analytics.closing.month import Month
from analytics.errors import UnreadyError
from analytics.metrics.periods import Period
from config.settings import Settings
from service.cli import context, options
from service.cli.closing_store import ByOption, YesOption, confirm, month_of, reading, writing
from service.cli.closing_words import closing_words
from service.cli.gaps import known_gaps
from service.cli.issued_showing import show_list
from service.cli.output import print_json, print_line, print_table
from service.cli.words import Words
from service.errors import CheckFailedError
from service.gap_calls import calls_of_gap
from service.open_gaps import is_within, open_gaps
from telephony.clock import SystemClock
from telephony.errors import JournalError

MonthArgument = Annotated[str, typer.Argument(metavar="MONTH", help="2026-11")]


def status(
    month: MonthArgument,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """Show how far a month is. Exit status 1 if something stands in the way of its sign-off."""
    settings = context.need(config)
    period = month_of(month, settings, zone)
    with reading(settings) as connection:
        gaps = _open_gaps(settings, connection, period)
        found = sign_offs.load_month(connection, period, gaps, SystemClock().now())
    if json:
        print_json(shapes.month_json(period.label, found))
    else:
        _show(period, found, closing_words(context.language_of(settings, lang)))
    if found.standing:
        first = found.standing[0]
        count = len(found.standing)
        raise CheckFailedError(f"close {period.label}: found {first.obstacle.value}, {count} in all, expected none")


def sign(
    month: MonthArgument,
    by: ByOption,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Kept with the sign-off.")] = None,
    in_spite: Annotated[
        str | None,
        typer.Option("--in-spite", metavar="REASON", help="Of open gaps, and of a window that is still open."),
    ] = None,
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """Sign the month's newest issues. Exit status 1 if something stands in the way."""
    settings = context.need(config)
    language = context.language_of(settings, lang)
    period = month_of(month, settings, zone)
    confirm("sign", period.label, language, yes=yes)
    with writing(settings) as engine, engine.begin() as connection:
        gaps = _open_gaps(settings, connection, period)
        now = SystemClock().now()
        try:
            done = sign_offs.sign(connection, period, gaps=gaps, by=by, at=now, note=note, in_spite=in_spite)
        except UnreadyError as error:
            raise CheckFailedError(str(error)) from None
    show_list(done, closing_words(language), json)


def _open_gaps(settings: Settings, connection: Connection, period: Period) -> tuple[str, ...]:
    """The open gaps of all PBXs that touch the month; a PBX of which no journal tells is one whole gap."""
    told: list[str] = []
    for pbx in settings.pbxs:
        try:
            found = [gap for gap in known_gaps(settings, pbx.name) if is_within(gap, period.start, period.end)]
        except JournalError as error:
            told.append(f"{pbx.name}: nothing tells when it was heard ({error})")
            continue
        told += open_gaps((gap, calls_of_gap(connection, gap), pbx.logs) for gap in found)
    return tuple(told)


def _show(period: Period, month: Month, word: Words) -> None:
    print_line(f"{period.label}: {word.get(f'month_{month.state.value}')}")
    show_list(month.issues, word, json=False)
    rows = [[word.get(each.obstacle.value), each.what, each.detail] for each in month.standing]
    if rows:
        print_table(None, [word.get(name) for name in ("obstacle", "what", "detail")], rows)
    for each in month.lost:
        print_line(f"! {word.get('target_lost')}: {each.title}")
