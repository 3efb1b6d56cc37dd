"""Formats that browsers do not play (GSM, wav49) become WAV, where ffmpeg is installed.

A converted copy holds a voice: once an hour old it goes with the next look at any recording, or the next start.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from analytics.errors import SoundError

KEPT_SECONDS = 3600.0
AT_MOST_SECONDS = 120.0


class Converter:
    """Converts one file at a time, into a folder of its own."""

    def __init__(self, folder: Path, program: str | None = None) -> None:
        self._folder = folder
        self._program = program or shutil.which("ffmpeg")
        self._lock = threading.Lock()

    @property
    def there(self) -> bool:
        """Whether the program that converts is installed."""
        return self._program is not None

    def converted(self, path: Path, stamp: str) -> Path:
        """The copy. Raises SoundError with the program's last words, OSError."""
        if self._program is None:
            raise SoundError(f"found {path.suffix} and no ffmpeg, expected it to be installed")
        made = self._folder / f"{sha256(f'{path}|{stamp}'.encode()).hexdigest()}.wav"
        with self._lock:
            if not made.exists():
                self._convert(self._program, path, made)
        return made

    def _convert(self, program: str, path: Path, made: Path) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = made.with_suffix(".new")
        order = [
            program,
            "-nostdin",
            "-v",
            "error",
            "-y",
            "-i",
            str(path),
            "-f",
            "wav",
            "-c:a",
            "pcm_s16le",
            str(fresh),
        ]
        try:
            # Neither program nor path is a visitor's: a path is one below the folder of recordings.
            ran = subprocess.run(order, capture_output=True, timeout=AT_MOST_SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise SoundError(f"found no end of the conversion after {AT_MOST_SECONDS:.0f} s") from None
        if ran.returncode != 0:
            fresh.unlink(missing_ok=True)
            raise SoundError(f"found what ffmpeg cannot read (status {ran.returncode}), expected {path.suffix}")
        fresh.replace(made)

    def forget(self, *, all_of_them: bool = False) -> None:
        """Let copies go: those that are an hour old, or all. What cannot be deleted now is tried again."""
        oldest = time.time() - KEPT_SECONDS
        with suppress(OSError):
            for each in self._folder.iterdir():
                if all_of_them or each.stat().st_mtime < oldest:
                    each.unlink(missing_ok=True)
