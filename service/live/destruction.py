"""What the pages of destruction are handed, and what they do: over the store and the shelf, in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from config.policies import Policy
from service.auth.entrance import Known
from service.auth.rights import Right
from service.destroying import certificates, holds, lists
from service.destroying.acts import Act
from service.destroying.carrying import Carrier
from service.destroying.certificates import Certificate
from service.destroying.choosing import Chosen
from service.destroying.confirming import confirm, person_of
from service.destroying.deeds import Deeds, Doer
from service.destroying.errors import DestructionError
from service.destroying.holds import Hold, HoldKind
from service.destroying.items import Item
from service.destroying.lists import DestructionList
from service.listening import Shelf

LOOK_AT = 20_000
"""So many old files are looked at for what is due, each time the page is opened."""

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What stands on the first page."""

    due: Chosen
    lists: tuple[DestructionList, ...]
    holds: tuple[Hold, ...]


class StoredDestruction:
    """Reads by one engine, writes by another. Methods raise SQLAlchemyError; what is done DestructionError."""

    def __init__(
        self,
        reading: Engine,
        writing: Engine,
        shelf: Shelf,
        policy: Callable[[], Policy],
        country: str,
        now: Callable[[], datetime],
    ) -> None:
        self._reading = reading
        self._writing = writing
        self._policy = policy
        self.now = now
        self._deeds = Deeds(reading, writing, policy, country, now)
        self._carrier = Carrier(writing, shelf, policy, country, now)
        self._carrying: set[asyncio.Task[None]] = set()

    @property
    def policy(self) -> Policy:
        """The centre's."""
        return self._policy()

    async def overview(self) -> Overview:
        """What is due, the lists, the holds."""
        due = await asyncio.to_thread(self._deeds.due, LOOK_AT)
        return await self._read(
            lambda connection: Overview(due=due, lists=lists.listed(connection), holds=holds.listed(connection))
        )

    async def list(self, list_id: int) -> tuple[DestructionList, tuple[Item, ...]]:
        """A list with its files. Raises DestructionError where there is none."""
        return await self._read(
            lambda connection: (lists.need(connection, list_id), lists.items_of(connection, list_id))
        )

    async def certificate(self, number: int) -> Certificate:
        """One certificate. Raises DestructionError where there is none."""
        return await self._read(lambda connection: certificates.need(connection, number))

    # -- what is done ----------------------------------------------------------------------------

    async def make_due(self, who: Doer) -> DestructionList:
        """A list of what is past its days."""
        return (await asyncio.to_thread(self._deeds.make_due, who))[0]

    async def make_named(
        self, who: Doer, reason: str, files: Collection[int], calls: Collection[str]
    ) -> DestructionList:
        """A list of files and calls, with a reason."""
        return await asyncio.to_thread(self._deeds.make_named, who, reason, files, calls)

    async def act(
        self, list_id: int, act: Act, who: Doer, note: str = "", without: Collection[int] = ()
    ) -> DestructionList:
        """One act on a list; beginning also has it carried out, beside the page."""
        if act is Act.BEGIN:
            await asyncio.to_thread(self._carrier.check, list_id)
        done = await asyncio.to_thread(self._deeds.act, list_id, act, who, note, without)
        if act is Act.BEGIN:
            task = asyncio.create_task(self._carry_out(list_id))
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)
        return done

    async def attend(self, list_id: int, login: str, password: str, address: str) -> DestructionList:
        """Somebody is present, by his own login and password. Raises NotKnownError."""
        account = await asyncio.to_thread(
            confirm, self._writing, login, password, Right.DESTROY, self.now(), address
        )
        who = Doer(person=person_of(account), actor=Known(account), address=address)
        return await self.act(list_id, Act.ATTEND, who)

    async def place(
        self,
        who: Doer,
        kind: HoldKind,
        reason: str,
        target: str | None,
        start: datetime | None,
        end: datetime | None,
    ) -> Hold:
        """A legal hold."""
        return await asyncio.to_thread(self._deeds.place, who, kind, reason, target, start, end)

    async def lift(self, who: Doer, hold_id: int, reason: str) -> Hold:
        """End one."""
        return await asyncio.to_thread(self._deeds.lift, who, hold_id, reason)

    async def close(self) -> None:
        """What is being carried out stops after the file at hand; the next start goes on."""
        self._carrier.stop()
        if self._carrying:
            await asyncio.wait(self._carrying)

    async def _carry_out(self, list_id: int) -> None:
        log = structlog.get_logger("service.destroying")
        try:
            done = await asyncio.to_thread(self._carrier.carry_out, list_id)
            log.info("destruction.carried_out", list=list_id, certificate=done.certificate)
        except (SQLAlchemyError, DestructionError) as error:
            log.error("destruction.broken_off", list=list_id, error=type(error).__name__)

    async def _read(self, ask: Callable[[Connection], Found]) -> Found:
        def within() -> Found:
            with self._reading.connect() as connection:
                return ask(connection)

        return await asyncio.to_thread(within)
