"""One PBX's analyser, put together: lock, position, state, writer. It waits for disks: open it in a thread."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

import structlog
from sqlalchemy import Engine

from analytics.storage.queries import load_position
from service.pipeline.analyser import Analyser, Sink
from service.pipeline.facts_writer import FactsWriter
from service.pipeline.gaps import GapLedger, ledger_path
from service.pipeline.interpreter import Interpreter
from service.pipeline.locks import RoleLock
from service.pipeline.quarantine import Quarantine, quarantine_path
from service.pipeline.snapshots import Snapshots, identity_of
from telephony.calls.facts import Fact
from telephony.calls.tracker import DEFAULT_TRUNKS

STOP_READING, STOP_WRITING = 2.0, 1.5
"""Seconds: together with the listener's own they stay under five."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the tracker of one PBX is told."""

    pbx: str
    trunks: tuple[str, ...] = ()
    wrap_up: timedelta = timedelta(0)

    def interpreter(self) -> Interpreter:
        """One that has heard nothing yet."""
        return Interpreter(self.pbx, trunks=self.trunks or DEFAULT_TRUNKS, wrap_up=self.wrap_up)


def journal_folder(data_dir: Path) -> Path:
    """Where the journals of all PBXs are."""
    return data_dir / "journal"


def states_folder(data_dir: Path) -> Path:
    """Where analysers keep their states."""
    return data_dir / "state"


def snapshots_of(data_dir: Path, told: Told) -> Snapshots:
    """The kept states of one PBX."""
    identity = identity_of(told.pbx, told.trunks or DEFAULT_TRUNKS, told.wrap_up)
    return Snapshots(states_folder(data_dir), told.pbx, identity)


class Analysis:
    """The analyser of one PBX at work. `writer` is None where another process stores the facts."""

    def __init__(self, analyser: Analyser, writer: FactsWriter | None, ledger: GapLedger, lock: ExitStack) -> None:
        self.analyser = analyser
        self.writer = writer
        self.ledger = ledger
        self._lock = lock

    @classmethod
    def open(
        cls,
        data_dir: Path,
        told: Told,
        engine: Engine,
        on_facts: Callable[[list[Fact]], None],
        *,
        writes: bool,
        on_stored: Callable[[list[Fact]], None] = lambda facts: None,
    ) -> Self:
        """Take up work where the stored facts end.

        Raises UnreachableError if another analyser is at work, SQLAlchemyError if the store cannot be read.
        """
        with ExitStack() as stack:
            if writes:
                stack.enter_context(RoleLock(data_dir / f"analyser-{told.pbx}.lock", "analyser"))
            with engine.connect() as connection:
                position = load_position(connection, told.pbx)
            stored_up_to = position[0] if position else 0
            snapshots = snapshots_of(data_dir, told)
            kept = snapshots.load(stored_up_to)
            interpreter = kept or told.interpreter()
            structlog.get_logger("service.analysis").info(
                "analyser.starts", pbx=told.pbx, stored_up_to=stored_up_to, reads_from=interpreter.seq
            )
            writer = (
                FactsWriter(
                    engine,
                    told.pbx,
                    snapshots,
                    quarantine=Quarantine(quarantine_path(data_dir, told.pbx)),
                    reread_from=interpreter.seq,
                    stored_up_to=stored_up_to,
                    on_stored=on_stored,
                )
                if writes
                else None
            )
            ledger = GapLedger(told.pbx, ledger_path(data_dir, told.pbx), writes=writes)
            sink: Sink = writer if writer is not None else _Nowhere()
            analyser = Analyser(journal_folder(data_dir), interpreter, sink, snapshots, ledger, on_facts=on_facts)
            opened = cls(analyser, writer, ledger, stack.pop_all())
        if writer is not None:
            writer.start()
        analyser.start()
        return opened

    def close(self) -> None:
        """Store what is durable now, as far as a few seconds reach; the rest is read again at the next start."""
        self.analyser.stop(STOP_READING)
        if self.writer is not None:
            self.writer.stop(STOP_WRITING)
        self._lock.close()


class _Nowhere:
    """Takes facts that another process stores."""

    def put(self, facts: list[Fact], stored_up_to: int, snapshot: object = None) -> None:
        """Nothing is to be done."""
