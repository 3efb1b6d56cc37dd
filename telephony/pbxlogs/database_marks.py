"""How far a table was read, as a text. Pure.

A table that numbers its rows: the last number, and which of the numbers shortly before it were not there. Whoever
writes a row takes its number first and shows the row a moment later, so a number that is passed by may still come.

A table that does not (FreePBX's cdr): the newest time, and what was read of the last day and a half. A CDR bears the
time when its call began and is written when it ends: rows go on being written into the past for as long as calls
last. So those that were read are remembered by a digest, and what is found there without one is new.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Self

from telephony.errors import LogError
from telephony.pbxlogs.rows import Texts

MISSING_WITHIN = 1000
"""So far back a number that was passed by is still looked for: writers are at most some rows apart."""
SEEN_MOST = 50_000
"""So many rows are remembered at most: the busiest PBX then has hours instead of a day and a half."""


class KeyMark(NamedTuple):
    """Of a table that numbers its rows. `time`: of the last row, as the table writes it."""

    last: int
    time: str
    missing: tuple[int, ...]
    rows: int  # read so far

    def beyond(self, keys: Sequence[int], time: str) -> Self:
        """After reading rows with these rising keys, all greater than the last one."""
        lowest, present = keys[-1] - MISSING_WITHIN, set(keys)
        kept = [key for key in self.missing if key >= lowest]
        passed = [key for key in range(max(self.last + 1, lowest), keys[-1]) if key not in present]
        return self._replace(last=keys[-1], time=time, missing=(*kept, *passed), rows=self.rows + len(keys))

    def found(self, keys: Iterable[int], rows: int) -> Self:
        """After some of the missing came."""
        there = set(keys)
        missing = tuple(key for key in self.missing if key not in there)
        return self._replace(missing=missing, rows=self.rows + rows)

    def text(self) -> str:
        """As JSON."""
        return json.dumps(self._asdict(), separators=(",", ":"))


class TimeMark(NamedTuple):
    """Of a table that does not. Times as the table writes them; what is `seen` is newer than `since`."""

    newest: str | None = None
    since: str = ""
    seen: dict[str, list[str]] = {}  # noqa: RUF012 never changed: each mark has its own
    untimed: int = 0  # rows without a time that were quarantined
    rows: int = 0  # read so far

    def with_rows(self, rows: Sequence[Texts], time_of: Callable[[Texts], str], since: str) -> Self:
        """After reading these; what is not newer than `since` is forgotten."""
        since = max(since, self.since)  # what was forgotten once is not asked for again
        seen = {time: list(digests) for time, digests in self.seen.items() if time > since}
        for row in rows:
            time = time_of(row)
            if time > since:
                seen.setdefault(time, []).append(digest(row))
        since = _forget_oldest(seen, since)
        return self._replace(since=since, seen=seen, rows=self.rows + len(rows))

    def unseen(self, rows: Sequence[Texts], time_of: Callable[[Texts], str]) -> list[Texts]:
        """Those that were not read before. Of equal rows each is one."""
        known = {time: Counter(self.seen.get(time, ())) for time in {time_of(row) for row in rows}}
        fresh = []
        for row in rows:
            left, name = known[time_of(row)], digest(row)
            if left[name]:
                left[name] -= 1
            else:
                fresh.append(row)
        return fresh

    def text(self) -> str:
        """As JSON."""
        return json.dumps(self._asdict(), separators=(",", ":"))


def _forget_oldest(seen: dict[str, list[str]], since: str) -> str:
    """Keep no more than may be kept, and tell since when that is."""
    count = sum(map(len, seen.values()))
    if count <= SEEN_MOST:
        return since
    for time in sorted(seen):
        count -= len(seen.pop(time))
        if count <= SEEN_MOST:
            return time
    return since


def digest(row: Texts) -> str:
    """A short name for a row among those of the same time."""
    text = "\0".join(row).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=6).hexdigest()


def key_mark_of(text: str) -> KeyMark | None:
    """The mark of a text; None if it is one of the other kind: the table has got numbers since. Raises LogError."""
    found = _object(text)
    if not found.keys() >= set(KeyMark._fields):
        return None
    try:
        missing = tuple(int(key) for key in found["missing"])
        return KeyMark(int(found["last"]), str(found["time"]), missing, int(found["rows"]))
    except (TypeError, ValueError):
        raise _unknown(text) from None


def time_mark_of(text: str) -> TimeMark | None:
    """The same, for a table that lacks numbers."""
    found = _object(text)
    if not found.keys() >= set(TimeMark._fields):
        return None
    try:
        seen = {str(time): [str(one) for one in digests] for time, digests in found["seen"].items()}
        newest = None if found["newest"] is None else str(found["newest"])
        return TimeMark(newest, str(found["since"]), seen, int(found["untimed"]), int(found["rows"]))
    except (TypeError, ValueError, AttributeError):
        raise _unknown(text) from None


def rows_before(text: str) -> int:
    """How many rows were read before a mark. Raises LogError."""
    rows = _object(text).get("rows")
    if not isinstance(rows, int):
        raise _unknown(text)
    return rows


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        raise _unknown(text) from None
    if not isinstance(found, dict):
        raise _unknown(text)
    return found


def _unknown(text: str) -> LogError:
    return LogError(f"found the mark {text[:80]!r}, expected one that a log's table gave")
