"""Puts a simulated centre together: customers given or made up, strangers, and as many agents as it needs."""

from __future__ import annotations

from datetime import date, datetime, time
from math import ceil

from config.followups import Every, FollowUpKind, FulfilledBy, TriggerKind
from config.policies import Policy
from schedulers.customers.records import Customer, unregistered
from schedulers.simulation.crew import crew_of
from schedulers.simulation.dice import Dice
from schedulers.simulation.outside import ANSWERED, MISSED, OTHER_RATE, PROMISES, RATES
from schedulers.simulation.people import customers_of
from schedulers.simulation.year import Plan

SAMPLE = 400
HOURS_A_YEAR = 1100.0
"""What an agent works on follow-ups in a year: his shifts without leave and holidays, at three quarters."""
TRIES, MINUTES_A_TRY, MINUTES_A_VISIT, MINUTES_A_MARK = 2.0, 5.0, 25.0, 3.0
STEP_A_YEAR = {Every.DAY: 365.0, Every.WEEK: 52.0, Every.MONTH: 12.0, Every.YEAR: 1.0}
PERIODS = {"week": 52.0, "month": 12.0, "quarter": 4.0, "year": 1.0}
STRANGERS = 0.05


def plan_of(
    policy: Policy,
    first: date,
    last: date,
    *,
    count: int = 1000,
    customers: tuple[Customer, ...] | None = None,
    seed: int = 1,
    crashes: int = 0,
    watched: str | None = None,
) -> Plan:
    """A centre for some days. With `customers` these are served, else `count` made-up ones."""
    dice = Dice(seed)
    leaders = crew_of(policy, first, last, 0, dice)
    sample = customers or tuple(customers_of(policy, first, last, min(count, SAMPLE), leaders, seed))
    total = len(customers) if customers is not None else count
    crew = crew_of(policy, first, last, agents_for(policy, sample, total, last), dice)
    registered = customers or tuple(customers_of(policy, first, last, count, crew, seed))
    strangers = tuple(_stranger(each) for each in range(max(3, int(total * STRANGERS))))
    return Plan(
        policy=policy,
        customers=(*registered, *strangers),
        registered=len(registered),
        crew=crew,
        first=first,
        last=last,
        seed=seed,
        crashes=crashes,
        watched=watched,
    )


def agents_for(policy: Policy, sample: tuple[Customer, ...], total: int, last: date) -> int:
    """How many agents the promises need beside the leaders, by a plain estimate from some customers."""
    kinds = policy.resolve(datetime.combine(last, time(), tzinfo=policy.zone)).promises.kinds
    share = total / max(1, len(sample))
    hours = sum(_hours(kind, sample, policy) * share for kind in kinds) + ANSWERED * total / 12
    return max(3, ceil(hours / HOURS_A_YEAR))


def _hours(kind: FollowUpKind, sample: tuple[Customer, ...], policy: Policy) -> float:
    meant = sum(all(match.holds(each.attribute(match.key)) for match in kind.who) for each in sample)
    minutes = {
        FulfilledBy.TALK: TRIES * MINUTES_A_TRY,
        FulfilledBy.CONTACT: MINUTES_A_VISIT,
        FulfilledBy.MARK: MINUTES_A_MARK,
        FulfilledBy.MESSAGE: 0.0,
    }
    return meant * _a_year(kind, policy) * minutes[kind.fulfilled_by] / 60


def _a_year(kind: FollowUpKind, policy: Policy) -> float:
    """How often a year a kind is owed to a customer for whom it is meant."""
    further = len(kind.repeat)
    every = STEP_A_YEAR[kind.every.unit] / kind.every.count if kind.every else 0.0
    match kind.trigger.kind:
        case TriggerKind.EVENT | TriggerKind.CAMPAIGN:
            return RATES.get(kind.trigger.name, OTHER_RATE) * (1 + further + every)
        case TriggerKind.PERIOD:
            return PERIODS[kind.trigger.name]
        case TriggerKind.MEMBER:
            return every or 1.0
        case TriggerKind.FESTIVAL:
            return float(len(policy.versions[-1].promises.major)) if kind.trigger.name == "major" else 1.0
        case TriggerKind.MISSED_CALL:
            return MISSED
        case TriggerKind.PROMISE:
            return PROMISES
        case TriggerKind.BIRTHDAY:
            return 1.0
        case _:
            return 0.1


def _stranger(number: int) -> Customer:
    told = f"+8615{number:09}"
    return unregistered(told, told)
