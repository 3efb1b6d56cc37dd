"""What the page of the policy is handed: the policy in force, and what it would come to."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

from config.policies import Policy
from schedulers.simulation.checks import ViolationError
from schedulers.simulation.telling import as_told
from schedulers.simulation.world import plan_of
from schedulers.simulation.year import Year
from service.dashboard.query import next_month
from service.desk.desk import Desk

SEED = 1
"""The same month and number of customers tell the same."""


class StoredPolicy:
    """See service.dashboard.promises.policy_pages.PolicySource."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._one_at_a_time = asyncio.Lock()
        self._told: dict[tuple[int, date, int], dict[str, Any] | None] = {}

    async def policy(self) -> Policy:
        """With the people of the store."""
        return (await asyncio.to_thread(lambda: self._desk.rules)).policy

    async def outlook(self, month: date, count: int) -> dict[str, Any] | None:
        """A month lived by the policy; kept, since the same again is the same."""
        policy = await self.policy()
        key = (id(policy), month, count)
        async with self._one_at_a_time:
            if key not in self._told:
                self._told = {key: await asyncio.to_thread(_lived, policy, month, count)}
            return self._told[key]


def _lived(policy: Policy, month: date, count: int) -> dict[str, Any] | None:
    last = next_month(month) - timedelta(days=1)
    plan = plan_of(policy, month, last, count=count, seed=SEED)
    try:
        return as_told(Year(plan, lambda day: None).live(), plan)
    except ViolationError:
        return None
