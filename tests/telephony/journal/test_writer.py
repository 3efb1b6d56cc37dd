"""The writer numbers, makes durable, and survives a full disk, a restart and a second writer."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.errors import JournalCorruptError, JournalError, MisuseError
from telephony.journal import Entry, EntryKind, JournalWriter, positions, read
from telephony.journal.verify import verify
from tests.telephony.journal.samples import NOON, packet, packets, unnumbered, write_packets


@contextmanager
def small_disk(size: int) -> Iterator[None]:
    """No file may grow beyond this size: writing more fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def noise(n: int) -> bytes:
    """A packet that does not compress."""
    return b"Event: Noise\r\nValue: " + b"".join(
        hash((n, i)).to_bytes(8, "big", signed=True) for i in range(20_000)
    ).replace(b"\r", b"")


@settings(deadline=None)
@given(st.lists(st.lists(unnumbered(), max_size=4), max_size=5))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, commits: list[list[tuple]]) -> None:  # type: ignore[type-arg]
    """Any entries, at any times, in any commits: read gives what append returned, in order."""
    folder = tmp_path_factory.mktemp("journal")
    entries: list[Entry] = []
    with JournalWriter(folder, "pbx") as writer:
        for commit in commits:
            entries += [writer.append(*each) for each in commit]
            assert writer.commit() == (entries[-1].last_seq if entries else 0)
    assert list(read(folder, "pbx")) == entries
    assert verify(folder, "pbx").sound


def test_numbers_go_on_after_a_restart(tmp_path: Path) -> None:
    """A new writer begins after the last number, in the same file."""
    with JournalWriter(tmp_path, "pbx") as writer:
        write_packets(writer, range(3))
    with JournalWriter(tmp_path, "pbx") as writer:
        assert writer.durable_seq == 3
        assert writer.append(2, EntryKind.STARTED, NOON, detail="三声").seq == 4
    assert [entry.seq for entry in read(tmp_path, "pbx")] == [1, 2, 3, 4]


def test_numbers_begin_beyond_what_was_derived(tmp_path: Path) -> None:
    """at_least_seq keeps numbers unique though the files that held them are gone."""
    with JournalWriter(tmp_path, "pbx", at_least_seq=500) as writer:
        assert writer.append(1, EntryKind.STARTED, NOON).seq == 501


def test_what_is_not_committed_is_not_read(tmp_path: Path) -> None:
    """Appending alone makes nothing visible."""
    with JournalWriter(tmp_path, "pbx") as writer:
        write_packets(writer, [1])
        writer.commit()
        write_packets(writer, [2])
        assert [entry.frames for entry in read(tmp_path, "pbx")] == [packets(1)]
        assert writer.buffered_bytes == len(packet(2))


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    """One PBX has one writer; another PBX has its own."""
    with JournalWriter(tmp_path, "pbx"):
        with pytest.raises(JournalError, match="found another writer of pbx at work, expected none"):
            JournalWriter(tmp_path, "pbx")
        JournalWriter(tmp_path, "other").close()
    JournalWriter(tmp_path, "pbx").close()


def test_only_the_owner_can_read(tmp_path: Path) -> None:
    """Folder 0700, every file 0600, those that SQLite adds included."""
    folder = tmp_path / "journal"
    with JournalWriter(folder, "pbx") as writer:
        write_packets(writer, [1])
        writer.commit()
        assert folder.stat().st_mode & 0o777 == 0o700
        assert len(list(folder.iterdir())) >= 3
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_each_utc_day_has_its_file(tmp_path: Path) -> None:
    """One commit over midnight fills two files and keeps the order."""
    with JournalWriter(tmp_path, "pbx") as writer:
        write_packets(writer, range(4), datetime(2026, 11, 21, 23, 59, 58, tzinfo=UTC), timedelta(seconds=1))
        assert writer.commit() == 4
    found = [(p.path.name, p.first_seq, p.last_seq) for p in positions(tmp_path, "pbx")]
    assert found == [("pbx-2026-11-21.journal", 1, 2), ("pbx-2026-11-22.journal", 3, 4)]


def test_a_clock_set_back_over_midnight_changes_no_order(tmp_path: Path) -> None:
    """The writer stays in the newer file; receive times are kept as they were."""
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    with JournalWriter(tmp_path, "pbx") as writer:
        write_packets(writer, range(4), midnight, -timedelta(seconds=1))
    with JournalWriter(tmp_path, "pbx") as writer:
        write_packets(writer, [4], midnight - timedelta(hours=1))
    assert [entry.seq for entry in read(tmp_path, "pbx")] == [1, 2, 3, 4, 5]
    assert [p.path.name for p in positions(tmp_path, "pbx")] == ["pbx-2026-11-22.journal"]


def test_a_closed_day_is_one_plain_file(tmp_path: Path) -> None:
    """After close nothing lies beside the day file, so a copy of it is whole."""
    with JournalWriter(tmp_path, "pbx") as writer:
        write_packets(writer, range(3))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pbx-2026-11-21.journal", "pbx.lock"]


