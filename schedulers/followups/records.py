"""The records of what is owed: a follow-up, the tries at it, and each change as a line of its story.

Instants are aware UTC datetimes. A follow-up's id is made of its kind, its trigger's key and the occurrence, so that
the same trigger arriving again names the same follow-up. `revision` grows by one with each change.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any

from config.followups import Result

Attributes = tuple[tuple[str, str | int], ...]
"""What is known of a trigger, by name, sorted."""

TIMES_REOPENED = "times_reopened"
"""The attribute that tells how often an end was undone: what arises of the next end is not what arose of that."""
CLAIMED_AT = "claimed_reached_at"
"""The attribute that tells when an outcome said "reached" and named no call."""

ID_DIGITS = 20


class State(StrEnum):
    """What became of it. Overdue is none: it is a property of time."""

    OPEN = "open"
    DONE = "done"  # fulfilled
    CLOSED = "closed"  # given up with a reason


class Obstacle(StrEnum):
    """Why an open follow-up cannot be worked on in time as it stands; shown with the item."""

    NO_WINDOW = "no_window"  # no permitted time before it is due: cannot be met
    CAP = "cap"  # the cap per customer wins over the due time
    NO_NUMBER = "no_number"  # no number that could be called
    MUST_DECIDE = "must_decide"  # tried as often as permitted: to be closed, or handed to a person


class What(StrEnum):
    """What a change was."""

    BORN = "born"
    JOINED = "joined"  # another trigger joined it: a number that was missed again
    ATTEMPTED = "attempted"
    TAKEN_BACK = "taken_back"  # a try that counted while its end was not known: he was not dialled
    REACHED = "reached"  # a talk that would fulfil it waits for the agent's outcome: "reached?"
    DONE = "done"
    CLOSED = "closed"
    REOPENED = "reopened"  # undone
    AGREED = "agreed"  # a time was agreed with the customer and replaces the due time
    RESCHEDULED = "rescheduled"  # a person set another time
    HANDED_OVER = "handed_over"
    OVERDUE = "overdue"
    NUDGED = "nudged"  # its owner was reminded of the promised time
    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"  # brought before a leader
    APPROVED = "approved"  # a date set by hand has one more approval
    PLANNED = "planned"  # only its next permitted time changed
    NOTED = "noted"
    DIFFERS = "differs"  # the PBX and the outcome do not say the same


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Something owed to one customer, as it stands."""

    id: str
    kind: str
    version: datetime | None  # start of the policy's version that it was born under
    customer: str
    key: str  # the trigger's: `call:pbx/1795.3`, `event:order-77`, `member`, …
    occurrence: int = 0
    case: str = ""  # the id of the first of its chain
    after: str | None = None  # the follow-up that it continues
    level: int = 0  # 0 is the owner, each further one a leader higher
    about: Attributes = ()  # the trigger's attributes, sorted by name
    number: str | None = None  # the number that it is about, E.164 or as heard
    born_at: datetime
    open_at: datetime  # not before
    due_at: datetime  # as it counts now
    promised_at: datetime  # the due time that it was born with
    agreed_at: datetime | None = None  # the time agreed with the customer
    owner: str
    group: str | None = None
    skill: str | None = None
    state: State = State.OPEN
    fulfilled_at: datetime | None = None  # when the contact that fulfilled it began
    ended_at: datetime | None = None  # when done or closed was recorded
    reason: str | None = None
    ready_at: datetime | None = None  # next permitted instant of a try; None: none in sight
    last_chance_at: datetime | None = None  # end of the last permitted window before it is due
    obstacle: Obstacle | None = None
    reached_call: str | None = None  # the call that waits for an outcome: "reached?"
    claimed_call: str | None = (
        None  # an outcome said "reached" by this call ('' none named), and no talk shows it yet
    )
    call: str | None = None  # the call that fulfilled it
    elsewhere: str | None = None  # or the contact that the PBX did not carry: mobile, wechat, visit
    content: bool | None = None  # whether the customer is satisfied; None where nobody asked
    counted: int = 0  # attempts that reached the customer's network
    uncounted: int = 0
    tried_at: datetime | None = None
    tried: Result | None = None
    overdue_told: bool = False
    nudged_at: datetime | None = None
    acknowledged_at: datetime | None = None
    escalated_at: datetime | None = None
    wake_at: datetime | None = None  # when the passing of time alone will change it; None: never
    approvals: tuple[str, ...] = ()  # who set the date that waits, then who approved it: all different persons
    wanted_at: datetime | None = None  # a date set by hand that waits for approvals
    revision: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it is still owed."""
        return self.state is State.OPEN

    def is_overdue(self, at: datetime) -> bool:
        """Whether it is owed and its due time is past; the due instant itself is in time."""
        return self.is_open and self.due_at < at

    @property
    def is_late(self) -> bool:
        """Whether it was fulfilled after its due time."""
        return self.fulfilled_at is not None and self.fulfilled_at > self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at a follow-up. A call that serves several has one for each, with the same `key`."""

    follow_up: str
    key: str  # our own attempt's (`attempt:ID`), else the call's id, or the outcome's where no call was heard
    at: datetime
    result: Result
    counts: bool
    number: str | None = None
    agent: str | None = None
    call: str | None = None
    talk: timedelta | None = None
    window: str = ""  # the local day and part of it: "2026-11-02 am"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of a follow-up's story. `after` is the follow-up from then on; `by` is a person or "system"."""

    at: datetime
    what: What
    by: str
    after: FollowUp
    note: str = ""
    before_owner: str | None = None
    attempt: Attempt | None = None


_NAMES = tuple(each.name for each in fields(FollowUp))
_values = attrgetter(*_NAMES)


def altered(follow_up: FollowUp, **to: Any) -> FollowUp:
    """The follow-up with other values of these fields: as `dataclasses.replace`, in a third of its time."""
    return FollowUp(**(dict(zip(_NAMES, _values(follow_up), strict=True)) | to))


def noted(about: Attributes, **to: str | int | None) -> Attributes:
    """The attributes with these among them; without those that are None."""
    return tuple(sorted((name, value) for name, value in (dict(about) | to).items() if value is not None))


SYSTEM = "system"


def id_of(kind: str, key: str, occurrence: int = 0) -> str:
    """The id of the follow-up that this trigger makes."""
    text = "\x1f".join((kind, key, str(occurrence)))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:ID_DIGITS]
