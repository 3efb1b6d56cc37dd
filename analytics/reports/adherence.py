"""Adherence of agents to their shifts: scheduled, present, and each deviation in minutes, with the remarks behind.

Rows: `{"agent", "name", "group", "scheduled_minutes", "present_minutes", "adherence", "late_minutes",
"left_early_minutes", "absent_minutes", "away_minutes", "break_over_minutes", "prolonged_minutes", "outside_minutes",
"remarks"}`. Who has no shift is not in it. Minutes have four decimals; `adherence` is null over nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from analytics.metrics.periods import Period
from analytics.people.adherence import Adherence, Deviation, StateSpan, adherence
from analytics.people.records import People, Stretch
from analytics.people.roster import Roster
from config.policies import Policy
from telephony.clock import from_microseconds

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAdherence:
    """One agent's adherence in a period."""

    agent: str
    name: str | None
    group: str | None
    found: Adherence

    def as_json(self) -> dict[str, Any]:
        """The public shape; instants are UTC with milliseconds."""
        found = self.found
        late = {f"{each.value}_minutes": _minutes(found.deviation_ms(each)) for each in _SHOWN}
        return {
            "agent": self.agent,
            "name": self.name,
            "group": self.group,
            "scheduled_minutes": _minutes(found.scheduled_ms),
            "present_minutes": _minutes(found.present_ms),
            "adherence": None if found.adherence is None else round(found.adherence, 4),
            **late,
            "prolonged_minutes": _minutes(found.prolonged_ms),
            "outside_minutes": _minutes(found.outside_ms),
            "remarks": [
                {
                    "what": each.deviation.value,
                    "from": _instant(each.start_us),
                    "to": _instant(each.end_us),
                    "minutes": _minutes((each.end_us - each.start_us) // 1000),
                    "reason": each.reason,
                    "over_limit": each.over_limit,
                }
                for each in found.remarks
            ],
        }


_SHOWN = (Deviation.LATE, Deviation.LEFT_EARLY, Deviation.ABSENT, Deviation.AWAY, Deviation.BREAK_OVER)


def adherence_report(
    people: People,
    states: Mapping[str, list[StateSpan]],
    policy: Policy,
    period: Period,
    as_of_us: int,
    group: str | None = None,
) -> tuple[AgentAdherence, ...]:
    """Everybody who has a shift in the period, by agent; only of one group if one is named.

    The schedule is judged up to the as-of instant: what is still to come is nobody's absence.
    """
    roster = Roster(people, policy.zone)
    end_us = min(period.end_us, as_of_us)
    grouped = _groups_in(people.groups, period)
    found = []
    for person in people.agents:
        groups = grouped.get(person.agent, [])
        if (group is None or group in groups) and roster.has(person.agent):
            scheduled = roster.scheduled(person.agent, period.start_us, max(end_us, period.start_us))
            judged = adherence(scheduled, states.get(person.agent, ()), lambda why, at: _limit(policy, why, at))
            found.append(
                AgentAdherence(
                    agent=person.agent, name=person.name, group=groups[-1] if groups else None, found=judged
                )
            )
    return tuple(found)


def _groups_in(stretches: Iterable[Stretch], period: Period) -> dict[str, list[str]]:
    """By agent, the groups of the period, the latest last."""
    found: dict[str, list[str]] = {}
    for each in sorted(stretches):
        if each.start_us < period.end_us and period.start_us < each.end_us:
            found.setdefault(each.key, []).append(each.value)
    return found


def _limit(policy: Policy, reason: str | None, at_us: int) -> int:
    return policy.resolve(from_microseconds(at_us)).breaks.of(reason) // _MICROSECOND


def _minutes(ms: int) -> float:
    return round(ms / 60_000, 4)


def _instant(us: int) -> str:
    return from_microseconds(us).isoformat(timespec="milliseconds")
