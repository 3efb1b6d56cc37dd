"""How the pages of follow-ups ask the store, and what they find there as values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from analytics.metrics.periods import DayClock, start_of_day
from analytics.storage.call_lists import CallChoice, load_known
from schedulers.customers.records import Customer
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules
from schedulers.storage import lists
from schedulers.storage.accounts import load_follow_ups
from schedulers.storage.campaigns import load_all as load_campaigns
from schedulers.storage.coverage import Chosen, Stood, count_quarters
from schedulers.storage.customers import branches_of
from schedulers.storage.customers import load as load_customers
from schedulers.storage.day_calls import count_ready, count_tried
from schedulers.storage.dial_refusals import Refused, refusals_for
from schedulers.storage.lists import View, Whose
from schedulers.storage.seeing import Whom
from service.dashboard.board import KnownCounts
from service.dashboard.promises.calendar_days import counted_days, weeks_of
from service.dashboard.promises.source import Became, CallDay, DayCount, ListAsked, Listed, Owed, Question
from service.desk.desk import moment_of
from service.desk.lists import STATES
from service.live.call_parts import known_of as how_known
from telephony.clock import from_microseconds, to_microseconds

Days = dict[date, DayCount]
ORPHANED = "orphaned"
"""The list of what belongs to nobody who works here."""


def chosen_of(question: Question, rules: Rules, now: datetime) -> Chosen:
    """A question as the store is asked."""
    return Chosen(
        start=start_of(question.first, rules),
        end=start_of(question.end, rules),
        as_of=question.as_of or now,
        kinds=() if question.kind is None else (question.kind,),
        groups=() if question.group is None else (question.group,),
        seen=question.seen,
    )


def whose_of(asked: ListAsked) -> Whose:
    """What narrows a work list."""
    return Whose(
        owners=() if asked.owner is None else (asked.owner,),
        groups=() if asked.group is None else (asked.group,),
        kinds=() if asked.kind is None else (asked.kind,),
        branches=() if asked.branch is None else (asked.branch,),
        seen=asked.seen,
    )


def groups_of(rules: Rules, now: datetime) -> tuple[str, ...]:
    """The groups that the policy in force names."""
    return tuple(each.group for each in rules.version_at(now).promises.groups)


def start_of(day: date, rules: Rules) -> datetime:
    """The first instant of a business day."""
    return from_microseconds(start_of_day(day, rules.zone, rules.policy.day_start))


def view_of(state: str, whose: Whose, leavers: tuple[str, ...]) -> tuple[View, Whose | None]:
    """The store's list of what people call it; None where it can hold nothing."""
    if state != ORPHANED:
        return STATES[state], whose
    owners = tuple(each for each in leavers if not whose.owners or each in whose.owners)
    return View.OPEN, replace(whose, owners=owners) if owners else None


def counts_of(
    connection: Connection, whose: Whose, moment: lists.Moment, leavers: tuple[str, ...]
) -> dict[str, int]:
    """How long each list is."""
    found = lists.count_views(connection, whose, moment)
    counts = {state: found[view] for state, view in STATES.items()}
    _, orphaned = view_of(ORPHANED, whose, leavers)
    counts[ORPHANED] = lists.count_views(connection, orphaned, moment)[View.OPEN] if orphaned else 0
    return counts


# -- what is found -------------------------------------------------------------------------------------


def list_of(
    connection: Connection,
    rules: Rules,
    now: datetime,
    page: lists.Page,
    counts: dict[str, int],
    seen: Whom | None,
    owners: tuple[str, ...],
) -> Listed:
    """A page of a list with its customers, and what may narrow it."""
    customers = load_customers(connection, {each.customer for each in page.items})
    return Listed(
        rules=rules,
        now=now,
        items=tuple((each, customers.get(each.customer)) for each in page.items),
        next=page.next,
        counts=counts,
        owners=tuple(each for each in owners if seen is None or each in seen.agents),
        groups=tuple(each for each in groups_of(rules, now) if seen is None or each in seen.groups),
        branches=branches_of(connection) if seen is None else tuple(sorted(seen.branches)),
        agents=tuple(each for each in rules.staff.members(None, now) if seen is None or each in seen.agents),
    )


def seen_of(connection: Connection, items: Iterable[FollowUp], seen: Whom | None) -> list[FollowUp]:
    """Those of some that somebody sees."""
    told = list(items)
    if seen is None:
        return told
    customers = load_customers(connection, {each.customer for each in told})
    return [each for each in told if seen.sees(each, customers.get(each.customer))]


def owed_of(connection: Connection, stood: Sequence[Stood]) -> tuple[Owed, ...]:
    """What stood, with its customers."""
    items = load_follow_ups(connection, [each.id for each in stood])
    customers = load_customers(connection, {each.customer for each in items.values()})

    def whose(item: FollowUp | None) -> Customer | None:
        return None if item is None else customers.get(item.customer)

    return tuple(Owed(stood=each, item=items.get(each.id), customer=whose(items.get(each.id))) for each in stood)


def days_of(connection: Connection, question: Question, rules: Rules, now: datetime, month: date) -> Days:
    """The counts of a calendar's days."""
    first, end = weeks_of(month)
    asked = chosen_of(replace(question, first=first, end=end), rules, now)
    return counted_days(count_quarters(connection, asked), DayClock(rules.zone, rules.policy.day_start))


def calls_of(connection: Connection, rules: Rules, now: datetime, seen: Whom | None) -> CallDay:
    """The calls of today."""
    moment = moment_of(rules, now)
    start = start_of(rules.day_of(now), rules)
    views = lists.count_views(connection, Whose(seen=seen), moment)
    return CallDay(
        tried=count_tried(connection, start, moment.day_end, seen),
        ready=count_ready(connection, now, moment.day_end, seen),
        now=views[View.NOW],
        left=views[View.TODAY],
    )


def known_of(connection: Connection, chosen: Chosen) -> KnownCounts:
    """How the calls of the period are known, of which the follow-ups were fulfilled."""
    until = min(chosen.end, chosen.as_of)
    choice = CallChoice(start_us=to_microseconds(chosen.start), end_us=to_microseconds(until))
    return how_known(load_known(connection, choice))


def held_back(connection: Connection, follow_up: str) -> tuple[tuple[int, str, Refused], ...]:
    """Why campaigns did not dial for a follow-up."""
    names = {each.id: each.name for each in load_campaigns(connection)}
    found = refusals_for(connection, names, follow_up)
    return tuple((campaign, names[campaign], refused) for campaign, refused in found)


def unknown(identity: str) -> Became:
    """What is not there, or is not his to see."""
    return Became(
        id=identity, before=None, refused=f"follow-up: found {identity[:40]!r}, expected the id of a follow-up"
    )
