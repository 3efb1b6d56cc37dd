"""What is owed to a customer goes with him when he is merged into another: items, series, and when he was contacted."""

from __future__ import annotations

from sqlalchemy import Connection, and_, delete, not_, select, update

from analytics.storage.dialects import dialect_of
from schedulers.campaigns.records import LIVE
from schedulers.storage.campaign_models import dial_attempts
from schedulers.storage.dial_reading import IS_LIVE
from schedulers.storage.followup_models import customer_contacts, follow_up_series, follow_ups


def move(connection: Connection, source: str, target: str) -> int:
    """Everything of one customer is another's from now on; the number of follow-ups that moved.

    What he was in by being a customer ends: the other is one himself, and enrolled as such.
    """
    series = follow_up_series
    of_himself = series.c.trigger_key.endswith(f":{source}", autoescape=True)
    connection.execute(delete(series).where(series.c.customer == source, of_himself))
    connection.execute(update(series).where(series.c.customer == source).values(customer=target))
    moved = connection.execute(update(follow_ups).where(follow_ups.c.customer == source).values(customer=target))
    _move_attempts(connection, source, target)
    contacts = select(customer_contacts.c.at_us).where(customer_contacts.c.customer == source)
    rows = [(target, at_us) for at_us in connection.execute(contacts).scalars()]
    if rows:
        dialect_of(connection.dialect.name).add(connection, customer_contacts, rows)
        connection.execute(delete(customer_contacts).where(customer_contacts.c.customer == source))
    return moved.rowcount


def _move_attempts(connection: Connection, source: str, target: str) -> None:
    """The other's from now on; but two live ones stay apart until one has ended: they are of two customers yet."""
    table, others = dial_attempts.c, dial_attempts.alias("others")
    both = select(others.c.id).where(others.c.customer == target, IS_LIVE).exists()
    stays = and_(table.phase.in_(LIVE), both)
    connection.execute(update(dial_attempts).where(table.customer == source, not_(stays)).values(customer=target))
