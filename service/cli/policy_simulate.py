"""`threerings policy simulate`: what a policy would do to a list of customers."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from analytics.errors import PeopleError
from analytics.people.rows import Refusal
from analytics.people.sheets import stream_sheets
from config.policies import Policy
from schedulers.customers.files import LIMITS, CustomerRow, read_files
from schedulers.customers.number_cells import Numbering
from schedulers.customers.records import Customer
from schedulers.customers.row_readers import Rules
from schedulers.customers.told import laid_over
from schedulers.simulation.checks import ViolationError
from schedulers.simulation.telling import as_told
from schedulers.simulation.world import plan_of
from schedulers.simulation.year import Year
from service.cli import context, options
from service.cli.output import print_json, print_line, print_note, print_table
from service.cli.policy import NameArgument
from service.cli.words import Words, words
from service.errors import CheckFailedError, UsageError
from telephony.clock import SystemClock

COUNT, MOST = 1000, 1_000_000
KINDS = ("kind", "month", "arising", "cannot_be_met", "done", "late", "closed", "open", "overdue", "attempts")
TITLES = {"late": "done_late"}
GROUPS = ("group", "month", "calls", "calls_a_day", "most_calls_a_day", "agent_hours")
CALENDAR = ("at", "kind", "what", "by", "due_at", "ready_at", "obstacle", "reason")

CustomersOption = Annotated[
    Path | None, typer.Option("--customers", metavar="FILE", help="Customers, as `customers import` reads them.")
]
CountOption = Annotated[int, typer.Option("--count", min=1, max=MOST, help="So many made-up customers.")]
FromOption = Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day. Default: 1 January.")]
ToOption = Annotated[
    str | None, typer.Option("--to", metavar="DAY", help="Last day. Default: the end of that year.")
]
SeedOption = Annotated[int, typer.Option("--seed", help="The same seed gives the same year.")]
CustomerOption = Annotated[
    str | None, typer.Option("--customer", metavar="ID", help="The calendar of one customer beside the figures.")
]


def simulate(
    name: NameArgument = None,
    customers: CustomersOption = None,
    count: CountOption = COUNT,
    from_: FromOption = None,
    to: ToOption = None,
    seed: SeedOption = 1,
    customer: CustomerOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Live a span of days by a policy with customers, and say what would be owed, done, late and left."""
    settings = context.find(config)
    policy = context.policy_of(settings, name)
    first, last = _days(from_, to, policy)
    listed = _customers(customers, policy) if customers else None
    plan = plan_of(policy, first, last, count=count, customers=listed, seed=seed, watched=customer)
    if customer is not None and all(each.id != customer for each in plan.customers):
        raise UsageError(f"--customer: found {customer!r}, expected the id of one of the customers")
    try:
        told = as_told(Year(plan, _progress).live(), plan)
    except ViolationError as error:
        raise CheckFailedError(str(error)) from None
    if json:
        print_json(told)
    else:
        _show(told, words(context.language_of(settings, lang)))


def _days(from_: str | None, to: str | None, policy: Policy) -> tuple[date, date]:
    this_year = SystemClock().now().astimezone(policy.zone).year
    first = _day("--from", from_) if from_ else date(this_year, 1, 1)
    last = _day("--to", to) if to else date(first.year, 12, 31)
    if last < first:
        raise UsageError(f"--to: found {last.isoformat()}, expected {first.isoformat()} or later")
    return first, last


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option}: found {text!r}, expected a day such as 2026-11-02") from None


def _customers(path: Path, policy: Policy) -> tuple[Customer, ...]:
    """The customers of a sheet. Every bad row is told; raises UsageError where there is one."""
    now = SystemClock().now()
    numbering = Numbering(country=policy.country, lists=policy.resolve(now).numbers)
    rules = Rules(zone=policy.zone, numbering=numbering, agents=_Anybody())
    found: dict[str, Customer] = {}
    refused: list[Refusal] = []
    try:
        for each in read_files(stream_sheets(path, LIMITS), rules):
            if isinstance(each, CustomerRow):
                found[each.told.id] = laid_over(each.told, found.get(each.told.id), now)
            elif isinstance(each, Refusal):
                refused.append(each)
    except OSError as error:
        raise PeopleError(f"{path}: found {error.strerror}, expected a CSV or Excel file") from None
    _tell_refused(refused)
    if not found:
        raise UsageError(f"{path}: found no customers, expected at least one")
    return tuple(found.values())


def _tell_refused(refused: Iterable[Refusal]) -> None:
    told = [f"{each.file}: row {each.row}: {each.column or ''}: {each.why}" for each in refused]
    for line in told:
        print_note(line)
    if told:
        raise UsageError(f"--customers: found {len(told)} bad rows, expected none")


class _Anybody(dict[str, str | None]):
    """Every owner that a list names: who works here is made up as well."""

    def get(self, key: str, default: Any = None) -> str | None:
        """The agent of this number."""
        return key


def _progress(day: date) -> None:
    if day.day == 1 and sys.stderr.isatty():
        print_note(f"{day:%Y-%m}")


def _show(told: dict[str, Any], word: Words) -> None:
    head = ("policy", "from", "to", "seed", "customers", "agents", "due", "done")
    print_line(" · ".join(f"{word.get(name)} {told[name]}" for name in head))
    _table("follow_ups", KINDS, told["kinds"], word)
    _table("work_by_group", GROUPS, told["groups"], word)
    if told["calendar"]:
        _table("calendar", CALENDAR, told["calendar"], word)


def _table(title: str, columns: tuple[str, ...], rows: list[dict[str, Any]], word: Words) -> None:
    numbers = {place for place, each in enumerate(columns) if rows and isinstance(rows[0][each], int | float)}
    shown = [[_cell(row[each], word) for each in columns] for row in rows]
    print_table(word.get(title), [word.get(TITLES.get(each, each)) for each in columns], shown, numbers=numbers)


def _cell(value: Any, word: Words) -> Any:
    if isinstance(value, dict):
        return ", ".join(f"{word.get(name)} {count}" for name, count in value.items())
    return value
