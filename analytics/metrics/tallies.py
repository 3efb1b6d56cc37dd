"""What one row of a result is counted in, before any ratio is taken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from analytics.metrics.counts import CallCounts, Waits
from analytics.metrics.formulas import AgentMinutes, Handled
from analytics.metrics.rings import IN_CALLER_RATE, IN_RATE, CallerResult, RingResult
from config.policies import ServiceLevelFormula


@dataclass(slots=True, kw_only=True)
class Tally:
    """All that is counted for one agent, queue, day …; what was not asked for stays at nothing."""

    minutes: AgentMinutes = field(default_factory=AgentMinutes)
    rings: Counter[RingResult] = field(default_factory=Counter)
    handled: Counter[Handled] = field(default_factory=Counter)  # calls, or an agent's parts of calls
    calls: CallCounts = field(default_factory=CallCounts)
    callers: Counter[CallerResult] = field(default_factory=Counter)
    waits: Waits = field(default_factory=Waits)
    level: ServiceLevelFormula = ServiceLevelFormula.ANSWERED_LESS_SHORT

    def absorb(self, other: Tally) -> None:
        """Add what another counted. No call may be in both."""
        self.minutes.absorb(other.minutes)
        self.calls.absorb(other.calls)
        self.waits.absorb(other.waits)
        self.rings += other.rings
        self.handled += other.handled
        self.callers += other.callers

    @property
    def offered(self) -> int:
        """The offerings over which the three-ring rate is taken."""
        return sum(self.rings[each] for each in IN_RATE)

    @property
    def callers_rung(self) -> int:
        """The callers over which the caller's three-ring rate is taken."""
        return sum(self.callers[each] for each in IN_CALLER_RATE)

    @property
    def handled_decided(self) -> int:
        """The calls over which handled-within-three-minutes is taken."""
        return self.handled[Handled.WITHIN] + self.handled[Handled.OVER]
