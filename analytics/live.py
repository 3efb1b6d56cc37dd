"""The wallboard's state: what goes on now, and today's figures by the same formulas as every report.

Facts are held while their call goes on and for a short while after; then they are folded into the day's tallies
and forgotten, so that memory grows with the calls that are open and not with the day. A call that is over rests
after some seconds: its figures are summed once, and its facts are only kept for what may still be told of it. Pure:
the time of a snapshot is an argument, and the time of resting and forgetting is that of the newest event.

A fact of a call that was forgotten already is passed over. What the PBX's logs correct hours later is not seen
here: whoever repairs a call makes a new `Live` from the day's stored facts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from analytics.board import AgentNow, Board, CallNow, agents_now, call_now
from analytics.day_figures import EVERYTHING, DaySums, Figures, Placed, Scope, placed
from analytics.facts_in_memory import FactsInMemory
from analytics.folding import Newest, collapse, merges_of
from analytics.metrics.folds import Fold
from analytics.metrics.in_force import InForce
from analytics.metrics.measures import Family
from analytics.metrics.tallies import Tally
from analytics.metrics.windows import Window
from analytics.people.devices import DeviceMap
from config.policies import Policy
from telephony.calls.facts import AgentStateFact, CallFact, Fact, QueueVisitFact, State
from telephony.clock import to_microseconds

FORGET_AFTER = timedelta(minutes=5)
"""How long an ended call is held for late facts: the PBX's own are there within seconds."""

REST_AFTER = timedelta(seconds=10)
"""How long an ended call is still counted anew at each look: most of what is told late is told by then."""

TIDY_EVERY = timedelta(seconds=1)

REMEMBERED = 50_000
"""How many ids of what was forgotten are kept, so that what is told again is not counted again; as many aliases."""

_DAY_FAMILIES = (Family.MINUTES, Family.PARTS, Family.RINGS, Family.TRANSFERS, Family.CALLS, Family.WAITS)
"""What a call alone tells. Time logged in or paused is an agent's whole day, and customers take longer than one."""


