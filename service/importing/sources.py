"""What was named on the command line, as sources of rows: files by path, tables by URL."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from config.values import is_url
from service.errors import UsageError
from service.log_sources import given
from telephony.pbxlogs.log_source import LogSource
from telephony.pbxlogs.rows import LogKind


class Named(NamedTuple):
    """One log that was named."""

    kind: LogKind
    where: str  # a path or a URL


class Reading(NamedTuple):
    """How logs are to be read: the zone that they are written in, and the columns of one that has no heading.

    preferred: the centre's zone, taken where the log itself shows that it fits.
    """

    zone: ZoneInfo | None = None
    preferred: ZoneInfo | None = None
    columns: tuple[str, ...] | None = None


class Source(NamedTuple):
    """A log, and the name under which its mark is kept."""

    log: LogSource
    key: str


def open_sources(named: Iterable[Named], reading: Reading) -> list[Source]:
    """The sources of these. Raises UsageError for a file that is not there, LogError."""
    found = []
    for kind, where in named:
        path = Path(where)
        if not is_url(where) and not path.is_file():
            raise UsageError(f"{where}: found no such file, expected a {kind} log")
        log = given(kind, where, zone=reading.zone, preferred=reading.preferred, columns=reading.columns)
        found.append(Source(log, f"{kind} {log.name if is_url(where) else path.resolve()}"))
    return found


def digest_of(sources: Sequence[Source], reading: Reading, *told: object) -> str:
    """A name for the import of these logs, read and built so: the same for the same, by the same program."""
    keys = sorted(source.key for source in sources)
    parts = [
        version("threerings"),
        keys,
        str(reading.zone),
        str(reading.preferred),
        reading.columns,
        *map(str, told),
    ]
    return hashlib.sha256(json.dumps(parts).encode(errors="surrogatepass")).hexdigest()[:24]
