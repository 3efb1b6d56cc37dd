"""The demo's promises: invented customers, quotations that were sent to them, and what agents noted of what was owed.

Missed calls make their callbacks by the road of every call; here people do their part of it, seeded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Engine

from config.followups import Result
from config.policies import Policy
from schedulers.customers.records import Customer, Number
from schedulers.errors import RefusedError
from schedulers.followups.records import FollowUp
from schedulers.storage.customer_writing import Origin, Write, write
from schedulers.storage.customers import count
from schedulers.storage.lists import View, Whose, iterate
from service.demo.centre import NAMES
from service.desk.desk import Desk, moment_of
from service.desk.events import Event, take
from service.desk.outcomes import Outcome, say

GIVEN = ("美华", "建国", "晓峰", "雅琴", "志强", "海涛", "敏仪", "家豪", "思远", "浩然", "文静", "国栋")
SURNAMES = "林何吕郑冯许邓曹彭蒋谢罗"
TIERS, BRANCHES, DIALECTS = ("gold", "silver", ""), ("广州", "深圳", "佛山"), ("粤语", "普通话", "普通话")
CUSTOMERS = 125
FICTION = "447700900"
"""The range that is kept free for fiction: captured callers have these numbers."""

QUOTED = 60
DAYS_BACK = 12
PUNCTUAL, NOTED = 0.85, 0.93
"""The share of what was due that was done in time, and that was done at all."""

NOTES = ("已回电，客户满意", "报价已说明，等客户答复", "客户改天再联系", "已约上门时间", "问题已解决")


def put_customers(engine: Engine, policy: Policy, now: datetime) -> None:
    """Store the register, where there is none."""
    with engine.begin() as connection:
        if count(connection):
            return
        agents = [each.agent for each in policy.agents]
        made = [_customer(each, agents) for each in range(CUSTOMERS)]
        origin = Origin(at=now - timedelta(days=DAYS_BACK * 3), by="demo")
        write(connection, [Write(before=None, after=each, origin=origin) for each in made])


def _customer(place: int, agents: list[str]) -> Customer:
    number = f"{FICTION}{place * 8:03d}"
    name = SURNAMES[place % len(SURNAMES)] + GIVEN[place * 5 // len(SURNAMES) % len(GIVEN)]
    return Customer(
        id=f"C-{20_000 + place * 7}",
        name=name,
        sort="client",
        numbers=(Number(number="+" + number, written=number, label="mobile"),),
        branch=BRANCHES[place % len(BRANCHES)],
        tier=TIERS[place // 3 % len(TIERS)] or None,
        owner=agents[place * 3 % len(agents)],
        dialect=DIALECTS[place // 2 % len(DIALECTS)],
        consent=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What people of the demo's centre do, once the past is stored."""

    desk: Desk
    seed: int = 5

    def quote(self, now: datetime) -> None:
        """Quotations that were sent in the last days: each is followed up."""
        random = Random(self.seed)  # noqa: S311 - who was sent one, no secret
        sent = [
            Event(
                event="quotation_sent",
                customer=f"C-{20_000 + random.randrange(CUSTOMERS) * 7}",
                key=f"demo-{each}",
                at=now - timedelta(hours=random.uniform(1, 24 * DAYS_BACK)),
            )
            for each in range(QUOTED)
        ]
        for each in sorted(sent, key=lambda one: one.at):
            take(self.desk, [each], each.at)

    def note(self, now: datetime) -> int:
        """Outcomes of what was due before now, most of them in time; how many."""
        noted = 0
        for item in list(self._overdue(now)):
            # By the item, not in order: what is left undone stays so.
            random = Random(f"{self.seed} {item.id}")  # noqa: S311 - who noted what, no secret
            if random.random() > NOTED:
                continue
            at = _instant(item, now, random)
            outcome = Outcome(
                follow_ups=(item.id,),
                by=item.owner or NAMES[0],
                at=at,
                result=Result.TALKED,
                elsewhere="wechat",
                contact_at=at,
                content=True,
                note=random.choice(NOTES),
            )
            try:
                noted += bool(say(self.desk, outcome))
            except RefusedError:
                continue
        return noted

    def _overdue(self, now: datetime) -> Iterator[FollowUp]:
        with self.desk.engine.connect() as connection:
            yield from iterate(connection, View.OVERDUE, Whose(), moment_of(self.desk.rules, now))


def _instant(item: FollowUp, now: datetime, random: Random) -> datetime:
    """When it was noted: between its birth and its due time, or late."""
    span = max((item.due_at or item.born_at) - item.born_at, timedelta(minutes=1))
    share = random.uniform(0.1, 0.95) if random.random() < PUNCTUAL else random.uniform(1.1, 3)
    return min(item.born_at + span * share, now)
