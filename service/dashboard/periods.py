"""What the pages on a day, a month or one call are told, as plain values; figures are computed by `analytics`.

A rate or mean over nothing is None and shows as a dash. Instants are aware UTC datetimes, durations whole
milliseconds (`*_ms`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from analytics.storage.repairs import Repair
from config.rings import RingRule
from service.auth.rights import ALL_SEEN, Seen
from service.dashboard.board import NO_RATE, NOTHING_KNOWN, CallSummary, Gap, KnownCounts, Rate
from telephony.calls.facts import AgentStateFact, Direction, Disposition
from telephony.calls.record import CallRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One metric of the registry, in one language. `empty` is what stands where there is nothing."""

    name: str
    title: str
    sentence: str
    formula: str
    unit: str
    empty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """Which calls of the day, newest first. `after` is the cursor of the page before."""

    day: date
    direction: Direction | None = None
    disposition: Disposition | None = None
    agent: str | None = None
    after: str | None = None
    limit: int = 50
    seen: Seen = ALL_SEEN


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPage:
    """One page of calls. `next_after` is None on the last one; `total` counts all that match."""

    calls: tuple[CallSummary, ...]
    total: int
    next_after: str | None = None
    agents: tuple[tuple[str, str | None], ...] = ()  # whom one may filter by
    known: KnownCounts = NOTHING_KNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStory:
    """A call with all its parts. `agent_of` names who an interface was at an instant: (id, name).

    wraps: wrap-up that followed it. repair: how logs told it anew. lengths: of recordings in ms, by their fact.
    """

    record: CallRecord
    as_of: datetime
    rule: RingRule
    agent_of: Callable[[str, str, datetime], tuple[str, str | None]]
    gaps: tuple[Gap, ...] = ()
    wraps: tuple[AgentStateFact, ...] = ()
    repair: Repair | None = None
    lengths: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesRow:
    """One agent's month. `counted_ms` is after the policy's rounding, `talk_ms` before it."""

    agent: str
    name: str | None
    tier: str | None = None
    counted_ms: int
    talk_ms: int
    talks: int
    mean_ms: int | None
    floor_minutes: int | None = None
    target_minutes: int | None = None
    three_rings: Rate = NO_RATE
    claimed_ms: int | None = None  # what the PBX says, less what we count


@dataclass(frozen=True, slots=True, kw_only=True)
class TierTitle:
    """A tier's names, and its quota in whole minutes a month where it has one."""

    tier: str
    name_zh: str
    name_en: str
    floor_minutes: int | None
    target_minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesMonth:
    """All agents' minutes of one calendar month, up to `as_of`."""

    month: date  # its first day
    as_of: datetime
    rows: tuple[MinutesRow, ...]
    tiers: tuple[TierTitle, ...] = ()
    total_ms: int = 0
    talks: int = 0
    mean_ms: int | None = None
    claimed_ms: int | None = None
    gaps: tuple[Gap, ...] = ()
    known: KnownCounts = NOTHING_KNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingCounts:
    """Offerings by how they ended. `rate` is within ÷ counted; what is below it is never blamed."""

    rate: Rate
    late: int
    no_answer: int
    declined: int
    gave_up_late: int  # the caller hung up at or after the limit
    answered_elsewhere: int
    gave_up: int  # the caller hung up before the limit
    busy: int
    unreachable: int
    failed: int
    apart: int  # all that is never blamed
    longest_late_ms: int | None = None
    median_ms: int | None = None
    p95_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RingBin:
    """Offerings whose ring time is in [start_ms, start_ms + 500)."""

    start_ms: int
    answered: int
    not_answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeRingsRow:
    """One agent's offerings."""

    agent: str
    name: str | None
    counts: OfferingCounts
    bins: tuple[RingBin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeRingsPeriod:
    """How soon phones were answered in [start, end) of the centre's days."""

    start: date
    end: date
    as_of: datetime
    rule: RingRule
    total: OfferingCounts
    caller: Rate
    never_rang: int
    rows: tuple[ThreeRingsRow, ...]
    bins: tuple[RingBin, ...]
    partial: bool = False  # only of whom its reader sees: what callers met is left out
    gaps: tuple[Gap, ...] = ()
    known: KnownCounts = NOTHING_KNOWN
