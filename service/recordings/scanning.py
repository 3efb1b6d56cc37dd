"""Looks through a folder of recordings, and takes in what came, changed or went.

A folder whose stamp is the same as last time is not listed again: nothing came or went in it. So a look through ten
years of daily folders asks for some thousand stamps, and lists today's. Within a listed folder, names are compared with
what is stored, both in the order of bytes; only new files, and those that may still change, are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from analytics.recordings.conditions import FileCondition
from analytics.storage.recording_finding import (
    Known,
    has_files,
    in_condition,
    known_in,
    load_folders,
    put_folder,
    set_missing,
    set_missing_below,
)
from service.errors import UnreachableError
from service.recordings.names import is_before
from service.recordings.taking import Taken, take_in
from service.recordings.walking import Refused, below, folder_stamp, is_empty, list_folder, look, stamp_of
from telephony.clock import from_microseconds

FILES_AT_ONCE = 200
SETTLED = timedelta(minutes=1)
"""A folder that changed so lately is listed again next time: stamps of some file systems, and of mounts, are coarse."""

MAY_CHANGE = timedelta(days=1)
"""A file that was written to so lately is looked at again whenever its folder is listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What a look through one PBX's folder found."""

    taken: Taken = field(default_factory=Taken)
    folders: int = 0  # that were listed
    seen: int = 0  # files in them
    missing: int = 0
    refused: tuple[Refused, ...] = ()


