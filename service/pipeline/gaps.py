"""The ledger of gaps: when a PBX was not heard, and why. Made of the journal's entries, kept when they are pruned.

A gap begins where the last word was heard and ends with the next connection. Its number is that of the entry that
ends it, so reading the journal again adds nothing. That the PBX itself began anew within a gap is learned after its
end, from the uptime that it tells after the login: the gap is told again then, with the same number.
Jumps of our own clock are lines of the ledger too, though no gaps: everything was heard.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from telephony.ami.signals import LostReason
from telephony.calls.record import instant
from telephony.journal.entries import Entry, EntryKind

_SHUTDOWN = b"Event: Shutdown\r\n"
_TELLING = (_SHUTDOWN, b"Event: FullyBooted\r\n")
_UPTIME = re.compile(rb"\r\nUptime: ([0-9]{1,10})(?:\r\n|\Z)")
_JUMP = re.compile(r"([+-][0-9]{1,12}\.[0-9]{3}) s")


class GapReason(StrEnum):
    """Why nothing was heard."""

    LOST = "lost"  # the connection ended
    STOPPED = "stopped"  # the listener was stopped in order
    CRASHED = "crashed"  # the listener was killed, or its machine stopped
    UNBROKEN = "unbroken"  # a new connection, though the end of the one before was not told
    PBX_RESTARTED = "pbx_restarted"  # the PBX ended in order and said so
    PBX_CRASHED = "pbx_crashed"  # the PBX began anew without having said that it would end
    CLOCK = "clock"  # no gap: the clock of the listener jumped


OURS_UNKNOWN = frozenset({GapReason.LOST, GapReason.UNBROKEN})
"""Reasons for which a better one is the PBX's own end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch in which a PBX was not heard. `end` and `seq` are None while it goes on.

    booted_at: when the PBX itself began anew, if it did so within; to a second, by our clock.
    ahead: how far the PBX's clock goes before ours: calls have its times, gaps have ours.
    Of a clock's jump `start` and `end` are what it said before and after.
    """

    pbx: str
    start: datetime
    end: datetime | None
    why: GapReason
    detail: str
    seq: int | None
    booted_at: datetime | None = None
    ahead: timedelta = timedelta(0)


def as_json(gap: Gap) -> dict[str, Any]:
    """The gap in the public shape, but for the calls within."""
    return {
        "pbx": gap.pbx,
        "from": instant(gap.start),
        "to": instant(gap.end),
        "seconds": None if gap.end is None else round((gap.end - gap.start).total_seconds(), 3),
        "why": gap.why.value,
        "detail": gap.detail,
        "pbx_booted_at": instant(gap.booted_at),
    }


class GapFinder:
    """Finds the gaps in a journal's entries, which come in their order. Pure."""

    def __init__(self, pbx: str) -> None:
        self.open: Gap | None = None
        self.listening = False  # something was heard, and no end of it since
        self.restarted = False  # the newest entry told that the PBX began anew within the gap before it
        self._pbx = pbx
        self._heard_at: datetime | None = None
        self._shutdown_told = False
        self.lost_at: datetime | None = None  # when the newest gap began
        self._ended: Gap | None = None  # the newest, until it is known whether the PBX began anew within it
        self._jumped = timedelta(0)  # how far our clock jumped since that gap began

    def handle(self, entry: Entry) -> Gap | None:
        """The gap that this entry ends, or tells more of, if there is one; or our clock's jump."""
        found = None
        self.restarted = False
        match entry.kind:
            case EntryKind.PACKETS:
                self.listening = True
                found = self._listen(entry)
            case EntryKind.CLOCK:
                found = self._jump(entry)
            case EntryKind.LOST:
                self._begin(self._lost_at(entry), GapReason.LOST, entry.detail)
            case EntryKind.STOPPED:
                self._begin(entry.received_at, GapReason.STOPPED, entry.detail)
            case EntryKind.STARTED:
                # Without a STOPPED before it: the last that was heard is the last that is known.
                self._begin(self._heard_at or entry.received_at, GapReason.CRASHED, "")
            case EntryKind.CONNECTED:
                self._begin(self._heard_at or entry.received_at, GapReason.UNBROKEN, "")
                found = self._end(entry)
        self._heard_at = entry.received_at
        return found

    def _lost_at(self, entry: Entry) -> datetime:
        """Since when nothing was heard: a line that fell silent was dead all the while."""
        silent = entry.detail.startswith(LostReason.SILENT.value)
        return (self._heard_at if silent else None) or entry.received_at

    def _begin(self, at: datetime, why: GapReason, detail: str) -> None:
        if self.listening:
            if self._shutdown_told and why in OURS_UNKNOWN:
                why = GapReason.PBX_RESTARTED
            self.open = Gap(pbx=self._pbx, start=at, end=None, why=why, detail=detail, seq=None)
            self._jumped = timedelta(0)
            self.lost_at = at
        self.listening = self._shutdown_told = False
        self._ended = None

    def _end(self, entry: Entry) -> Gap | None:
        self.listening = True
        gap, self.open = self.open, None
        if gap is None:
            return None
        # A clock that was set back must not make a gap end before it began.
        self._ended = replace(gap, start=min(gap.start, entry.received_at), end=entry.received_at, seq=entry.seq)
        return self._ended

    def _listen(self, entry: Entry) -> Gap | None:
        for frame in entry.frames:
            if frame.startswith(_TELLING):
                if frame.startswith(_SHUTDOWN):
                    self._shutdown_told = True
                elif (more := self._booted(frame, entry.received_at)) is not None:
                    return more
        return None

    def _booted(self, frame: bytes, received_at: datetime) -> Gap | None:
        """The gap before, if the PBX began anew within it. Both times are ours, so that no other clock matters."""
        gap, self._ended = self._ended, None
        uptime = _UPTIME.search(frame)
        if gap is None or uptime is None:
            return None
        booted_at = received_at - timedelta(seconds=int(uptime[1]))
        if booted_at <= gap.start + self._jumped:
            return None
        self.restarted = True
        return replace(gap, booted_at=booted_at, why=GapReason.PBX_CRASHED if gap.why in OURS_UNKNOWN else gap.why)

    def _jump(self, entry: Entry) -> Gap:
        jumped = jump_of(entry)
        self._jumped += jumped
        return Gap(
            pbx=self._pbx,
            start=entry.received_at - jumped,
            end=entry.received_at,
            why=GapReason.CLOCK,
            detail=entry.detail,
            seq=entry.seq,
        )


