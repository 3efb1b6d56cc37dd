"""Which part of a file a browser asks for (RFC 9110, section 14). Pure.

One range is answered with 206; several, and what is no range of bytes, with the whole (the RFC allows both).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONE = re.compile(r"bytes=(\d*)-(\d*)")
_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Bytes `first` to `last`, both included."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many."""
        return self.last - self.first + 1


class UnsatisfiableError(Exception):
    """A range that begins beyond the end: 416."""


def wanted(header: str | None, if_range: str | None, tag: str, size: int) -> Part | None:
    """The part; None for the whole. Raises UnsatisfiableError.

    With an If-Range that is not our tag the file is another now: the whole is sent. A date never matches: we send none.
    """
    if header is None or (if_range is not None and if_range.strip() != tag):
        return None
    found = _ONE.fullmatch(header.strip().replace(" ", ""))
    if found is None or max(map(len, found.groups())) > _DIGITS:
        return None
    first, last = found.groups()
    if not first:
        return _end(last, size)
    begin = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if begin >= size:
        raise UnsatisfiableError
    return Part(first=begin, last=end) if begin <= end else None


def _end(length: str, size: int) -> Part | None:
    """The last so many bytes."""
    if not length:
        return None
    if int(length) == 0 or size == 0:
        raise UnsatisfiableError
    return Part(first=max(size - int(length), 0), last=size - 1)
