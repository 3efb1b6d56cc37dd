"""Whom somebody sees at an instant: groups resolved to their agents, branches to their queues. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from config.people import in_force
from config.policies import Policy
from service.auth.rights import ALL_SEEN, Seen, Sight

Sees = Callable[[Sight], Seen]
"""Whom a sight sees now."""


def resolve(sight: Sight, policy: Policy, now: datetime) -> Seen:
    """Whom somebody sees by the people and queues in force at an instant."""
    if sight.everything:
        return ALL_SEEN
    grouped = {row.agent for row in policy.agents if row.group in sight.groups and in_force(row, now)}
    rules = policy.resolve(now).queues
    branched = {rule.queue for rule in rules if rule.branch is not None and rule.branch in sight.branches}
    return Seen(agents=sight.agents | grouped, queues=sight.queues | branched, codes=sight.codes)


def plain(sight: Sight) -> Seen:
    """The same where no people are known: agents and queues by their names."""
    return ALL_SEEN if sight.everything else Seen(agents=sight.agents, queues=sight.queues, codes=sight.codes)
