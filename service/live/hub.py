"""Takes facts from the analysers' threads into the event loop, where alone the live state is touched.

The live view may drop what it cannot take in: then it is made anew from the store. Facts are never lost by it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from datetime import datetime

import structlog

from analytics.live import Live
from analytics.people.devices import DeviceMap
from config.people import AgentPeriod, in_force
from config.policies import Policy
from service.live.current import Current
from telephony.calls.facts import Fact

MAX_WAITING = 100_000
A_TURN = 2_000
"""Facts that are taken in at once: some milliseconds of the loop's time."""


class LiveHub:
    """The live state, and who watches it. All but `put` belongs to the event loop."""

    def __init__(self, policy: Policy, devices: DeviceMap) -> None:
        self.policy = policy
        self.devices = devices
        self.dropped = 0
        self.settled = 0
        """How often other people were put in force: what was told of persons is to be told anew."""
        self._names = devices.names()
        self._rows = _rows_of(policy)
        self.figures = Live(policy, devices)
        self.current = Current()
        self.newest_at: dict[str, datetime] = {}
        self._loop = asyncio.get_running_loop()
        self._watchers: dict[int, Callable[[], None]] = {}
        self._next_watcher = 0
        self._waiting: list[Fact] = []
        self._lock = threading.Lock()
        self._scheduled = False
        self._log = structlog.get_logger("service.live")

    def put(self, pbx: str, facts: list[Fact]) -> None:
        """Facts of a PBX, from any thread."""
        with self._lock:
            self.newest_at[pbx] = facts[-1].at
            if len(self._waiting) + len(facts) > MAX_WAITING:
                self.dropped += len(facts)
                return
            self._waiting += facts
            if self._scheduled:
                return
            self._scheduled = True
        try:
            self._loop.call_soon_threadsafe(self._take)
        except RuntimeError:
            return  # the loop has ended, and we with it

    def settle(self, policy: Policy, devices: DeviceMap) -> None:
        """Put other people in force. Figures begin anew: `warm` them with the facts of today."""
        self.policy = policy
        self.devices = devices
        self._names = devices.names()
        self._rows = _rows_of(policy)
        self.settled += 1
        self.figures = Live(policy, devices)

    def agent_of(self, interface: str, device: str, at: datetime) -> str:
        """Who sat at a device."""
        return self.devices.resolve(interface, device, at)

    def warm(self, facts: Iterable[Fact]) -> None:
        """Facts that were stored before."""
        self._handle(list(facts))

    def watch(self, notify: Callable[[], None]) -> Callable[[], None]:
        """Call `notify` after every change; returns what stops it."""
        number = self._next_watcher = self._next_watcher + 1
        self._watchers[number] = notify

        def stop() -> None:
            self._watchers.pop(number, None)

        return stop

    def row_of(self, agent: str, at: datetime) -> AgentPeriod | None:
        """An agent's name, tier and group in force, without looking through everybody's."""
        return next((row for row in self._rows.get(agent, ()) if in_force(row, at)), None)

    def in_force(self, at: datetime) -> list[str]:
        """The agents whom the policy knows at an instant, by their ids."""
        return sorted(agent for agent in self._rows if self.row_of(agent, at))

    def name_of(self, agent: str, at: datetime) -> str | None:
        """An agent's name, by the policy or by the mapping of devices."""
        row = self.row_of(agent, at)
        return (row.name if row else None) or self._names.get(agent)

    def person_of(self, interface: str, device: str, at: datetime) -> tuple[str, str | None]:
        """Who sat at a device: id and name."""
        agent = self.agent_of(interface, device, at)
        return agent, self.name_of(agent, at)

    def _take(self) -> None:
        with self._lock:
            facts, self._waiting = self._waiting[:A_TURN], self._waiting[A_TURN:]
            again = self._scheduled = bool(self._waiting)
        self._handle(facts)
        if again:
            self._loop.call_soon(self._take)

    def _handle(self, facts: list[Fact]) -> None:
        if not facts:
            return
        self.figures.handle(facts)
        self.current.handle(facts)
        for notify in list(self._watchers.values()):
            notify()


def _rows_of(policy: Policy) -> dict[str, list[AgentPeriod]]:
    rows: dict[str, list[AgentPeriod]] = {}
    for row in policy.agents:
        rows.setdefault(row.agent, []).append(row)
    return rows
