"""Logs of a longer past, made of a captured one: copy after copy, each with times and unique ids of its own."""

from __future__ import annotations

import lzma
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from telephony.calls.facts import Fact
from telephony.pbxlogs.builder import Builder
from telephony.pbxlogs.files import FileLog
from telephony.pbxlogs.rows import LogKind
from telephony.pbxlogs.staging import Staging

CAPTURES = Path(__file__).resolve().parents[2] / "scenarios" / "captures"
PLAIN, FREEPBX = CAPTURES / "plain-22", CAPTURES / "freepbx-22"
LASTS = 1200
"""Seconds: more than a capture does."""
EPOCH = re.compile(r"(?<![\d-])1795\d{6}(?=[.|])")
CHOSEN = re.compile(r"\b(?=(?:job|c2c)-\d)")  # unique ids that an application chose
LOCAL = re.compile(r"2026-11-2\d \d\d:\d\d:\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs:
    """Three logs of the same calls."""

    cel: Path
    cdr: Path
    queue_log: Path

    @property
    def arguments(self) -> tuple[str, ...]:
        """As options of a command."""
        return ("--cel", str(self.cel), "--cdr", str(self.cdr), "--queue-log", str(self.queue_log))

    def staged(self) -> Staging:
        """Read and settled, in a temporary file."""
        staging = Staging()
        for kind, path in ((LogKind.CEL, self.cel), (LogKind.CDR, self.cdr), (LogKind.QUEUE_LOG, self.queue_log)):
            for batch in FileLog(kind, path).batches():
                staging.add(str(path), kind, batch)
        staging.settle()
        return staging

    def facts(self, pbx: str = "pbx") -> list[Fact]:
        """What the builder tells of them, every revision."""
        with self.staged() as staging:
            return [fact for facts in Builder(pbx).build(staging.calls(), staging.loose()) for fact in facts]


def captured(folder: Path) -> Logs:
    """The logs of a capture as they are."""
    return Logs(cel=folder / "cel.csv.xz", cdr=folder / "cdr.csv", queue_log=folder / "queue_log")


def copied(folder: Path, copies: int, source: Path = PLAIN) -> Logs:
    """So many copies of a capture's logs, one after the other, in a folder."""
    logs = Logs(cel=folder / "cel.csv", cdr=folder / "cdr.csv", queue_log=folder / "queue_log")
    with lzma.open(source / "cel.csv.xz", "rt", encoding="utf-8", errors="surrogateescape", newline="") as file:
        _write(logs.cel, file.read(), copies)
    for path in (logs.cdr, logs.queue_log):
        _write(path, (source / path.name).read_text(encoding="utf-8", errors="surrogateescape"), copies)
    return logs


def _write(path: Path, text: str, copies: int) -> None:
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        for number in range(copies):
            file.write(_later(text, number * LASTS))


def _later(text: str, seconds: int) -> str:
    by = timedelta(seconds=seconds)
    text = LOCAL.sub(lambda found: f"{datetime.fromisoformat(found[0]) + by:%Y-%m-%d %H:%M:%S}", text)
    text = CHOSEN.sub(f"n{seconds}-" if seconds else "", text)
    return EPOCH.sub(lambda found: str(int(found[0]) + seconds), text)
