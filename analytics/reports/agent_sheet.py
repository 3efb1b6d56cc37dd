"""One sheet of facts an agent, for promotion and ranking: his months, his certificates, what each tier asks.

Facts only: nothing here says who is promoted. What a tier needs is the policy's; what is not ours (case analyses,
hours of recordings edited, log entries) is what was imported, with its source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.definitions import Value
from analytics.metrics.periods import Period, month_period
from analytics.metrics.query import Query, run
from analytics.metrics.showing import as_number, shown
from analytics.people.records import MonthFact, People
from analytics.people.roster import Roster
from analytics.reports.minutes import tier_of
from analytics.reports.quota import standing
from analytics.values import Source
from config.people import Tier
from config.policies import Policy
from telephony.clock import to_microseconds

FIGURES = ("talk_minutes", "calls_handled", "ring_offered", "three_ring_rate")
HandOvers = Callable[[Period], Mapping[str, int]]
"""A month → how many calls each agent handed on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One agent's sheet in its public shape: a row a month, and what holds over all of them."""

    agent: str
    head: dict[str, Any]
    months: tuple[dict[str, Any], ...]
    months_at_tier: dict[str, int]
    facts: dict[str, float | int]
    certificates: tuple[dict[str, Any], ...]
    tiers: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """One object."""
        return {
            "agent": self.agent,
            **self.head,
            "months": list(self.months),
            "months_at_tier": self.months_at_tier,
            "facts": self.facts,
            "certificates": list(self.certificates),
            "tiers": list(self.tiers),
        }


def sheets(
    source: Source,
    policy: Policy,
    people: People,
    period: Period,
    as_of: datetime,
    agents: frozenset[str],
    hand_overs: HandOvers,
) -> tuple[Sheet, ...]:
    """The sheets of some agents over the months that begin in a period and have begun at the as-of instant."""
    roster = Roster(people, policy.zone)
    facts = _by_month(people.facts)
    rows: dict[str, list[dict[str, Any]]] = {agent: [] for agent in agents}
    for month in months_of(period, policy, as_of):
        figures = _figures(source, policy, month, as_of, agents)
        handed = hand_overs(month)
        for agent in agents:
            imported = facts.get((agent, month.label), ())
            row = _month(policy, roster, month, agent, figures.get(agent, {}), imported, to_microseconds(as_of))
            rows[agent].append(row | {"transfers": row["facts"].get("transfers", handed.get(agent, 0))})
    return tuple(_sheet(policy, people, agent, rows[agent], as_of) for agent in sorted(agents))


def months_of(period: Period, policy: Policy, as_of: datetime) -> list[Period]:
    """The calendar months that begin in a period, up to the one that goes on."""
    first = period.start.astimezone(policy.zone)
    month = month_period(first.year, first.month, policy.zone)
    found = []
    while month.start_us < min(period.end_us, to_microseconds(as_of)):
        if month.start_us >= period.start_us:
            found.append(month)
        following = month.end.astimezone(policy.zone)
        month = month_period(following.year, following.month, policy.zone)
    return found


def _by_month(facts: Iterable[MonthFact]) -> dict[tuple[str, str], tuple[MonthFact, ...]]:
    """By agent and month."""
    ordered = sorted(facts, key=_month_of)
    return {key: tuple(rows) for key, rows in groupby(ordered, key=_month_of)}


def _month_of(fact: MonthFact) -> tuple[str, str]:
    return fact.agent, fact.month


def _figures(
    source: Source, policy: Policy, month: Period, as_of: datetime, agents: frozenset[str]
) -> dict[str, dict[str, Value]]:
    """Each agent's figures of one month: the only question that is asked here."""
    query = Query(metrics=FIGURES, period=month, as_of=as_of, groups=(Group.AGENT,), where={Group.AGENT: agents})
    return {row.key[0]: row.values for row in run(query, source, policy).rows}


def _month(
    policy: Policy,
    roster: Roster,
    month: Period,
    agent: str,
    figures: Mapping[str, Value],
    facts: Iterable[MonthFact],
    as_of_us: int,
) -> dict[str, Any]:
    tier = tier_of(policy, agent, month)
    talk_ms = int(figures.get("talk_minutes") or 0)
    floor = tier.floor_minutes if tier else None
    floor_ms = standing(policy, roster, agent, month, as_of_us, talk_ms, floor).floor_ms
    return {
        "month": month.label,
        "tier": tier.id if tier else None,
        "talk_minutes": _number("talk_minutes", talk_ms),
        "quota_floor": floor,
        "quota_floor_prorated": _number("talk_minutes", floor_ms),
        "floor_reached": None if floor_ms is None else talk_ms >= floor_ms,
        "month_is_over": month.end_us <= as_of_us,
        "calls": _number("calls_handled", figures.get("calls_handled") or 0),
        "offered": _number("ring_offered", figures.get("ring_offered") or 0),
        "three_ring_rate": _number("three_ring_rate", figures.get("three_ring_rate")),
        "facts": _sums(facts),
    }


def _sheet(policy: Policy, people: People, agent: str, months: list[dict[str, Any]], as_of: datetime) -> Sheet:
    today = as_of.astimezone(policy.zone).date()
    person = people.agent(agent)
    now = policy.agent_at(agent, as_of)
    labels = {row["month"] for row in months}
    return Sheet(
        agent=agent,
        head={
            "name": person.name if person else None,
            "joined": person.joined.isoformat() if person and person.joined else None,
            "left": person.left.isoformat() if person and person.left else None,
            "group": now.group if now else None,
            "tier": now.tier if now else None,
        },
        months=tuple(months),
        months_at_tier=dict(Counter(row["tier"] for row in months if row["tier"] and row["month_is_over"])),
        facts=_sums(each for each in people.facts if each.agent == agent and each.month in labels),
        certificates=_certificates(people, agent, today),
        tiers=tuple(_asked(tier, _held(people, agent, today)) for tier in policy.resolve(as_of).tiers),
    )


def _certificates(people: People, agent: str, today: date) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "certificate": each.code,
            "role": each.role or None,
            "obtained": each.obtained.isoformat(),
            "expires": each.expires.isoformat() if each.expires else None,
            "holds": each.holds(today),
        }
        for each in people.certificates
        if each.agent == agent
    )


def _held(people: People, agent: str, today: date) -> set[str]:
    return {each.code for each in people.certificates if each.agent == agent and each.holds(today)}


def _asked(tier: Tier, held: set[str]) -> dict[str, Any]:
    """What a tier asks beside what the agent holds. What the tier is assigned and certified for are two facts."""
    certified = tier.certified
    return {
        "tier": tier.id,
        "certificates_held": [code for code in tier.certificates if code in held],
        "certificates_lacking": [code for code in tier.certificates if code not in held],
        "codes_assigned": list(tier.codes),
        "codes_certified": None if certified is None else list(certified),
        "codes_assigned_not_certified": None
        if certified is None
        else [c for c in tier.codes if c not in certified],
        "codes_certified_of_agent": [code for code in tier.codes if code in held],
    }


def _sums(facts: Iterable[MonthFact]) -> dict[str, float | int]:
    """Sums by kind, exact to the thousandth."""
    sums: Counter[str] = Counter()
    for each in facts:
        sums[each.kind] += each.thousandths
    return {kind: value // 1000 if value % 1000 == 0 else value / 1000 for kind, value in sorted(sums.items())}


def _number(metric: str, value: Value) -> int | float | None:
    return as_number(shown(METRICS[metric], value, 4))
