"""Acts in the audit: that something is about to be done, before it is sent, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from service.acting.records import Report, Who
from service.auth.audit import Act, Entry, note

ASKED = "asked"


class Notes:
    """Writes the audit. What cannot be written down before is not done."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now
        self._later: set[asyncio.Task[None]] = set()
        self._log = structlog.get_logger("service.acting")

    async def before(self, who: Who, report: Report, **details: str) -> None:
        """Somebody is about to act. Raises SQLAlchemyError."""
        await asyncio.to_thread(self._write, who, report, {**details, "outcome": ASKED})

    async def after(self, who: Who, report: Report, **details: str) -> None:
        """What came of it: if it cannot be written down, the log has it."""
        told = {**details, "outcome": report.outcome.value, **({"words": report.words} if report.words else {})}
        try:
            await asyncio.to_thread(self._write, who, report, told)
        except SQLAlchemyError as error:
            self._log.error("acting.not_noted", act=report.id, error=type(error).__name__, **told)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Follow an act that goes on, such as listening, to its end."""
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def close(self) -> None:
        """Nothing is followed any more."""
        for task in list(self._later):
            task.cancel()
        if self._later:
            await asyncio.wait(list(self._later))

    def _write(self, who: Who, report: Report, details: dict[str, str]) -> None:
        told = {"deed": report.deed.value, "agent": report.agent, "id": report.id, **details}
        if who.by:
            told["by"] = who.by
        entry = Entry(
            at=self._now(),
            visitor=who.visitor,
            act=Act.ACTED,
            subject=report.subject or f"agent {report.agent}",
            address=who.address,
            details=told,
        )
        with self._engine.begin() as connection:
            note(connection, entry)
