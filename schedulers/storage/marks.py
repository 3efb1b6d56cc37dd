"""How far something was taken in, by name; and who owns what is open: what the keeper of the book reads."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from schedulers.storage.accounts import IS_OPEN
from schedulers.storage.customer_models import customer_changes
from schedulers.storage.followup_models import follow_up_marks, follow_ups


def mark(connection: Connection, name: str) -> int:
    """A mark's value; 0 where it was never set."""
    wanted = select(follow_up_marks.c.value).where(follow_up_marks.c.name == name)
    return connection.execute(wanted).scalar() or 0


def set_mark(connection: Connection, name: str, value: int) -> None:
    """Set a mark."""
    connection.execute(delete(follow_up_marks).where(follow_up_marks.c.name == name))
    connection.execute(insert(follow_up_marks).values(name=name, value=value))


def forget(connection: Connection, prefix: str, before: int) -> None:
    """Take away the marks of a prefix whose value is below another."""
    table = follow_up_marks.c
    connection.execute(
        delete(follow_up_marks).where(table.name.startswith(prefix, autoescape=True), table.value < before)
    )


def changed_customers(connection: Connection, after: int, limit: int) -> tuple[int, Sequence[str]]:
    """The customers of the next changes after one, each once, and the last change looked at."""
    wanted = select(customer_changes.c.id, customer_changes.c.customer).where(customer_changes.c.id > after)
    rows = connection.execute(wanted.order_by(customer_changes.c.id).limit(limit)).all()
    return (rows[-1].id if rows else after), tuple(dict.fromkeys(row.customer for row in rows))


def owners_of_open(connection: Connection) -> tuple[str, ...]:
    """Whoever owns anything that is open; each owner is one look into the index."""
    found: list[str] = []
    last = ""
    while True:
        wanted = select(follow_ups.c.owner).where(IS_OPEN, follow_ups.c.owner > last)
        owner = connection.execute(wanted.order_by(follow_ups.c.owner).limit(1)).scalar()
        if owner is None:
            return tuple(found)
        found.append(owner)
        last = owner


def customers_of_owner(connection: Connection, owner: str, after: str, limit: int) -> tuple[str, ...]:
    """The customers to whom an owner's open follow-ups are owed, by id, after one."""
    wanted = select(follow_ups.c.customer).where(
        IS_OPEN, follow_ups.c.owner == owner, follow_ups.c.customer > after
    )
    return tuple(connection.execute(wanted.distinct().order_by(follow_ups.c.customer).limit(limit)).scalars())
