"""One PBX's whole road in one process: client, journal and listener; and the analyser that follows the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from random import Random

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from config.secrets import read_secret
from config.settings import ManagerLogin, PbxSettings, Settings
from service.pipeline.analysis import Analysis, Told, journal_folder, snapshots_of
from service.pipeline.gaps import Gap
from service.pipeline.listener import Listener
from service.repairs.repairer import Repairer
from service.repairs.starting import repairer_of
from telephony.ami.address import Address, tls_context
from telephony.ami.client import Client
from telephony.ami.signals import Login
from telephony.calls.facts import Fact
from telephony.clock import Clock
from telephony.journal.entries import Entry
from telephony.journal.writer import JournalWriter

STOP_LISTENING = 1.5
STOP_REPAIRING = 0.4
RETRY_SECONDS = 2.0

OnFacts = Callable[[str, list[Fact]], None]
"""Takes the facts of a PBX, in the analyser's thread."""

OnStored = Callable[[list[Fact]], None]


class Road:
    """What one process does for one PBX. Parts that have not begun, or are not this process's, are None."""

    def __init__(self, pbx: PbxSettings, told: Told, clock: Clock) -> None:
        self.pbx = pbx
        self.told = told
        self.client: Client | None = None
        self.journal: JournalWriter | None = None
        self.listener: Listener | None = None
        self.analysis: Analysis | None = None
        self.repairer: Repairer | None = None
        self.began_after = 0  # the journal's last number before this process listened
        self._clock = clock
        self._log = structlog.get_logger("service.road").bind(pbx=pbx.name)

    # -- listening ------------------------------------------------------------------------

    async def listen(self, settings: Settings, environ: Mapping[str, str], stack: AsyncExitStack) -> None:
        """Begin to listen. Raises SettingsError for a secret that cannot be read, JournalError."""
        client = Client(
            address_of(self.pbx),
            login_of(self.pbx, environ),
            clock=self._clock,
            random=Random(),  # noqa: S311
        )
        journal = await asyncio.to_thread(self._open_journal, settings.data_dir)
        stack.callback(journal.close)
        self.began_after = journal.durable_seq
        await stack.enter_async_context(client)
        listener = Listener(
            client,
            journal,
            clock=self._clock,
            commit_every=settings.journal.commit_ms / 1000,
            on_commit=self._committed,
        )
        task = asyncio.create_task(listener.run(), name=f"listener-{self.pbx.name}")
        stack.push_async_callback(_end, client, task)
        self.client, self.journal, self.listener = client, journal, listener

    def _open_journal(self, data_dir: Path) -> JournalWriter:
        """No number may be used twice, even where the journal itself was lost."""
        newest = snapshots_of(data_dir, self.told).newest_seq()
        return JournalWriter(journal_folder(data_dir), self.pbx.name, at_least_seq=newest)

    def _committed(self, entries: list[Entry], size: int) -> None:
        if self.analysis is not None:
            self.analysis.analyser.hand_over(entries, size)

    # -- analysing ------------------------------------------------------------------------

    async def analyse(
        self,
        settings: Settings,
        engine: Engine,
        on_facts: OnFacts,
        stack: AsyncExitStack,
        *,
        writes: bool,
        on_stored: OnStored = lambda facts: None,
    ) -> None:
        """Begin to analyse, as soon as the store can be read: what is heard meanwhile waits in the journal.

        `on_stored` takes facts once they are stored, in the thread that stored them. Raises UnreachableError if another
        process has this role.
        """

        def take(facts: list[Fact]) -> None:
            on_facts(self.pbx.name, facts)

        failing = False
        while self.analysis is None:
            try:
                self.analysis = await asyncio.to_thread(
                    Analysis.open,
                    settings.data_dir,
                    self.told,
                    engine,
                    take,
                    writes=writes,
                    on_stored=on_stored,
                )
            except SQLAlchemyError as error:
                if not failing:
                    self._log.error("analyser.store_unreadable", error=type(error).__name__)
                failing = True
                await asyncio.sleep(RETRY_SECONDS)
        stack.push_async_callback(asyncio.to_thread, self.analysis.close)
        if writes:

            def mended(facts: list[Fact]) -> None:
                take(facts)
                on_stored(facts)

            await self._repair(settings, engine, mended, stack)

    async def _repair(
        self, settings: Settings, engine: Engine, take: Callable[[list[Fact]], None], stack: AsyncExitStack
    ) -> None:
        """Follow the PBX's logs, if the settings name any."""
        analysis = self.analysis
        if analysis is None:
            return
        repairer = repairer_of(settings, self.pbx, self.told, engine, analysis, self._clock, take)
        if repairer is not None:
            repairer.start()
            stack.push_async_callback(asyncio.to_thread, repairer.stop, STOP_REPAIRING)
            self.repairer = repairer

    @property
    def ledger_lines(self) -> list[Gap]:
        """The lines of the ledger, jumps of our clock too, the open gap last."""
        if self.analysis is None:
            return []
        open_gap = self.analysis.analyser.interpreter.open_gap
        return [*self.analysis.ledger.lines, *([open_gap] if open_gap else [])]

    @property
    def gaps(self) -> list[Gap]:
        """The gaps that are known, the open one last."""
        if self.analysis is None:
            return []
        open_gap = self.analysis.analyser.interpreter.open_gap
        return [*self.analysis.ledger.gaps, *([open_gap] if open_gap else [])]


async def _end(client: Client, task: asyncio.Task[None]) -> None:
    """Hang up; then the listener's stream ends, and it makes durable what it has."""
    await client.close()
    await asyncio.wait([task], timeout=STOP_LISTENING)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def address_of(pbx: PbxSettings) -> Address:
    """Where the PBX's manager listens."""
    context = tls_context(str(pbx.ca_file) if pbx.ca_file else None) if pbx.tls else None
    return Address(host=pbx.host, port=pbx.port, tls=context)


def login_of(pbx: PbxSettings, environ: Mapping[str, str]) -> Login:
    """The listener's login. Raises SettingsError."""
    return Login(user=pbx.login.user, secret=read_secret(pbx.login.secret, environ).reveal())


def actions_login_of(actions: ManagerLogin, environ: Mapping[str, str]) -> Login:
    """The login of the user that acts; it is sent no events. Raises SettingsError."""
    return Login(user=actions.user, secret=read_secret(actions.secret, environ).reveal(), events="off")
