"""Counts of calls and of queue visits, and the service level. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields

from analytics.metrics.formulas import MS
from analytics.metrics.in_force import MICROSECOND
from analytics.values import Called, Waited
from config.policies import Limits, ServiceLevel, ServiceLevelFormula
from telephony.calls.facts import Direction, VisitEnd


@dataclass(slots=True, kw_only=True)
class CallCounts:
    """How many calls there were, and of which sort; a call is counted once."""

    total: int = 0
    by_direction: Counter[str] = field(default_factory=Counter)
    by_disposition: Counter[str] = field(default_factory=Counter)  # `open` while the call goes on
    by_known: Counter[str] = field(default_factory=Counter)
    inbound: Counter[str] = field(default_factory=Counter)  # dispositions of inbound calls

    def add(self, called: Called) -> None:
        """Count one call."""
        disposition = called.disposition.value if called.disposition else "open"
        self.total += 1
        self.by_direction[called.direction.value] += 1
        self.by_disposition[disposition] += 1
        self.by_known[called.known.value] += 1
        if called.direction is Direction.INBOUND:
            self.inbound[disposition] += 1

    def absorb(self, other: CallCounts) -> None:
        """Add what another counted."""
        self.total += other.total
        self.by_direction += other.by_direction
        self.by_disposition += other.by_disposition
        self.by_known += other.by_known
        self.inbound += other.inbound

    @property
    def inbound_over(self) -> int:
        """Inbound calls that do not go on any more."""
        return self.inbound.total() - self.inbound["open"]


@dataclass(slots=True, kw_only=True)
class Waits:
    """Queue visits: how they ended, how long they took, and which were within the policy's N seconds."""

    visits: int = 0
    waiting: int = 0  # not ended yet
    answered: int = 0
    answered_within: int = 0
    answered_wait_ms: int = 0
    abandoned: int = 0
    abandoned_within: int = 0
    abandoned_short: int = 0
    abandoned_wait_ms: int = 0

    def add(self, waited: Waited, as_of_us: int, level: ServiceLevel, limits: Limits) -> None:
        """Count one visit."""
        self.visits += 1
        if waited.left_us is None or waited.left_us > as_of_us:
            self.waiting += 1
            return
        wait_us = waited.left_us - waited.joined_us
        within = wait_us <= level.within // MICROSECOND
        if waited.ended is VisitEnd.ANSWERED:
            self.answered += 1
            self.answered_within += within
            self.answered_wait_ms += wait_us // MS
        elif waited.ended is VisitEnd.ABANDONED:
            self.abandoned += 1
            self.abandoned_within += within
            self.abandoned_short += wait_us < limits.short_abandon // MICROSECOND
            self.abandoned_wait_ms += wait_us // MS

    @property
    def abandoned_long(self) -> int:
        """Abandoned stays that were not short."""
        return self.abandoned - self.abandoned_short

    def absorb(self, other: Waits) -> None:
        """Add what another counted."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


def service_level(waits: Waits, formula: ServiceLevelFormula) -> tuple[int, int]:
    """Numerator and denominator by the named formula; N is the policy's seconds, inclusive."""
    within, gone_within = waits.answered_within, waits.abandoned_within
    offered = waits.answered + waits.abandoned
    match formula:
        case ServiceLevelFormula.ANSWERED_LESS_SHORT:
            return within, offered - waits.abandoned_short
        case ServiceLevelFormula.ICMI_1 | ServiceLevelFormula.ASTERISK_SL2:
            return within + gone_within, offered
        case ServiceLevelFormula.ICMI_2 | ServiceLevelFormula.ASTERISK_SL:
            return within, waits.answered
        case ServiceLevelFormula.ICMI_3:
            return within, offered
        case ServiceLevelFormula.ICMI_4:
            return within, offered - gone_within
        case ServiceLevelFormula.ICMI_5:
            return within + waits.abandoned_short, offered
