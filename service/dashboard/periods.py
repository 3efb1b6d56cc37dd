"""What the page of one call is told, and a definition or a bin of a picture, as plain values.

A rate or mean over nothing is None and shows as a dash. Instants are aware UTC datetimes, durations whole
milliseconds (`*_ms`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from analytics.storage.repairs import Repair
from config.rings import RingRule
from service.dashboard.board import Gap
from telephony.calls.facts import AgentStateFact
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
class RingBin:
    """Offerings whose ring time is in [start_ms, start_ms + 500)."""

    start_ms: int
    answered: int
    not_answered: int
