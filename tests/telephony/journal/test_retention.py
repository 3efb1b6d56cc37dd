"""Old files go, and nothing that is still needed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from telephony.errors import JournalError, MisuseError
from telephony.journal import JournalWriter, positions, read
from telephony.journal.retention import prunable, prune
from tests.telephony.journal.samples import NOON, write_packets

TODAY = date(2026, 11, 30)


@pytest.fixture
def ten_days(tmp_path: Path) -> Path:
    """Numbers 1 to 10, one a day from the 21st to the 30th."""
    with JournalWriter(tmp_path, "pbx") as writer:
        write_packets(writer, range(10), NOON, timedelta(days=1))
    return tmp_path


def days(found: list) -> list[int]:  # type: ignore[type-arg]
    return [file.day.day for file in found]


def test_files_past_their_age_go(ten_days: Path) -> None:
    """Kept for five days before today, the 21st to the 24th go; the list is the same before and after."""
    listed = prunable(ten_days, "pbx", today=TODAY, keep_from_seq=10, keep_days=5)
    assert days(listed) == [21, 22, 23, 24]
    assert len(positions(ten_days, "pbx")) == 10
    assert prune(ten_days, "pbx", today=TODAY, keep_from_seq=10, keep_days=5) == listed
    assert [entry.seq for entry in read(ten_days, "pbx")] == [5, 6, 7, 8, 9, 10]


def test_what_is_still_to_be_read_again_stays(ten_days: Path) -> None:
    """The file that holds keep_from_seq stays whatever its age, and so do all after it."""
    assert days(prunable(ten_days, "pbx", today=TODAY, keep_from_seq=3, keep_days=5)) == [21, 22]
    assert prunable(ten_days, "pbx", today=TODAY, keep_from_seq=0, keep_days=5) == []


def test_thirty_days_are_kept_unless_told(ten_days: Path) -> None:
    """The default keeps a month."""
    assert days(prunable(ten_days, "pbx", today=date(2026, 12, 22), keep_from_seq=10)) == [21]


def test_the_newest_file_always_stays(ten_days: Path) -> None:
    """After a year of silence the last number is still known."""
    prune(ten_days, "pbx", today=date(2027, 11, 30), keep_from_seq=99)
    assert [entry.seq for entry in read(ten_days, "pbx")] == [10]
    with JournalWriter(ten_days, "pbx") as writer:
        assert writer.durable_seq == 10


def test_a_damaged_old_file_does_not_stop_the_others(ten_days: Path) -> None:
    """It goes by its age, for its numbers lie below those of the next."""
    (ten_days / "pbx-2026-11-22.journal").write_bytes(b"spoilt" * 1000)
    assert days(prune(ten_days, "pbx", today=TODAY, keep_from_seq=10, keep_days=7)) == [21, 22]


def test_what_sqlite_left_beside_a_file_goes_with_it(ten_days: Path) -> None:
    """No -wal stays to be taken up by a later file of the same name."""
    for ending in ("-wal", "-shm"):
        (ten_days / f"pbx-2026-11-21.journal{ending}").touch()
    prune(ten_days, "pbx", today=TODAY, keep_from_seq=10, keep_days=8)
    assert not list(ten_days.glob("pbx-2026-11-21*"))


def test_other_pbxs_files_stay(ten_days: Path) -> None:
    """Retention is a PBX's own."""
    with JournalWriter(ten_days, "other") as writer:
        write_packets(writer, range(10), NOON, timedelta(days=1))
    prune(ten_days, "pbx", today=TODAY, keep_from_seq=10, keep_days=5)
    assert len(positions(ten_days, "other")) == 10


def test_a_file_that_cannot_be_deleted_is_named(ten_days: Path) -> None:
    """The error says which one."""
    (ten_days / "pbx-2026-11-21.journal-shm").mkdir()
    with pytest.raises(JournalError, match=r"pbx-2026-11-21\.journal: .*expected to delete it"):
        prune(ten_days, "pbx", today=TODAY, keep_from_seq=10, keep_days=5)


def test_keeping_nothing_is_refused(ten_days: Path) -> None:
    """keep_days of zero would delete yesterday while today is still young."""
    with pytest.raises(MisuseError, match="keep_days: found 0, expected at least 1"):
        prunable(ten_days, "pbx", today=TODAY, keep_from_seq=10, keep_days=0)
