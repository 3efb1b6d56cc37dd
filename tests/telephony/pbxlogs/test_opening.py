"""How a file is to be read is told from its first rows, and its age from the first of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from telephony.pbxlogs.log_file import LogFile
from telephony.pbxlogs.opening import BEGINNING, Reading
from telephony.pbxlogs.rows import LogKind, LogRow
from tests.telephony.pbxlogs.fuzz import captured, content

CEL = content(captured("cel.csv.xz")[0])
QUEUE = content(captured("queue_log")[0])
BROKEN = {LogKind.CEL: b'"broken\n', LogKind.QUEUE_LOG: b"broken\n"}


def first_of(folder: Path, kind: LogKind, data: bytes) -> tuple[object, LogRow]:
    """What the file says of its first row, and the first row that is read from it."""
    path = folder / "log"
    path.write_bytes(data)
    with LogFile(Reading(kind=kind), path, complete=True) as file:
        return file.first(), next(row for parsed, _ in file.read() for row in parsed.rows)


@pytest.mark.parametrize(("kind", "log"), [(LogKind.CEL, CEL), (LogKind.QUEUE_LOG, QUEUE)])
@pytest.mark.parametrize("size", [0, BEGINNING - 100, BEGINNING, 3 * BEGINNING])
def test_the_first_row_is_found_behind_any_damage(tmp_path: Path, kind: LogKind, log: bytes, size: int) -> None:
    """Lines that are no rows stand before it, more of them than are looked at first."""
    damage = BROKEN[kind] * (size // len(BROKEN[kind]))
    told, row = first_of(tmp_path, kind, damage + log)
    assert told == row.at


@pytest.mark.parametrize("length", [BEGINNING - 300, BEGINNING, 2 * BEGINNING])
def test_a_first_row_over_many_lines_is_the_first_row(tmp_path: Path, length: int) -> None:
    """A caller's name of many lines goes on where the first look at the file ends."""
    name = b'"' + b"A\n" * (length // 2) + b'"'
    told, row = first_of(tmp_path, LogKind.CEL, CEL.replace(b'"Customer 101"', name, 1))
    assert name in CEL.replace(b'"Customer 101"', name, 1)
    assert told == row.at


@pytest.mark.parametrize("kind", [LogKind.CEL, LogKind.QUEUE_LOG])
def test_a_file_without_a_row_tells_none(tmp_path: Path, kind: LogKind) -> None:
    """Nothing but damage, or no whole line at all."""
    for data in (BROKEN[kind] * 2000, BROKEN[kind], b"x"):
        path = tmp_path / "log"
        path.write_bytes(data)
        with LogFile(Reading(kind=kind), path, complete=False) as file:
            assert file.first() is None
