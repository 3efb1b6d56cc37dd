"""What the board says at one instant, as plain values; every figure was computed by `analytics`.

A rate over nothing is None and shows as a dash. Instants are aware UTC datetimes, durations whole
milliseconds (`*_ms`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from config.marks import Marks
from config.policies import ServiceLevelFormula
from telephony.calls.facts import Direction, Disposition, Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share as analytics gives it: `value` is 0 to 1, None over nothing."""

    within: int
    counted: int
    value: Fraction | None


NO_RATE = Rate(within=0, counted=0, value=None)


class AgentActivity(StrEnum):
    """What an agent is doing now; when several hold, the one that a supervisor would name."""

    TALKING = "talking"
    HOLD = "hold"  # on a call whose customer waits on hold
    RINGING = "ringing"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"
    READY = "ready"
    LOGGED_OUT = "logged_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """The month's minutes against the tier's floor and target, in whole minutes where given.

    due_ms: what of the floor is due by now; projected_ms: at the month's end, if it goes on like this.
    """

    talk_ms: int
    floor_minutes: int
    target_minutes: int
    due_ms: int | None = None
    projected_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentNow:
    """One agent on the board. Minutes and rings are of today."""

    agent: str
    name: str | None
    activity: AgentActivity
    since: datetime | None
    reason: str | None = None  # of a pause, as the PBX has it
    with_whom: str | None = None  # a number or a colleague's id
    call_id: str | None = None
    talk_ms: int = 0
    calls: int = 0  # talks with customers
    three_rings: Rate = NO_RATE
    quota: Quota | None = None
    group: str | None = None
    over_at: datetime | None = None  # from when on this pause is longer than it may be


class CallStage(StrEnum):
    """How far a call in progress has come."""

    MENU = "menu"  # nobody was rung yet and no queue joined
    WAITING = "waiting"  # in a queue
    RINGING = "ringing"  # a phone of ours alerts
    TALKING = "talking"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class RingingNow:
    """A phone that alerts now. `cycle_ms` is from the start of one ring to the next, by its trunk's cadence."""

    agent: str
    name: str | None
    ring_at: datetime
    cycle_ms: int
    limit_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNow:
    """A call in progress. `since` is the start of its stage."""

    call_id: str
    direction: Direction
    party: str | None  # the outside number; of an internal call, who was called
    withheld: bool = False
    queue: str | None = None
    queue_name: str | None = None  # by the policy
    stage: CallStage
    since: datetime
    started_at: datetime
    waiting_since: datetime | None = None  # where it waits in a queue, since when
    agents: tuple[tuple[str, str | None], ...] = ()  # (id, name) of who talks
    ringing: tuple[RingingNow, ...] = ()
    joined_at: datetime | None = None  # since when the caller has been in the queue; None where he is in none


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSummary:
    """One call as a row of a list."""

    call_id: str
    direction: Direction
    party: str | None
    withheld: bool = False
    queue: str | None = None
    queue_name: str | None = None  # by the policy
    agents: tuple[tuple[str, str | None], ...] = ()
    started_at: datetime
    ended_at: datetime | None = None
    disposition: Disposition | None = None
    wait_ms: int | None = None
    ring_ms: int | None = None  # of the offering that was answered, else the last
    within: bool | None = None  # whether that offering was picked up in time; None where it does not count
    talk_ms: int | None = None
    known: Known = Known.OBSERVED


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxLink:
    """Whether a PBX is heard now, and since when that is so."""

    pbx: str
    connected: bool
    since: datetime | None
    last_event_at: datetime | None
    is_behind: bool = (
        False  # what it said while we were away is still being read: all is as it was at the last event
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch in which a PBX was not heard; `end` is None while it lasts."""

    pbx: str
    start: datetime
    end: datetime | None
    calls: int | None = None  # known to span it


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCounts:
    """How the calls of a period are known."""

    observed: int = 0
    repaired: int = 0
    inferred: int = 0
    observed_share: Fraction | None = None  # 0 to 1


NOTHING_KNOWN = KnownCounts()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueNow:
    """One queue: who waits now, and what callers met today. Abandoned are those that were no short ones."""

    queue: str
    name: str | None = None  # by the policy
    waiting: int = 0
    longest_since: datetime | None = None
    answered: int = 0
    abandoned: int = 0
    abandoned_short: int = 0
    three_rings: Rate = NO_RATE
    level: Rate = NO_RATE
    abandonment: Rate = NO_RATE
    marks: Marks = field(default_factory=Marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callbacks:
    """Callbacks that are owed: of missed calls, and those that were promised."""

    open: int = 0  # all that are not done yet
    overdue: int = 0
    soon: int = 0  # due within half an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class HourNow:
    """Inbound calls that came in an hour of today, and how soon their callers were answered."""

    hour: int
    calls: int
    three_rings: Rate = NO_RATE  # the caller's view


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Whether the centre is open, and where it is not, from when on it will be."""

    is_open: bool = True
    opens_at: datetime | None = None  # None where that is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRule:
    """By which formula the service level is made, and within how many seconds."""

    formula: ServiceLevelFormula = ServiceLevelFormula.ANSWERED_LESS_SHORT
    seconds: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The shift at one instant. Counts and rates are of the centre's day so far."""

    as_of: datetime
    links: tuple[PbxLink, ...] = ()
    gaps: tuple[Gap, ...] = ()  # those that touch today
    known: KnownCounts = NOTHING_KNOWN
    waiting: int = 0
    waiting_ringing: int = 0  # of them, how many ring at somebody's phone
    longest_wait_since: datetime | None = None
    longest_wait_queue: str | None = None
    longest_wait_name: str | None = None  # that queue's name by the policy
    three_rings: Rate = NO_RATE  # the agent's view
    three_rings_caller: Rate = NO_RATE
    calls: int = 0  # of all directions
    answered: int = 0  # inbound calls in which a human talked
    abandoned: int = 0  # inbound calls whose caller left before
    abandoned_short: int = 0  # queue visits given up at once, which no rate counts
    abandonment: Rate = NO_RATE
    level: Rate = NO_RATE
    level_rule: LevelRule = LevelRule()
    marks: Marks = field(default_factory=Marks)
    queues: tuple[QueueNow, ...] = ()
    callbacks: Callbacks | None = None  # None while it is not known, or not his to see
    hours: tuple[HourNow, ...] = ()  # by hour, those in which calls came
    opening: Opening = Opening()
    title_zh: str = ""
    title_en: str = ""
    queue_choices: tuple[tuple[str, str], ...] = ()  # every queue that the reader sees: id and name
    group_choices: tuple[str, ...] = ()
    is_behind: bool = False  # the figures are of an earlier moment: look again
    agents: tuple[AgentNow, ...] = ()
    active: tuple[CallNow, ...] = ()
    recent: tuple[CallSummary, ...] = ()  # ended, the newest first
    partial: bool = False  # only what its reader sees: counts of the centre are left out
