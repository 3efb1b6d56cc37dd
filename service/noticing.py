"""The service's sender of notices: a thread that sends what the outbox holds, beside storing and serving.

That something is being sent is committed before it leaves, and how it ended afterwards. Where the end cannot be
written down now it is written at a later look; where this process dies before, the notice is indeterminate.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine

from config.followups import Promises
from config.secrets import SecretSource
from config.settings import Settings
from schedulers.notices.outbox import Outgoing, Telling, next_at, put, settle, take
from schedulers.notices.records import id_of
from schedulers.notices.texts import Message, message_of
from schedulers.notices.trying import Ending, Tried
from service import messenger
from service.coverage_notices import CoverageWatch
from service.gap_notices import gap_notices
from service.pipeline.gaps import Gap
from service.rounds import Rounds

LOOK_SECONDS = 5.0
"""Between two looks at the outbox."""

Send = Callable[[SecretSource, Mapping[str, str], Message, str], Tried]
"""How a message is sent; `messenger.send` but in tests of faults."""

_GONE = Tried(ending=Ending.REFUSED, why="no such channel")


def telling_by(settings: Settings, promises: Promises) -> Telling:
    """By what notices are put and sent here."""
    return Telling(settings=settings.notices, promises=promises, zone=settings.zone, language=settings.language)


class Noticer(Rounds):
    """Sends the notices of one store.

    gaps, those that are known now, and watch, over the coverage of recordings, are for whoever looks after the PBXs.
    """

    def __init__(
        self,
        engine: Engine,
        by: Telling,
        environ: Mapping[str, str],
        now: Callable[[], datetime],
        gaps: Callable[[], Iterable[Gap]] = lambda: (),
        send: Send = messenger.send,
        watch: CoverageWatch | None = None,
    ) -> None:
        super().__init__("noticer", log="service.noticer", said="notices", rest=LOOK_SECONDS)
        self._engine = engine
        self._by = by
        self._environ = environ
        self._now = now
        self._gaps = gaps
        self._send = send
        self._watch = watch
        self._lease = secrets.token_hex(8)
        self._told: set[str] = set()  # notices of gaps that are in the outbox
        self._unsettled: list[tuple[Sequence[Outgoing], Tried, datetime]] = []

    def look_once(self) -> None:
        """Send all that is to be sent now. Who stops waits for the message at hand; a slow one is indeterminate."""
        self._settle_late()
        self._tell_gaps()
        self._tell_coverage()
        while not self._stopping.is_set() and self._send_next():
            pass

    def _tell_gaps(self) -> None:
        wanted = gap_notices(self._gaps(), self._now(), self._by.settings.gap)
        new = [notice for notice in wanted if notice.id not in self._told]
        if new:
            with self._engine.begin() as connection:
                put(connection, new, self._by)
            self._told.update(notice.id for notice in new)

    def _tell_coverage(self) -> None:
        if self._watch is None:
            return
        wanted = self._watch.due(self._now())
        if wanted:
            with self._engine.begin() as connection:
                put(connection, wanted, self._by)
        self._watch.done()

    def _send_next(self) -> bool:
        """Send one message; False where nothing is to be sent now."""
        with self._engine.connect() as connection:
            soonest = next_at(connection)
        if soonest is None or soonest > self._now():
            return False
        with self._engine.begin() as connection:
            taken = take(connection, self._now(), self._lease, self._by)
        if not taken:
            return False
        tried = self._sent(taken)
        self._log_end(taken, tried)
        self._unsettled.append((taken, tried, self._now()))
        self._settle_late()
        return True

    def _sent(self, taken: Sequence[Outgoing]) -> Tried:
        first = taken[0]
        channel = self._by.settings.channel(first.channel)
        if channel is None:
            return _GONE
        message = message_of(first.topic, [each.details for each in taken], first.language, self._by.zone)
        key = first.id if len(taken) == 1 else id_of(*(each.id for each in taken))
        return self._send(channel.url, self._environ, message, key)

    def _settle_late(self) -> None:
        """Write down how tries ended, also those that could not be written down before."""
        while self._unsettled:
            taken, tried, at = self._unsettled[0]
            with self._engine.begin() as connection:
                settle(connection, taken, self._lease, tried, at, self._by)
            del self._unsettled[0]

    def _log_end(self, taken: Sequence[Outgoing], tried: Tried) -> None:
        first = taken[0]
        told = {"topic": first.topic.value, "channel": first.channel, "notices": len(taken)}
        if tried.ending is Ending.TAKEN:
            self._log.info("notices.sent", **told)
        else:
            self._log.warning("notices.not_sent", ending=tried.ending.value, why=tried.why, **told)
