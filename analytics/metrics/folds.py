"""Folding values into tallies, one for each row of a result. Queries and the wallboard use the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from analytics.metrics.definitions import Family, Group
from analytics.metrics.formulas import Handled, Window, handling_of_agents, handling_of_call, judge_handling
from analytics.metrics.in_force import InForce
from analytics.metrics.rings import alerted, counts, judge_caller, judge_offering
from analytics.metrics.tallies import Tally
from analytics.values import Called, Source
from telephony.calls.facts import Direction, State, TalkKind

NOBODY = ""
"""The key of the only row where nothing is told apart, and of agents who are in no group or tier."""

HANDLING_TAIL_US = 86_400 * 1_000_000
"""A call that began in a period is followed for at most a day after it, for the three-minute figure."""


@dataclass(slots=True, kw_only=True)
class Fold:
    """Values of one window, folded into a tally for each key."""

    source: Source
    window: Window
    in_force: InForce
    group: Group = Group.NONE
    agents: Collection[str] | None = None  # only these
    queues: Collection[str] | None = None  # only these
    tallies: dict[str, Tally] = field(default_factory=dict)
    open_talks: int = 0  # counted up to the as-of instant
    conferences: int = 0  # talks in which sums may exceed the customer's time

    def run(self, families: Collection[Family]) -> dict[str, Tally]:
        """Fold what these families are made of."""
        folds: dict[Family, Callable[[], None]] = {
            Family.MINUTES: self._fold_minutes,
            Family.RINGS: self._fold_rings,
            Family.HANDLING: self._fold_handling,
            Family.CALLS: self._fold_calls,
            Family.WAITS: self._fold_waits,
        }
        for family, fold in folds.items():
            if family in families:
                fold()
        return self.tallies

    def only(self) -> Tally:
        """The tally where nothing is told apart; of nothing but 0 where nothing happened."""
        return self.tallies.get(NOBODY, Tally())

    def _tally(self, key: str) -> Tally:
        tally = self.tallies.get(key)
        if tally is None:
            level = self.in_force.version(self.window.start_us).service_level.formula
            tally = self.tallies[key] = Tally(level=level)
        return tally

    def _tally_of(self, agent: str, queue: str | None, at_us: int) -> Tally | None:
        """The tally that an agent's value goes to; None where the query leaves it out."""
        if self.agents is not None and agent not in self.agents:
            return None
        if self.queues is not None and queue not in self.queues:
            return None
        match self.group:
            case Group.AGENT:
                return self._tally(agent)
            case Group.GROUP:
                return self._tally(self.in_force.group(agent, at_us) or NOBODY)
            case Group.TIER:
                return self._tally(self.in_force.tier(agent, at_us) or NOBODY)
            case Group.QUEUE:
                return self._tally(queue or NOBODY)
            case _:
                return self._tally(NOBODY)

    def _fold_minutes(self) -> None:
        window, zone = self.window, self.in_force.policy.zone
        for talked in self.source.talks(window.start_us, window.end_us):
            if talked.start_us > window.as_of_us or self.in_force.leaves_out(talked.call):
                continue
            tally = self._tally_of(talked.agent, talked.queue, talked.start_us)
            if tally is not None:
                rules = self.in_force.version(talked.call.start_us)
                tally.minutes.add_talk(talked, window, rules, zone)
                self.open_talks += talked.end_us is None
                self.conferences += talked.kind is TalkKind.CONFERENCE
        for in_state in self.source.states(window.start_us, window.end_us, (State.WRAP_UP,)):
            tally = self._tally_of(in_state.agent, in_state.queue, in_state.start_us)
            if tally is not None:
                rule = self.in_force.version(in_state.start_us).minutes
                tally.minutes.add_wrap_up(in_state, window, rule)

    def _fold_rings(self) -> None:
        window = self.window
        for offered in self.source.offerings(window.start_us, window.end_us):
            began = offered.offered_us
            if not window.has(began) or not counts(offered) or self.in_force.leaves_out(offered.call):
                continue
            tally = self._tally_of(offered.agent, offered.queue, began)
            if tally is not None:
                limit = self.in_force.limit_us(began, offered.call.trunk)
                tally.rings[judge_offering(offered, limit, window.as_of_us)] += 1

    def _fold_handling(self) -> None:
        if self.group is Group.NONE and self.agents is None:
            self._fold_handling_of_calls()
        else:
            self._fold_handling_of_agents()

    def _fold_handling_of_calls(self) -> None:
        for called in self._calls():
            limits = self.in_force.version(called.start_us).limits
            result = handling_of_call(called, self.window.as_of_us, limits)
            if result is not None and called.direction is not Direction.INTERNAL:
                self._tally(NOBODY).handled[result] += 1

    def _fold_handling_of_agents(self) -> None:
        window = self.window
        talks = (
            talked
            for talked in self.source.talks(window.start_us, window.end_us + HANDLING_TAIL_US)
            if window.has(talked.call.start_us) and not self.in_force.leaves_out(talked.call)
        )
        for (agent, _), part in handling_of_agents(talks, window.as_of_us).items():
            tally = self._tally_of(agent, None, part.call_start_us)
            if tally is not None:
                limits = self.in_force.version(part.call_start_us).limits
                result: Handled = judge_handling(part.gross_us, is_open=part.is_open, limits=limits)
                tally.handled[result] += 1

    def _fold_calls(self) -> None:
        window = self.window
        alerts = self._first_alerts()
        for called in self._calls():
            tally = self._tally(NOBODY)
            tally.calls.add(called)
            if called.direction is Direction.INBOUND:
                limit = self.in_force.limit_us(called.start_us, called.trunk)
                result = judge_caller(called, alerts.get(called.call_id), limit, window.as_of_us)
                tally.callers[result] += 1

    def _calls(self) -> Iterator[Called]:
        window = self.window
        for called in self.source.calls(window.start_us, window.end_us):
            left_out = self.in_force.leaves_out_number(called.customer, called.start_us)
            if called.start_us <= window.as_of_us and not left_out:
                yield called

    def _first_alerts(self) -> dict[str, int]:
        """Call to the first instant at which a phone rang for it."""
        alerts: dict[str, int] = {}
        for offered in self.source.offerings_of_calls(self.window.start_us, self.window.end_us):
            if counts(offered) and alerted(offered):
                before = alerts.get(offered.call.call_id, offered.ring_us)
                alerts[offered.call.call_id] = min(before, offered.ring_us)
        return alerts

    def _fold_waits(self) -> None:
        window = self.window
        for waited in self.source.waits(window.start_us, window.end_us):
            if not window.has(waited.joined_us) or self.in_force.leaves_out(waited.call):
                continue
            if self.queues is None or waited.queue in self.queues:
                rules = self.in_force.version(waited.joined_us)
                tally = self._tally(waited.queue if self.group is Group.QUEUE else NOBODY)
                tally.waits.add(waited, window.as_of_us, rules.service_level, rules.limits)
