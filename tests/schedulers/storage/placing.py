"""Campaigns and attempts for the tests of the store: a centre with two callers and one trunk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from schedulers.campaigns.records import Campaign, CampaignState, DialAttempt, DialMode, Why
from schedulers.followups.records import FollowUp
from schedulers.storage.campaigns import By, create
from schedulers.storage.dial_attempts import Intent, Lease, plan
from schedulers.storage.dial_committing import Committed, Fresh, Limits, commit
from schedulers.storage.writing import write
from tests.schedulers.storage.stories import HOUR, START, born, decision, follow_up

NOW = START + 2 * HOUR
SECOND = timedelta(seconds=1)
TRUNK = ("pbx", "trunk")
LIMITS = {TRUNK: Limits(channels=3, per_second=2)}
LEASE = Lease(runner="one", until=NOW + 20 * SECOND)


def campaign(**more: Any) -> Campaign:
    """A campaign over revisits, running."""
    plain: dict[str, Any] = {
        "name": "秋季回访",
        "mode": DialMode.PROGRESSIVE,
        "state": CampaignState.RUNNING,
        "kinds": ("revisit",),
        "pbx": "pbx",
        "trunk": "trunk",
        "made_by": "1000",
        "made_at": START,
    }
    return Campaign(id=0, **(plain | more))


def stored_campaign(connection: Connection, **more: Any) -> Campaign:
    """A campaign in the database."""
    return create(connection, campaign(**more), By(at=START, by="1000"))


def owed(store: Engine, count: int, **more: Any) -> list[FollowUp]:
    """So many open follow-ups, each of another customer, ready since an hour."""
    told = [follow_up(number, customer=f"C{number}", **more) for number in range(1, count + 1)]
    with store.begin() as connection:
        write(connection, [decision(born(each)) for each in told])
    return told


def intent(number: int = 1, **more: Any) -> Intent:
    """What would be dialled for a customer by the agent of the same number."""
    plain: dict[str, Any] = {
        "campaign": 1,
        "mode": DialMode.PROGRESSIVE,
        "follow_ups": (f"f{number}",),
        "customer": f"C{number}",
        "number": f"+86138001380{number:02}",
        "agent": str(1000 + number),
        "device": f"PJSIP/{1000 + number}",
        "pbx": "pbx",
        "trunk": "trunk",
        "by": "system",
        "dial_at": NOW,
    }
    return Intent(**(plain | more))


def planned(store: Engine, *intents: Intent, at: datetime = NOW, lease: Lease = LEASE) -> tuple[DialAttempt, ...]:
    """Planned attempts; all of them must be free to be planned."""
    with store.begin() as connection:
        found, left = plan(connection, intents, at, lease)
    assert left == ()
    return found


def permitted(fresh: Fresh) -> Why | None:
    """Everything is permitted but what the trunk does not take."""
    if fresh.trunk.live >= fresh.trunk.channels:
        return Why.TRUNK_FULL
    return Why.TRUNK_RATE if fresh.trunk.last_second >= fresh.trunk.per_second else None


def committed(store: Engine, attempts: Sequence[DialAttempt], at: datetime = NOW, runner: str = "one") -> Committed:
    """What becomes of attempts that are committed at an instant."""
    with store.begin() as connection:
        return commit(connection, [each.id for each in attempts], runner, at, permitted, LIMITS)
