"""Formats that browsers do not play (GSM, wav49, rarer WAVEs) become WAV of 16 bits, a block at a time.

A converted copy holds a voice: once an hour old it goes with the next look at any recording, or the next start.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import numpy as np

from analytics.recordings import Coding, Sound, decode, playable_header

KEPT_SECONDS = 3600.0
_FRAMES = 1 << 18


class Converter:
    """Converts one file at a time, into a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def converted(self, path: Path, sound: Sound, stamp: str) -> Path:
        """The copy. Raises SoundError: what was found and expected; OSError."""
        made = self._folder / f"{sha256(f'{path}|{stamp}'.encode()).hexdigest()}.wav"
        with self._lock:
            if not made.exists():
                self._convert(path, sound, made)
        return made

    def _convert(self, path: Path, sound: Sound, made: Path) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = made.with_suffix(".new")
        try:
            with fresh.open("wb") as file:
                _write(file, path, sound)
            fresh.replace(made)
        finally:
            fresh.unlink(missing_ok=True)

    def forget(self, *, all_of_them: bool = False) -> None:
        """Let copies go: those that are an hour old, or all. What cannot be deleted now is tried again."""
        oldest = time.time() - KEPT_SECONDS
        with suppress(OSError):
            for each in self._folder.iterdir():
                if all_of_them or each.stat().st_mtime < oldest:
                    each.unlink(missing_ok=True)


def _write(file: BinaryIO, path: Path, sound: Sound) -> None:
    """The samples behind a header that is written once their number is known."""
    wave = replace(sound, coding=Coding.PCM16, start=0, size=0)
    file.write(playable_header(wave))
    size = 0
    for block in decode(path, sound, _FRAMES // sound.channels):
        size += file.write(np.rint(np.clip(block, -1, 1) * 32767).astype("<i2").tobytes())
    file.seek(0)
    file.write(playable_header(replace(wave, size=size)))
