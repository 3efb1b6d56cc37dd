"""`threerings customers set | merge`: what a person says of one customer, each change on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from analytics.errors import PeopleError
from analytics.people import cells
from config.policies import Policy
from config.settings import Language, Settings
from schedulers.customers.records import Customer, DoNotCall, Number, NumberUse
from schedulers.storage import customer_writing
from schedulers.storage.customer_writing import Origin, change_customer, known
from service.cli import context, options
from service.cli.closing_store import ByOption, YesOption, confirm, writing
from service.cli.customers import CustomerArgument
from service.cli.customers_text import told_lines
from service.cli.output import print_json, print_line
from service.cli.words import words
from service.customers_import import agents_of
from service.customers_showing import told
from service.errors import UsageError
from telephony.clock import SystemClock, from_microseconds
from telephony.numbers import to_e164

ReasonOption = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why; kept on record.")]
NOTHING = "-"


def set_(
    customer: CustomerArgument,
    by: ByOption,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="AGENT", help="Whose he is; - is nobody's.")
    ] = None,
    branch: Annotated[str | None, typer.Option("--branch", help="His branch; - takes it back.")] = None,
    tier: Annotated[str | None, typer.Option("--tier", help="His tier; - takes it back.")] = None,
    do_not_call: Annotated[
        str | None, typer.Option("--do-not-call", metavar="REASON", help="He must not be called; why.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="With --do-not-call: the last day, or a time.")
    ] = None,
    may_call: Annotated[bool, typer.Option("--may-call", help="He may be called again.")] = False,
    consent: Annotated[
        bool | None, typer.Option("--consent/--no-consent", help="Whether he agreed to be contacted.")
    ] = None,
    wrong_number: Annotated[
        str | None, typer.Option("--wrong-number", metavar="NUMBER", help="Somebody else answered there.")
    ] = None,
    right_number: Annotated[
        str | None, typer.Option("--right-number", metavar="NUMBER", help="It is his own after all.")
    ] = None,
    reason: ReasonOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Say something of a customer: his agent, branch, tier, consent, that he must not be called, a wrong number."""
    settings = context.need(config)
    policy, now = context.policy_of(settings, None), SystemClock().now()
    if do_not_call is not None and may_call:
        raise UsageError("customers set: found --do-not-call and --may-call, expected one")
    if until is not None and do_not_call is None:
        raise UsageError("customers set: found --until alone, expected --do-not-call beside it")
    said: dict[str, Any] = {}
    if branch is not None:
        said["branch"] = _text("--branch", branch)
    if tier is not None:
        said["tier"] = _text("--tier", tier)
    if consent is not None:
        said["consent"] = consent
    if may_call:
        said["do_not_call"] = None
    if do_not_call is not None:
        end = None if until is None else _until(until, policy)
        said["do_not_call"] = DoNotCall(reason=_text("--do-not-call", do_not_call) or "", since=now, until=end)
    uses = {NumberUse.WRONG: wrong_number, NumberUse.OWN: right_number}
    if not said and owner is None and not any(uses.values()):
        raise UsageError(
            "customers set: found nothing to say, expected --owner, --do-not-call, --consent or another"
        )
    with writing(settings) as engine, engine.begin() as connection:
        if owner is not None:
            said["owner"] = _owner(connection, owner, policy)
        said |= _numbers(known(connection, customer), uses, policy)
        after = change_customer(connection, customer, Origin(by=by, at=now, reason=reason), **said)
    _show(after, settings, lang, json=json)


def merge(
    source: Annotated[str, typer.Argument(metavar="FROM", help="Who becomes a part of the other.")],
    target: Annotated[str, typer.Argument(metavar="INTO", help="Who stays.")],
    by: ByOption,
    reason: ReasonOption = None,
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Make two customers one: numbers and spend move, and the first id finds the other for good."""
    settings = context.need(config)
    confirm("merge", f"{source} → {target}", context.language_of(settings, lang), yes=yes)
    origin = Origin(by=by, at=SystemClock().now(), reason=reason)
    with writing(settings) as engine, engine.begin() as connection:
        after = customer_writing.merge(connection, source, target, origin)
    _show(after, settings, lang, json=json)


def _show(customer: Customer, settings: Settings, lang: Language | None, *, json: bool) -> None:
    shape = told(customer, masked=True)
    if json:
        print_json(shape)
        return
    word = words(context.language_of(settings, lang))
    for line in told_lines({**shape, "spend": {}, "changes": []}, word, settings.zone):
        print_line(line)


def _text(option: str, text: str) -> str | None:
    try:
        return None if text == NOTHING else cells.read_text(text, "a text")
    except PeopleError as error:
        raise UsageError(f"{option}: {error}") from None


def _until(text: str, policy: Policy) -> datetime:
    try:
        return from_microseconds(cells.read_moment(text, policy.zone, ends=True))
    except PeopleError as error:
        raise UsageError(f"--until: {error}") from None


def _owner(connection: Connection, text: str, policy: Policy) -> str | None:
    if text == NOTHING:
        return None
    found = agents_of(connection, policy).get(text)
    if found is None:
        raise UsageError(f"--owner: found {text!r}, expected the number of an agent who is known, or -")
    return found


def _numbers(customer: Customer, uses: Mapping[NumberUse, str | None], policy: Policy) -> dict[str, Any]:
    """His numbers with what was said of some of them; {} where nothing was."""
    given = {to_e164(text, policy.country) or text: use for use, text in uses.items() if text is not None}
    unknown = set(given) - {each.number for each in customer.numbers}
    if unknown:
        raise UsageError(
            f"--number: found one that customer {customer.id!r} does not have, expected one of his own"
        )
    return {"numbers": tuple(_used(each, given) for each in customer.numbers)} if given else {}


def _used(number: Number, given: Mapping[str, NumberUse]) -> Number:
    return replace(number, use=given.get(number.number, number.use))
