"""Tiers, service codes, lines, and who sat where: the tables of a policy, each row in force for a while.

A row is in force from `start` (None: always was) up to but not including `end` (None: still is), so that
one row's end may be the next one's start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from config.digests import UNDIGESTED
from config.marks import QueueMarks


class TierCounts(StrEnum):
    """What a tier's work is counted in."""

    MINUTES = "minutes"  # phone minutes, with a floor and a target
    TRANSFERS = "transfers"  # calls handed on


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A rank of agents, its monthly quota and its service codes.

    Floor and target are whole phone minutes a calendar month, None where the tier has no quota. Being over
    the target is no fault. `codes` are assigned; `certified` is another fact, None where it is not known.
    """

    id: str
    name_zh: str
    name_en: str
    counts: TierCounts = TierCounts.MINUTES
    floor_minutes: int | None = None
    target_minutes: int | None = None
    codes: tuple[str, ...] = ()
    certified: tuple[str, ...] | None = None
    certificates: tuple[str, ...] = ()  # that it needs, by their codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A number that customers dial. `did` is as the PBX gives it, or a pattern (`4008*`)."""

    did: str
    name: str
    code: str | None = None  # the service code of calls that come by it
    skill: str | None = None
    branch: str | None = None  # the branch that it belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRule:
    """A queue of the PBX: its name for people, and what its calls belong to where their line does not say."""

    queue: str
    name: str | None = None
    code: str | None = None  # a service code
    branch: str | None = None
    # When the board warns changes no figure.
    marks: QueueMarks = field(default_factory=QueueMarks, metadata=UNDIGESTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPeriod:
    """An agent's tier and group for a while."""

    agent: str
    name: str | None = None
    tier: str | None = None  # a Tier's id
    group: str | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePeriod:
    """Who used an interface (PJSIP/1004, Local/1004@queue-agents/n) for a while."""

    interface: str
    agent: str
    start: datetime | None = None
    end: datetime | None = None


def in_force(row: AgentPeriod | DevicePeriod, at: datetime) -> bool:
    """Whether a row holds at an instant: closed at its start, open at its end."""
    return (row.start is None or row.start <= at) and (row.end is None or at < row.end)


def overlap(one: AgentPeriod | DevicePeriod, other: AgentPeriod | DevicePeriod) -> bool:
    """Whether there is an instant at which both rows hold."""
    return _before(one.start, other.end) and _before(other.start, one.end)


def _before(start: datetime | None, end: datetime | None) -> bool:
    return start is None or end is None or start < end
