"""What the pages of customers ask of the service, and the values that they get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from schedulers.customers.records import Customer
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules
from schedulers.storage.customer_history import Line
from schedulers.storage.seeing import Whom
from service.auth.rights import Visitor
from service.customers_import import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterAsked:
    """Which customers: `text` is an id or a name, how it begins where `open`; `number` as people write it."""

    text: str = ""
    open: bool = False
    number: str | None = None
    branch: str | None = None
    tier: str | None = None
    owner: str | None = None
    after: str = ""
    seen: Whom | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A page of customers, with how much is open for each, and something owed to each by which his page is found."""

    now: datetime
    customers: tuple[Customer, ...]
    open: Mapping[str, int]
    owed: Mapping[str, str]  # a follow-up of each, by customer
    next: str  # the id after which the next page begins; '' where there is none
    branches: tuple[str, ...]
    tiers: tuple[str, ...]
    agents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One customer with what is owed to him, and a page of his history."""

    rules: Rules
    now: datetime
    customer: Customer
    aliases: tuple[str, ...]
    open: tuple[FollowUp, ...]
    history: tuple[Line, ...]
    next: datetime | None
    agents: tuple[str, ...]
    spend: Mapping[str, int] = field(default_factory=dict)
    his: frozenset[str] | None = None  # the follow-ups whose page who asks may open; None: all


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What somebody says of a customer: fields of the record by name, and why."""

    fields: Mapping[str, Any]
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Who is meant: by an id of the register, or as the customer of a follow-up."""

    id: str | None = None
    follow_up: str | None = None

    @property
    def subject(self) -> str:
        """As the audit names him: never by a number."""
        return f"customer {self.id}" if self.id is not None else f"customer of follow-up {self.follow_up}"


class CustomerSource(Protocol):
    """What the pages ask. All may raise SQLAlchemyError."""

    may_act: bool

    async def register(self, asked: RegisterAsked) -> Register:
        """A page of customers."""
        ...

    async def card(self, named: Named, seen: Whom | None, before: datetime | None) -> Card | None:
        """One customer; None for who is not there or is not his to see."""
        ...

    async def looked(self, named: Named, visitor: Visitor, address: str) -> None:
        """Put in the audit that somebody looked at a customer."""
        ...

    async def say(self, named: Named, saying: Saying, seen: Whom | None, visitor: Visitor, address: str) -> bool:
        """Change a customer, with the audit in the same transaction; False where he is not there.

        Raises RefusedError for an owner who does not work here."""
        ...

    async def read(self, path: Path, name: str, by: str) -> Outcome:
        """What an import of a file would do. Raises PeopleError, OSError."""
        ...

    async def store(
        self, path: Path, name: str, visitor: Visitor, by: str, address: str, *, partial: bool
    ) -> Outcome:
        """Import a file, with the audit. Raises PeopleError, OSError."""
        ...

    def folder(self) -> Path:
        """Where a file that was sent is kept until it is stored or forgotten."""
        ...

    def name_of(self, agent: str) -> str | None:
        """An agent's name."""
        ...
