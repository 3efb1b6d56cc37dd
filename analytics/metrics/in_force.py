"""The policy in force at an instant, ready to be asked for every offering and talk of a year."""

from __future__ import annotations

from bisect import bisect_right
from datetime import timedelta

from analytics.values import OfCall
from config.policies import Policy, PolicyVersion
from telephony.clock import from_microseconds, to_microseconds

MICROSECOND = timedelta(microseconds=1)


class InForce:
    """`Policy.resolve` in microseconds; limits and listed numbers are worked out once each."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._starts = [_start_of(version) for version in policy.versions[1:]]
        self._limits: dict[tuple[int, str | None], int] = {}
        self._left_out: dict[tuple[int, str], bool] = {}

    def version(self, at_us: int) -> PolicyVersion:
        """The rules in force at an instant."""
        return self.policy.versions[bisect_right(self._starts, at_us)]

    def limit_us(self, at_us: int, trunk: str | None) -> int:
        """The ring time that is already late, in microseconds."""
        key = (bisect_right(self._starts, at_us), trunk)
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
        key = (bisect_right(self._starts, at_us), customer)
        if key not in self._left_out:
            self._left_out[key] = self.policy.versions[key[0]].numbers.is_left_out(customer)
        return self._left_out[key]

    def group(self, agent: str, at_us: int) -> str | None:
        """The agent's group at an instant."""
        period = self.policy.agent_at(agent, from_microseconds(at_us))
        return period.group if period else None

    def tier(self, agent: str, at_us: int) -> str | None:
        """The id of the agent's tier at an instant."""
        period = self.policy.agent_at(agent, from_microseconds(at_us))
        return period.tier if period else None


def _start_of(version: PolicyVersion) -> int:
    if version.start is None:
        raise ValueError("policy: only the first version may have no start")
    return to_microseconds(version.start)
