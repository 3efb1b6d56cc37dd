"""A small centre that dials: a store, a clock that is set by hand, a floor and a PBX that does as it is told.

The PBX is the outside world: it takes orders, and what its calls were is written into the facts as the tracker writes
it. Nothing of ours is replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from analytics.storage.models import calls, offerings, talks
from config.dialling import DialTrunk
from schedulers.book import Book
from schedulers.campaigns.records import Campaign, CampaignState, DialAttempt, DialMode, FreeAgent, Why
from schedulers.customers.records import Customer, Number
from schedulers.dialling.runner import Runner
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules
from schedulers.storage.accounts import load_follow_ups
from schedulers.storage.campaign_models import dial_attempts
from schedulers.storage.campaigns import By, create
from schedulers.storage.customer_writing import Origin, Write
from schedulers.storage.customer_writing import write as write_customers
from schedulers.storage.dial_reading import iterate_of_campaign, load_attempts
from schedulers.storage.dial_refusals import refusals_of
from schedulers.storage.followup_models import follow_ups
from telephony.clock import to_microseconds
from telephony.dialler import Order, Placed
from tests.schedulers.followups.worlds import at, happened, people, policy_of, rules_of

KINDS = """
[[version.followup]]
kind = "outreach"
name_zh = "外呼"
name_en = "Outreach"
trigger = "event:offer"
due = "9 days"
owner = "group"
group = "service"
anyone = true
mode = "direct"
[[version.followup]]
kind = "own"
name_zh = "专属"
name_en = "His own agent's"
trigger = "event:own"
due = "9 days"
group = "service"
[[version.followup]]
kind = "advert"
name_zh = "优惠"
name_en = "Advert"
trigger = "event:advert"
due = "9 days"
group = "service"
anyone = true
basis = "consent"
mode = "direct"
[[version.followup]]
kind = "calm"
name_zh = "避忙"
name_en = "Clear of busy times"
trigger = "event:calm"
due = "9 days"
group = "service"
anyone = true
mode = "direct"
edges = true
"""
MORNING = at("2026-11-02 10:00")
SECOND = timedelta(seconds=1)
PLACE = ("pbx", "out")
TRUNK = DialTrunk(name="out", dial="PJSIP/{number}@out", channels=5, per_second=5)
RINGS = timedelta(seconds=20)
"""So long every call of the PBX lasts."""


@dataclass(slots=True)
class Clock:
    """The time that it was set to."""

    at: datetime = MORNING

    def __call__(self) -> datetime:
        """Now."""
        return self.at


@dataclass(slots=True)
class ScriptedPbx:
    """Takes orders, each of which becomes a call that goes on until it is told to end."""

    clock: Clock
    connected: bool = True
    answers: Callable[[Order], Placed] = lambda order: Placed.SENT
    orders: list[tuple[datetime, Order]] = field(default_factory=list)
    up: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    may_hold: bool = True

    async def place(self, order: Order) -> tuple[Placed, str]:
        """Take an order."""
        placed = self.answers(order)
        if placed is not Placed.NOT_SENT:
            self.orders.append((self.clock.at, order))
        if placed in {Placed.SENT, Placed.UNKNOWN}:
            self.up.add(order.channel_id)
        return placed, "" if placed is Placed.SENT else "Originate failed"

    async def living(self, channel_ids: Collection[str]) -> frozenset[str]:
        """Those that are up."""
        return frozenset(self.up & set(channel_ids))

    async def hold(self, device: str, *, on: bool) -> bool:
        """Pause, or give back."""
        if on and self.may_hold:
            self.held.add(device)
        elif not on:
            self.held.discard(device)
        return not on or self.may_hold

    def numbers(self) -> list[str]:
        """The numbers that were dialled, in their order."""
        return [order.number for _, order in self.orders]


@dataclass(slots=True)
class ScriptedFloor:
    """Agents 1001 to 1003 are free unless somebody says otherwise."""

    agents: list[str] = field(default_factory=lambda: ["1001", "1002", "1003"])
    deaf_to: set[str] = field(default_factory=set)
    logs: dict[str, bool] = field(default_factory=dict)

    def free(self, now: datetime) -> Sequence[FreeAgent]:
        """Who can take a call."""
        return [
            FreeAgent(agent=each, device=f"PJSIP/{each}", pbx="pbx", since=MORNING, group="service")
            for each in self.agents
        ]

    def deaf(self, pbx: str) -> bool:
        """Whether its stream has a gap."""
        return pbx in self.deaf_to

    def logged(self, pbx: str, channel_id: str, at: datetime) -> bool | None:
        """What its logs say of a channel."""
        return self.logs.get(channel_id)


class Centre:
    """Everything together. `runner()` starts a scheduler; each has a name of its own."""

    def __init__(self, store: Engine, folder: Path, mode: DialMode = DialMode.PROGRESSIVE) -> None:
        self.store = store
        self.clock, self.floor = Clock(), ScriptedFloor()
        self.pbx = ScriptedPbx(self.clock)
        self.rules: Rules = rules_of(policy_of(folder, KINDS), people())
        self.book = Book(engine=store, rules=self.rules)
        self.trunks = {PLACE: TRUNK}
        self.campaign = self.another(mode=mode)
        self._runners = 0

    def another(self, **more: Any) -> Campaign:
        """A campaign that runs."""
        plain: dict[str, Any] = {
            "name": "外呼",
            "mode": DialMode.PROGRESSIVE,
            "state": CampaignState.RUNNING,
            "kinds": ("outreach", "own", "advert", "calm"),
            "pbx": "pbx",
            "trunk": "out",
            "made_by": "1000",
            "made_at": MORNING,
        }
        with self.store.begin() as connection:
            return create(connection, Campaign(id=0, **(plain | more)), By(at=MORNING, by="1000"))

    def runner(self, **more: Any) -> Runner:
        """A scheduler that begins its work."""
        self._runners += 1
        told: dict[str, Any] = {"diallers": {"pbx": self.pbx}, "trunks": self.trunks} | more
        return Runner(self.book, self.floor, now=self.clock, name=f"runner-{self._runners}", country="CN", **told)

    def owe(self, count: int, event: str = "event:offer", **who: Any) -> list[FollowUp]:
        """So many customers, C-1, C-2 …, each of whom is owed a call since nine o'clock."""
        told = [_customer(number, **who) for number in range(1, count + 1)]
        with self.store.begin() as connection:
            origin = Origin(by="test", at=at("2026-11-01 09:00"))
            write_customers(connection, [Write(before=None, after=each, origin=origin) for each in told])
        triggers = [(each.id, happened(event, "2026-11-02 09:00", f"e-{each.id}")) for each in told]
        born = self.book.happened(triggers)
        return sorted((each.after for each in born), key=lambda each: int(each.customer[2:]))

    def now_of(self, follow_up: FollowUp) -> FollowUp:
        """A follow-up as it stands."""
        with self.store.connect() as connection:
            return load_follow_ups(connection, [follow_up.id])[follow_up.id]

    def attempts(self) -> list[DialAttempt]:
        """All attempts of all campaigns and of none, in their order."""
        with self.store.connect() as connection:
            ids = connection.execute(dial_attempts.select().with_only_columns(dial_attempts.c.id)).scalars().all()
            return list(load_attempts(connection, ids))

    def of_campaign(self) -> list[DialAttempt]:
        """The attempts of the campaign."""
        with self.store.connect() as connection:
            return list(iterate_of_campaign(connection, self.campaign.id))

    def whys(self, follow_up: FollowUp) -> list[Why]:
        """The reasons on record for which a follow-up was not dialled, the newest first."""
        with self.store.connect() as connection:
            return [each.why for each in refusals_of(connection, self.campaign.id, follow_up.id)]

    def plan_again(self) -> None:
        """As if the plans of all follow-ups were older than what happened since: they look ready at any time."""
        with self.store.begin() as connection:
            connection.execute(follow_ups.update().values(ready_us=to_microseconds(MORNING)))

    def end(self, attempt: DialAttempt, disposition: str = "no_answer", **more: Any) -> str:
        """Its call is over, and the facts know it; `talk` says how many seconds an agent talked."""
        self.pbx.up.discard(attempt.channel_id)
        began = to_microseconds(attempt.committed_at or self.clock.at)
        told = {"ended_us": to_microseconds(self.clock.at)} | more
        return call_of(self.store, attempt.channel_id, began, disposition, **told)

    def hear(self) -> None:
        """What the facts know is taken in."""
        self.book.hear(MORNING - timedelta(days=1), "CN")


