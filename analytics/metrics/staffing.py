"""How many agents a load needs, by Erlang C: callers come at random, wait in one queue and do not give up. Pure.

A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone
exchanges" (1917). Calls × handle time ÷ interval is the offered load in erlangs, kept exactly. Probabilities are
floats: they come from Erlang B by its recursion, in which nothing grows and nothing cancels. Real callers do give up,
so Erlang C asks for rather more than is needed; it is a suggestion, and is shown with what it was made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, exp, floor

ALL_WAIT = 1.0
"""The probability of waiting where the load is no less than the agents: the queue grows without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What comes in an interval: a mean number of calls, each of so many milliseconds of an agent's time."""

    calls: Fraction
    handle_ms: Fraction
    interval_ms: int

    @property
    def load(self) -> Fraction:
        """The offered load in erlangs: how many agents are busy on average."""
        return self.calls * self.handle_ms / self.interval_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be reached: a share of the callers, below 1, answered within a wait; and no agent busier than that.

    shrinkage: the share, below 1, of the paid time in which an agent is not at his phone.
    """

    service_level: Fraction
    within_ms: int
    occupancy: Fraction = Fraction(1)
    shrinkage: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """What so many agents at their phones make of a demand.

    scheduled: agents on the roster for so many at their phones. Of no load there is no rate and no wait: None. The
    wait is None too where the queue grows without end.
    """

    agents: int
    scheduled: int
    load: Fraction
    waiting: float | None
    service_level: float | None
    average_wait_ms: float | None
    occupancy: Fraction | None


def suggest(demand: Demand, target: Target) -> Staffing:
    """The least staffing that reaches a target; nobody where no calls come."""
    agents = least_agents(demand, target)
    return staffed(demand, agents, target.within_ms, target.shrinkage)


def staffed(demand: Demand, agents: int, within_ms: int, shrinkage: Fraction = Fraction(0)) -> Staffing:
    """What so many agents make of a demand."""
    load, any_load = demand.load, demand.load > 0
    return Staffing(
        agents=agents,
        scheduled=scheduled(agents, shrinkage),
        load=load,
        waiting=waiting(load, agents) if any_load else None,
        service_level=service_level(demand, agents, within_ms) if any_load else None,
        average_wait_ms=average_wait_ms(demand, agents) if any_load else None,
        occupancy=min(load / agents, Fraction(1)) if any_load and agents else None,
    )


def least_agents(demand: Demand, target: Target) -> int:
    """The least number of agents that reaches both the service level and the occupancy; 0 for no load."""
    load = demand.load
    if load <= 0:
        return 0
    agents = max(floor(load) + 1, ceil(load / target.occupancy))
    blocked = erlang_b(load, agents)
    # Compared by what is missing: near 1 a share has fewer digits than the little that it lacks.
    while _late(demand, agents, blocked, target.within_ms) > 1 - target.service_level:
        agents += 1
        blocked = _next_blocked(float(load), agents, blocked)
    return agents


def erlang_b(load: Fraction, agents: int) -> float:
    """The probability that all are busy where nobody waits: B(n) = A·B(n − 1) ÷ (n + A·B(n − 1)), B(0) = 1."""
    blocked = 1.0
    for each in range(1, agents + 1):
        blocked = _next_blocked(float(load), each, blocked)
    return blocked


def waiting(load: Fraction, agents: int) -> float:
    """The probability that a caller has to wait; 1 where the load is no less than the agents."""
    return _waiting(load, agents, erlang_b(load, agents))


def service_level(demand: Demand, agents: int, within_ms: int) -> float:
    """The share of callers who wait up to so many milliseconds, inclusive."""
    return 1.0 - _late(demand, agents, erlang_b(demand.load, agents), within_ms)


def average_wait_ms(demand: Demand, agents: int) -> float | None:
    """The mean wait over all callers (ASA); None where the queue grows without end."""
    spare = agents - demand.load
    if spare <= 0:
        return None
    return waiting(demand.load, agents) * float(demand.handle_ms / spare)


def scheduled(agents: int, shrinkage: Fraction) -> int:
    """How many must be on the roster for so many at their phones."""
    return ceil(agents / (1 - shrinkage))


def _next_blocked(load: float, agents: int, blocked: float) -> float:
    return load * blocked / (agents + load * blocked)


def _waiting(load: Fraction, agents: int, blocked: float) -> float:
    """C = B ÷ (1 − (A ÷ n)·(1 − B))."""
    if load >= agents:
        return ALL_WAIT if load > 0 else 0.0
    return blocked / (1.0 - float(load / agents) * (1.0 - blocked))


def _late(demand: Demand, agents: int, blocked: float, within_ms: int) -> float:
    """The share of callers who wait longer: C·exp(−(n − A)·T ÷ AHT)."""
    spare = agents - demand.load
    if demand.load <= 0 or spare <= 0:
        return ALL_WAIT if demand.load > 0 else 0.0
    return _waiting(demand.load, agents, blocked) * exp(-float(spare * within_ms / demand.handle_ms))
