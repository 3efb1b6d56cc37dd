"""Finds recordings' files: by looking through folders, by what the PBX named, and by calls that changed.

Each of these may be done again at any time, by several machines at once; it changes nothing that is so already.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from analytics.storage.recording_files import OrphanPlace, OrphanRecording, orphan_recordings
from analytics.storage.recording_finding import GONE
from analytics.storage.recording_links import files_at, files_of_calls, files_since, name_files
from analytics.storage.recording_rows import FileRow
from service.recordings.names import candidates
from service.recordings.scanning import Scan, Scanned
from service.recordings.taking import Taken, link_again, take_in, those_that_changed
from service.recordings.walking import look
from telephony.clock import from_microseconds

AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """Over the folders of `roots`, by PBX. zone: the centre's, whose days folders are named by. Blocking.

    reading: an engine that only reads. archive: whether old files are listened to.
    """

    writing: Engine
    reading: Engine
    roots: Mapping[str, Path]
    zone: ZoneInfo
    now: Callable[[], datetime]
    archive: bool = True
    stopping: Callable[[], bool] = lambda: False

    def scan(
        self,
        pbx: str,
        *,
        since: date | None = None,
        whole: bool = False,
        told: Callable[[Scanned], None] = lambda scanned: None,
    ) -> Scanned:
        """Look through the folder of one PBX. Raises UnreachableError."""
        scan = Scan(
            writing=self.writing, reading=self.reading, pbx=pbx, root=self.roots[pbx], now=self.now, since=since,
            whole=whole, archive=self.archive, stopping=self.stopping, told=told,
        )  # fmt: skip
        return scan.run()

    def name(self, start_us: int | None = None, call_ids: Collection[str] | None = None) -> Taken:
        """Find the files of recordings that the PBX named and that have none: of calls since then, of these calls."""
        taken = Taken()
        for some in self._orphans(start_us, call_ids):
            found = self._named(some)
            if found and not self.stopping():
                with self.writing.begin() as connection:
                    name_files(connection, {file.id: each.id for each, file in found})
                    stored = [file.id for _, file in found]
                    again = files_at(connection, found[0][1].pbx, [file.path for _, file in found])
                    files = [each for each in again.values() if each.id in stored]
                    taken += link_again(connection, files, self.now(), archive=self.archive)
        return taken

    def _orphans(self, start_us: int | None, call_ids: Collection[str] | None) -> Iterator[list[OrphanRecording]]:
        """Page by page, of one PBX each."""
        for pbx in self.roots:
            after: OrphanPlace | None = None
            while not self.stopping():
                with self.reading.connect() as connection:
                    page = orphan_recordings(
                        connection, start_us=start_us, pbx=pbx, call_ids=call_ids, after=after, limit=AT_ONCE
                    )
                if not page:
                    break
                after = page[-1].place
                yield page

    def _named(self, recordings: Sequence[OrphanRecording]) -> list[tuple[OrphanRecording, FileRow]]:
        """The files of these recordings: stored already, or lying there."""
        pbx = recordings[0].pbx
        paths = {
            each.id: candidates(each.file, from_microseconds(each.call_started_us), self.zone)
            for each in recordings
        }
        self._take_in_what_lies_there(pbx, paths)
        with self.reading.connect() as connection:
            stored = files_at(connection, pbx, {path for some in paths.values() for path in some})
        return [
            (each, stored[path])
            for each in recordings
            if (path := next((path for path in paths[each.id] if path in stored), None)) is not None
            and stored[path].recording_id is None
            and stored[path].condition not in GONE
        ]

    def _take_in_what_lies_there(self, pbx: str, paths: Mapping[str, Sequence[str]]) -> None:
        root = self.roots[pbx]
        with self.reading.connect() as connection:
            stored = files_at(connection, pbx, {path for some in paths.values() for path in some})
        missing = [some for some in paths.values() if not any(path in stored for path in some)]
        found = {there for some in missing if (there := _lying(root, some)) is not None}
        looks = [each for path in sorted(found) if (each := look(root, pbx, path)) is not None]
        if looks:
            with self.writing.begin() as connection:
                take_in(connection, pbx, looks, self.now(), archive=self.archive)

    def relink_calls(self, call_ids: Collection[str]) -> Taken:
        """Link the files of these calls anew, where their facts changed."""
        with self.reading.connect() as connection:
            files = files_of_calls(connection, call_ids)
        return self._relink(files)

    def relink_since(self, start_us: int = 0) -> Taken:
        """Link the files of what began since then anew, where the facts of their calls changed."""
        taken, after = Taken(), (start_us, 0)
        while not self.stopping():
            with self.reading.connect() as connection:
                files = files_since(connection, start_us, after, AT_ONCE)
            if not files:
                break
            after = files[-1].place
            taken += self._relink(files)
        return taken

    def _relink(self, files: Sequence[FileRow]) -> Taken:
        taken = Taken()
        for first in range(0, len(files), AT_ONCE):
            # What is as it was costs no lock.
            with self.reading.connect() as connection:
                others = those_that_changed(connection, files[first : first + AT_ONCE])
            if others:
                with self.writing.begin() as connection:
                    taken += link_again(connection, others, self.now(), archive=self.archive)
        return taken


def _lying(root: Path, paths: Sequence[str]) -> str | None:
    """The first of these paths at which a file lies, as the path that no link is on; never one outside the folder."""
    top = os.path.realpath(root)
    for path in paths:
        real = os.path.realpath(root / path)
        if os.path.isfile(real) and Path(real).is_relative_to(top):
            return os.path.relpath(real, top)
    return None
