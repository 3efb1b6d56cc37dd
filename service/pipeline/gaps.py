"""The ledger of gaps: when a PBX was not heard, and why. Made of the journal's entries, kept when they are pruned.

A gap begins where the last word was heard and ends with the next connection. Its number is that of the entry that
ends it, so reading the journal again adds nothing.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from telephony.calls.record import instant
from telephony.journal.entries import Entry, EntryKind


class GapReason(StrEnum):
    """Why nothing was heard."""

    LOST = "lost"  # the connection ended
    STOPPED = "stopped"  # the listener was stopped in order
    CRASHED = "crashed"  # the listener was killed, or its machine stopped
    UNBROKEN = "unbroken"  # a new connection, though the end of the one before was not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch in which a PBX was not heard. `end` and `seq` are None while it goes on."""

    pbx: str
    start: datetime
    end: datetime | None
    why: GapReason
    detail: str
    seq: int | None


def as_json(gap: Gap, calls_touched: int | None) -> dict[str, Any]:
    """The gap in the public shape. `calls_touched` is null where no store could be asked."""
    return {
        "pbx": gap.pbx,
        "from": instant(gap.start),
        "to": instant(gap.end),
        "seconds": None if gap.end is None else round((gap.end - gap.start).total_seconds(), 3),
        "why": gap.why.value,
        "detail": gap.detail,
        "calls_touched": calls_touched,
    }


class GapFinder:
    """Finds the gaps in a journal's entries, which come in their order. Pure."""

    def __init__(self, pbx: str) -> None:
        self.open: Gap | None = None
        self.listening = False  # something was heard, and no end of it since
        self._pbx = pbx
        self._heard_at: datetime | None = None

    def handle(self, entry: Entry) -> Gap | None:
        """The gap that this entry ends, if it ends one."""
        ended = None
        match entry.kind:
            case EntryKind.PACKETS:
                self.listening = True
            case EntryKind.LOST:
                self._begin(entry.received_at, GapReason.LOST, entry.detail)
            case EntryKind.STOPPED:
                self._begin(entry.received_at, GapReason.STOPPED, entry.detail)
            case EntryKind.STARTED:
                # Without a STOPPED before it: the last that was heard is the last that is known.
                self._begin(self._heard_at or entry.received_at, GapReason.CRASHED, "")
            case EntryKind.CONNECTED:
                self._begin(self._heard_at or entry.received_at, GapReason.UNBROKEN, "")
                ended = self._end(entry)
        self._heard_at = entry.received_at
        return ended

    def _begin(self, at: datetime, why: GapReason, detail: str) -> None:
        if self.listening:
            self.open = Gap(pbx=self._pbx, start=at, end=None, why=why, detail=detail, seq=None)
        self.listening = False

    def _end(self, entry: Entry) -> Gap | None:
        self.listening = True
        gap, self.open = self.open, None
        if gap is None:
            return None
        # A clock that was set back must not make a gap end before it began.
        return replace(gap, start=min(gap.start, entry.received_at), end=entry.received_at, seq=entry.seq)


class GapLedger:
    """The gaps of one PBX that have ended, a JSON line each in a file. `writes`: the analyser alone adds to it."""

    def __init__(self, pbx: str, path: Path, *, writes: bool = True) -> None:
        self.pbx = pbx
        self._path = path
        self._writes = writes
        self._gaps = read_ledger(pbx, path)
        self._known = {gap.seq for gap in self._gaps}

    @property
    def gaps(self) -> list[Gap]:
        """All, in order of time."""
        return list(self._gaps)

    def add(self, gap: Gap) -> None:
        """Keep a gap, unless it is known. Raises OSError."""
        if gap.seq in self._known:
            return
        if self._writes:
            _append(self._path, gap)
        self._known.add(gap.seq)
        self._gaps.append(gap)


def read_ledger(pbx: str, path: Path) -> list[Gap]:
    """The gaps that a ledger's file holds; a torn last line is passed over."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(_of_json(pbx, json.loads(line)))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _of_json(pbx: str, value: dict[str, Any]) -> Gap:
    return Gap(
        pbx=pbx,
        start=datetime.fromisoformat(value["from"]),
        end=datetime.fromisoformat(value["to"]),
        why=GapReason(value["why"]),
        detail=str(value["detail"]),
        seq=int(value["seq"]),
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
