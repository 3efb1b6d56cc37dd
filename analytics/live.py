"""The wallboard's state: what goes on now, and today's figures by the same formulas as every report.

Facts are held while their call goes on and for a short while after; then they are folded into the day's tallies
and forgotten, so that memory grows with the calls that are open and not with the day. Pure: the time of a
snapshot is an argument, and the time of forgetting is that of the newest event.

A fact of a call that was forgotten already is passed over. What the PBX's logs correct hours later is not seen
here: whoever repairs a call makes a new `Live` from the day's stored facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from analytics.board import AgentNow, Board, CallNow, agents_now, call_now
from analytics.facts_in_memory import FactsInMemory
from analytics.folding import Newest, collapse, merges_of
from analytics.metrics.cells import regroup
from analytics.metrics.folds import Fold
from analytics.metrics.in_force import InForce
from analytics.metrics.measures import Family, Sheet
from analytics.metrics.tallies import Tally
from analytics.metrics.windows import Window
from analytics.people.devices import DeviceMap
from config.policies import Policy
from telephony.calls.facts import AgentStateFact, CallFact, Fact, QueueVisitFact
from telephony.clock import to_microseconds

FORGET_AFTER = timedelta(minutes=5)
"""How long an ended call is held for late facts: the PBX's own are there within seconds."""

REMEMBERED = 50_000
"""How many ids of what was forgotten are kept, so that what is told again is not counted again."""

_DAY_FAMILIES = (Family.MINUTES, Family.PARTS, Family.RINGS, Family.TRANSFERS, Family.CALLS, Family.WAITS)
"""What a call alone tells. Time logged in or paused is an agent's whole day, and customers take longer than one."""

DayTallies = dict[str, dict[str, Tally]]
"""The day's tallies by agent, by queue, and the whole: `agent`, `queue`, `whole`."""


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
        self._day: str | None = None
        self._settled: DayTallies = {}

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
        self._forget()

    @property
    def held(self) -> int:
        """How many facts are in memory."""
        return len(self._states) + sum(len(facts) for facts in self._held.values())

    def snapshot(self, now: datetime) -> Board:
        """What goes on at an instant, and the day's figures up to it."""
        self._roll(now)
        tallies = self._fold([*self._states.values(), *self._facts()], now)
        for name, settled in self._settled.items():
            for key, tally in settled.items():
                tallies[name].setdefault(key, Tally()).absorb(tally)
        return Board(
            as_of=now,
            calls=tuple(self._calls_now()),
            agents=tuple(self._agents_now()),
            by_agent=tallies["agent"],
            by_queue=tallies["queue"],
            whole=tallies["whole"].get("", Tally()),
        )

    def _hold(self, fact: Any) -> None:
        call_id = self._into.get(fact.call_id, fact.call_id)
        if call_id not in self._forgotten:
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
            if alias in self._held:
                self._held.setdefault(survivor, {}).update(self._held.pop(alias))

    def _forget(self) -> None:
        """Settle what ended a while before the newest event, and keep only its id, for a time."""
        if self._newest is None:
            return
        horizon = self._newest - FORGET_AFTER
        over = [call_id for call_id, facts in self._held.items() if _is_over(facts.values(), horizon)]
        for call_id in over:
            self._settle(list(self._held.pop(call_id).values()))
        ended = [each for each in self._states.values() if _ended_before(each, horizon)]
        for each in ended:
            del self._states[each.id]
        self._settle(ended)
        self._forgotten.update(dict.fromkeys(over + [each.id for each in ended]))
        for oldest in list(islice(self._forgotten, max(0, len(self._forgotten) - REMEMBERED))):
            del self._forgotten[oldest]

    def _settle(self, facts: Iterable[Fact]) -> None:
        """Fold what is over into the day's tallies."""
        told = list(facts)
        if not told or self._newest is None:
            return
        for name, tallies in self._fold(told, self._newest).items():
            settled = self._settled.setdefault(name, {})
            for key, tally in tallies.items():
                settled.setdefault(key, Tally()).absorb(tally)

    def _fold(self, facts: list[Fact], now: datetime) -> DayTallies:
        source = FactsInMemory(facts, self._devices)
        clock = self._in_force.clock
        day = clock.day_of(to_microseconds(now))
        start, end = clock.start_of(day), clock.start_of(day + timedelta(days=1))
        window = Window(start_us=start, end_us=end, as_of_us=to_microseconds(now))
        cells = Fold(source=source, window=window, in_force=self._in_force).run(_DAY_FAMILIES)
        whole = regroup(cells, Sheet.LOAD).get("", Tally())
        whole.absorb(regroup(cells, Sheet.AGENTS).get("", Tally()))
        return {
            "agent": regroup(cells, Sheet.AGENTS, "agent"),
            "queue": regroup(cells, Sheet.LOAD, "queue"),
            "whole": {"": whole},
        }

    def _roll(self, now: datetime) -> None:
        """Begin the day's tallies anew when the centre's date changes."""
        day = self._in_force.clock.day_of(to_microseconds(now)).isoformat()
        if self._day is None or day > self._day:
            self._day = day
            self._settled = {}

    def _facts(self) -> Iterable[Fact]:
        for facts in self._held.values():
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
