"""A recording as it lies on the disk: what condition it is in, and how it is played."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from analytics.recordings import Coding, Sound, playable_header
from analytics.recordings.sound import BYTES


class Condition(StrEnum):
    """Whether a recording can be heard, and why not."""

    READY = "ready"
    GROWING = "growing"  # the call goes on: the PBX still writes
    EMPTY = "empty"  # a header and nothing behind it: nothing was recorded
    MISSING = "missing"  # no file of that name, or none any more
    BROKEN = "broken"  # it cannot be read as sound
    UNPLAYABLE = "unplayable"  # neither browsers nor libsndfile know its format
    REFUSED = "refused"  # its name leads outside the folder of recordings
    DESTROYED = "destroyed"  # by five acts of people, with a certificate
    NOWHERE = "nowhere"  # the settings name no folder of recordings


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """One recording. `path`, `sound`, `stamp` are there where the file could be read; `detail` says what was found."""

    condition: Condition
    path: Path | None = None
    sound: Sound | None = None
    stamp: str = ""  # changes whenever the file does
    detail: str = ""

    @property
    def length_ms(self) -> int | None:
        """How long it lasts, where that is known."""
        return None if self.sound is None else self.sound.length_ms

    @property
    def audible(self) -> bool:
        """Whether there is something to play."""
        return self.condition in (Condition.READY, Condition.GROWING) and self.path is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What the browser gets: `header` and then `size` bytes of the file from `start` on."""

    path: Path
    header: bytes
    start: int
    size: int
    kind: str  # the media type

    @property
    def whole(self) -> int:
        """Bytes in all."""
        return len(self.header) + self.size


_KINDS = {".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".opus": "audio/ogg"}


def plays(sound: Sound) -> bool:
    """Whether Chromium plays it as we serve it."""
    return sound.coding in BYTES or sound.coding is Coding.PACKED


def played(path: Path, sound: Sound) -> Played:
    """The file as it is; bare samples, and those behind an unfinished header, behind a right one."""
    if sound.coding is Coding.PACKED:
        return Played(path=path, header=b"", start=0, size=sound.size, kind=_KINDS[path.suffix.lower()])
    if sound.header_right:
        return Played(path=path, header=b"", start=0, size=sound.start + sound.size, kind="audio/wav")
    return Played(path=path, header=playable_header(sound), start=sound.start, size=sound.size, kind="audio/wav")
