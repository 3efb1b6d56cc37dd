"""`threerings hold add | lift | list`: recordings that may not be destroyed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from service.auth.rights import Right
from service.cli import context, options
from service.cli.closing_store import reading, writing
from service.cli.destruction_desk import AsOption, Desk, PasswordOption
from service.cli.output import print_json, print_json_lines, print_table
from service.destroying import holds, shapes
from service.destroying.holds import HoldKind

KindArgument = Annotated[HoldKind, typer.Argument(metavar="KIND", help="call, customer or period")]
TargetArgument = Annotated[
    str,
    typer.Argument(metavar="TARGET", help="A call's or customer's id, or a period such as 2026-11-01/2026-11-20."),
]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept on record.")]
HEADS = ("id", "kind", "target", "reason", "placed_by", "placed_at", "lifted_by", "lifted_at", "lift_reason")


def add(
    kind: KindArgument,
    target: TargetArgument,
    reason: ReasonOption,
    login: AsOption,
    password_file: PasswordOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Place a legal hold on a call, a customer with all his numbers, or all that began in a period."""
    desk = Desk(config, lang)
    period = context.period_of(desk.settings, target, None) if kind is HoldKind.PERIOD else None
    with writing(desk.settings) as engine, desk.deeds(engine) as deeds:
        who = desk.doer(engine, login, password_file, Right.HOLD)
        start, end = (period.start, period.end) if period else (None, None)
        made = deeds.place(who, kind, reason, None if period else target, start, end)
    _tell(desk, [shapes.hold_json(made)], json, many=False)


def lift(
    hold_id: Annotated[int, typer.Argument(metavar="HOLD", help="A hold's number.")],
    reason: ReasonOption,
    login: AsOption,
    password_file: PasswordOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Lift a hold; it stays on record."""
    desk = Desk(config, lang)
    with writing(desk.settings) as engine, desk.deeds(engine) as deeds:
        who = desk.doer(engine, login, password_file, Right.HOLD)
        lifted = deeds.lift(who, hold_id, reason)
    _tell(desk, [shapes.hold_json(lifted)], json, many=False)


def list_(
    in_force: Annotated[bool, typer.Option("--in-force", help="Only those that are not lifted.")] = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """List legal holds, the newest first."""
    desk = Desk(config, lang)
    with reading(desk.settings) as connection:
        found = holds.listed(connection, in_force=in_force)
    _tell(desk, [shapes.hold_json(each) for each in found], json, many=True)


def _tell(desk: Desk, told: list[dict[str, Any]], json: bool, *, many: bool) -> None:
    if json:
        print_json_lines(told) if many else print_json(told[0])
        return
    word = desk.word.get
    rows = [
        {**each, "kind": word(each["kind"]), "target": each["target"] or f"{each['from']} – {each['to']}"}
        for each in told
    ]
    print_table(None, [word(head) for head in HEADS], [[row[head] for head in HEADS] for row in rows], numbers=[0])
