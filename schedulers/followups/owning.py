"""Whose a follow-up is: somebody who works here and is here before it is due. Pure.

By the rulebooks (C11, C5, E): the customer's named agent, else who was asked first 首问负责. Who has gone, or is off
until past the due time, is replaced by an agent of the group who is on duty and has the skill, else by its leader.
Nothing that is open belongs to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from config.followups import FollowUpKind, OwnerRule, Promises
from config.working_days import closing_of, received_on
from schedulers.customers.records import Customer
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules

DUTY = "duty"
"""Owns what arises before anybody is known to work here: whoever is on duty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an owner must be: of a group, with a skill, here between two instants."""

    group: str | None
    skill: str | None
    start: datetime
    end: datetime
    seed: str  # spreads what nobody is named for over the group, always in the same way


def first_owner(
    kind: FollowUpKind, customer: Customer, asked: str | None, wanted: Wanted, promises: Promises, rules: Rules
) -> str:
    """Who owns a follow-up that arises."""
    if kind.owner is OwnerRule.LEADER:
        return leader_of(wanted.group, wanted.start, promises, rules)
    candidates = _candidates(kind.owner, customer, asked)
    return _first_able(candidates, wanted, rules) or _somebody(wanted, promises, rules)


def next_owner(follow_up: FollowUp, at: datetime, rules: Rules) -> str | None:
    """Who owns it instead of an owner who has left or is off past the due time; None where he may keep it."""
    promises = rules.promises(follow_up)
    wanted = Wanted(
        group=follow_up.group, skill=None, start=at, end=_until(follow_up, at, rules), seed=follow_up.id
    )
    if _is_able(follow_up.owner, wanted, rules):
        return None
    found = _somebody(replace(wanted, skill=follow_up.skill), promises, rules)
    return None if found == follow_up.owner else found


def _until(follow_up: FollowUp, at: datetime, rules: Rules) -> datetime:
    """Until when an owner must be off to be replaced: until it is due, or if it is overdue until this day's closing.

    Ours: out of hours it is the next working day's, else whatever is overdue would change hands every evening.
    """
    day = None if at <= follow_up.due_at else received_on(rules.openings, at)
    return max(at, follow_up.due_at if day is None else closing_of(rules.openings, day))


def leader_of(group: str | None, at: datetime, promises: Promises, rules: Rules, up: int = 0) -> str:
    """The leader of a group, `up` groups higher; the duty leader where there is none above."""
    leaders = list(_leaders(group, promises))[up:] or [promises.duty]
    here = (each for tier in leaders for each in tier if rules.staff.works_here(each, at))
    found = next(here, None) or next((each for each in promises.duty if rules.staff.works_here(each, at)), None)
    return found or _last_resort(promises, rules, at)


def may_do(agent: str, follow_up: FollowUp, at: datetime, rules: Rules) -> bool:
    """Whether an agent's talk counts for it: its owner's, a leader's, and the group's where anyone may."""
    if agent == follow_up.owner:
        return True
    kind, promises = rules.kind(follow_up), rules.promises(follow_up)
    if agent in promises.duty or any(agent in tier for tier in _leaders(follow_up.group, promises)):
        return True
    if follow_up.skill and not rules.staff.has_skill(agent, follow_up.skill, at):
        return False
    same_group = follow_up.group is None or rules.staff.group_of(agent, at) == follow_up.group
    return same_group and (
        kind.anyone or follow_up.group is None or not rules.staff.works_here(follow_up.owner, at)
    )


def _candidates(rule: OwnerRule, customer: Customer, asked: str | None) -> tuple[str, ...]:
    match rule:
        case OwnerRule.NAMED:
            named: tuple[str | None, ...] = (customer.owner, asked, customer.previous)
        case OwnerRule.FIRST_ASKED:
            named = (asked, customer.owner, customer.previous)
        case _:
            named = ()
    return tuple(each for each in named if each)


def _first_able(candidates: Iterable[str], wanted: Wanted, rules: Rules) -> str | None:
    return next((each for each in candidates if _is_able(each, wanted, rules)), None)


def _is_able(agent: str, wanted: Wanted, rules: Rules) -> bool:
    staff = rules.staff
    if not staff.works_here(agent, wanted.start) or staff.is_away(agent, wanted.start, wanted.end):
        return False
    return wanted.skill is None or staff.has_skill(agent, wanted.skill, wanted.start)


def _somebody(wanted: Wanted, promises: Promises, rules: Rules) -> str:
    """One of the group who is on duty and has the skill, else its leader."""
    able = rules.here(wanted.group, wanted.skill, wanted.start, wanted.end)
    if able:
        return able[int(wanted.seed[:8], 16) % len(able)]
    return leader_of(wanted.group, wanted.start, promises, rules)


def _leaders(group: str | None, promises: Promises) -> Iterator[tuple[str, ...]]:
    """The leaders of a group, then of the group above it, and so on; a circle ends."""
    seen: set[str] = set()
    while group is not None and group not in seen and (found := promises.group(group)) is not None:
        seen.add(group)
        yield found.leaders
        group = found.above


def _last_resort(promises: Promises, rules: Rules, at: datetime) -> str:
    """A leader of any group who works here; else anybody; else the first duty leader, whoever he is."""
    leaders = (each for group in promises.groups for each in group.leaders)
    found = next((each for each in leaders if rules.staff.works_here(each, at)), None)
    found = found or next(iter(rules.staff.members(None, at)), None)
    return found or next(iter(promises.duty), DUTY)
