"""A campaign for the demo: a draft that works the callbacks of the calls that are missed there. Nothing is dialled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from config.followups import FulfilledBy, TriggerKind
from config.policies import Policy
from schedulers.campaigns.records import Campaign, DialMode
from schedulers.followups.records import SYSTEM
from schedulers.storage.campaigns import By, create, load_all


def put_draft(engine: Engine, policy: Policy, pbx: str, now: datetime) -> None:
    """Make it, where there is none yet: a played PBX cannot be asked to dial, so it stays a draft."""
    kinds = tuple(
        each.id
        for each in policy.resolve(now).promises.kinds
        if each.trigger.kind is TriggerKind.MISSED_CALL and each.fulfilled_by is FulfilledBy.TALK
    )
    with engine.begin() as connection:
        if not kinds or load_all(connection):
            return
        draft = Campaign(
            id=0,
            name="未接来电回呼",
            mode=DialMode.PREVIEW,
            kinds=kinds,
            pbx=pbx,
            trunk="demo",
            made_by=SYSTEM,
            made_at=now,
        )
        create(connection, draft, By(at=now))
