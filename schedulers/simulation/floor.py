"""The agents at work: who takes which follow-up when, and what becomes of it.

An agent takes the most urgent of his own list and of what anyone of his group may do; only what is ready, at a time
that is permitted, within the caps. What waited in vain past its window is planned anew.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import NamedTuple

from config.followups import NOT_COUNTED, FulfilledBy, Result
from schedulers.followups.account import HeardCall, HeardTalk
from schedulers.followups.owning import may_do
from schedulers.followups.passing import replanned
from schedulers.followups.planning import cap_ends, waits_for_agreed_time
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules
from schedulers.simulation.behaviour import Answer, take
from schedulers.simulation.checks import ViolationError
from schedulers.simulation.crew import Crew
from schedulers.simulation.dice import Dice
from schedulers.simulation.judging import Judge, is_agreed_now
from schedulers.simulation.ledger import Ledger
from schedulers.simulation.moments import Act, Moment, Moments
from schedulers.simulation.outcomes import Outcomes, Word
from schedulers.simulation.outside import Wish
from schedulers.simulation.tally import Tally

REVIEW, WRAP_UP, SECOND = timedelta(seconds=60), timedelta(seconds=60), timedelta(seconds=1)
MARKING, VISITING, DECIDING = timedelta(minutes=3), timedelta(minutes=25), timedelta(minutes=5)
SHORTEST_RINGS, LONGEST_RINGS = 4, 45
MEAN_RINGS = timedelta(seconds=(SHORTEST_RINGS + LONGEST_RINGS) / 2)
BY_VISIT = 0.6
NEVER = datetime(9999, 12, 1, tzinfo=UTC)


class _Waiting(NamedTuple):
    due_at: datetime
    name: str
    customer: int


class Floor:
    """Everybody's lists and hands."""

    def __init__(
        self, ledger: Ledger, rules: Rules, crew: Crew, moments: Moments, tally: Tally, dice: Dice
    ) -> None:
        self._ledger, self._rules, self._crew, self._moments, self._tally = ledger, rules, crew, moments, tally
        self._dice = dice
        self.judge = Judge(rules, dice.seed)
        self.outcomes = Outcomes(rules, dice)
        self._lists: defaultdict[str, list[_Waiting]] = defaultdict(list)
        self._idle: defaultdict[str, list[str]] = defaultdict(list)
        self._busy_until: dict[str, datetime] = {}
        self._on_phone: dict[int, datetime] = {}

    def forget(self) -> None:
        """A crash: lists are made anew from the accounts."""
        self._lists.clear()

    def ready(self, customer: int, item: FollowUp, now: datetime) -> None:
        """A follow-up's time has come: to the list of its owner, or of his group where anyone may."""
        self.judge.plan(self._ledger.accounts[customer].customer, item, now)
        place = self._place(item)
        heappush(self._lists[place], _Waiting(item.due_at, item.id, customer))
        if place == item.owner:
            if self._is_idle(place, now):
                self.free(place, now)
            return
        idle = self._idle[place]
        while idle:
            agent = heappop(idle)
            if self._is_idle(agent, now):
                self.free(agent, now)
                return

    def free(self, agent: str, now: datetime) -> None:
        """An agent takes what is most urgent, or waits for something to come."""
        if not self._is_idle(agent, now):
            return
        group = f"group {self._crew.workers[agent].group}"
        while (found := self._choose(agent, group, now)) is not None:
            spent = self._work(agent, *found, now)
            if spent:
                self._tally.seconds[group[6:], self._tally.month] += int(spent.total_seconds())
                self._busy_until[agent] = now + spent
                self._moments.will(Moment(now + spent, Act.FREE, agent, -1))
                return
        if agent not in self._idle[group]:
            heappush(self._idle[group], agent)

    def _is_idle(self, agent: str, now: datetime) -> bool:
        worker = self._crew.workers.get(agent)
        if worker is None or worker.shift_end(now) is None:
            return False
        busy = self._busy_until.get(agent)
        return busy is None or busy <= now

    def _place(self, item: FollowUp) -> str:
        is_shared = self._rules.kind(item).anyone and item.group is not None and item.skill is None
        return f"group {item.group}" if is_shared else item.owner

    def _choose(self, agent: str, group: str, now: datetime) -> tuple[int, FollowUp] | None:
        """The most urgent that may be worked on now."""
        while True:
            lists = [(self._lists[place][0], place) for place in (agent, group) if self._lists.get(place)]
            if not lists:
                return None
            waiting, place = min(lists)
            heappop(self._lists[place])
            item = self._ledger.item(waiting.customer, waiting.name)
            if item is None or self._place(item) != place or item.due_at != waiting.due_at or is_ready(item) > now:
                continue
            until = self._on_phone.get(waiting.customer)
            if until is not None and until > now:
                self._moments.wake(Moment(until, Act.READY, item.id, waiting.customer))
            elif self._is_permitted(waiting.customer, item, now):
                return waiting.customer, item
            else:
                self._put_aside(waiting.customer, item, now)

    def _is_permitted(self, customer: int, item: FollowUp, now: datetime) -> bool:
        """Whether the customer may be disturbed for it now; what disturbs nobody always may."""
        kind = self._rules.kind(item)
        if kind.fulfilled_by is FulfilledBy.MARK or item.ready_at is None:
            return True
        if is_agreed_now(item, now):
            return True
        account = self._ledger.accounts[customer]
        if not self._rules.times(item).permits(now, account.customer.zone, account.customer.hours):
            return False
        is_capped = cap_ends(account.contacts, item, self._rules, now) > now
        return not kind.is_by_phone or not is_capped

    def _put_aside(self, customer: int, item: FollowUp, now: datetime) -> None:
        """Its hours are over: until the next ones. A cap that was reached since is for the rules to plan."""
        told = self._ledger.accounts[customer].customer
        later = self._rules.times(item).next(now, told.zone, told.hours)
        if later is not None and later > now:
            self._moments.wake(Moment(later, Act.READY, item.id, customer))
        else:
            self._plan_anew(customer, item, now)

    def _plan_anew(self, customer: int, item: FollowUp, now: datetime) -> None:
        """A cap is reached: to the next time at which it may be worked on."""
        changes = self._ledger.apply(customer, now, replanned, now)
        for change in changes:
            self._moments.wake(Moment(max(is_ready(change.after), now), Act.READY, change.after.id, customer))
        current = self._ledger.item(customer, item.id)
        if current is None or current.ready_at is None or is_ready(current) > now:
            return
        account = self._ledger.accounts[customer]
        told = account.customer
        if not waits_for_agreed_time(current):
            found = f"{item.kind} of {told.id} ready at {now.isoformat()}, when it may not be worked on"
            raise ViolationError(self._dice.seed, found, "a later time")
        free = cap_ends(account.contacts, current, self._rules, now + SECOND)
        later = self._rules.times(item).next(free, told.zone, told.hours) or now + timedelta(days=1)
        self._moments.wake(Moment(later, Act.READY, item.id, customer))

    def _work(self, agent: str, customer: int, item: FollowUp, now: datetime) -> timedelta:
        kind = self._rules.kind(item)
        if item.ready_at is None:
            return self._tell(customer, self.outcomes.decided(item, agent, now + DECIDING), DECIDING, now)
        if kind.fulfilled_by is FulfilledBy.MARK:
            return self._tell(customer, self.outcomes.marked(item, agent, now + MARKING), MARKING, now)
        is_capped = cap_ends(self._ledger.accounts[customer].contacts, item, self._rules, now) > now
        visits = is_capped or self._dice.roll(item.id, "visit", item.revision) < BY_VISIT
        may_visit = kind.fulfilled_by is FulfilledBy.CONTACT and visits and not is_agreed_now(item, now)
        if kind.in_person or may_visit:
            return self._tell(customer, self.outcomes.visited(item, agent, now, now + VISITING), VISITING, now)
        return self._call(agent, customer, item, now)

    def _tell(self, customer: int, word: Word, spent: timedelta, now: datetime) -> timedelta:
        self._on_phone[customer] = now + spent + SECOND
        self._moments.will(Moment(now + spent, Act.SAID, word.said[0].key, customer, word))
        return spent

    def _call(self, agent: str, customer: int, item: FollowUp, now: datetime) -> timedelta:
        """A call for the item and for whatever else is ready that this agent may do."""
        items = [item, *self._besides(agent, customer, item, now)]
        told = self._ledger.accounts[customer].customer
        self.judge.call(customer, told, items, now)
        numbers = [each.number for each in told.callable_numbers()] or [item.number or ""]
        number = numbers[item.counted % len(numbers)]
        name = f"{item.id}.{item.revision}"
        zone = told.zone or self._rules.zone
        local = now.astimezone(zone)
        is_holiday = local.weekday() < 5 and not self._rules.openings.plan(local.date()).is_working
        taken = take(name, local, is_holiday, self._dice)
        rings = timedelta(seconds=self._dice.between(SHORTEST_RINGS, LONGEST_RINGS, name, "rings"))
        talked = timedelta(seconds=taken.seconds)
        talk = HeardTalk(agent=agent, began_at=now + rings, length=talked)
        call = HeardCall(
            call=name,
            number=number,
            inbound=False,
            began_at=now,
            ended_at=now + rings + talked,
            answered=taken.heard is Result.TALKED,
            result=taken.heard,
            talks=(talk,) if taken.heard is Result.TALKED else (),
            dialled_by=agent,
            serves=tuple(each.id for each in items),
        )
        said_at = call.ended_at + WRAP_UP
        heard_at = said_at + WRAP_UP if taken.word_first else call.ended_at
        self._moments.will(Moment(heard_at, Act.CALL, name, customer, call))
        word = self.outcomes.of_call(items, call, taken, told, said_at)
        if word.said:
            self._moments.will(Moment(said_at, Act.SAID, name, customer, word))
        if taken.answer is Answer.NEVER_AGAIN:
            wish = Wish(key=f"{name} never again", call=True)
            self._moments.will(Moment(said_at + SECOND, Act.ARRIVAL, wish.key, customer, wish))
        self._note_call(customer, agent, items, taken.heard, now)
        self._on_phone[customer] = max(said_at, heard_at) + SECOND
        return REVIEW + (said_at - now)

    def _note_call(self, customer: int, agent: str, items: list[FollowUp], result: Result, now: datetime) -> None:
        if result not in NOT_COUNTED:
            self.judge.contacts.add(customer, now)
        for each in items:
            self._tally.cell(each.kind).attempts += 1
        self._tally.calls[self._crew.workers[agent].group, now.astimezone(self._rules.zone).date()] += 1

    def _besides(self, agent: str, customer: int, item: FollowUp, now: datetime) -> list[FollowUp]:
        found = []
        for each in self._ledger.accounts[customer].open:
            kind = self._rules.kind(each)
            if each.id == item.id or kind.fulfilled_by is not FulfilledBy.TALK or each.ready_at is None:
                continue
            is_due = each.ready_at <= now and self._is_permitted(customer, each, now)
            if is_due and may_do(agent, each, now, self._rules):
                found.append(each)
        return found


def is_ready(item: FollowUp) -> datetime:
    """From when on somebody has to do with it: a try, or a decision where none is in sight."""
    if item.reached_call is not None:
        return NEVER  # the agent's word is on its way
    if item.ready_at is not None:
        return item.ready_at
    return max(item.open_at, item.tried_at or item.open_at)
