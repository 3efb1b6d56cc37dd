"""Customers chosen by what is known of them, for a campaign: ids in an order, as many as are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from schedulers.storage.customer_models import customer_spend, customers
from schedulers.storage.followup_models import customer_contacts
from telephony.clock import to_microseconds


class Order(StrEnum):
    """Who comes first."""

    ID = "id"  # by the register's numbers
    SPEND = "spend"  # who spent most, in all months that are known
    LAST_CONTACT = "last_contact"  # who was not contacted for the longest time; those never contacted first


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerQuery:
    """Which customers. What is None does not narrow it; `quiet_since`: no contact is known since that instant."""

    tier: str | None = None
    branch: str | None = None
    sort: str | None = None
    owner: str | None = None
    quiet_since: datetime | None = None
    order: Order = Order.ID
    limit: int | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for some and not for everybody."""
        return any(each is not None for each in (self.tier, self.branch, self.sort, self.owner, self.quiet_since))


def choose(connection: Connection, query: CustomerQuery) -> tuple[str, ...]:
    """The ids of the customers whom a query means, in its order."""
    wanted = select(customers.c.id)
    for name in ("tier", "branch", "sort", "owner"):
        value = getattr(query, name)
        if value is not None:
            wanted = wanted.where(customers.c[name] == value)
    last = _last_contact()
    if query.quiet_since is not None:
        wanted = wanted.where(or_(last.is_(None), last < to_microseconds(query.quiet_since)))
    ordered = wanted.order_by(*_order(query.order, last), customers.c.id)
    return tuple(connection.execute(_limited(ordered, query.limit)).scalars())


def _limited(wanted: Select[Any], limit: int | None) -> Select[Any]:
    return wanted if limit is None else wanted.limit(limit)


def _order(order: Order, last: Any) -> tuple[Any, ...]:
    if order is Order.SPEND:
        fen = select(func.sum(customer_spend.c.fen)).where(customer_spend.c.customer == customers.c.id)
        return (func.coalesce(fen.scalar_subquery(), 0).desc(),)
    return (func.coalesce(last, 0),) if order is Order.LAST_CONTACT else ()


def _last_contact() -> Any:
    newest = select(func.max(customer_contacts.c.at_us)).where(customer_contacts.c.customer == customers.c.id)
    return newest.scalar_subquery()
