"""Files laid into a folder of recordings, and who finds them, at an instant of the tests' own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Engine

from analytics.storage.engine import open_store
from analytics.storage.recording_files import FileFilter, FileRow, list_files
from service.recordings.finding import Finder
from telephony.calls.facts import Fact, Joined, RecordingFact
from telephony.clock import to_microseconds
from tests.analytics.factory import at, call, recording, talk
from tests.analytics.recordings.tones import pcm16, silence, tone, wave, write

ZONE = ZoneInfo("Asia/Shanghai")
NOW = at(3600)
CALL = "pbx/1795294392.1"
PATH = "2026/11/02/1795294392.1.wav"


def sound(seconds: float = 60.0, channels: int = 1) -> bytes:
    """A WAVE of so many seconds: a tone for one, then silence."""
    heard = min(seconds, 1.0)
    one = np.concatenate([tone(heard, 0.5), silence(seconds - heard)])
    return wave(pcm16(*[one] * channels), channels=channels)


def lay(root: Path, path: str, content: bytes | None = None, *, changed: float | datetime = 65) -> Path:
    """A file that was written last at this instant, in folders that were settled then."""
    made = write(root / path, sound() if content is None else content)
    when = to_microseconds(at(changed)) * 1000
    os.utime(made, ns=(when, when))
    for folder in made.parents:
        os.utime(folder, ns=(when, when))
        if folder == root:
            return made
    raise AssertionError(f"{root} is not above {path}")


Facts = list[Fact]


def a_call(call_id: str = CALL, path: str | None = PATH, *, end: float | None = 65, **more: Any) -> Facts:
    """A call that one agent talked in from second 5 to its end, recorded into this file; None: the PBX named none."""
    facts: Facts = [call(call_id, end=end, **more), talk(call_id, start=5, end=end)]
    if path is not None:
        facts.append(a_recording(call_id, path, end=end))
    return facts


def a_recording(call_id: str, path: str, number: int = 1, *, end: float | None = 65) -> RecordingFact:
    """A recording of the customer's channel from second 5 on, while it was joined with the agent's."""
    leg, until = call_id.partition("/")[2], None if end is None else at(end)
    return recording(
        call_id, id=f"{call_id}/recording/{number}", file=path, at=at(5), channel=f"{leg}9", options="b",
        started_at=at(5), ended_at=until, joined=(Joined(start=at(5), end=until, heard=(f"{leg}9",), said=(leg,)),),
    )  # fmt: skip


@contextmanager
def finding(store: Engine, root: Path, now: datetime = NOW, *, archive: bool = True) -> Iterator[Finder]:
    """Who finds the files of the PBX `pbx`."""
    reading = open_store(store.url.render_as_string(hide_password=False), reads_only=True)
    try:
        yield Finder(
            writing=store, reading=reading, roots={"pbx": root}, zone=ZONE, now=lambda: now, archive=archive
        )
    finally:
        reading.dispose()


def stored(store: Engine) -> list[FileRow]:
    """All files, by path."""
    with store.connect() as connection:
        return sorted(list_files(connection, FileFilter(), limit=10_000), key=lambda each: each.path)