def call_of(
    store: Engine,
    channel_id: str,
    began_us: int,
    disposition: str,
    *,
    ended_us: int | None,
    talk: int = 0,
    agent: str = "1001",
    leg: str | None = None,
    **more: Any,
) -> str:
    """A call in the facts as the tracker writes it. leg: how the ringing of the agent's own leg ended, if it rang."""
    id_ = f"pbx/{channel_id}"
    facts = {"revision": 1, "at_us": ended_us or began_us}
    row = {
        "id": id_, "pbx": "pbx", "linkedid": channel_id, "known": "observed", "direction": "outbound",
        "customer_withheld": False, "started_us": began_us, "ended_us": ended_us, "disposition": disposition,
        "answered_us": began_us + 1 if talk else None, "attempt_id": channel_id, "cause": 19,
    }  # fmt: skip
    device = f"PJSIP/{agent}"
    with store.begin() as connection:
        connection.execute(calls.insert().values(**facts | row | more))
        if talk:
            connection.execute(talks.insert().values(
                **facts, id=f"{id_}-t", call_id=id_, interface=device, device=device, agent=agent, kind="customer",
                started_us=began_us + 1, ended_us=began_us + 1 + talk * 1_000_000, others="[]", hold_known=True,
            ))  # fmt: skip
        if leg is not None:
            connection.execute(offerings.insert().values(
                **facts, id=f"{id_}-o", call_id=id_, interface=device, device=device, agent=agent, source="originate",
                consult=False, offered_us=began_us, ring_us=began_us, ring_from="dial", ended_us=ended_us, outcome=leg,
            ))  # fmt: skip
    return id_


def _customer(number: int, **who: Any) -> Customer:
    plain = Customer(
        id=f"C-{number}",
        numbers=(Number(number=f"+86138001{number:05}", written=f"138001{number:05}"),),
        owner="1001",
        consent=True,
    )
    return replace(plain, **who)
