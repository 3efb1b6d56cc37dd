"""Puts a simulated centre together: customers given or made up, strangers, and as many agents as it needs."""

from __future__ import annotations

from datetime import date

from config.policies import Policy
from schedulers.customers.records import Customer, unregistered
from schedulers.simulation.crew import crew_of
from schedulers.simulation.dice import Dice
from schedulers.simulation.people import customers_of
from schedulers.simulation.staffing import agents_for
from schedulers.simulation.year import Plan

SAMPLE = 400
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


def _stranger(number: int) -> Customer:
    told = f"+8615{number:09}"
    return unregistered(told, told)