def test_a_full_disk_is_reported_and_forgotten_when_space_returns(tmp_path: Path) -> None:
    """The failed commit leaves nothing behind; the next one writes all of it."""
    with JournalWriter(tmp_path, "pbx") as writer:
        write_packets(writer, [0])
        writer.commit()
        entries = [writer.append(1, EntryKind.PACKETS, NOON, (noise(n),)) for n in range(8)]
        with small_disk(100_000):
            for _ in range(3):
                with pytest.raises(JournalError, match=r"pbx-2026-11-21\.journal: "):
                    writer.commit()
                assert writer.durable_seq == 1
                assert [entry.seq for entry in read(tmp_path, "pbx")] == [1]
        assert writer.commit() == 9
        assert writer.buffered_bytes == 0
    assert list(read(tmp_path, "pbx"))[1:] == entries
    assert verify(tmp_path, "pbx").sound


def test_a_disk_too_full_to_begin_a_day_is_survived(tmp_path: Path) -> None:
    """The new day's file cannot be made; what the day before got stays durable."""
    with JournalWriter(tmp_path, "pbx") as writer:
        write_packets(writer, [0])
        writer.commit()
        write_packets(writer, [1])
        write_packets(writer, [2], NOON + timedelta(days=1))
        (tmp_path / "pbx-2026-11-22.journal").mkdir()
        with pytest.raises(JournalError):
            writer.commit()
        assert writer.durable_seq == 2
        (tmp_path / "pbx-2026-11-22.journal").rmdir()
        assert writer.commit() == 3
    assert [entry.frames for entry in read(tmp_path, "pbx")] == [packets(0), packets(1), packets(2)]


def test_a_commit_that_failed_but_reached_the_disk_is_not_written_twice(tmp_path: Path) -> None:
    """After an error the writer looks at what the disk holds before it tries again."""
    with JournalWriter(tmp_path, "pbx") as writer:
        write_packets(writer, [0])
        writer.commit()
        write_packets(writer, [1])
        with small_disk(1), pytest.raises(JournalError):
            writer.commit()
        # A disk can fail in fsync after the bytes are down: put the same batch there behind its back.
        sealed = writer._sealed[0].batch
        with sqlite3.connect(tmp_path / "pbx-2026-11-21.journal") as connection:
            row = (sealed.first_seq, sealed.last_seq, sealed.first_received_us, sealed.last_received_us)
            connection.execute("INSERT INTO batch VALUES (?, ?, ?, ?, ?)", (*row, sealed.content))
        connection.close()
        assert writer.commit() == 2
    assert [entry.frames for entry in read(tmp_path, "pbx")] == [packets(0), packets(1)]


def test_a_damaged_newest_file_is_not_written_to(tmp_path: Path) -> None:
    """The message names the file; the lock is let go, so that a repaired journal can be opened."""
    path = tmp_path / "pbx-2026-11-21.journal"
    path.write_bytes(b"this is no journal at all" * 100)
    with pytest.raises(JournalCorruptError, match=r"pbx-2026-11-21\.journal: found .*not a database"):
        JournalWriter(tmp_path, "pbx")
    path.unlink()
    JournalWriter(tmp_path, "pbx").close()


def test_a_file_of_a_later_format_is_not_written_to(tmp_path: Path) -> None:
    """An older release leaves a newer one's files alone."""
    JournalWriter(tmp_path, "pbx").close()
    with JournalWriter(tmp_path, "pbx") as writer:
        write_packets(writer, [1])
    with sqlite3.connect(tmp_path / "pbx-2026-11-21.journal") as connection:
        connection.execute("PRAGMA user_version = 2")
    connection.close()
    with pytest.raises(JournalCorruptError, match="found format 2, expected 1"):
        JournalWriter(tmp_path, "pbx")


@pytest.mark.parametrize("name", ["", "../pbx", "a/b", ".pbx", "a b", "a\n"])
def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    """A PBX's name never leads out of the folder."""
    with pytest.raises(MisuseError, match="PBX name: found"):
        JournalWriter(tmp_path, name)


def test_names_that_begin_alike_are_kept_apart(tmp_path: Path) -> None:
    """`pbx` and `pbx-2` have journals of their own."""
    for name in ("pbx", "pbx-2"):
        with JournalWriter(tmp_path, name) as writer:
            write_packets(writer, [1])
    assert len(list(read(tmp_path, "pbx"))) == 1


def test_large_commits_are_cut_into_batches(tmp_path: Path) -> None:
    """No batch holds more than a few megabytes, unless one read brought more."""
    with JournalWriter(tmp_path, "pbx") as writer:
        for n in range(6):
            writer.append(1, EntryKind.PACKETS, NOON, (packet(n) + b"x" * 2_000_000,))
        writer.append(1, EntryKind.PACKETS, NOON, (b"y" * 9_000_000,))
        writer.commit()
    assert verify(tmp_path, "pbx").batches == 4
    assert verify(tmp_path, "pbx").packets == 7
