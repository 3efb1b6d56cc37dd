"""The policy in force at an instant, ready to be asked for every offering and talk of a year."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from analytics.metrics.periods import clock_of
from analytics.values import OfCall
from config.people import AgentPeriod
from config.policies import Policy, PolicyVersion
from telephony.clock import to_microseconds

MICROSECOND = timedelta(microseconds=1)


class Person(NamedTuple):
    """The group and tier of an agent at an instant; '' where he is in none."""

    group: str = ""
    tier: str = ""


NOBODY = Person()

_Stretch = tuple[int, int, Person]
_ALWAYS, _STILL = -(2**62), 2**62


class InForce:
    """`Policy.resolve` in microseconds; limits, listed numbers, people and hours are worked out once each."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.clock = clock_of(policy)
        self._starts = [_start_of(version) for version in policy.versions[1:]]
        self._limits: dict[tuple[int, str | None], int] = {}
        self._left_out: dict[tuple[int, str], bool] = {}
        self._people = _by_agent(policy.agents)

    @property
    def customer_days(self) -> int:
        """So many days to either side of a change what became of customers may change with it.

        The hours of first contact, and the length of a call that is followed to its end.
        """
        longest = max(version.limits.first_contact for version in self.policy.versions)
        return -(-longest // timedelta(days=1)) + 1

    def index(self, at_us: int) -> int:
        """The place of the version in force among the policy's versions."""
        return bisect_right(self._starts, at_us) if self._starts else 0

    def version(self, at_us: int) -> PolicyVersion:
        """The rules in force at an instant."""
        return self.policy.versions[self.index(at_us)]

    def limit_us(self, at_us: int, trunk: str | None) -> int:
        """The ring time that is already late, in microseconds."""
        key = (self.index(at_us), trunk)
        if key not in self._limits:
            self._limits[key] = self.policy.versions[key[0]].limit(trunk) // MICROSECOND
        return self._limits[key]

    def leaves_out(self, call: OfCall) -> bool:
        """Whether this is a test or nuisance call, which no figure counts."""
        return self.leaves_out_number(call.customer, call.start_us)

    def leaves_out_number(self, customer: str | None, at_us: int) -> bool:
        """Whether a customer's number was, at that instant, one that no figure counts."""
        if customer is None:
            return False
        key = (self.index(at_us), customer)
        if key not in self._left_out:
            self._left_out[key] = self.policy.versions[key[0]].numbers.is_left_out(customer)
        return self._left_out[key]

    def person(self, agent: str, at_us: int) -> Person:
        """The agent's group and tier at an instant."""
        for start, end, person in self._people.get(agent, ()):
            if start <= at_us < end:
                return person
        return NOBODY

    def hours(self, at_us: int) -> str:
        """Whether the centre was open at an instant: in, out, holiday."""
        return self.policy.hours_at_us(at_us).value


def _by_agent(rows: Iterable[AgentPeriod]) -> dict[str, list[_Stretch]]:
    people: dict[str, list[_Stretch]] = {}
    for row in rows:
        start = _ALWAYS if row.start is None else to_microseconds(row.start)
        end = _STILL if row.end is None else to_microseconds(row.end)
        people.setdefault(row.agent, []).append((start, end, Person(row.group or "", row.tier or "")))
    return people


def _start_of(version: PolicyVersion) -> int:
    if version.start is None:
        raise ValueError("policy: only the first version may have no start")
    return to_microseconds(version.start)
