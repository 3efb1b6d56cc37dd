"""People as frozen records, and `People`: everybody, whole, as the database holds it.

What changes with time is a `Stretch`: in force from `start` (None: always) up to but not including `end`
(None: still). Its edges are instants where facts are judged by it (devices, groups, tiers), and local dates
where the clocks of the centre rule (shifts).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from analytics.people.devices import BEGINNING_OF_TIME, END_OF_TIME

MINUTES_OF_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A person. `left` is the first day on which he is gone."""

    agent: str
    name: str | None = None
    joined: date | None = None
    left: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Stretch:
    """One value of one key for a while, in microseconds: an interface's agent, an agent's group or tier."""

    key: str
    start_us: int = BEGINNING_OF_TIME
    end_us: int = END_OF_TIME
    value: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Certificate:
    """What an agent may do by examination: a code (510, voice), and a role where the code has several."""

    agent: str
    code: str
    role: str = ""
    obtained: date
    expires: date | None = None  # the first day on which it holds no more

    def holds(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.obtained <= on and (self.expires is None or on < self.expires)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ShiftSpan:
    """Minutes since midnight of the day on which the shift begins; over 1440 is the next day."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPattern:
    """A named day of work: its spans in order, and the weekdays (1 is Monday) on which it is worked."""

    name: str
    spans: tuple[ShiftSpan, ...]
    days: frozenset[int] = frozenset(range(1, 8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """Patterns by week, over and over, from the week of `start` on; None is a week off."""

    name: str
    start: date
    weeks: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftAssignment:
    """An agent works a pattern or a rotation from a day on (None: always) until another (None: still)."""

    agent: str
    shift: str
    start: date | None = None
    end: date | None = None


class ChangeKind(StrEnum):
    """What a single day's change does to the plan."""

    INSTEAD = "instead"  # the day's own shift is replaced: a swap, or a day off
    EXTRA = "extra"  # worked on top of the day's own shift


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChange:
    """One day of one agent that differs from the plan; a `shift` of None is a day off."""

    agent: str
    day: date
    kind: ChangeKind = ChangeKind.INSTEAD
    shift: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Time off, [start_us, end_us). What is not approved changes no schedule."""

    agent: str
    start_us: int
    end_us: int
    kind: str = ""
    approved: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFact:
    """What is known of an agent's month from elsewhere, exactly: 7500 thousandths are 7.5 hours."""

    agent: str
    month: str  # 2026-11
    kind: str  # case_analyses, recording_hours, log_entries, …
    thousandths: int
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Everybody. Each tuple is in the order of its key, so that equal people are equal values."""

    agents: tuple[Agent, ...] = ()
    devices: tuple[Stretch, ...] = ()  # interface → agent
    groups: tuple[Stretch, ...] = ()  # agent → group
    tiers: tuple[Stretch, ...] = ()  # agent → tier's id
    certificates: tuple[Certificate, ...] = ()
    patterns: tuple[ShiftPattern, ...] = ()
    rotations: tuple[Rotation, ...] = ()
    assignments: tuple[ShiftAssignment, ...] = ()
    changes: tuple[DayChange, ...] = ()
    leaves: tuple[Leave, ...] = ()
    facts: tuple[MonthFact, ...] = ()

    def agent(self, agent: str) -> Agent | None:
        """The person of this id."""
        return next((each for each in self.agents if each.agent == agent), None)

    def shift_names(self) -> frozenset[str]:
        """What an assignment may name."""
        return frozenset({each.name for each in self.patterns} | {each.name for each in self.rotations})

    def with_agents(self, ids: frozenset[str]) -> People:
        """The same people, and a row for each of these who has none yet."""
        missing = ids - {each.agent for each in self.agents}
        known = (*self.agents, *(Agent(agent=each) for each in missing))
        return replace(self, agents=tuple(sorted(known, key=lambda each: each.agent)))
