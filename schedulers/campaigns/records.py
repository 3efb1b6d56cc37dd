"""The records of campaigns: what is to be dialled by whom, and each attempt as one row of one state machine.

A campaign owes nothing by itself: its contacts are follow-ups, so that windows, caps, consent, closing and coverage
are those of follow-ups, whoever works them. An attempt is one call that the PBX may be asked for; it serves some
follow-ups of one customer. Instants are aware UTC datetimes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from config.followups import Result


class DialMode(StrEnum):
    """Whose phone rings first, and when."""

    PREVIEW = "preview"  # the agent sees the record and dials: his own phone first, then the customer's
    PROGRESSIVE = "progressive"  # a free agent is held, then the customer is dialled and put through to him
    CLICK = "click"  # an agent dials one customer outside any campaign: his own phone first


class CampaignState(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"  # made, never started
    RUNNING = "running"
    PAUSED = "paused"  # places no calls until it is resumed
    STOPPED = "stopped"  # ended by a person; what is owed stays owed
    FINISHED = "finished"  # its deadline passed, or nothing of it is owed any more


class Phase(StrEnum):
    """Where an attempt stands (architecture: at most once). A row never goes back to an earlier phase."""

    PLANNED = "planned"  # an agent is held for it, or looks at the record; nothing may be dialled yet
    COMMITTED = "committed"  # durable: from here on the PBX may have been asked
    SENT = "sent"  # the PBX took the order
    ANSWERED = "answered"  # the customer's own leg answered
    NOT_ANSWERED = "not_answered"  # it was dialled, and did not
    REFUSED = "refused"  # it is certain that the customer was not dialled
    INDETERMINATE = "indeterminate"  # nobody knows: counts, fulfils nothing, is never sent again by itself
    DROPPED = "dropped"  # given up before it was committed; `why` says for what reason


LIVE = frozenset({Phase.PLANNED, Phase.COMMITTED, Phase.SENT})
"""No customer, number or agent is in two of these at once: the database itself refuses it."""

ENDED = frozenset(Phase) - LIVE


class Evidence(StrEnum):
    """How the end of an attempt is known."""

    HEARD = "heard"  # the call as it was heard, whole
    LOGS = "logs"  # the call as the PBX's own CEL or CDR tell it
    ANSWER = "answer"  # the PBX refused the order itself
    UNSENT = "unsent"  # it was committed, and we know that it was not sent
    ABSENT = "absent"  # the PBX's logs go on beyond it and know no such channel
    LATE = "late"  # nothing was heard of it in time: why it is indeterminate
    PERSON = "person"  # somebody settled it by hand


class Why(StrEnum):
    """Why somebody is not dialled at an instant. The first that holds, in this order, is the reason on record."""

    STOPPED = "stopped"  # the campaign does not run
    DEADLINE = "deadline"  # the campaign's deadline passed
    LEASE_LOST = "lease_lost"  # another scheduler took it over meanwhile
    DEAF = "deaf"  # what the PBX did lately is not known yet: the stream has a gap that is not settled
    NOT_OPEN = "not_open"  # done, closed or withdrawn
    TALKED = "talked"  # a talk waits for the agent's outcome
    ALIVE = "alive"  # another attempt at this customer or number goes on
    DO_NOT_CALL = "do_not_call"
    NO_CONSENT = "no_consent"
    NO_NUMBER = "no_number"
    MUST_DECIDE = "must_decide"  # tried as often as permitted
    CAP = "cap"  # contacted as often as permitted
    NOT_YET = "not_yet"  # not before its time
    RESTS = "rests"  # the rest after the last attempt
    HOLIDAY = "holiday"  # the centre is closed that day
    QUIET = "quiet"  # half an hour around the edges of work
    WINDOW = "window"  # outside permitted hours, by the customer's clock
    NO_AGENT = "no_agent"  # nobody who may take it is free
    AGENT_GONE = "agent_gone"  # he who was held for it is not free any more
    TRUNK_FULL = "trunk_full"  # all channels of the trunk are taken
    TRUNK_RATE = "trunk_rate"  # the trunk takes no more calls this second
    NOT_SENT = "not_sent"  # it was committed, and its order did not leave at once: then it never does
    LAPSED = "lapsed"  # the agent looked at the record and did not dial in time
    SKIPPED = "skipped"  # the agent left it, with a reason in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One campaign as it stands.

    `kinds` are the ids of the kinds of follow-ups that it works. `listed`: only its own members, which a list or a
    query chose; else every open follow-up of its kinds. `groups` and `agents` say who calls; both empty is everybody
    whom the kinds allow. Of two campaigns that want one agent, the one with the higher `priority` gets him.
    """

    id: int
    name: str
    mode: DialMode
    state: CampaignState = CampaignState.DRAFT
    kinds: tuple[str, ...]
    listed: bool = False
    priority: int = 0
    groups: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    pbx: str
    trunk: str
    caller_id: str = ""  # '' is the trunk's
    ring: timedelta | None = None  # None is the trunk's
    notice: bool = False  # the customer hears that the call is recorded
    starts_at: datetime | None = None  # it starts by itself then; None: when somebody starts it
    deadline_at: datetime | None = None
    made_by: str
    made_at: datetime
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DialAttempt:
    """One attempt. `channel_id` is what the PBX is told to call its first channel: the installation's nonce and `id`.

    `dial_at` of a planned one is when its agent asked to dial, None while he looks at the record.
    """

    id: int
    channel_id: str
    campaign: int | None
    mode: DialMode
    follow_ups: tuple[str, ...]  # of this customer; () of a click to a number that nothing is owed to
    customer: str
    number: str  # E.164 or as written
    agent: str
    device: str  # of the agent, as `PJSIP/1001`
    pbx: str
    trunk: str
    by: str  # who asked: an agent or "system"
    phase: Phase = Phase.PLANNED
    planned_at: datetime
    dial_at: datetime | None = None
    committed_at: datetime | None = None
    sent_at: datetime | None = None
    ended_at: datetime | None = None
    runner: str = ""  # the scheduler that holds it
    lease_until: datetime | None = None
    result: Result | None = None
    cause: int | None = None  # Q.850, of the customer's own leg
    evidence: Evidence | None = None
    call: str | None = None
    why: Why | None = None  # of a dropped or refused one
    note: str = ""
    revision: int = 1

    @property
    def is_live(self) -> bool:
        """Whether it may still become a call, or is one."""
        return self.phase in LIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeAgent:
    """An agent who can take a call now: logged in, not paused, not in wrap-up, not on a call, not away.

    `behind` is how far he is behind on his minutes: 0 is on plan or no plan, 1 has none of what he should have.
    """

    agent: str
    device: str
    pbx: str
    since: datetime
    group: str | None = None
    behind: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A customer whom a campaign could dial at an instant: his follow-ups in it, the most pressing first."""

    campaign: int
    customer: str
    number: str
    follow_ups: tuple[str, ...]
    owner: str  # of the most pressing one
    group: str | None = None
    anyone: bool = False  # anyone of the group may do it, not its owner alone
    skill: str | None = None
    agreed_at: datetime | None = None
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """What a trunk permits, and what goes on there now, our own attempts of every campaign and scheduler."""

    pbx: str
    name: str
    channels: int
    per_second: float
    live: int = 0
    last_second: int = 0  # or in the `pacing.rate_window` of a trunk that takes less than one a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A candidate for an agent, now."""

    candidate: Candidate
    agent: FreeAgent
