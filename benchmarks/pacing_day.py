"""A day of agents who call customers: discrete events, decided by the very rules of the service.

Who may be dialled, who gets whom, what a call makes of a follow-up and when it may be tried again come from
`group_candidates`, `assign`, `served`, `hear` and `record`; only people and phones are made up, seeded. Time is whole
microseconds in one heap.

The theoretical optimum without abandonment. Nobody may be answered by silence, so each line that rings needs an agent
who waits for it: at best one line for each agent who is not talking, dialled the moment he is free. His day is then a
renewal process. A cycle is the tries that fail, the one that is answered, the talk and the wrap-up:

    share of talk = T / (T + W + A + (1 - p) / p * F + P / p)

with T, W the mean talk and wrap-up, A the mean ring until an answer, F the mean time until a try has failed, p
the share of tries that are answered (so 1 / p tries and (1 - p) / p failures a talk), and P what a try costs before
the customer's phone can ring: 0 in progressive mode; in preview reading the record and answering the own phone. By the
renewal-reward theorem no order of customers or agents has a greater share in the long run, whatever the
lengths are distributed like. Of one day it is a mean: what was thrown may lie a little above it or below, and a
day that begins with dialling a little below. Without chance is what was lost: time in which an agent neither talked,
wrapped up, rang, nor read. It is the service's own set-up latency, the wait for its next tick, and any want of somebody
who may be called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from math import exp, log
from statistics import NormalDist

from analytics.people.records import Agent, People, Stretch
from analytics.reports.quota import Standing
from config.followups import Result
from config.policy_loader import load_policy
from schedulers.campaigns.choosing import group_candidates, key_of_member, served
from schedulers.campaigns.eligible import share_behind
from schedulers.campaigns.pacing import assign
from schedulers.campaigns.records import Assignment, Campaign, CampaignState, DialMode, FreeAgent, Trunk
from schedulers.customers.records import Customer, Number
from schedulers.followups.account import Account, Happened, HeardCall, HeardTalk, Said
from schedulers.followups.arising import arise
from schedulers.followups.changing import applied
from schedulers.followups.hearing import hear
from schedulers.followups.rules import Rules
from schedulers.followups.saying import record
from schedulers.simulation.dice import Dice
from schedulers.staff import PeopleStaff

KIND, GROUP = "outreach", "service"
SECOND = timedelta(seconds=1)
US = 1_000_000
LOOKED_AT = 4
"""Candidates that are read for each free agent at a tick."""
DUE_OF_A_HUNDRED = 90
"""Minutes of talk that are due of a hundred: more than anybody can, so that all are behind, some further."""
NORMAL = NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """Mean lengths in seconds, ours. `spread` is the sigma of a talk's logarithm; failures: result, weight, mean."""

    talk: float = 150.0
    spread: float = 0.8
    wrap_up: float = 20.0
    answers_after: float = 8.0
    reads: float = 12.0  # the record, in preview
    own_phone: float = 2.0  # until the agent has answered his own phone, in preview
    failures: tuple[tuple[Result, float, float], ...] = (
        (Result.NO_ANSWER, 0.6, 30.0),  # the trunk's ring time-out
        (Result.BUSY, 0.25, 2.0),
        (Result.REJECTED, 0.15, 9.0),
    )

    @property
    def fails_after(self) -> float:
        """The mean time until a try has failed."""
        return sum(weight * seconds for _, weight, seconds in self.failures)

    def before(self, mode: DialMode) -> float:
        """What a try costs before the customer's phone can ring."""
        return self.reads + self.own_phone if mode is DialMode.PREVIEW else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One day: `latency` is from the decision to dial until the customer's phone rings, as measured; seconds."""

    mode: DialMode
    answer_rate: float
    agents: int = 50
    hours: float = 8.0
    latency: float = 0.15
    tick: float = 0.1
    seed: int = 1
    lengths: Lengths = Lengths()

    @property
    def customers(self) -> int:
        """More than the agents can call once."""
        lengths, p = self.lengths, self.answer_rate
        a_try = (1 - p) * lengths.fails_after + p * (lengths.answers_after + lengths.talk + lengths.wrap_up)
        return int(1.3 * self.agents * self.hours * 3600 / (a_try + lengths.before(self.mode))) + self.agents


@dataclass(slots=True)
class Told:
    """What came of a day. Talk is in microseconds, of each agent and within the day."""

    attempts: int = 0
    answered: int = 0
    done: int = 0
    most_lines: int = 0
    talk_us: dict[str, int] = field(default_factory=dict)
    lost_us: int = 0

    def lost(self, plan: Plan) -> float:
        """The agents' time that went to latency and to waiting for somebody to be dialled."""
        return self.lost_us / (plan.agents * plan.hours * 3600 * US)

    def share(self, plan: Plan) -> float:
        """The agents' time that was talk."""
        return sum(self.talk_us.values()) / (plan.agents * plan.hours * 3600 * US)


