"""`threerings exemption ask | list | decide | withdraw`: offerings and calls that are left out of the rate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from analytics.closing import exemptions, shapes
from analytics.closing.records import Exemption, Kind, Reason
from analytics.closing.states import ExemptionState
from config.settings import Settings
from service.cli import context, options
from service.cli.closing_store import ByOption, YesOption, confirm, month_of, reading, writing
from service.cli.closing_words import closing_words
from service.cli.output import print_json_lines, print_table
from service.cli.words import Words
from service.errors import UsageError
from telephony.clock import SystemClock

IdArgument = Annotated[int, typer.Argument(metavar="ID", help="An exemption.")]
HEADS = ("id", "kind", "target", "target_at", "reason", "text", "state", "asked_by", "decided_by", "withdrawn_by")


def ask(
    kind: Annotated[Kind, typer.Argument(help="offering or call")],
    target: Annotated[str, typer.Argument(metavar="TARGET", help="The id of the offering; any id of the call.")],
    by: ByOption,
    reason: Annotated[Reason, typer.Option("--reason", help="Why.")],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="What happened.")],
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Ask for an exemption; a second person decides."""
    settings = context.need(config)
    now = SystemClock().now()
    with writing(settings) as engine, engine.begin() as connection:
        made = exemptions.ask(connection, kind=kind, target_id=target, reason=reason, text=text, by=by, at=now)
    _show([made], settings, closing_words(context.language_of(settings, lang)), json)


def list_(
    period: Annotated[str | None, typer.Option("--period", metavar="MONTH", help="Of what began in it.")] = None,
    state: Annotated[ExemptionState | None, typer.Option("--state", help="Only these.")] = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """List exemptions."""
    settings = context.need(config)
    month = None if period is None else month_of(period, settings, zone)
    start, end = (None, None) if month is None else (month.start, month.end)
    with reading(settings) as connection:
        found = exemptions.load_exemptions(connection, start, end)
    shown = [each for each in found if state in (None, each.state)]
    _show(shown, settings, closing_words(context.language_of(settings, lang)), json)


def decide(
    exemption_id: IdArgument,
    by: ByOption,
    approve: Annotated[bool, typer.Option("--approve", help="It is left out of the rate.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="It counts.")] = False,
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Decide what another person has asked for."""
    if approve == refuse:
        found = "both" if approve else "neither"
        raise UsageError(f"exemption decide: found {found} of --approve and --refuse, expected one")
    settings = context.need(config)
    language = context.language_of(settings, lang)
    confirm("decide", f"exemption {exemption_id}", language, yes=yes)
    now = SystemClock().now()
    with writing(settings) as engine, engine.begin() as connection:
        made = exemptions.decide(connection, exemption_id, approve=approve, by=by, at=now)
    _show([made], settings, closing_words(language), json)


def withdraw(
    exemption_id: IdArgument,
    by: ByOption,
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Take an exemption back, before it is decided or after it was approved."""
    settings = context.need(config)
    language = context.language_of(settings, lang)
    confirm("withdraw", f"exemption {exemption_id}", language, yes=yes)
    with writing(settings) as engine, engine.begin() as connection:
        made = exemptions.withdraw(connection, exemption_id, by=by, at=SystemClock().now())
    _show([made], settings, closing_words(language), json)


def _show(found: Sequence[Exemption], settings: Settings, word: Words, json: bool) -> None:
    told = [shapes.exemption_json(each) for each in found]
    if json:
        print_json_lines(told)
        return
    for row, each in zip(told, found, strict=True):
        row |= {name: word.get(row[name]) for name in ("kind", "reason", "state")}
        row["target_at"] = f"{each.target_at.astimezone(settings.zone):%Y-%m-%d %H:%M:%S}"
        row["target"] += "" if each.stored else f" ({word.get('target_lost')})"
    rows = [[row[name] for name in HEADS] for row in told]
    print_table(None, [word.get(name) for name in HEADS], rows, numbers=[0])
