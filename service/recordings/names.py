"""A recording as the PBX names it, and a file below the folder: which is which. Pure.

The PBX names a file by its full path, by one below its own folder, by its bare name, and by a variable without the
ending. Here the same folder may be mounted elsewhere, and FreePBX lays files into a folder a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from analytics.recordings.sound import ENDINGS

_DAY = timedelta(days=1)
_SPELLED = tuple(sorted({*ENDINGS, ".WAV"}))
_DATED = re.compile(r"(?P<year>20\d\d)(/(?P<month>\d\d)(/(?P<day>\d\d))?)?(/|$)")


def is_sound(name: str) -> bool:
    """Whether a file of this name is read as a recording."""
    return PurePosixPath(name).suffix.lower() in ENDINGS


def candidates(name: str, started_at: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """The paths below the folder that a recording's name may mean, the likeliest first; () for one that leads away."""
    parts = [each for each in PurePosixPath(name).parts if each != "/"]
    if not parts or ".." in parts or "\0" in name or "\\" in name:
        return ()
    whole = ["/".join(parts[skipped:]) for skipped in range(len(parts))]
    by_day = (f"{day:%Y/%m/%d}/{parts[-1]}" for day in _days_about(started_at, zone))
    return tuple(dict.fromkeys(_spelled([*whole, *by_day])))


def _days_about(at: datetime, zone: ZoneInfo) -> Iterator[date]:
    """The day of an instant, and those beside it: the PBX may keep another zone."""
    day = at.astimezone(zone).date()
    return iter((day, day - _DAY, day + _DAY))


def _spelled(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        yield path
        if not is_sound(path):
            yield from (path + ending for ending in _SPELLED)


def is_before(folder: str, since: date) -> bool:
    """Whether a folder is named by a day, month or year that ends before this day."""
    told = _DATED.match(folder)
    if told is None:
        return False
    year, month, day = (int(told[name] or 0) for name in ("year", "month", "day"))
    return (year, month or 13, day or 32) < (since.year, since.month, since.day)
