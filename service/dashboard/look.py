"""A look at the board: whom its reader sees, and which queues and groups he chose. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from service.auth.rights import ALL_SEEN, Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Empty choices choose everything that is seen. `agents` are those of the chosen groups, where any are."""

    seen: Seen = ALL_SEEN
    queues: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether the whole centre is looked at."""
        return self.seen.everything and not self.queues and not self.groups

    def queue(self, queue: str) -> bool:
        """Whether a queue is looked at."""
        return self.seen.queue(queue) and (not self.queues or queue in self.queues)

    def agent(self, agent: str, group: str | None) -> bool:
        """Whether an agent of a group is looked at."""
        return self.seen.agent(agent) and (not self.groups or (group or "") in self.groups)

    def call(self, agents: Collection[str], queue: str | None, groups: Collection[str]) -> bool:
        """Whether a call of these agents, who are of these groups, is looked at.

        Where groups are chosen, who waits and rings at nobody's phone concerns them too.
        """
        queues = (queue,) if queue else ()
        in_queue = not self.queues or not self.queues.isdisjoint(queues)
        in_group = not self.groups or not agents or not self.groups.isdisjoint(groups)
        return self.seen.call(agents, queues) and in_queue and in_group


WHOLE = Look()
