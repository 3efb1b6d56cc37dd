"""Lines of queue_log, of Asterisk 1.4 to 22."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from telephony.errors import LogError, RowError
from telephony.pbxlogs.fields import LogClock
from telephony.pbxlogs.layouts import layout_of
from telephony.pbxlogs.queue_log import QueueLogReader
from telephony.pbxlogs.rows import LogKind

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
EPOCH = int(NOON.timestamp())

LINES = {
    f"{EPOCH}|NONE|NONE|NONE|QUEUESTART|": ("", "", "", "QUEUESTART", ("",)),
    f"{EPOCH}|1.2|sales|Agent/1001|CONNECT|5": ("1.2", "sales", "Agent/1001", "CONNECT", ("5",)),
    f'{EPOCH}|1.2|sales|Alice O\'Neil, "A"|CONNECT|2|1.3|2': (
        *("1.2", "sales", 'Alice O\'Neil, "A"', "CONNECT"),
        ("2", "1.3", "2"),
    ),
    f"{EPOCH}.123456|1.2|sales|NONE|ENTERQUEUE||447700900110|1": (
        "1.2",
        "sales",
        "",
        "ENTERQUEUE",
        ("", "447700900110", "1"),
    ),
    "2026-11-21 12:00:00.123456|1.2|sales|NONE|ABANDON|1|1|7": ("1.2", "sales", "", "ABANDON", ("1", "1", "7")),
    f"{EPOCH}|1.2|600|NONE|DID|442079460100": ("1.2", "600", "", "DID", ("442079460100",)),
    f"{EPOCH}|NONE|NONE|Alice|PAUSEALL": ("", "", "Alice", "PAUSEALL", ()),
    f"{EPOCH}|1.2|s|A|INFO|one|NONE|three": ("1.2", "s", "A", "INFO", ("one", "NONE", "three")),
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_read(line: str) -> None:
    """NONE is nothing in the fixed fields; what follows the event is kept as it stands."""
    row = QueueLogReader(LogClock()).row(line)
    assert row[1:] == LINES[line]
    assert row.at.replace(microsecond=0) == NOON
    assert row.at.microsecond == (123456 if ".123456" in line else 0)


def test_values_of_a_table_are_read_like_a_line() -> None:
    """A database gives the values apart."""
    reader = QueueLogReader(LogClock())
    line = f"{EPOCH}|1.2|sales|Alice|CONNECT|2|1.3|2"
    assert reader.row(line.split("|")) == reader.row(line)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "found 1 fields"),
        (f"{EPOCH}|1.2|sales|Alice", "found 4 fields"),
        (f"{EPOCH}|1.2|sales|Alice|", "found the event ''"),
        (f"{EPOCH}|1.2|sal{EPOCH}|NONE|NONE|NONE|QUEUESTART|", "found the event 'NONE'"),
        ("12|1.2|sales|Alice|CONNECT|2", "found the time '12'"),
        (f"{EPOCH}|1.2|sales|Alice|17|2", "found the event '17'"),
    ],
)
def test_a_line_that_is_none_is_refused(line: str, message: str) -> None:
    """A line that was cut, or ran together with the next, raises RowError with what was found."""
    with pytest.raises(RowError, match=message):
        QueueLogReader(LogClock()).row(line)


def test_its_columns_cannot_be_named() -> None:
    """They are the same everywhere, so naming them is a mistake."""
    with pytest.raises(LogError, match="expected none"):
        layout_of(LogKind.QUEUE_LOG, ["time"])
