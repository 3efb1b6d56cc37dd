"""`threerings objection raise | list | decide | withdraw`: what agents say against an issued month, and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from analytics.closing import objections, shapes
from analytics.closing.objections import Answer
from analytics.closing.records import About, Objection
from analytics.closing.states import ObjectionState
from config.settings import Settings
from service.cli import context, options
from service.cli.closing_store import ByOption, YesOption, confirm, month_of, reading, writing
from service.cli.closing_words import closing_words
from service.cli.output import print_json_lines, print_table
from service.cli.words import Words
from service.errors import UsageError
from telephony.clock import SystemClock

IdArgument = Annotated[int, typer.Argument(metavar="ID", help="An objection.")]
HEADS = ("id", "agent", "period", "about", "target", "text", "raised_at", "state", "decided_by", "answer")


def raise_(
    agent: Annotated[str, typer.Option("--agent", metavar="NAME", help="Who objects: the agent's id.")],
    period: Annotated[str, typer.Option("--period", metavar="MONTH", help="2026-11")],
    about: Annotated[About, typer.Option("--about", help="What it is about.")],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="What is wrong.")],
    target: Annotated[
        str | None, typer.Option("--target", metavar="ID", help="The call; about rings, the offering.")
    ] = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """Object to an issued month's minutes, rings or one call, while its window is open."""
    settings = context.need(config)
    month = month_of(period, settings, zone)
    now = SystemClock().now()
    with writing(settings) as engine, engine.begin() as connection:
        made = objections.raise_objection(
            connection, agent=agent, period=month, about=about, target_id=target, text=text, at=now
        )
    _show([made], settings, closing_words(context.language_of(settings, lang)), json)


def list_(
    period: Annotated[str | None, typer.Option("--period", metavar="MONTH", help="Only this month's.")] = None,
    agent: Annotated[str | None, typer.Option("--agent", metavar="NAME", help="Only this agent's.")] = None,
    state: Annotated[ObjectionState | None, typer.Option("--state", help="Only these.")] = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """List objections."""
    settings = context.need(config)
    month = None if period is None else month_of(period, settings, zone)
    start, end = (None, None) if month is None else (month.start, month.end)
    with reading(settings) as connection:
        found = objections.load_objections(connection, start, end)
    shown = [each for each in found if state in (None, each.state) and agent in (None, each.agent)]
    _show(shown, settings, closing_words(context.language_of(settings, lang)), json)


def decide(
    objection_id: IdArgument,
    by: ByOption,
    answer: Annotated[str, typer.Option("--answer", metavar="TEXT", help="What the agent is told.")],
    uphold: Annotated[bool, typer.Option("--uphold", help="The agent is right.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="The figure stands.")] = False,
    exemption: Annotated[
        int | None, typer.Option("--exemption", metavar="ID", help="The exemption that came of it.")
    ] = None,
    restatement: Annotated[
        int | None, typer.Option("--restatement", metavar="ID", help="The issue that came of it.")
    ] = None,
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Answer an objection of somebody else."""
    if uphold == reject:
        found = "both" if uphold else "neither"
        raise UsageError(f"objection decide: found {found} of --uphold and --reject, expected one")
    settings = context.need(config)
    language = context.language_of(settings, lang)
    confirm("decide", f"objection {objection_id}", language, yes=yes)
    told = Answer(uphold=uphold, by=by, text=answer, exemption_id=exemption, restatement_id=restatement)
    with writing(settings) as engine, engine.begin() as connection:
        made = objections.decide(connection, objection_id, told, SystemClock().now())
    _show([made], settings, closing_words(language), json)


def withdraw(
    objection_id: IdArgument,
    by: ByOption,
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Take an objection back that has no answer yet."""
    settings = context.need(config)
    language = context.language_of(settings, lang)
    confirm("withdraw", f"objection {objection_id}", language, yes=yes)
    with writing(settings) as engine, engine.begin() as connection:
        made = objections.withdraw(connection, objection_id, by=by, at=SystemClock().now())
    _show([made], settings, closing_words(language), json)


def _show(found: Sequence[Objection], settings: Settings, word: Words, json: bool) -> None:
    told = [shapes.objection_json(each) for each in found]
    if json:
        print_json_lines(told)
        return
    for row, each in zip(told, found, strict=True):
        row |= {"about": word.get(each.about.value), "state": word.get(f"objection_{each.state.value}")}
        row["raised_at"] = f"{each.raised_at.astimezone(settings.zone):%Y-%m-%d %H:%M:%S}"
    rows = [[row[name] for name in HEADS] for row in told]
    print_table(None, [word.get(name) for name in HEADS], rows, numbers=[0])
