"""Follow-ups whose stories are made by a random walk over what can happen to one: the store's tests tell them.

No rule is applied here: whatever a decision may say, the store must keep it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from config.followups import Result
from schedulers.followups.account import Decision
from schedulers.followups.records import SYSTEM, Attempt, Change, FollowUp, Obstacle, State, What, id_of

START = datetime(2026, 11, 2, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def follow_up(number: int = 1, **more: Any) -> FollowUp:
    """A follow-up as it is born: due after a day, owned by 1001."""
    key = str(more.pop("key", f"event:{number}"))
    kind = str(more.pop("kind", "revisit"))
    plain: dict[str, Any] = {
        "version": START - timedelta(days=30),
        "customer": f"C{number:06}",
        "case": id_of(kind, key),
        "born_at": START,
        "open_at": START,
        "due_at": START + timedelta(days=1),
        "promised_at": START + timedelta(days=1),
        "owner": "1001",
        "group": "service",
        "ready_at": START + HOUR,
    }
    return FollowUp(id=id_of(kind, key), kind=kind, key=key, **(plain | more))


def born(told: FollowUp) -> Change:
    """Its first change."""
    return Change(at=told.born_at, what=What.BORN, by=SYSTEM, after=told)


def changed(before: FollowUp, what: What, at: datetime, *, by: str = "1001", **more: Any) -> Change:
    """Its next change."""
    return Change(at=at, what=what, by=by, after=replace(before, revision=before.revision + 1, **more))


def done(before: FollowUp, at: datetime) -> Change:
    """It is fulfilled."""
    return changed(before, What.DONE, at, state=State.DONE, fulfilled_at=at, ended_at=at, ready_at=None)


def closed(before: FollowUp, at: datetime, reason: str = "refused") -> Change:
    """It is given up."""
    return changed(before, What.CLOSED, at, state=State.CLOSED, ended_at=at, reason=reason, ready_at=None)


def attempted(before: FollowUp, at: datetime, result: Result = Result.NO_ANSWER, *, counts: bool = True) -> Change:
    """It is tried."""
    call = f"pbx/{int(at.timestamp())}.1"
    attempt = Attempt(
        follow_up=before.id, key=call, at=at, result=result, counts=counts, number="+8613800138000", agent="1001",
        call=call, talk=timedelta(milliseconds=1500), window="2026-11-02 am",
    )  # fmt: skip
    more = {"counted": before.counted + counts, "uncounted": before.uncounted + (not counts)}
    change = changed(before, What.ATTEMPTED, at, tried_at=at, tried=result, ready_at=at + HOUR, **more)
    return replace(change, attempt=attempt)


def decision(*changes: Change, **more: Any) -> Decision:
    """A decision."""
    return Decision(changes=changes, **more)


def walk(rng: random.Random, number: int, steps: int) -> Iterator[Decision]:
    """What happens to one follow-up, a decision at a time."""
    begins = START + timedelta(hours=rng.randrange(200))
    now = follow_up(
        number,
        kind=rng.choice(["revisit", "callback", "complaint"]),
        customer=f"C{number // 3:06}",
        owner=rng.choice(["1001", "1002", "1003"]),
        group=rng.choice(["service", "sales", None]),
        born_at=begins,
        due_at=begins + timedelta(hours=rng.randrange(1, 100)),
        about=(("amount", rng.randrange(100)), ("等级", "core")),
        obstacle=rng.choice([None, Obstacle.CAP]),
    )
    changes = [born(now)]
    at = begins
    for _ in range(steps):
        at += timedelta(minutes=rng.randrange(-30, 600))  # some things are told late
        changes.append(step(rng, changes[-1].after, at))
    while changes:
        some = rng.randrange(1, 4)
        yield decision(*changes[:some])
        changes = changes[some:]


def step(rng: random.Random, now: FollowUp, at: datetime) -> Change:
    """One thing that can happen to it."""
    if not now.is_open:
        return changed(now, What.REOPENED, at, state=State.OPEN, fulfilled_at=None, ended_at=None)
    choice = rng.randrange(6)
    if choice == 0:
        return done(now, at)
    if choice == 1:
        return closed(now, at, rng.choice(["refused", "unreachable"]))
    if choice == 2:
        agreed = at + timedelta(hours=rng.randrange(1, 50))
        return changed(now, What.AGREED, at, agreed_at=agreed, due_at=agreed)
    if choice == 3:
        return replace(changed(now, What.HANDED_OVER, at, owner="1009"), before_owner=now.owner)
    return attempted(now, at, counts=choice == 4)
