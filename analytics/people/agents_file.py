"""The file of `--agents`: CSV `interface,agent,name,from,to`, of which the last three may be empty.

A first line with the names of the columns is allowed. `from` and `to` are ISO 8601 dates or times, half-open:
on the day of `to` the agent is gone already. Without an offset they are in the centre's zone. Empty lines
and lines that begin with # are passed over.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from analytics.errors import MappingError
from analytics.people.devices import Assignment, DeviceMap

COLUMNS = ("interface", "agent", "name", "from", "to")
_NEEDED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentsFile:
    """What a file said: its good rows, and a sentence for each bad one (file, line, found, expected)."""

    assignments: tuple[Assignment, ...]
    errors: tuple[str, ...]

    def device_map(self) -> DeviceMap:
        """The mapping. Raise MappingError with the first error, if there is one."""
        if self.errors:
            raise MappingError(self.errors[0])
        return DeviceMap(self.assignments)


def read_agents(lines: Iterable[str], *, source: str, zone: tzinfo) -> AgentsFile:
    """Read the lines of a file that is called `source`."""
    good: list[Assignment] = []
    errors: list[str] = []
    mapping = DeviceMap()
    reader = csv.reader(lines)
    for number, cells in enumerate(reader, start=1):
        if _is_passed_over(cells, number):
            continue
        try:
            assignment = _read_row(cells, zone)
            mapping.add(assignment)
            good.append(assignment)
        except (MappingError, ValueError) as error:
            errors.append(f"{source}, line {reader.line_num}: {error}")
    return AgentsFile(assignments=tuple(good), errors=tuple(errors))


def _is_passed_over(cells: list[str], number: int) -> bool:
    if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith("#"):
        return True
    names = tuple(cell.strip().lstrip("\ufeff").lower() for cell in cells)
    return number == 1 and names == COLUMNS[: len(names)]


def _read_row(cells: list[str], zone: tzinfo) -> Assignment:
    values = [cell.strip().lstrip("\ufeff") for cell in cells]
    if not _NEEDED <= len(values) <= len(COLUMNS):
        raise MappingError(f"found {len(values)} columns, expected {','.join(COLUMNS)}")
    interface, agent, name, begins, ends = values + [""] * (len(COLUMNS) - len(values))
    if not interface or not agent:
        raise MappingError(f"found interface {interface!r} and agent {agent!r}, expected both")
    return Assignment(
        interface=interface,
        agent=agent,
        name=name or None,
        valid_from=_read_instant("from", begins, zone),
        valid_to=_read_instant("to", ends, zone),
    )


def _read_instant(column: str, text: str, zone: tzinfo) -> datetime | None:
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise MappingError(f"{column}: found {text!r}, expected a date or time like 2026-11-02T09:00") from None
    return read if read.tzinfo else read.replace(tzinfo=zone)
