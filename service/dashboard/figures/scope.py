"""Whom a page is about: what the address asks for, within what its visitor sees. Pure.

What agents did is told apart by agent, what callers met by queue. So who sees some agents has the figures of these
agents, and who sees some queues the waits and callers of these queues; the page says that it is not the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.measures import Sheet
from analytics.storage.call_lists import Involved
from service.auth.rights import Seen

Where = Mapping[Group, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The filters of a page; '' asks for nothing. `seen` is what the visitor sees."""

    seen: Seen
    agent: str = ""
    queue: str = ""
    group: str = ""
    code: str = ""
    direction: str = ""

    def where(self, metrics: Iterable[str]) -> Where:
        """The choice of a question about metrics of one sheet. One that knows no agents takes no filter by them."""
        names = tuple(metrics)
        sheet = sheet_of(names[0])
        found: dict[Group, frozenset[str]] = {}
        asked = {Group.QUEUE: self.queue, Group.CODE: self.code, Group.DIRECTION: self.direction}
        if sheet is Sheet.AGENTS:
            asked |= {Group.AGENT: self.agent, Group.GROUP: self.group}
        for group, value in asked.items():
            if value:
                found[group] = frozenset({value})
        return self._seen(found, names)

    def _seen(self, found: dict[Group, frozenset[str]], metrics: tuple[str, ...]) -> Where:
        if self.seen.everything:
            return found
        by_queue = sheet_of(metrics[0]) is Sheet.LOAD or not self.seen.agents
        by_queue = by_queue and all(Group.QUEUE in METRICS[each].groups for each in metrics)
        group, those = (Group.QUEUE, self.seen.queues) if by_queue else (Group.AGENT, self.seen.agents)
        found[group] = found.get(group, those) & those
        return found

    def of_agent(self, agent: str) -> Scope:
        """The same of one agent."""
        return replace(self, agent=agent)

    @property
    def involved(self) -> tuple[Involved, ...]:
        """The same for a list of calls: each of these has a part in them."""
        asked = [Involved(agents=frozenset({self.agent}))] if self.agent else []
        asked += [Involved(queues=frozenset({self.queue}))] if self.queue else []
        if not self.seen.everything:
            asked.append(Involved(agents=self.seen.agents, queues=self.seen.queues))
        return tuple(asked)

    def may_see(self) -> bool:
        """Whether the agent and the queue that are asked for are the visitor's to see."""
        return (not self.agent or self.seen.agent(self.agent)) and (not self.queue or self.seen.queue(self.queue))


def sheet_of(metric: str) -> Sheet:
    """The sheet that a metric stands on: no metric stands on both."""
    return Sheet.AGENTS if Group.AGENT in METRICS[metric].groups else Sheet.LOAD
