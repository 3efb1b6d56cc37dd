"""What the agent's desk is handed: plain values, and records of what is owed. Instants are aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from analytics.closing.records import Objection
from schedulers.customers.records import Customer
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules
from service.dashboard.board import NO_RATE, AgentActivity, Rate, RingingNow
from service.desk.call_records import CallEntry, Draft
from service.desk.callers import Caller
from service.desk.form_reading import Around
from service.desk.history import Past
from telephony.calls.facts import CallFact, Direction, Disposition


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What an agent does now. `allowed` is how long a pause of this reason, or a wrap-up, may last."""

    agent: str
    name: str | None
    activity: AgentActivity = AgentActivity.LOGGED_OUT
    since: datetime | None = None
    reason: str | None = None
    call_id: str | None = None
    party: str | None = None  # whom he talks with: a number or a colleague's id
    withheld: bool = False
    queue: str | None = None
    ring: RingingNow | None = None
    picked_up_ms: int | None = None  # how long it rang before he picked up the call that goes on
    cycle_ms: int = 5000
    allowed: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """The call that an agent has at hand: he is in it, has just had it, or opened it to record it."""

    call: CallFact
    caller: Caller
    around: Around
    line: str | None  # the name of the line that was dialled
    queue: str | None
    code: str | None  # the service code that its number or queue says
    history: tuple[Past, ...] = ()
    entries: tuple[CallEntry, ...] = ()  # what he recorded of it, the oldest first
    draft: Draft | None = None
    skills: tuple[str, ...] = ()


class OwedList(StrEnum):
    """Which of what he owes; the names of `service.desk.lists.STATES`."""

    DUE = "due"
    TODAY = "today"
    OVERDUE = "overdue"
    UNMEETABLE = "unmeetable"
    REACHED = "reached"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """A work list of an agent: the first of it, and how long each list is."""

    which: OwedList
    items: tuple[FollowUp, ...]
    customers: Mapping[str, Customer]
    counts: Mapping[str, int]
    rules: Rules
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One follow-up looked at before the call."""

    follow_up: FollowUp
    customer: Customer | None
    history: tuple[Past, ...]
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """An agent's minutes of the calendar month and of today, in milliseconds."""

    start: datetime
    talk_ms: int
    today_ms: int
    calls_today: int
    rings: Rate = NO_RATE
    rings_today: Rate = NO_RATE
    tier_zh: str = ""
    tier_en: str = ""
    floor_minutes: int | None = None
    target_minutes: int | None = None
    projected_ms: int | None = None
    behind: bool | None = None


class Stretch(StrEnum):
    """What an agent did for a stretch of his day; the later ones are drawn over the earlier."""

    READY = "ready"
    PAUSED = "paused"
    WRAP_UP = "wrap_up"
    RINGING = "ringing"
    TALK = "talk"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpan:
    """A stretch of the day; what still goes on ends now."""

    what: Stretch
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """An agent's day so far."""

    start: datetime  # of the shown hours
    end: datetime
    now: datetime
    spans: tuple[DaySpan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MyCall:
    """One of his calls. `recorded` is what he recorded; `drafted` that he began to."""

    call_id: str
    at: datetime
    ended: bool
    direction: Direction
    disposition: Disposition | None
    party: str | None
    withheld: bool
    queue: str | None
    talk_ms: int
    entry: CallEntry | None
    drafted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MyCalls:
    """His talks with customers: of today, and those of the last days without an outcome; the newest first."""

    today: tuple[MyCall, ...] = ()
    missing: tuple[MyCall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Objections:
    """What he may object to, and what he did: `open_months` have a report whose window is still open."""

    open_months: tuple[str, ...] = ()
    raised: tuple[Objection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """His own figures, and how many of his calls have no outcome."""

    month: Month
    day: Day
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """All of the desk at one instant."""

    situation: Situation
    hand: Hand | None
    owing: Owing
    mine: Mine
