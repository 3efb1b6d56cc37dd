"""How long recordings are kept: only what a policy names ever becomes due for destruction.

A rule is in force for the calls that began while its version was. Nothing is deleted by a rule: what is past it may be
listed for destruction, and people decide (docs/recordings.md). Facts, figures, journal and audit have no rule here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a rule may ask of the call of a recording."""

    queues: frozenset[str] = frozenset()  # all that it stood in
    code: str | None = None
    direction: str | None = None
    outcome: str | None = None  # what the agent recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """How long the recordings of some calls are kept; what is None asks nothing. `days` None: for good."""

    days: int | None = None
    queue: str | None = None
    code: str | None = None
    direction: str | None = None
    outcome: str | None = None

    def fits(self, call: Traits) -> bool:
        """Whether a call is one of those that it speaks of."""
        return (
            (self.queue is None or self.queue in call.queues)
            and self.code in (None, call.code)
            and self.direction in (None, call.direction)
            and self.outcome in (None, call.outcome)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """The rules of a version: the first that fits speaks, else `days`. None: recordings are kept for good."""

    days: int | None = None
    rules: tuple[RetentionRule, ...] = ()

    def days_of(self, call: Traits) -> int | None:
        """For how many days the recordings of such a call are kept; None for good."""
        fitting = next((rule for rule in self.rules if rule.fits(call)), None)
        return self.days if fitting is None else fitting.days


def kept_until(began: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The end of the last day on which a recording is kept: `days` whole days of the centre after that of the call."""
    last = began.astimezone(zone).date() + timedelta(days=days + 1)
    return datetime.combine(last, time(), zone).astimezone(UTC)