@dataclass(slots=True)
class Scan:
    """One look through the folder of one PBX. Blocking.

    reading: an engine that only reads. since: folders that are named by an earlier day, month or year are passed over.
    whole: every folder is listed and the stamp of every file asked for. archive: whether old files are listened to.
    told: hears how far it has come, now and then.
    """

    writing: Engine
    reading: Engine
    pbx: str
    root: Path
    now: Callable[[], datetime]
    since: date | None = None
    whole: bool = False
    archive: bool = True
    stopping: Callable[[], bool] = lambda: False
    told: Callable[[Scanned], None] = lambda scanned: None
    _found: Scanned = field(default_factory=Scanned)
    _memory: dict[str, str] = field(default_factory=dict)
    _inside: dict[str, list[str]] = field(default_factory=dict)  # of what is remembered: the folders in each

    def run(self) -> Scanned:
        """Look through it. Raises UnreachableError where the folder is not there, or empty where files are known."""
        self._memory = self._checked()
        for each in sorted(self._memory):
            if each:
                self._inside.setdefault(_parent(each), []).append(each)
        self._growing()
        self._folder("")
        return self._found

    def _checked(self) -> dict[str, str]:
        with self.reading.connect() as connection:
            memory, any_known = load_folders(connection, self.pbx), has_files(connection, self.pbx)
        try:
            nothing = is_empty(self.root)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise UnreachableError(f"{self.pbx}: recordings {self.root}: found {why}, expected a folder") from None
        if any_known and nothing:
            # A mount that is not there looks just so: to believe it would declare everything missing.
            raise UnreachableError(
                f"{self.pbx}: recordings {self.root}: found it empty, expected files that were there"
            )
        return memory

    # -- folders ---------------------------------------------------------------------------

    def _folder(self, folder: str) -> None:
        if self.stopping() or (self.since is not None and folder and is_before(folder, self.since)):
            return
        try:
            stamp = folder_stamp(self.root, folder)
            children = self._children(folder, stamp)
        except OSError as error:
            self._refuse(folder or str(self.root), f"found {error.strerror}, expected to read it")
            return
        for child in children:
            self._folder(child)

    def _children(self, folder: str, stamp: str) -> list[str]:
        """The folders in it. It is listed where something came or went since it was listed last. Raises OSError."""
        if not self.whole and self._memory.get(folder) == stamp:
            return self._inside.get(folder, [])
        listing = list_folder(self.root, folder)
        children = [below(folder, name) for name in listing.folders]
        self._add(Scanned(folders=1, seen=len(listing.files), refused=listing.refused))
        self._compare(folder, (below(folder, name) for name in listing.files))
        self._forget(set(self._inside.get(folder, ())) - set(children))
        if not self.stopping():
            self._remember(folder, stamp, [each for each in children if each not in self._memory])
        return children

    def _forget(self, folders: Iterable[str]) -> None:
        for each in sorted(folders):
            with self.writing.begin() as connection:
                self._add(Scanned(missing=set_missing_below(connection, self.pbx, each)))

    def _remember(self, folder: str, stamp: str, children: Sequence[str]) -> None:
        """With the stamp from before it was listed, and only one that cannot stand for two changes.

        Its new folders have none yet: they may be passed over this time.
        """
        changed_ns = int(stamp.rpartition("-")[2], 16)
        settled = self.now() - from_microseconds(changed_ns // 1000) > SETTLED
        with self.writing.begin() as connection:
            for each in children:
                put_folder(connection, self.pbx, each, "")
            put_folder(connection, self.pbx, folder, stamp if settled else "")

    # -- files -----------------------------------------------------------------------------

    def _compare(self, folder: str, paths: Iterable[str]) -> None:
        wanted, gone, destroyed = [], [], []
        with self.reading.connect() as connection:
            for path, known in _beside(paths, known_in(connection, self.pbx, folder)):
                if path is None:
                    gone += [known.path] if known is not None else []
                elif known is not None and known.condition == FileCondition.DESTROYED:
                    destroyed.append(path)
                elif known is None or self._is_other(path, known):
                    wanted.append(path)
        for path in destroyed:
            self._refuse(path, "found a file that was destroyed by order, expected none")
        self._take(wanted)
        self._miss(gone)

    def _is_other(self, path: str, known: Known) -> bool:
        """Whether a file that is stored came back or has changed; of an old one that is not asked."""
        if known.condition == FileCondition.MISSING:
            return True
        recent = self.now() - from_microseconds(known.changed_us) < MAY_CHANGE
        return (self.whole or recent) and stamp_of(self.root, path) != known.stamp

    def _take(self, paths: Sequence[str]) -> None:
        """Headers are read first and stored then: nobody waits for the store while a slow mount is read."""
        for first in range(0, len(paths), FILES_AT_ONCE):
            if self.stopping():
                return
            some = paths[first : first + FILES_AT_ONCE]
            looks = [each for path in some if (each := look(self.root, self.pbx, path)) is not None]
            with self.writing.begin() as connection:
                taken = take_in(connection, self.pbx, looks, self.now(), archive=self.archive)
            self._add(Scanned(taken=taken))
            self.told(self._found)

    def _growing(self) -> None:
        """Files that were still written when they were looked at last."""
        after = 0
        while True:
            with self.reading.connect() as connection:
                files = in_condition(connection, self.pbx, FileCondition.GROWING, after)
            if not files:
                return
            after = files[-1].id
            there = [each.path for each in files if stamp_of(self.root, each.path) is not None]
            self._take(there)
            self._miss(sorted({each.path for each in files} - set(there)))

    def _miss(self, paths: Sequence[str]) -> None:
        if paths and not self.stopping():
            with self.writing.begin() as connection:
                self._add(Scanned(missing=set_missing(connection, self.pbx, paths)))

    def _refuse(self, path: str, why: str) -> None:
        self._add(Scanned(refused=(Refused(path=path, why=why),)))

    def _add(self, more: Scanned) -> None:
        mine = self._found
        self._found = Scanned(
            taken=mine.taken + more.taken, folders=mine.folders + more.folders, seen=mine.seen + more.seen,
            missing=mine.missing + more.missing, refused=mine.refused + more.refused,
        )  # fmt: skip


def _parent(folder: str) -> str:
    return folder.rpartition("/")[0]


def _beside(paths: Iterable[str], known: Iterator[Known]) -> Iterator[tuple[str | None, Known | None]]:
    """What lies there beside what is stored, both in the same order; None where the other side has none."""
    stored = next(known, None)
    for path in paths:
        while stored is not None and stored.path < path:
            yield None, stored
            stored = next(known, None)
        if stored is not None and stored.path == path:
            yield path, stored
            stored = next(known, None)
        else:
            yield path, None
    while stored is not None:
        yield None, stored
        stored = next(known, None)
