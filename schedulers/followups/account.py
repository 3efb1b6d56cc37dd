"""A customer's page in the book, and what can happen to it: the values that every decision is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from config.followups import Result
from schedulers.customers.records import Customer
from schedulers.followups.records import Attempt, Attributes, Change, FollowUp


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who he is, what is open, the attempts at what is open, and the recent instants of any contact (for caps).

    `ended` are follow-ups that are done or closed, where what happened concerns one of them (undo, a late outcome).
    """

    customer: Customer
    open: tuple[FollowUp, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    contacts: tuple[datetime, ...] = ()
    ended: tuple[FollowUp, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardTalk:
    """One agent's stretch with the customer. `length` leaves hold out."""

    agent: str
    began_at: datetime
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardCall:
    """A call that is over, as the facts tell it. `number` is E.164 or as heard; None where it was withheld."""

    call: str
    number: str | None
    withheld: bool = False
    inbound: bool
    began_at: datetime
    ended_at: datetime
    waited: timedelta = timedelta()  # of an inbound call that nobody answered
    answered: bool  # a human of the centre talked with him
    result: Result  # of an outbound call; TALKED or NO_ANSWER of an inbound one
    talks: tuple[HeardTalk, ...] = ()
    dialled_by: str | None = None  # the agent of an outbound call
    did: str | None = None
    queue: str | None = None
    serves: tuple[str, ...] = ()  # follow-ups that the attempt was made for; () where nobody said
    attempt: str | None = None  # our own attempt that placed it
    attempt_at: datetime | None = (
        None  # the instant at which that attempt was a contact while its end was not known
    )
    disturbed: bool = False  # his phone was answered though nobody of ours talked: it counts toward caps


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A trigger. `key` names it for good: the same key again is the same trigger."""

    trigger: str  # `event:report_received`, `missed_call`, `promise:callback`, `done:KIND` …
    key: str
    at: datetime
    about: Attributes = ()
    by: str | None = None  # the agent who was asked, or who promised
    number: str | None = None
    promised_at: datetime | None = None
    skill: str | None = None
    case: str | None = None
    after: FollowUp | None = None  # the follow-up whose end it is
    occurrence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an agent records of a contact, for some follow-ups of one customer.

    `result` TALKED is "reached". `content` is whether the customer is satisfied, None where it was not asked.
    `promise` is a new question to be answered until `promise_at`. `close` gives the items up with this reason.
    """

    key: str
    at: datetime
    by: str
    follow_ups: tuple[str, ...]
    result: Result
    contact_at: datetime | None = None  # when the contact was, if no call tells
    elsewhere: str | None = None  # mobile, wechat, visit …: a contact that the PBX did not carry
    call: str | None = None
    content: bool | None = None
    answers: Attributes = ()
    agreed_at: datetime | None = None
    promise: str | None = None
    promise_at: datetime | None = None
    promise_skill: str | None = None
    close: str | None = None
    note: str = ""


class Staff(Protocol):
    """Who works here and is here: the people as the rules need them. `at` is an aware instant."""

    def works_here(self, agent: str, at: datetime) -> bool:
        """Whether he is known and has not left."""
        ...

    def is_away(self, agent: str, start: datetime, end: datetime) -> bool:
        """Whether he is off, by shifts and leave, all the time between two instants."""
        ...

    def group_of(self, agent: str, at: datetime) -> str | None:
        """His group."""
        ...

    def members(self, group: str | None, at: datetime) -> tuple[str, ...]:
        """Who is in a group and works here, by number; of all groups where it is None."""
        ...

    def has_skill(self, agent: str, skill: str, at: datetime) -> bool:
        """Whether he has a skill, a dialect or a certificate of this code."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncreated:
    """A trigger that made no follow-up, and why: counted, so that nothing is forgotten in silence."""

    kind: str
    key: str
    at: datetime
    why: str  # withheld, shared, short, left_out, do_not_call, no_consent, joined, once_a_day, not_meant,
    # goes_on: what arose of a former end is open still; later: the first of its series


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """That a customer was contacted at an instant, whatever it was about: it counts toward caps."""

    customer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of an account: changes in their order, triggers that made nothing, and further triggers.

    `withdrawn` are contacts that turned out to be none: they are taken away before `contacts` are added.
    """

    changes: tuple[Change, ...] = ()
    uncreated: tuple[Uncreated, ...] = ()
    series: tuple[Series, ...] = ()
    wrong_numbers: tuple[str, ...] = ()  # of this customer: somebody else answers there
    contacts: tuple[Contact, ...] = ()  # besides those of the attempts that count
    withdrawn: tuple[Contact, ...] = ()

    def __add__(self, other: Decision) -> Decision:
        """First this, then the other."""
        return Decision(
            changes=self.changes + other.changes,
            uncreated=self.uncreated + other.uncreated,
            series=self.series + other.series,
            wrong_numbers=self.wrong_numbers + other.wrong_numbers,
            contacts=tuple(each for each in self.contacts if each not in other.withdrawn) + other.contacts,
            withdrawn=tuple(each for each in self.withdrawn if each not in other.contacts) + other.withdrawn,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Further occurrences that a trigger has: the next one arises at `next_at`. None: there is none any more."""

    kind: str
    version: datetime | None
    customer: str
    key: str
    anchor_at: datetime  # the trigger
    next: int  # the next occurrence's number
    next_at: datetime | None
    about: Attributes = field(default=())
    by: str | None = None
