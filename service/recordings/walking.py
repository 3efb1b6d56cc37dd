"""What lies in a folder of recordings: its files and folders in a fixed order. Links are not followed.

Nothing that a link leads to is read: what it names below the folder is found at its own place, and what lies outside is
none of ours (`service.listening.places` holds to the same).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from analytics.errors import SoundError
from analytics.recordings import Sound
from analytics.recordings.sound import read_open
from service.recordings.names import is_sound

LOWEST_RATE, HIGHEST_RATE = 4000, 192_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What could not be read, or is not to be: where, and what was found and expected."""

    path: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One folder: names of its recordings and of its folders, each sorted; and what was refused."""

    files: tuple[str, ...]
    folders: tuple[str, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A file as it lies there. Without `sound` it could not be read: `error` says what was found."""

    pbx: str
    path: str
    size: int
    changed_ns: int
    sound: Sound | None = None
    error: str = ""

    @property
    def stamp(self) -> str:
        """Changes whenever the file does."""
        return _stamp(self.size, self.changed_ns)


def folder_stamp(root: Path, folder: str) -> str:
    """Changes whenever something came or went in the folder. Raises OSError."""
    told = (root / folder).stat(follow_symlinks=not folder)
    return f"{told.st_ino:x}-{told.st_mtime_ns:x}"


def list_folder(root: Path, folder: str) -> Listing:
    """What lies in it. Raises OSError where it cannot be read."""
    files, folders, refused = [], [], []
    with os.scandir(root / folder) as entries:
        for entry in entries:
            path = below(folder, entry.name)
            if entry.name.startswith("."):
                continue  # snapshots, lost files of a mount, what is still being copied
            if not _storable(entry.name):
                refused.append(Refused(path=_shown(path), why="found a name that is no UTF-8, expected one"))
            elif entry.is_symlink():
                refused += _of_link(root, path)
            elif entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            elif is_sound(entry.name):
                files.append(entry.name)
    return Listing(
        files=tuple(sorted(files)),
        folders=tuple(sorted(folders)),
        refused=tuple(sorted(refused, key=lambda each: each.path)),
    )


def is_empty(root: Path) -> bool:
    """Whether nothing lies in it but what begins with a dot. Raises OSError."""
    with os.scandir(root) as entries:
        return all(entry.name.startswith(".") for entry in entries)


def _of_link(root: Path, path: str) -> Iterator[Refused]:
    """A link to what lies below the folder is found there; one that leads away is told."""
    if not Path(os.path.realpath(root / path)).is_relative_to(os.path.realpath(root)):
        yield Refused(path=path, why="found a link that leads outside the folder, expected a file below it")


def below(folder: str, name: str) -> str:
    """The path of a name in a folder."""
    return f"{folder}/{name}" if folder else name


def stamp_of(root: Path, path: str) -> str | None:
    """The stamp that a look at the file would tell now; None where there is no file."""
    try:
        told = (root / path).stat(follow_symlinks=False)
    except OSError:
        return None
    return _stamp(told.st_size, told.st_mtime_ns) if stat.S_ISREG(told.st_mode) else None


def _stamp(size: int, changed_ns: int) -> str:
    return f"{size:x}-{changed_ns:x}"


def look(root: Path, pbx: str, path: str) -> Look | None:
    """The file as it lies there now, its header read; None where there is none. How long packed sound is stays open."""
    try:
        told = (root / path).stat(follow_symlinks=False)
    except OSError:
        return None
    if not stat.S_ISREG(told.st_mode):
        return None
    found = Look(pbx=pbx, path=path, size=told.st_size, changed_ns=told.st_mtime_ns)
    if told.st_size == 0:
        return found
    try:
        return replace(found, sound=_bounded(_header(root / path, told.st_size)))
    except SoundError as error:
        why = str(error)
    except OSError as error:
        why = f"found {error.strerror or type(error).__name__}, expected to read it"
    return replace(found, error=why)


def _header(path: Path, size: int) -> Sound:
    """What our own reader tells. Packed sound is unpacked only by a process that may die of it."""
    with path.open("rb") as file:
        return read_open(file, size, path.suffix)


def _bounded(sound: Sound) -> Sound:
    if not sound.empty and sound.frames is not None and not LOWEST_RATE <= sound.rate <= HIGHEST_RATE:
        raise SoundError(f"found {sound.rate} frames a second, expected {LOWEST_RATE} to {HIGHEST_RATE}")
    return sound


def _storable(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: str) -> str:
    return path.encode(errors="replace").decode()
