"""Whether a PBX is heard and what it did lately is known: nothing is dialled before.

A PBX is deaf to us while its listener is not connected, while the analyser has not read of the present connection, and
after a gap until the PBX's own logs have told what happened in it, or a person says that he knows
(`campaign resume --anyway`). So a crash, and a backup that was restored, cannot make anybody be dialled twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from service.pipeline.analysis import journal_folder
from service.pipeline.gaps import Gap, GapReason
from service.pipeline.locks import is_locked
from service.pipeline.road import Road
from service.repairs.caught_up import caught_up_path, read_caught_up
from service.repairs.repairer import KEPT, SETTLED
from service.repairs.starting import staging_path
from telephony.errors import JournalError
from telephony.journal.reader import positions
from telephony.pbxlogs.lookup import has_channel

TOLD = SETTLED + timedelta(seconds=6)
"""So long after a gap's end the logs must have been read to their end: they are written a moment after the calls."""
BEYOND = timedelta(minutes=2)
"""So far must logs go on beyond an instant before what they do not know was not there."""
LOOKED = timedelta(milliseconds=500)
"""What another process has written is looked at so often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """How a PBX is heard, and how far its logs were read to their end; None where there are none or never."""

    heard: bool
    gaps: tuple[Gap, ...] = ()
    caught_up_at: datetime | None = None
    waived_at: datetime | None = None  # up to then a person answers for what the PBX did


def why_deaf(ears: Ears) -> str | None:
    """Why nothing may be dialled, in words; None where all is known."""
    if not ears.heard:
        return "the PBX is not heard"
    for gap in ears.gaps:
        if gap.why is GapReason.CLOCK or _waived(gap, ears.waived_at):
            continue
        if gap.end is None:
            return "the PBX is not heard"
        if ears.caught_up_at is None or ears.caught_up_at < gap.end + TOLD:
            return f"what it did from {_clock(gap.start)} to {_clock(gap.end)} is not known yet"
        if gap.end - gap.start > KEPT:
            return f"the logs were not read back to {_clock(gap.start)}"
    return None


def _waived(gap: Gap, at: datetime | None) -> bool:
    return at is not None and gap.end is not None and gap.end <= at


def _clock(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


class Hearing:
    """How one PBX is heard, by the road of this process; where another one listens, by its lock and its journal."""

    def __init__(self, road: Road, data_dir: Path, now: Callable[[], datetime]) -> None:
        self._road = road
        self._folder = journal_folder(data_dir)
        self._lock = self._folder / f"{road.pbx.name}.lock"
        self._caught_up = caught_up_path(data_dir, road.pbx.name)
        self._staging = staging_path(data_dir, road.pbx.name)
        self._now = now
        self._looked_at: datetime | None = None
        self._newest: int | None = None  # the journal's last number; None where nobody writes it

    def ears(self, waived_at: datetime | None) -> Ears:
        """As of now."""
        return Ears(
            heard=self._is_heard(),
            gaps=tuple(self._road.gaps),
            caught_up_at=self._caught_up_at(),
            waived_at=waived_at,
        )

    def logged(self, channel_id: str, at: datetime) -> bool | None:
        """Whether the logs know a channel that was to begin at an instant; None where they cannot tell."""
        if self._road.pbx.logs.cel is None:
            return None
        until = self._caught_up_at()
        if until is None or until < at + BEYOND:
            return None
        return has_channel(self._staging, channel_id, at, at + BEYOND)

    def _is_heard(self) -> bool:
        analysis = self._road.analysis
        if analysis is None or analysis.analyser.failing is not None:
            return False
        interpreter = analysis.analyser.interpreter
        client, listener = self._road.client, self._road.listener
        if client is None or listener is None:
            self._look()
            return self._newest is not None and interpreter.listening and interpreter.seq >= self._newest
        began = self._road.began_after
        known = interpreter.seq > began and interpreter.connection == listener.connection
        return client.connected and listener.hearing and known and interpreter.listening

    def _look(self) -> None:
        """How far the journal of another process goes."""
        now = self._now()
        if self._looked_at is not None and now - self._looked_at < LOOKED:
            return
        self._looked_at = now
        try:
            told = positions(self._folder, self._road.pbx.name) if is_locked(self._lock) else []
        except JournalError:
            told = []
        self._newest = told[-1].last_seq if told else None

    def _caught_up_at(self) -> datetime | None:
        """None too where only queue_log is read: it tells nothing of calls that are placed."""
        logs = self._road.pbx.logs
        if logs.cel is None and logs.cdr is None:
            return None
        repairer = self._road.repairer
        if repairer is not None:
            return repairer.caught_up_at
        return read_caught_up(self._caught_up)
