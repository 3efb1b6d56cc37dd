"""The summary of a set of calls: how many of which sort, and each agent's minutes and three-ring rate.

For `replay --summary` only, which has no database. The rule of what counts is the domain's: offerings of customers'
calls; answered within ÷ (answered + no answer + declined + caller gave up at or after the limit).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from config.policies import Policy
from telephony.calls.facts import CallFact, Direction, OfferingFact, OfferingOutcome, TalkKind
from telephony.calls.record import CallRecord, View, ring_time, talk_time
from telephony.clock import milliseconds

PHONE_KINDS = (TalkKind.CUSTOMER, TalkKind.CONFERENCE)
MS_A_MINUTE = 60_000


class Verdict(StrEnum):
    """What one offering means for the agent's three-ring rate."""

    WITHIN = "within"
    LATE = "late"  # answered late, or not answered though it was the agent's to answer
    APART = "apart"  # nobody is blamed for it
    OUTSIDE = "outside"  # no customer's call


@dataclass(slots=True)
class AgentTotals:
    """Sums of one agent."""

    talk_ms: int = 0
    offered: int = 0
    within: int = 0
    apart: int = 0


def summarise(records: Iterable[CallRecord], policy: Policy, view: View) -> dict[str, Any]:
    """Counts by direction, disposition and known; agents with minutes and rate. A rate over nothing is None."""
    directions: Counter[str] = Counter()
    dispositions: Counter[str] = Counter()
    known: Counter[str] = Counter()
    agents: dict[str, AgentTotals] = {}
    for record in records:
        call = record.call
        directions[call.direction.value] += 1
        dispositions["open" if call.disposition is None else call.disposition.value] += 1
        known[call.known.value] += 1
        _add_agents(agents, record, policy, view)
    return {
        "calls": directions.total(),
        "direction": dict(sorted(directions.items())),
        "disposition": dict(sorted(dispositions.items())),
        "known": dict(sorted(known.items())),
        "agents": [_agent(agent, totals) for agent, totals in sorted(agents.items())],
    }


def _add_agents(agents: dict[str, AgentTotals], record: CallRecord, policy: Policy, view: View) -> None:
    for talk in record.talks:
        if talk.kind in PHONE_KINDS and talk.ended_at is not None:
            agent = view.agent_of(talk.interface, talk.device, talk.started_at)
            agents.setdefault(agent, AgentTotals()).talk_ms += milliseconds(talk_time(talk, talk.ended_at))
    for offering in record.offerings:
        verdict = judge(offering, record.call, policy)
        if verdict is Verdict.OUTSIDE:
            continue
        agent = view.agent_of(offering.interface, offering.device, offering.offered_at)
        totals = agents.setdefault(agent, AgentTotals())
        totals.offered += verdict is not Verdict.APART
        totals.within += verdict is Verdict.WITHIN
        totals.apart += verdict is Verdict.APART


def judge(offering: OfferingFact, call: CallFact, policy: Policy) -> Verdict:
    """What this offering means for the agent."""
    if call.direction is Direction.INTERNAL or offering.consult or offering.source.value == "originate":
        return Verdict.OUTSIDE
    if offering.ended_at is None or offering.outcome is None:
        return Verdict.OUTSIDE
    ring = ring_time(offering, offering.ended_at)
    within = policy.resolve(offering.offered_at).within(ring, call.trunk)
    match offering.outcome:
        case OfferingOutcome.ANSWERED:
            return Verdict.WITHIN if within else Verdict.LATE
        case OfferingOutcome.NO_ANSWER | OfferingOutcome.DECLINED:
            return Verdict.LATE
        case OfferingOutcome.CALLER_GAVE_UP:
            return Verdict.APART if within else Verdict.LATE
        case _:
            return Verdict.APART


def _agent(agent: str, totals: AgentTotals) -> dict[str, Any]:
    rate = round(totals.within / totals.offered, 4) if totals.offered else None
    return {
        "agent": agent,
        "talk_minutes": round(totals.talk_ms / MS_A_MINUTE, 3),
        "offered": totals.offered,
        "within": totals.within,
        "apart": totals.apart,
        "rate": rate,
    }


def minutes_of(duration: timedelta) -> float:
    """Minutes with three decimals, for tables."""
    return round(milliseconds(duration) / MS_A_MINUTE, 3)
