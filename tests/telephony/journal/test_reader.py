"""Reading by number, by time and by following."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.errors import JournalCorruptError, JournalError
from telephony.journal import (
    Entry,
    EntryKind,
    Follower,
    JournalWriter,
    follow,
    list_pbxs,
    positions,
    read,
    read_file,
)
from tests.telephony.journal.samples import NOON, packets, write_packets

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def three_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An entry of two packets an hour for 60 hours from noon on, some hours a commit."""
    folder = tmp_path_factory.mktemp("journal")
    with JournalWriter(folder, "pbx") as writer:
        for n in range(60):
            writer.append(1, EntryKind.PACKETS, NOON + n * HOUR, packets(2 * n, 2 * n + 1))
            if n % 7 == 0:
                writer.commit()
    return folder


@settings(deadline=None)
@given(after=st.integers(0, 125), until=st.none() | st.integers(0, 125))
def test_a_range_of_numbers_is_exact(three_days: Path, after: int, until: int | None) -> None:
    """Whatever the edges, each packet in (after, until] is given once, with its number."""
    found = [
        (entry.seq + n, frame)
        for entry in read(three_days, "pbx", after_seq=after, until_seq=until)
        for n, frame in enumerate(entry.frames)
    ]
    last = 120 if until is None else min(until, 120)
    assert found == [(seq, packets(seq - 1)[0]) for seq in range(after + 1, last + 1)]


@settings(deadline=None)
@given(since=st.integers(-100, 4000), length=st.integers(0, 4000))
def test_a_range_of_times_is_exact(three_days: Path, since: int, length: int) -> None:
    """Times in minutes: what was received in [since, until) is given, nothing else."""
    start = NOON + timedelta(minutes=since)
    end = start + timedelta(minutes=length)
    found = [entry.received_at for entry in read(three_days, "pbx", since=start, until=end)]
    assert found == [at for n in range(60) if start <= (at := NOON + n * HOUR) < end]


def test_entries_of_a_clock_set_back_are_found_by_their_time(tmp_path: Path) -> None:
    """Written in the newer day's file, they are found though the range ends the day before."""
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    with JournalWriter(tmp_path, "pbx") as writer:
        write_packets(writer, range(2), midnight, -HOUR)
    found = [entry.received_at for entry in read(tmp_path, "pbx", until=midnight)]
    assert found == [midnight - HOUR]


def test_positions_tell_what_each_file_holds(three_days: Path) -> None:
    """Numbers follow on from file to file."""
    found = positions(three_days, "pbx")
    assert [(p.day.day, p.first_seq, p.last_seq) for p in found] == [(21, 1, 24), (22, 25, 72), (23, 73, 120)]
    assert all(p.size_bytes == p.path.stat().st_size for p in found)


def test_pbxs_are_listed_by_name(tmp_path: Path) -> None:
    """Other files in the folder are not taken for journals."""
    for name in ("west", "east-2"):
        with JournalWriter(tmp_path, name) as writer:
            write_packets(writer, [1])
    for stray in ("notes.txt", "pbx-2026-13-41.journal", "-2026-11-21.journal"):
        (tmp_path / stray).touch()
    assert list_pbxs(tmp_path) == ["east-2", "west"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A wrong path is an error, not an empty journal."""
    with pytest.raises(JournalError, match="nowhere: No such file or directory, expected a folder to read"):
        list(read(tmp_path / "nowhere", "pbx"))


def test_a_pbx_that_never_spoke_has_no_entries(tmp_path: Path) -> None:
    """An empty folder is an empty journal."""
    assert list(read(tmp_path, "pbx")) == []
    assert positions(tmp_path, "pbx") == []


def test_a_file_that_was_only_begun_is_empty(tmp_path: Path) -> None:
    """A writer killed between making a file and its table leaves nothing to trip over."""
    (tmp_path / "pbx-2026-11-21.journal").touch()
    assert list(read(tmp_path, "pbx")) == []
    with JournalWriter(tmp_path, "pbx") as writer:
        write_packets(writer, [1])
    assert len(list(read(tmp_path, "pbx"))) == 1


def test_a_damaged_batch_is_named_after_all_before_it_were_given(three_days: Path, tmp_path: Path) -> None:
    """Reading stops at the damage and says which file and number."""
    source = positions(three_days, "pbx")[0].path
    damaged = tmp_path / source.name
    content = bytearray(source.read_bytes())
    # The last batch of the file has the frame header that lies first in its page; spoil a byte behind it.
    at = content.find(bytes.fromhex("28b52ffd"))
    content[at + 20] ^= 0xFF
    damaged.write_bytes(content)
    found: list[Entry] = []
    with pytest.raises(JournalCorruptError, match=r"pbx-2026-11-21\.journal: batch of number \d+: found"):
        found.extend(read_file(damaged))
    assert found == list(read_file(source))[: len(found)]


def test_a_follower_may_begin_before_the_journal(tmp_path: Path) -> None:
    """Neither folder nor file need be there; nothing is given until the first commit."""
    folder = tmp_path / "journal"
    with Follower(folder, "pbx") as follower:
        assert follower.poll() == []
        with JournalWriter(folder, "pbx") as writer:
            write_packets(writer, [1])
            assert follower.poll() == []
            writer.commit()
            assert [entry.frames for entry in follower.poll()] == [packets(1)]
            assert follower.poll() == []


def test_a_follower_gives_each_entry_once_over_days(tmp_path: Path) -> None:
    """What is committed last in one day's file is given before the next day's."""
    with JournalWriter(tmp_path, "pbx") as writer, Follower(tmp_path, "pbx") as follower:
        found = []
        for n in range(10):
            write_packets(writer, [n], NOON + n * 7 * HOUR)
            writer.commit()
            if n % 4 == 3:
                while entries := follower.poll():
                    found += entries
        while entries := follower.poll():
            found += entries
    assert [entry.frames for entry in found] == [packets(n) for n in range(10)]


def test_a_follower_begins_within_a_run(tmp_path: Path) -> None:
    """After number 2, a run of 1 to 4 is given from 3 on."""
    with JournalWriter(tmp_path, "pbx") as writer:
        writer.append(1, EntryKind.PACKETS, NOON, packets(1, 2, 3, 4))
    found = list(follow(tmp_path, "pbx", 2, lambda: False))
    assert [(entry.seq, entry.frames) for entry in found] == [(3, packets(3, 4))]


def test_follow_asks_before_it_waits_again(tmp_path: Path) -> None:
    """`wait` is called only when nothing is left, and what comes meanwhile is given."""
    with JournalWriter(tmp_path, "pbx") as writer:
        write_packets(writer, [1])
        writer.commit()
        todo = [2, 3]

        def wait() -> bool:
            if not todo:
                return False
            write_packets(writer, [todo.pop(0)])
            writer.commit()
            return True

        assert [entry.frames for entry in follow(tmp_path, "pbx", 0, wait)] == [packets(n) for n in (1, 2, 3)]