def jump_of(entry: Entry) -> timedelta:
    """How far our clock jumped, by a CLOCK entry; 0 where its words are not ours."""
    found = _JUMP.match(entry.detail)
    return timedelta(seconds=float(found[1])) if found else timedelta(0)


class GapLedger:
    """The lines of one PBX's ledger, a JSON line each in a file. `writes`: the analyser alone adds to it."""

    def __init__(self, pbx: str, path: Path, *, writes: bool = True) -> None:
        self.pbx = pbx
        self._path = path
        self._writes = writes
        self._lines = {line.seq: line for line in read_ledger(pbx, path)}

    @property
    def lines(self) -> list[Gap]:
        """All, in order of time: a copy, as other threads ask for it while the analyser adds."""
        return list(self._lines.values())

    @property
    def gaps(self) -> list[Gap]:
        """Those in which the PBX was not heard."""
        return [line for line in self.lines if line.why is not GapReason.CLOCK]

    def add(self, line: Gap) -> None:
        """Keep a line, unless as much is known. Raises OSError."""
        if not tells_more(line, self._lines.get(line.seq)):
            return
        if self._writes:
            _append(self._path, line)
        self._lines[line.seq] = line


def tells_more(line: Gap, known: Gap | None) -> bool:
    """Whether a line is new, or tells more of what is known."""
    return known is None or (line.booted_at is not None and known.booted_at is None)


def read_ledger(pbx: str, path: Path) -> list[Gap]:
    """The lines that a ledger's file holds, of each number the newest; a torn last line is passed over."""
    if not path.exists():
        return []
    found: dict[int | None, Gap] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            gap = _of_json(pbx, json.loads(line))
        except (ValueError, KeyError, TypeError):
            continue
        found[gap.seq] = gap
    return list(found.values())


def _of_json(pbx: str, value: dict[str, Any]) -> Gap:
    return Gap(
        pbx=pbx,
        start=datetime.fromisoformat(value["from"]),
        end=datetime.fromisoformat(value["to"]),
        why=GapReason(value["why"]),
        detail=str(value["detail"]),
        seq=int(value["seq"]),
        booted_at=datetime.fromisoformat(booted) if (booted := value.get("booted_at")) else None,
        ahead=timedelta(seconds=value.get("ahead", 0)),
    )


def ledger_path(data_dir: Path, pbx: str) -> Path:
    """Where the ledger of a PBX is."""
    return data_dir / "gaps" / f"{pbx}.jsonl"


def _append(path: Path, gap: Gap) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = json.dumps(
        {
            "seq": gap.seq,
            "from": gap.start.isoformat(),
            "to": gap.end and gap.end.isoformat(),
            "why": gap.why.value,
            "detail": gap.detail,
            "booted_at": gap.booted_at and gap.booted_at.isoformat(),
            "ahead": gap.ahead.total_seconds(),
        },
        ensure_ascii=False,
    )
    descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        # A line that was torn by a crash is ended first.
        file.write(("" if path.stat().st_size == 0 or _ends_whole(path) else "\n") + line + "\n")
        file.flush()
        os.fsync(file.fileno())


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
