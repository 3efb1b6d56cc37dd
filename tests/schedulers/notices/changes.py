"""Follow-ups and changes of them for the tests of notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from config.followups import Due, DueKind, FollowUpKind, Group, Promises, Trigger, TriggerKind
from schedulers.followups.records import SYSTEM, Change, FollowUp, What, id_of

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
DUE = NOW + timedelta(hours=72)
PROMISES = Promises(
    groups=(
        Group(group="service", leaders=("1001", "1002"), above="management"),
        Group(group="management", leaders=("9001",)),
    ),
    duty=("8001", "8002"),
)


def kind(**changed: Any) -> FollowUpKind:
    """A revisit within 72 hours, with what a test says otherwise."""
    plain = FollowUpKind(
        id="revisit",
        name_zh="投诉回访",
        name_en="Complaint revisit",
        trigger=Trigger(kind=TriggerKind.EVENT, name="complaint_resolved"),
        due=Due(kind=DueKind.ELAPSED, span=timedelta(hours=72)),
    )
    return replace(plain, **changed)


def follow_up(**changed: Any) -> FollowUp:
    """What agent 1005 of the service owes to a customer."""
    plain = FollowUp(
        id=id_of("revisit", "event:77"),
        kind="revisit",
        version=None,
        customer="C-77",
        key="event:77",
        number="+8613800138000",
        born_at=NOW,
        open_at=NOW,
        due_at=DUE,
        promised_at=DUE,
        owner="1005",
        group="service",
    )
    return replace(plain, **changed)


def change(what: What, *, at: datetime = NOW, by: str = SYSTEM, **changed: Any) -> Change:
    """A change of it; further arguments are of the follow-up as it is afterwards."""
    return Change(at=at, what=what, by=by, after=follow_up(**changed))
