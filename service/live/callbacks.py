"""How many callbacks are owed, by owner and group: of missed calls, and those that agents promised."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, case, func, select, text

from config.followups import TriggerKind
from config.policies import Policy
from schedulers.storage.followup_models import OPEN, follow_ups
from service.dashboard.board import Callbacks
from service.dashboard.look import Look
from telephony.clock import to_microseconds

SOON = timedelta(minutes=30)
OWED = frozenset({TriggerKind.MISSED_CALL, TriggerKind.PROMISE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What one person, or a group, owes."""

    owner: str
    group: str | None
    open: int
    overdue: int
    soon: int


def callback_kinds(policy: Policy) -> tuple[str, ...]:
    """The kinds that are callbacks, in any version: what arose under an old one is owed still."""
    kinds = (kind for version in policy.versions for kind in version.promises.kinds)
    return tuple(sorted({kind.id for kind in kinds if kind.trigger.kind in OWED}))


def load_callbacks(connection: Connection, policy: Policy, now: datetime) -> tuple[Owed, ...]:
    """What is owed at an instant. The due instant itself is in time."""
    kinds = callback_kinds(policy)
    if not kinds:
        return ()
    due, now_us, soon_us = follow_ups.c.due_us, to_microseconds(now), to_microseconds(now + SOON)
    late, soon = due < now_us, (due >= now_us) & (due <= soon_us)
    wanted = select(
        follow_ups.c.owner,
        follow_ups.c.group_name,
        func.count(),
        func.sum(case((late, 1), else_=0)),
        func.sum(case((soon, 1), else_=0)),
    ).where(text(OPEN), follow_ups.c.kind.in_(kinds), follow_ups.c.open_us <= now_us)
    rows = connection.execute(wanted.group_by(follow_ups.c.owner, follow_ups.c.group_name))
    return tuple(
        Owed(owner=owner, group=group, open=count, overdue=int(overdue), soon=int(near))
        for owner, group, count, overdue, near in rows
    )


def callbacks_in(owed: Iterable[Owed], look: Look) -> Callbacks:
    """What is owed by whom a look sees. A queue is no owner: choosing queues changes nothing."""
    seen = [
        each
        for each in owed
        if look.seen.agent(each.owner) and (not look.groups or (each.group or "") in look.groups)
    ]
    return Callbacks(
        open=sum(each.open for each in seen),
        overdue=sum(each.overdue for each in seen),
        soon=sum(each.soon for each in seen),
    )


class OwedCallbacks:
    """What the store said last. `refresh` blocks and raises SQLAlchemyError; None until it was asked once."""

    def __init__(self, engine: Engine, policy_of: Callable[[], Policy]) -> None:
        self.owed: tuple[Owed, ...] | None = None
        self._engine = engine
        self._policy_of = policy_of

    def refresh(self, now: datetime) -> None:
        """Ask the store."""
        with self._engine.connect() as connection:
            self.owed = load_callbacks(connection, self._policy_of(), now)

    def of(self, look: Look) -> Callbacks | None:
        """What is owed by whom a look sees."""
        return None if self.owed is None else callbacks_in(self.owed, look)
