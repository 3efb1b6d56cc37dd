"""The calls that the PBX knows, read from its own CEL and CDR without any code of the service. Pure but for reading."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CEL_COLUMNS = 20
EVENT, AT, NUMBER, EXTEN, UNIQUEID, LINKEDID, EXTRA = 0, 1, 3, 7, 14, 15, 19
CDR_UNIQUEID = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxCall:
    """A call by CEL: the ids that its channels bore, and how its first channel began."""

    ids: frozenset[str]
    caller: str
    dialled: str
    at: float


def read_cel(path: Path) -> list[PbxCall]:
    """The calls of a cel_custom file; a line that a kill tore is passed over."""
    with path.open(newline="", encoding="utf-8", errors="replace") as lines:
        return calls_of(row for row in csv.reader(lines) if len(row) == CEL_COLUMNS)


def calls_of(rows: Iterable[list[str]]) -> list[PbxCall]:
    """Channels that bore one linkedid are one call, and so are linkedids that one channel bore.

    A transfer names the channels that it joins; where the PBX died at once, no other row says so.
    """
    families = Families()
    by_channel: dict[str, list[str]] = {}
    for row in rows:
        families.join(row[UNIQUEID], row[LINKEDID])
        if row[EVENT] == "ATTENDEDTRANSFER":
            for other in named_channels(row[EXTRA]):
                families.join(row[UNIQUEID], other)
        if row[EVENT] == "CHAN_START":
            by_channel.setdefault(row[UNIQUEID], row)
    found = []
    for ids in families.sets():
        starts = sorted((by_channel[each] for each in ids if each in by_channel), key=lambda row: float(row[AT]))
        if starts:
            first = starts[0]
            found.append(
                PbxCall(ids=ids, caller=first[NUMBER], dialled=first[EXTEN], at=float(first[AT])),
            )
    return sorted(found, key=lambda call: call.at)


def named_channels(extra: str) -> list[str]:
    """The uniqueids in a row's extra fields."""
    return [value for name, value in json.loads(extra).items() if name.endswith("_uniqueid")]


def unknown_to_cel(cdr: Path, calls: Iterable[PbxCall]) -> list[str]:
    """The uniqueids that only the CDR has."""
    known = frozenset(each for call in calls for each in call.ids)
    with cdr.open(newline="", encoding="utf-8", errors="replace") as lines:
        rows = [row for row in csv.reader(lines) if len(row) > CDR_UNIQUEID]
    return sorted({row[CDR_UNIQUEID] for row in rows} - known)


class Families:
    """Ids that belong together."""

    def __init__(self) -> None:
        self._of: dict[str, set[str]] = {}

    def join(self, one: str, other: str) -> None:
        """The two, and all that belongs to either."""
        mine, its = self._of.get(one, {one}), self._of.get(other, {other})
        if mine is not its:
            mine |= its
        for each in mine:
            self._of[each] = mine

    def sets(self) -> Iterator[frozenset[str]]:
        """Each family once."""
        yield from {id(family): frozenset(family) for family in self._of.values()}.values()
