"""Verification finds what is wrong and counts what is there."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from telephony.journal import EntryKind, JournalWriter
from telephony.journal.verify import verify
from tests.telephony.journal.samples import NOON, packets, write_packets

FIRST, SECOND = "pbx-2026-11-21.journal", "pbx-2026-11-22.journal"


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Two days with two batches each, of three packets."""
    with JournalWriter(tmp_path, "pbx") as writer:
        for commit in range(4):
            write_packets(writer, range(3 * commit, 3 * commit + 3), NOON + commit * timedelta(hours=8))
            writer.commit()
    return tmp_path


def change(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement)
    connection.close()


def test_a_sound_journal_is_counted(journal: Path) -> None:
    """Files, batches, entries, packets, bytes and numbers."""
    found = verify(journal, "pbx")
    assert found.sound
    assert (found.files, found.batches, found.entries, found.packets) == (2, 4, 12, 12)
    assert (found.first_seq, found.last_seq) == (1, 12)
    assert found.packet_bytes == sum(map(len, packets(*range(12))))
    assert found.stored_bytes > 0


def test_an_empty_journal_is_sound(tmp_path: Path) -> None:
    """Nothing written, nothing wrong."""
    assert verify(tmp_path, "pbx").sound
    assert verify(tmp_path, "pbx").last_seq == 0


def test_each_fault_is_found_and_the_rest_still_checked(journal: Path) -> None:
    """A spoilt batch, a missing one and a wrong time are three findings."""
    change(journal / FIRST, "UPDATE batch SET content = x'00112233' WHERE first_seq = 1")
    change(journal / FIRST, "DELETE FROM batch WHERE first_seq = 4")
    change(journal / SECOND, "UPDATE batch SET first_received_us = 5 WHERE first_seq = 10")
    found = verify(journal, "pbx")
    assert [(finding.path.name, finding.seq) for finding in found.findings] == [
        (FIRST, 1),
        (SECOND, 7),
        (SECOND, 10),
    ]
    assert "does not decompress" in found.findings[0].message
    assert found.findings[1].message == "found number 7, expected 4"
    assert "receive times" in found.findings[2].message
    assert found.packets == 6


def test_a_file_that_is_no_database_is_one_finding(journal: Path) -> None:
    """The other file is still checked; the numbers it lacks are a finding of their own."""
    (journal / FIRST).write_bytes(b"spoilt" * 1000)
    found = verify(journal, "pbx")
    assert [finding.path.name for finding in found.findings] == [FIRST]
    assert found.packets == 6


def test_a_torn_file_is_a_finding(journal: Path) -> None:
    """A day file that lost its end is told, not overlooked."""
    path = journal / FIRST
    path.write_bytes(path.read_bytes()[:-5000])
    assert not verify(journal, "pbx").sound


def test_an_unclean_end_is_counted_but_is_no_fault(tmp_path: Path) -> None:
    """STARTED after anything but STOPPED tells that the listener was killed before."""
    with JournalWriter(tmp_path, "pbx") as writer:
        for kind in (EntryKind.STARTED, EntryKind.STOPPED, EntryKind.STARTED, EntryKind.LOST, EntryKind.STARTED):
            writer.append(0, kind, NOON)
    found = verify(tmp_path, "pbx")
    assert (found.sound, found.unclean_ends) == (True, 1)
