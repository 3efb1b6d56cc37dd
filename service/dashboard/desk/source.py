"""What the desk asks of the service. All but what is live may raise SQLAlchemyError."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from schedulers.followups.rules import Rules
from service.auth.rights import Visitor
from service.dashboard.board import PbxLink
from service.dashboard.desk.shapes import (
    Hand,
    Looked,
    Mine,
    MyCalls,
    Objections,
    OwedList,
    Owing,
    Preview,
    Situation,
)


class DeskSource(Protocol):
    """One centre's desks. `dials_not` says why no call can be placed, '' where one can."""

    dials_not: str

    def now(self) -> datetime:
        """The instant up to which is counted."""
        ...

    def agents(self) -> list[tuple[str, str | None]]:
        """Whose desks there are: id and name."""
        ...

    def name_of(self, agent: str) -> str | None:
        """An agent's name."""
        ...

    def situation(self, agent: str) -> Situation:
        """What he does now."""
        ...

    def links(self) -> tuple[PbxLink, ...]:
        """Whether the PBXs are heard."""
        ...

    def watch(self, agent: str, event: asyncio.Event) -> Callable[[], None]:
        """Set an event when his situation changes; returns what stops it."""
        ...

    async def rules(self) -> Rules:
        """The policy in force."""
        ...

    async def look(self, agent: str, call: str | None, customer: str | None, which: OwedList) -> Looked:
        """All of his desk. `call` opens that one instead of the one at hand; `customer` says whose call it is."""
        ...

    async def hand(self, agent: str, call: str | None, customer: str | None = None, asked: str = "") -> Hand | None:
        """The call at hand, or one that he names; None where there is none, or none of his."""
        ...

    async def owing(self, agent: str, which: OwedList, limit: int) -> Owing:
        """A list of what he owes."""
        ...

    async def preview(self, agent: str, follow_up: str) -> Preview | None:
        """What he looks at before the call; None where it is none that he may do."""
        ...

    async def calls(self, agent: str) -> MyCalls:
        """His calls."""
        ...

    async def mine(self, agent: str) -> Mine:
        """His month, his day, and his calls without an outcome."""
        ...

    async def objections(self, agent: str) -> Objections:
        """What he objects to."""
        ...

    async def keep_draft(self, agent: str, call: str, fields: Mapping[str, str]) -> datetime | None:
        """Keep what is typed; None where the call is none of his."""
        ...

    async def record(
        self, agent: str, call: str, fields: Mapping[str, str], visitor: Visitor, address: str
    ) -> None:
        """Keep a form. Raises FormError, RefusedError, StaleError."""
        ...

    async def dial(self, agent: str, follow_up: str, visitor: Visitor, address: str) -> None:
        """Have a call placed to what is owed. Raises RefusedError."""
        ...

    async def object(self, agent: str, told: Mapping[str, str], visitor: Visitor, address: str) -> None:
        """Object to an issued month's figure. Raises ClosingError, PeriodError."""
        ...
