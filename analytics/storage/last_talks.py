"""Who spoke with a customer last, from the store."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from analytics.metrics.formulas import CUSTOMER_TALK
from analytics.storage.models import calls, talks
from analytics.values import LastTalk

_NUMBERS_AT_A_TIME = 500


def last_talks(connection: Connection, numbers: Collection[str], as_of_us: int) -> dict[str, LastTalk]:
    """By number, the agent of its last talk that began up to an instant; without a row where there was none."""
    ordered = sorted(numbers)
    found: dict[str, LastTalk] = {}
    for first in range(0, len(ordered), _NUMBERS_AT_A_TIME):
        wanted = (
            select(calls.c.customer, talks.c.agent, talks.c.started_us)
            .join(talks, talks.c.call_id == calls.c.id)
            .where(
                calls.c.customer.in_(ordered[first : first + _NUMBERS_AT_A_TIME]),
                talks.c.kind.in_(sorted(each.value for each in CUSTOMER_TALK)),
                talks.c.started_us <= as_of_us,
            )
            .order_by(talks.c.started_us, talks.c.id)
        )
        found |= {row.customer: LastTalk(row.agent, row.started_us) for row in connection.execute(wanted)}
    return found
