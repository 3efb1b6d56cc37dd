"""What the pages of promises ask of the service, and the values that they get. All are as they are stored: no words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from config.followups import Result
from schedulers.customers.records import Customer
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules
from schedulers.storage.coverage import Coverage, Standing, Stood
from schedulers.storage.dial_refusals import Refused
from schedulers.storage.lists import Cursor
from schedulers.storage.seeing import Whom
from schedulers.storage.story import Story
from service.auth.rights import Visitor
from service.dashboard.board import NOTHING_KNOWN, KnownCounts

Place = tuple[datetime, str]
"""After which item of a figure the next page begins: its due time and id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was due from the day `first` to before `end` (of the centre), as things stood; `as_of` None is now."""

    first: date
    end: date
    as_of: datetime | None = None
    kind: str | None = None
    group: str | None = None
    seen: Whom | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """One day of the calendar: what was due on it, by how it stands."""

    done: int = 0
    late: int = 0  # done, after it was due
    closed: int = 0
    open: int = 0
    overdue: int = 0

    @property
    def due(self) -> int:
        """All of it."""
        return self.done + self.late + self.closed + self.open + self.overdue


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDay:
    """The calls of today, by the first microsecond of quarters of an hour."""

    tried: Mapping[int, int] = field(default_factory=dict)
    ready: Mapping[int, int] = field(default_factory=dict)  # may be tried from then on
    now: int = 0  # may be tried now
    left: int = 0  # may be tried, or is due, before the day ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A follow-up as it stood, with its customer as he is known now."""

    stood: Stood
    item: FollowUp | None
    customer: Customer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The proof of coverage. `counted` is what was due, counted apart from the parts."""

    rules: Rules
    now: datetime
    as_of: datetime
    rows: tuple[Coverage, ...]
    counted: int
    late: tuple[Owed, ...]  # open and overdue, what is due first
    days: Mapping[date, DayCount]
    calls: CallDay | None  # None where the page is not of now
    groups: tuple[str, ...]
    known: KnownCounts = NOTHING_KNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A page of the follow-ups behind a figure, and how many there are in all."""

    rules: Rules
    as_of: datetime
    items: tuple[Owed, ...]
    total: int
    next: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAsked:
    """Which work list: `state` as people call it, and what narrows it."""

    state: str = "due"
    kind: str | None = None
    owner: str | None = None
    group: str | None = None
    branch: str | None = None
    after: Cursor | None = None
    seen: Whom | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of a work list, how long each list is, and what may narrow them."""

    rules: Rules
    now: datetime
    items: tuple[tuple[FollowUp, Customer | None], ...]
    next: Cursor | None
    counts: Mapping[str, int]
    owners: tuple[str, ...]
    groups: tuple[str, ...]
    branches: tuple[str, ...]
    agents: tuple[str, ...] = ()  # who works here now, and may be given something


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The story of one follow-up, the chain that it stands in, and their customer."""

    rules: Rules
    now: datetime
    story: Story
    chain: tuple[FollowUp, ...]
    customer: Customer | None
    held_back: tuple[tuple[int, str, Refused], ...] = ()  # by campaigns: number, name, and why it was not dialled


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody wants done to some follow-ups: `what` of `deeds.DEEDS`, with what it needs."""

    what: str
    ids: tuple[str, ...]
    by: str
    note: str = ""
    to: str = ""  # hand over: the agent
    at: datetime | None = None  # reschedule, agree: the new time
    reason: str = ""  # close
    result: Result | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What became of one: `refused` says in a line why nothing; `before` is what undoes it, None for what was not."""

    id: str
    before: FollowUp | None
    refused: str | None = None


class PromiseSource(Protocol):
    """What the pages ask. All may raise SQLAlchemyError."""

    may_act: bool  # whether the pages' buttons do anything for who has no account

    async def proof(self, question: Question, month: date) -> Proof:
        """The coverage, and the calendar of the weeks that touch the month that begins on this day."""
        ...

    async def behind(
        self, question: Question, standings: Sequence[Standing], reason: str | None, after: Place | None
    ) -> Behind:
        """A page of what is behind a figure."""
        ...

    async def all_behind(self, question: Question, standings: Sequence[Standing], reason: str | None) -> Behind:
        """All that is behind a figure, for a file."""
        ...

    async def exported(self, name: str, rows: int, visitor: Visitor, address: str) -> None:
        """Put in the audit that a file left the house."""
        ...

    async def listed(self, asked: ListAsked) -> Listed:
        """A page of a work list."""
        ...

    async def found(self, ids: Sequence[str], seen: Whom | None) -> Listed:
        """Some follow-ups by their ids, as a list; those that he does not see are left out."""
        ...

    async def told(self, follow_up: str, seen: Whom | None) -> Told | None:
        """The story of one; None for what is not there or is not his to see."""
        ...

    async def do(self, deed: Deed, seen: Whom | None, visitor: Visitor, address: str) -> tuple[Became, ...]:
        """Do it to each; each change is in the audit, in the transaction of the change."""
        ...

    def name_of(self, agent: str) -> str | None:
        """An agent's name."""
        ...