class Live:
    """Folds facts as they come. One thread uses it."""

    def __init__(self, policy: Policy, devices: DeviceMap | None = None) -> None:
        self._in_force = InForce(policy)
        self._devices = devices or DeviceMap()
        self._held: dict[str, dict[str, Fact]] = {}  # call_id to its facts
        self._states: dict[str, AgentStateFact] = {}
        self._into: dict[str, str] = {}  # alias to survivor
        self._forgotten: dict[str, None] = {}  # ids of calls and states, oldest first
        self._newest: datetime | None = None
        self._tidied: datetime | None = None
        self._day: str | None = None
        self._gone: Placed = {}  # the day's measures of what was forgotten
        self._rested: dict[str, Placed] = {}  # those of each call that is over and still held
        self._sums = DaySums()  # both

    def handle(self, facts: Iterable[Fact]) -> None:
        """Take facts in, in any order within a batch, and forget what is over."""
        newest = collapse(facts)
        self._merge(newest)
        for kind, told in newest.items():
            for fact in told.values():
                self._newest = fact.at if self._newest is None else max(self._newest, fact.at)
                if kind is AgentStateFact:
                    self._hold_state(fact)
                else:
                    self._hold(fact)
        if self._newest is not None:
            self._roll(self._newest)
            if self._tidied is None or self._newest - self._tidied >= TIDY_EVERY:
                self._tidied = self._newest
                self._forget(self._newest)

    @property
    def held(self) -> int:
        """How many facts are in memory."""
        return len(self._states) + sum(len(facts) for facts in self._held.values())

    def heard_of(self) -> tuple[set[str], set[str]]:
        """The agents and the queues of what is over today."""
        kept = self._sums.kept
        return {place.agent for place in kept}, {place.queue for place in kept}

    def snapshot(self, now: datetime) -> Board:
        """What goes on at an instant, and the day's figures up to it."""
        figures = self.figures(now)
        return Board(
            as_of=now,
            calls=tuple(self._calls_now()),
            agents=tuple(self._agents_now()),
            by_agent=figures.by_agent,
            by_queue=figures.by_queue,
            whole=figures.whole,
        )

    def figures(self, now: datetime) -> Figures:
        """The whole day's figures up to an instant."""
        return self.figures_in(now, (EVERYTHING,))[EVERYTHING]

    def figures_in(self, now: datetime, scopes: Collection[Scope]) -> dict[Scope, Figures]:
        """The day's figures up to an instant in several scopes: what goes on is folded once for all."""
        self._roll(now)
        wrapping = (each for each in self._states.values() if each.state is State.WRAP_UP)
        going_on = self._fold([*wrapping, *self._awake()], now)
        found = {}
        for scope in scopes:
            mine = Figures()
            mine.absorb(going_on, scope)
            found[scope] = mine.over(self._sums.of(scope))
        return found

    def _hold(self, fact: Any) -> None:
        call_id = self._into.get(fact.call_id, fact.call_id)
        if call_id not in self._forgotten:
            if call_id in self._rested:
                self._wake(call_id)
            _keep_newest(self._held.setdefault(call_id, {}), f"{type(fact).__name__} {fact.id}", fact)

    def _hold_state(self, fact: AgentStateFact) -> None:
        if fact.id not in self._forgotten:
            _keep_newest(self._states, fact.id, fact)

    def _merge(self, newest: Newest) -> None:
        """Put the facts of a call that went into another to that other's."""
        for alias, target in merges_of(newest[CallFact].values()):
            survivor = self._into.get(target, target)
            if survivor == alias or alias in self._into:
                continue
            self._into[alias] = survivor
            for each, into in self._into.items():
                if into == alias:
                    self._into[each] = survivor
            for each in (alias, survivor):
                if each in self._rested:
                    self._wake(each)
            if alias in self._held:
                self._held.setdefault(survivor, {}).update(self._held.pop(alias))
        _drop_oldest(self._into)

    def _forget(self, newest: datetime) -> None:
        """Let rest what ended some seconds before the newest event; what ended a while before, keep only its id."""
        self._rest(newest)
        horizon = newest - FORGET_AFTER
        over = [call_id for call_id in self._rested if _is_over(self._held[call_id].values(), horizon)]
        for call_id in over:
            del self._held[call_id]
            _absorb(self._gone, self._rested.pop(call_id))
        ended = [each for each in self._states.values() if _ended_before(each, horizon)]
        for each in ended:
            del self._states[each.id]
        self._settle(ended, newest)
        self._forgotten.update(dict.fromkeys(over + [each.id for each in ended]))
        _drop_oldest(self._forgotten)

    def _rest(self, newest: datetime) -> None:
        """Sum each call that is over by now, once."""
        horizon = newest - REST_AFTER
        for call_id, facts in self._held.items():
            if call_id not in self._rested and _is_over(facts.values(), horizon):
                found = self._rested[call_id] = self._fold(list(facts.values()), newest)
                self._sums.absorb(found)

    def _wake(self, call_id: str) -> None:
        """Count a call anew of which more is told: the sums are made again without it."""
        del self._rested[call_id]
        self._sums = DaySums()
        for found in (self._gone, *self._rested.values()):
            self._sums.absorb(found)

    def _settle(self, states: list[AgentStateFact], newest: datetime) -> None:
        """Fold states that are over into the day's tallies."""
        wrapping = [each for each in states if each.state is State.WRAP_UP]
        if wrapping:
            found = self._fold(wrapping, newest)
            _absorb(self._gone, found)
            self._sums.absorb(found)

    def _fold(self, facts: Sequence[Fact], now: datetime) -> Placed:
        source = FactsInMemory(facts, self._devices)
        clock = self._in_force.clock
        day = clock.day_of(to_microseconds(now))
        start, end = clock.start_of(day), clock.start_of(day + timedelta(days=1))
        window = Window(start_us=start, end_us=end, as_of_us=to_microseconds(now))
        return placed(Fold(source=source, window=window, in_force=self._in_force).run(_DAY_FAMILIES))

    def _roll(self, now: datetime) -> None:
        """Begin the day's tallies anew when the centre's date changes."""
        day = self._in_force.clock.day_of(to_microseconds(now)).isoformat()
        if self._day is None or day > self._day:
            self._day = day
            self._gone, self._rested, self._sums = {}, {}, DaySums()

    def _awake(self) -> Iterable[Fact]:
        for call_id, facts in self._held.items():
            if call_id not in self._rested:
                yield from facts.values()

    def _calls_now(self) -> Iterable[CallNow]:
        for facts in self._held.values():
            shown = call_now(facts.values(), self._devices)
            if shown is not None:
                yield shown

    def _agents_now(self) -> Iterable[AgentNow]:
        return agents_now(self._states.values(), self._devices)


def _keep_newest(facts: dict[str, Any], key: str, fact: Any) -> None:
    held = facts.get(key)
    if held is None or fact.revision > held.revision:
        facts[key] = fact


def _absorb(kept: Placed, found: Placed) -> None:
    for place, tally in found.items():
        kept.setdefault(place, Tally()).absorb(tally)


def _drop_oldest(ids: dict[str, Any]) -> None:
    for oldest in list(islice(ids, max(0, len(ids) - REMEMBERED))):
        del ids[oldest]


def _is_over(facts: Iterable[Fact], horizon: datetime) -> bool:
    """Whether a call and all its parts ended before the horizon."""
    return all(_ended_before(fact, horizon) for fact in facts)


def _ended_before(fact: Any, horizon: datetime) -> bool:
    if fact.at >= horizon:
        return False
    if isinstance(fact, CallFact) and fact.merged_into is not None:
        return True
    if isinstance(fact, QueueVisitFact):
        return fact.left_at is not None
    return getattr(fact, "ended_at", fact.at) is not None
