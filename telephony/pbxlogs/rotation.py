"""Which files of a rotated log are to be read from where, so that each row comes once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from telephony.pbxlogs.marks import Identity, Mark, Position, position_in
from telephony.pbxlogs.siblings import Sibling


class Step(NamedTuple):
    """A file to read. `marked`: the file of the mark; `late`: the one before it, which its writer may not have left."""

    sibling: Sibling
    start: Position
    marked: bool = False
    late: bool = False

    def mark(self, file: Identity, position: Position, last: Mark | None) -> Mark:
        """How far the log was read when this file was read to a position, and before that up to `last`."""
        if self.late and last is not None:
            return last._replace(before=Mark(file, position))
        if last is None:
            return Mark(file, position, self.sibling.first)
        before = last.before if self.marked or last.file == file else last._replace(before=None)
        return Mark(file, position, self.sibling.first, before)


def plan(files: Sequence[Sibling], mark: Mark | None) -> list[Step]:
    """What is left to read beyond a mark, in order. Files come from the oldest to the newest."""
    if mark is None:
        return [Step(file, Position()) for file in files]
    place = find(files, mark.file)
    before = None if mark.before is None else find(files, mark.before.file)
    steps = []
    if before is not None and mark.before is not None and before != place:
        steps.append(Step(files[before], position_in(mark.before, files[before].identity), late=True))
    if place is not None:
        steps.append(Step(files[place], position_in(mark, files[place].identity), marked=True))
        return steps + [Step(file, Position()) for file in files[place + 1 :]]
    # The marked file is gone: what began after it is left.
    if mark.first is None:
        return steps + [Step(file, Position()) for file in files[0 if before is None else before + 1 :]]
    newer = [file for file in files if file.live or (file.first is not None and file.first > mark.first)]
    return steps + [Step(file, Position()) for file in newer]


def find(files: Sequence[Sibling], file: Identity) -> int | None:
    """Where a file is among these, under whatever name; None if it is gone."""
    same = [place for place, sibling in enumerate(files) if file.is_head(sibling.head)]
    return next((place for place in same if files[place].identity.inode == file.inode), same[0] if same else None)
