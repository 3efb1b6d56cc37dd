"""The calls that one agent handled, and how long the ones that were not short took. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class HandleTimes:
    """Calls that were not short, and their sums in milliseconds."""

    calls: int = 0
    talk_ms: int = 0
    hold_ms: int = 0

    def __add__(self, other: HandleTimes) -> HandleTimes:
        return HandleTimes(
            calls=self.calls + other.calls,
            talk_ms=self.talk_ms + other.talk_ms,
            hold_ms=self.hold_ms + other.hold_ms,
        )


@dataclass(slots=True, kw_only=True)
class HandledCalls:
    """Each call once. A short call counts as handled, and leaves the averages."""

    parts: dict[str, tuple[int, int, int]] = field(default_factory=dict)  # talk, hold, short below
    settled: int = 0  # calls whose ids are forgotten
    settled_times: HandleTimes = HandleTimes()

    def add(self, call_id: str, talk_ms: int, hold_ms: int, short_ms: int) -> None:
        """Add a stretch of talk in a call, which is short if its whole talk is below `short_ms`."""
        talk, hold, _ = self.parts.get(call_id, (0, 0, 0))
        self.parts[call_id] = (talk + talk_ms, hold + hold_ms, short_ms)

    @property
    def count(self) -> int:
        """How many calls."""
        return self.settled + len(self.parts)

    @property
    def times(self) -> HandleTimes:
        """Of the calls that were not short."""
        long = [(talk, hold) for talk, hold, short in self.parts.values() if talk >= short]
        return self.settled_times + HandleTimes(
            calls=len(long), talk_ms=sum(talk for talk, _ in long), hold_ms=sum(hold for _, hold in long)
        )

    def absorb(self, other: HandledCalls) -> None:
        """Add what another counted. Its calls, which must be none of ours, are only counted from here on."""
        self.settled += other.count
        self.settled_times += other.times
