"""Whose follow-ups somebody sees: of some owners, of some groups, or owed to customers of some branches.

Any of the three is enough. Who is nobody's by any of them is seen by nobody but who sees the centre.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select

from schedulers.customers.records import Customer
from schedulers.followups.records import FollowUp
from schedulers.storage.accounts import IS_OPEN
from schedulers.storage.customer_models import customers
from schedulers.storage.followup_models import follow_up_changes, follow_ups


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """Whose follow-ups and customers somebody sees. Empty sees nothing; that he sees all is said by None instead."""

    agents: Collection[str] = ()
    groups: Collection[str] = ()
    branches: Collection[str] = ()

    def sees(self, each: FollowUp, customer: Customer | None) -> bool:
        """Whether he sees one follow-up."""
        branch = customer.branch if customer else None
        return each.owner in self.agents or each.group in self.groups or branch in self.branches

    def sees_customer(self, customer: Customer) -> bool:
        """Whether he sees a customer for the customer's own sake: his agent, or his branch."""
        return bool({customer.owner, customer.previous} & set(self.agents)) or customer.branch in self.branches


def follow_ups_of(whom: Whom | None, branches: Collection[str] = ()) -> tuple[ColumnElement[bool], ...]:
    """Conditions on `follow_ups`."""
    table = follow_ups.c
    return _conditions(whom, branches, table.owner, table.group_name, _of_branches)


def changes_of(whom: Whom | None, branches: Collection[str] = ()) -> tuple[ColumnElement[bool], ...]:
    """Conditions on `follow_up_changes`, by the owner and the group of then and the customer's branch of now."""
    table = follow_up_changes.c

    def of_branches(some: Collection[str]) -> ColumnElement[bool]:
        owed = select(follow_ups.c.id).where(_of_branches(some))
        return table.follow_up.in_(owed)

    return _conditions(whom, branches, table.owner, table.group_name, of_branches)


def customers_of(whom: Whom | None) -> tuple[ColumnElement[bool], ...]:
    """Conditions on `customers`: theirs by agent or branch, and all to whom something is owed that he sees."""
    if whom is None:
        return ()
    table = customers.c
    found = [*_among(table.owner, whom.agents), *_among(table.previous, whom.agents)]
    found += _among(table.branch, whom.branches)
    owed = [*_among(follow_ups.c.owner, whom.agents), *_among(follow_ups.c.group_name, whom.groups)]
    if owed:
        found.append(table.id.in_(select(follow_ups.c.customer).where(IS_OPEN, or_(*owed))))
    return (or_(*found) if found else false(),)


def _conditions(
    whom: Whom | None, branches: Collection[str], owner: Any, group: Any, of_branches: Any
) -> tuple[ColumnElement[bool], ...]:
    narrowed = (of_branches(branches),) if branches else ()
    if whom is None:
        return narrowed
    found = [*_among(owner, whom.agents), *_among(group, whom.groups)]
    if whom.branches:
        found.append(of_branches(whom.branches))
    return (*narrowed, or_(*found) if found else false())


def _of_branches(some: Collection[str]) -> ColumnElement[bool]:
    return follow_ups.c.customer.in_(select(customers.c.id).where(customers.c.branch.in_(sorted(some))))


def _among(column: Any, values: Collection[str]) -> list[ColumnElement[bool]]:
    return [column.in_(sorted(values))] if values else []
