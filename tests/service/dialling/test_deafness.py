"""When nothing may be dialled since it is not known what the PBX did: each reason, and what ends it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.dialling.deafness import TOLD, Ears, why_deaf
from service.pipeline.gaps import Gap, GapReason
from service.repairs.caught_up import caught_up_path, read_caught_up, write_caught_up

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)


def gap(start: float, end: float | None, why: GapReason = GapReason.CRASHED) -> Gap:
    """A gap from so many seconds ago until so many."""
    until = None if end is None else NOW - timedelta(seconds=end)
    return Gap(pbx="pbx", start=NOW - timedelta(seconds=start), end=until, why=why, detail="", seq=1)


DEAF = "what it did from 2026-11-27T01:58:20+00:00 to 2026-11-27T01:59:00+00:00 is not known yet"


@pytest.mark.parametrize(
    ("ears", "why"),
    [
        (Ears(heard=True), None),
        (Ears(heard=False), "the PBX is not heard"),
        (Ears(heard=True, gaps=(gap(100, None),), waived_at=NOW), "the PBX is not heard"),
        (Ears(heard=True, gaps=(gap(100, 60),)), DEAF),
        (Ears(heard=True, gaps=(gap(100, 60),), caught_up_at=NOW - timedelta(seconds=60)), DEAF),
        (Ears(heard=True, gaps=(gap(100, 60),), caught_up_at=NOW - timedelta(seconds=60) + TOLD), None),
        (Ears(heard=True, gaps=(gap(100, 60),), waived_at=NOW), None),
        (Ears(heard=True, gaps=(gap(100, 60),), waived_at=NOW - timedelta(seconds=80)), DEAF),
        (Ears(heard=True, gaps=(gap(100, 60, GapReason.CLOCK),)), None),
        (
            Ears(heard=True, gaps=(gap(27 * 3600, 60),), caught_up_at=NOW),
            "the logs were not read back to 2026-11-25T23:00:00+00:00",
        ),
    ],
)
def test_a_gap_ends_with_what_the_logs_tell_or_a_person_says(ears: Ears, why: str | None) -> None:
    """A person answers for gaps that are over, never for one that goes on; our clock's jump is none."""
    assert why_deaf(ears) == why


def test_how_far_logs_were_read_is_known_to_other_processes(tmp_path: Path) -> None:
    """A file that is not there, or not readable, is no answer."""
    path = caught_up_path(tmp_path, "pbx")
    assert read_caught_up(path) is None
    path.parent.mkdir()
    path.write_text("yesterday", encoding="ascii")
    assert read_caught_up(path) is None
    write_caught_up(path, NOW)
    assert read_caught_up(path) == NOW