def optimum(plan: Plan) -> float:
    """The share of talk that no dialler without abandonment can exceed in the long run: see above."""
    lengths, p = plan.lengths, plan.answer_rate
    tries = (1 - p) / p * lengths.fails_after + lengths.before(plan.mode) / p
    return lengths.talk / (lengths.talk + lengths.wrap_up + lengths.answers_after + tries)


def centre(agents: int) -> Rules:
    """The shipped default policy with so many agents in its group."""
    numbers = [f"{2000 + each}" for each in range(agents)]
    people = People(
        agents=tuple(Agent(agent=each) for each in numbers),
        groups=tuple(Stretch(key=each, value=GROUP) for each in numbers),
    )
    policy = load_policy("default")
    return Rules(policy, PeopleStaff(people, policy.zone))


class Day:
    """The events of one day, in their order. The same plan gives the same day."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.told = plan, Told()
        self._rules, self._dice = centre(plan.agents), Dice(plan.seed)
        self._start = datetime(2026, 11, 3, 9, tzinfo=self._rules.zone)
        self._end_us = int(plan.hours * 3600 * US)
        self._events: list[tuple[int, int, Callable[[int], None]]] = []
        self._numbers = count()
        self._campaign = _campaign(plan, self._start)
        self._accounts = dict(self._listed())
        self._ready: list[tuple[datetime, str]] = []
        for account in self._accounts.values():
            self._await(account)
        self._free: dict[str, FreeAgent] = {}
        self._tries: dict[str, int] = {}
        self._lines: dict[str, str] = {}  # customers who are dialled or talk, and the agent who is there for each
        self._ticks_at = -1

    def live(self) -> Told:
        """The whole day."""
        for agent in self._rules.staff.members(GROUP, self._start):
            self.told.talk_us[agent] = 0
            self._becomes_free(agent, 0)
        while self._events and self._events[0][0] < self._end_us:
            us, _, what = heappop(self._events)
            what(us)
        self.told.lost_us += sum(self._end_us - self._us(each.since) for each in self._free.values())
        return self.told

    def _at(self, us: int) -> datetime:
        return self._start + timedelta(microseconds=us)

    def _us(self, at: datetime) -> int:
        return (at - self._start) // timedelta(microseconds=1)

    def _will(self, us: int, what: Callable[[int], None]) -> None:
        heappush(self._events, (us, next(self._numbers), what))

    def _listed(self) -> Iterator[tuple[str, Account]]:
        """Every customer of the list, with the follow-up that the campaign made for him."""
        for number in range(self.plan.customers):
            told = f"+86138{number:08}"
            who = Customer(id=f"C{number}", numbers=(Number(number=told, written=told),), consent=True)
            key = key_of_member(self._campaign.id, who.id)
            chosen = Happened(trigger="campaign", key=key, at=self._start)
            account = Account(customer=who)
            yield who.id, applied(account, arise(account, chosen, self._rules))

    def _await(self, account: Account) -> None:
        for each in account.open:
            if each.ready_at is not None:
                heappush(self._ready, (each.ready_at, account.customer.id))

    def _becomes_free(self, agent: str, us: int) -> None:
        floor = Standing(floor_ms=None, projected_ms=None, due_ms=us * DUE_OF_A_HUNDRED // 100 // 1000)
        self._free[agent] = FreeAgent(
            agent=agent, device=f"PJSIP/{agent}", pbx="p", since=self._at(us), group=GROUP,
            behind=share_behind(floor, self.told.talk_us[agent] // 1000),
        )  # fmt: skip
        self._tick_after(us)

    def _tick_after(self, us: int) -> None:
        """The service looks again at its next tick, once."""
        tick = int(self.plan.tick * US)
        next_us = (us // tick + 1) * tick
        if self._ticks_at < next_us:
            self._ticks_at = next_us
            self._will(next_us, self._tick)

    def _tick(self, us: int) -> None:
        now = self._at(us)
        accounts = self._candidates(now)
        found = group_candidates(self._campaign, accounts, self._rules, now)
        made, _ = assign(
            [self._campaign], found.candidates, self._free.values(), [self._trunk()], self._rules.staff, now
        )
        for each in made:
            self._take(each, us)
        taken = {each.candidate.customer for each in made}
        for account in accounts:
            if account.customer.id not in taken:
                self._await(account)
        if self._free:
            self._tick_after(us)

    def _candidates(self, now: datetime) -> list[Account]:
        """Accounts whose follow-up is planned for now or before, as a store would read them."""
        found: list[Account] = []
        while self._ready and self._ready[0][0] <= now and len(found) < LOOKED_AT * len(self._free):
            found.append(self._accounts[heappop(self._ready)[1]])
        return found

    def _trunk(self) -> Trunk:
        return Trunk(pbx="p", name="t", channels=self.plan.agents, per_second=1e6, live=len(self._lines))

    def _take(self, made: Assignment, us: int) -> None:
        """An agent is held: in progressive mode the call is placed at once, in preview he reads first."""
        customer = made.candidate.customer
        if customer in self._lines or made.agent.agent not in self._free:
            raise AssertionError(f"{customer} for {made.agent.agent}: found a second call, expected one")
        self.told.lost_us += us - self._us(self._free.pop(made.agent.agent).since)
        self._lines[customer] = made.agent.agent
        self.told.most_lines = max(self.told.most_lines, len(self._lines))
        lengths = self.plan.lengths
        wait = 0.0
        if self.plan.mode is DialMode.PREVIEW:
            reads = self._exponential(lengths.reads, customer, "reads", self._tries.get(customer, 0))
            wait = reads + lengths.own_phone
        self._will(us + int(wait * US), partial(self._dial, made))

    def _dial(self, made: Assignment, us: int) -> None:
        """Everything is checked again at the instant of dialling; then the customer's phone does what it does."""
        customer, agent = made.candidate.customer, made.agent.agent
        account = self._accounts[customer]
        serves = served(made.candidate, agent, account, self._rules, self._at(us))
        if not serves:
            self._lines.pop(customer)
            self._await(account)
            self._becomes_free(agent, us)
            return
        self.told.attempts += 1
        number = self._tries[customer] = self._tries.get(customer, 0) + 1
        began = us + int(self.plan.latency * US)
        self.told.lost_us += min(began, self._end_us) - us
        call = HeardCall(
            call=f"p/{customer}.{number}", number=made.candidate.number, inbound=False, began_at=self._at(us),
            ended_at=self._at(us), answered=False, result=Result.NO_ANSWER, dialled_by=agent, serves=serves,
        )  # fmt: skip
        if self._dice.roll(customer, "answers", number) < self.plan.answer_rate:
            rings = self._exponential(self.plan.lengths.answers_after, customer, "rings", number)
            self._will(began + int(rings * US), partial(self._answered, call))
        else:
            weighed = [((result, seconds), weight) for result, weight, seconds in self.plan.lengths.failures]
            result, seconds = self._dice.pick(weighed, customer, "fails", number)
            self._will(began + int(seconds * US), partial(self._failed, replace(call, result=result)))

    def _failed(self, call: HeardCall, us: int) -> None:
        self._ended(replace(call, ended_at=self._at(us)), us)
        self._becomes_free(call.dialled_by or "", us)

    def _answered(self, call: HeardCall, us: int) -> None:
        """He answers, and the agent who was held for him is there."""
        agent, lengths = call.dialled_by or "", self.plan.lengths
        if self._lines[self._customer_of(call)] != agent:
            raise AssertionError(f"{call.call}: found nobody, expected the agent {agent} who was held")
        self.told.answered += 1
        talk_us = int(self._lognormal(lengths.talk, lengths.spread, call.call, "talks") * US)
        self.told.talk_us[agent] += min(talk_us, self._end_us - us)
        talk = HeardTalk(agent=agent, began_at=self._at(us), length=timedelta(microseconds=talk_us))
        over = us + talk_us
        told = replace(call, answered=True, result=Result.TALKED, talks=(talk,), ended_at=self._at(over))
        self._will(over, partial(self._hangs_up, told))

    def _hangs_up(self, call: HeardCall, us: int) -> None:
        """Wrap-up: the agent records what came of it, and is free."""
        self._ended(call, us)
        seconds = self._exponential(self.plan.lengths.wrap_up, call.call, "wraps up")
        self._will(us + int(seconds * US), partial(self._says, call))

    def _says(self, call: HeardCall, us: int) -> None:
        agent = call.dialled_by or ""
        said = Said(
            key=f"said {call.call}", at=self._at(us), by=agent, follow_ups=call.serves, result=Result.TALKED,
            call=call.call,
        )  # fmt: skip
        customer = self._customer_of(call)
        account = self._accounts[customer]
        after = self._accounts[customer] = applied(account, record(account, said, self._rules))
        self.told.done += not after.open
        self._becomes_free(agent, us)

    def _ended(self, call: HeardCall, us: int) -> None:
        """The call's fact: what it makes of the account, and when the next try may be."""
        customer = self._customer_of(call)
        account = self._accounts[customer]
        self._accounts[customer] = after = applied(account, hear(account, call, self._rules))
        del self._lines[customer]
        self._await(after)

    def _customer_of(self, call: HeardCall) -> str:
        return call.call.removeprefix("p/").partition(".")[0]

    def _exponential(self, mean: float, *what: object) -> float:
        return -mean * log(1 - self._dice.roll(*what))

    def _lognormal(self, mean: float, sigma: float, *what: object) -> float:
        thrown = min(max(self._dice.roll(*what), 1e-12), 1 - 1e-12)
        return mean * exp(sigma * NORMAL.inv_cdf(thrown) - sigma * sigma / 2)


def _campaign(plan: Plan, start: datetime) -> Campaign:
    return Campaign(
        id=1, name="day", mode=plan.mode, state=CampaignState.RUNNING, kinds=(KIND,), listed=True, pbx="p", trunk="t",
        made_by="bench", made_at=start,
    )  # fmt: skip
