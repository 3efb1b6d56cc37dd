"""What the pages of quality ask of the service, and what they are told: plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from analytics.quality.automatic import Proposal
from analytics.quality.cards import Hand
from analytics.quality.draws import Checked
from analytics.quality.records import Card, Draw, Note, Reply, Sample
from analytics.quality.scoring import Scores
from analytics.quality.summaries import MonthTotals, WeekSummary
from config.policies import Policy
from config.quality import Quality
from config.recordings import RecordingRules
from service.auth.rights import Visitor

Result = TypeVar("Result")
Sees = Callable[[str], bool]
"""Whether a visitor sees an agent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who does something, and from where. `login` is the name that goes on record."""

    visitor: Visitor
    address: str
    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A sample of the worklist with the card that counts."""

    sample: Sample
    card: Card | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appealed:
    """An appeal that waits, with its card and sample."""

    appeal: Reply
    card: Card
    sample: Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The worklist. `month` None: the policy samples nothing now. `people`: names by login."""

    samples: tuple[Listed, ...]
    appeals: tuple[Appealed, ...]
    draws: tuple[tuple[Draw, int, datetime | None], ...]  # with how many samples, and when it is due
    month: MonthTotals | None
    people: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCall:
    """What is told of a sample's call."""

    direction: str
    queue: str | None
    customer: str | None
    withheld: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One sample with all that is on record. `draft` is the visitor's own; `around` its neighbours that are open."""

    sample: Sample
    form: Quality
    cards: tuple[Card, ...]
    notes: tuple[Note, ...]
    replies: tuple[Reply, ...]
    proposals: tuple[Proposal, ...]
    rules: RecordingRules  # of recordings, in force when the talk began
    call: OfCall | None
    path: str  # of its file below the folder of recordings
    draft: Scores | None = None
    before: int | None = None
    after: int | None = None
    left: int = 0  # how many wait for this visitor
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekTold:
    """A week: its draw done again, where it is drawn, and what its cards come to."""

    summary: WeekSummary
    quality: Quality
    draw: Draw | None
    checked: Checked | None
    people: Mapping[str, str]


class QualitySource(Protocol):
    """The service builds it over the store. All but `now`, `policy`, `name_of` may raise SQLAlchemyError."""

    @property
    def policy(self) -> Policy:
        """With the people in force."""
        ...

    def now(self) -> datetime:
        """The instant as of which is told."""
        ...

    def name_of(self, agent: str) -> str | None:
        """An agent's name now."""
        ...

    async def work(self, sees: Sees) -> Work:
        """The worklist of whom somebody sees."""
        ...

    async def opened(self, sample: int, login: str) -> Opened | None:
        """A sample, None where there is none; `login` is whose draft and neighbours are told."""
        ...

    async def own(self, agent: str) -> tuple[Opened, ...]:
        """An agent's scored samples, newest first."""
        ...

    async def week(self, week: str, sees: Sees) -> WeekTold:
        """A week. Raises QualityError where the policy had no section."""
        ...

    async def month(self, month: str, sees: Sees) -> MonthTotals:
        """A month. Raises QualityError."""
        ...

    async def act(
        self,
        who: Who,
        step: str,
        subject: str,
        work: Callable[[Connection, Hand], Result],
        **details: str | int | bool,
    ) -> Result:
        """Do something in a transaction that notes it in the audit. Raises QualityError where it is refused."""
        ...

    async def draft(self, sample: int, login: str, scores: Scores) -> datetime:
        """Keep a card that is being filled in; when."""
        ...
