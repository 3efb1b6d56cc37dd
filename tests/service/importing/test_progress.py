"""How far an import has come, told where there is no terminal."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

from service.importing.progress import Lines
from telephony.clock import ManualClock


def test_a_line_every_ten_seconds_tells_rate_and_time_left() -> None:
    """Quiet for the first ten seconds; then rows, share, rows a second and seconds left; the end is told too."""
    out, clock = io.StringIO(), ManualClock(datetime(2026, 3, 2, tzinfo=UTC))
    lines = Lines(out, clock)
    lines.begin("cel.csv", 1000, "rows")
    for second in range(1, 25):
        clock.advance(timedelta(seconds=1))
        lines.reached(second * 40, second * 100)
    lines.end()
    assert out.getvalue().splitlines() == [
        "cel.csv: 1,000 rows, 40 %, 100 rows/s, 17 s left",
        "cel.csv: 2,000 rows, 80 %, 100 rows/s, 5 s left",
        "cel.csv: 2,400 rows, 96 %, 100 rows/s, 1 s left",
    ]


def test_a_short_stage_tells_nothing() -> None:
    """An import of some seconds leaves stderr empty."""
    out, clock = io.StringIO(), ManualClock(datetime(2026, 3, 2, tzinfo=UTC))
    lines = Lines(out, clock)
    lines.begin("queue_log", None, "rows")
    clock.advance(timedelta(seconds=9))
    lines.reached(10, 10)
    lines.end()
    assert out.getvalue() == ""


def test_a_stage_of_unknown_size_tells_its_rate() -> None:
    """Where a source cannot say how much there is, neither share nor time left is made up."""
    out, clock = io.StringIO(), ManualClock(datetime(2026, 3, 2, tzinfo=UTC))
    lines = Lines(out, clock)
    lines.begin("cdr", None, "rows")
    clock.advance(timedelta(seconds=20))
    lines.reached(0, 5000)
    assert out.getvalue() == "cdr: 5,000 rows, 250 rows/s\n"
