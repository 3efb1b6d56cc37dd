"""Who listens: accounts of inspectors, with the groups that they belong to or lead at an instant."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from analytics.quality.assigning import Inspector
from config.policies import Policy
from service.auth import accounts
from service.auth.rights import Right, Role, Visitor


def inspectors_of(connection: Connection, policy: Policy, now: datetime) -> tuple[Inspector, ...]:
    """Those whom samples are given to: active accounts of the role inspector, by login.

    A supervisor may listen too, but is given nothing: it is not his work.
    """
    found = [
        each
        for each in accounts.listed(connection)
        if each.active and each.role is Role.INSPECTOR and Right.QUALITY in each.rights
    ]
    return tuple(
        inspector_of(each.login, each.agent, policy, now) for each in sorted(found, key=lambda each: each.login)
    )


def inspector_of(login: str, agent: str | None, policy: Policy, now: datetime) -> Inspector:
    """One of them: his own group in force now, and those whose leader he is."""
    if agent is None:
        return Inspector(login=login)
    row = policy.agent_at(agent, now)
    led = {each.group for each in policy.resolve(now).promises.groups if agent in each.leaders}
    return Inspector(
        login=login, agent=agent, groups=frozenset(led | ({row.group} if row and row.group else set()))
    )


def visiting(visitor: Visitor, policy: Policy, now: datetime, login: str) -> Inspector:
    """A visitor of the pages as one who listens, under the name that goes on record."""
    return inspector_of(login, visitor.agent, policy, now)
