"""What the pages of records and figures ask of the service, and the values that they are handed.

Every figure comes from `analytics.metrics.query.run`; nothing here or in the pages adds or divides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from analytics.closing.records import Issue
from analytics.differential import AgentBalance
from analytics.metrics.cells import Group
from analytics.metrics.definitions import Value
from analytics.metrics.periods import Period
from analytics.metrics.query import Query, Result
from analytics.people.roster import Roster
from analytics.storage.call_lists import CallChoice, Place
from analytics.storage.claimed import Balance
from analytics.storage.day_lines import Stretch
from analytics.storage.lost_rings import LostRing
from config.policies import Policy
from service.auth.audit import Entry
from service.dashboard.board import AgentNow, CallSummary, Gap, KnownCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A call of a list: its summary, what was recorded of it, and its part of the figure that the list is behind."""

    call_id: str
    started_at: datetime | None
    summary: CallSummary | None  # None where only parts of the call were ever told
    outcome: str | None = None
    part: Value = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of calls. `total` is exact unless `roughly`; `following` is the cursor of the next page."""

    calls: tuple[Listed, ...]
    total: int | None
    roughly: bool = False
    following: Place | None = None
    known: KnownCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The question behind one figure: which metric, over what, told apart by which hour; and where the page begins.

    after: day (2026-11-20), and the last call of the page before within it.
    """

    metric: str
    period: Period
    where: Mapping[Group, frozenset[str]]
    hour: str = ""
    as_of: datetime
    after: tuple[str, Place] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The figure, and a page of the calls that it is made of, the newest day first."""

    figure: Value
    calls: tuple[Listed, ...]
    following: tuple[str, Place] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A page of the list: which calls, from where, in which order; `exact` wants their exact number."""

    choice: CallChoice
    after: Place | None = None
    oldest_first: bool = False
    exact: bool = False
    limit: int = 50


class FigureSource(Protocol):
    """The methods may raise SQLAlchemyError where the store cannot be reached."""

    @property
    def policy(self) -> Policy:
        """The rules in force."""
        ...

    def now(self) -> datetime:
        """The instant up to which figures are counted."""
        ...

    def name_of(self, agent: str, at: datetime) -> str | None:
        """An agent's name."""
        ...

    def agents_now(self) -> tuple[AgentNow, ...]:
        """What agents do at this moment."""
        ...

    def gaps(self, period: Period) -> tuple[Gap, ...]:
        """When a PBX was not heard."""
        ...

    async def ask(self, queries: Sequence[Query]) -> list[Result]:
        """The answers, all as one transaction sees them."""
        ...

    async def queues(self) -> list[str]:
        """The queues in which callers were of late, by name; as of a minute ago at most."""
        ...

    async def calls(self, asked: Asked) -> Page:
        """A page of calls."""
        ...

    async def behind(self, behind: Behind) -> Parts:
        """A page of the calls behind a figure."""
        ...

    async def stretches(self, agent: str, period: Period) -> list[Stretch]:
        """What an agent did from instant to instant."""
        ...

    async def lost(
        self, period: Period, agents: frozenset[str] | None, queues: frozenset[str] | None
    ) -> list[LostRing]:
        """The offerings that the three-ring rate lost."""
        ...

    async def roster(self) -> Roster:
        """The shifts that quotas follow."""
        ...

    async def balances(self, period: Period, agents: frozenset[str] | None) -> dict[str, Balance]:
        """What the PBX claims, by agent."""
        ...

    async def compared(self, period: Period, agent: str) -> AgentBalance | None:
        """One agent's calls beside the PBX's claims, each difference explained."""
        ...

    async def issues(self, period: Period | None) -> tuple[Issue, ...]:
        """The issued reports of a period, or all."""
        ...

    async def issued_minutes(self, issue: int) -> dict[str, Decimal]:
        """The minutes of each agent, as an issue has them."""
        ...

    async def numbers_of(self, customer: str) -> frozenset[str] | None:
        """A registered customer's numbers, in all forms in which a PBX says them; None for no customer."""
        ...

    async def found(self, number: str) -> tuple[str | None, frozenset[str]]:
        """The registered customer whose number it is, and the forms in which a PBX says it."""
        ...

    async def note(self, entry: Entry) -> None:
        """Put down in the audit what somebody did."""
        ...
