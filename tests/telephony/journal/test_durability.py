"""What commit called durable survives kill -9, and a follower in another process sees it in order."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from telephony.journal import EntryKind, Follower, JournalWriter, follow, positions, read
from telephony.journal.verify import verify
from tests.telephony.journal.endless_writer import frame
from tests.telephony.journal.samples import NOON

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


@contextmanager
def endless_writer(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.telephony.journal.endless_writer", str(folder), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def killed(folder: Path, seed: int) -> int:
    """Lets a writer run, kills it at a moment of the seed's, and returns the last number it called durable."""
    choice = random.Random(seed)
    durable = 0
    with endless_writer(folder) as process:
        assert process.stdout is not None
        for _ in range(choice.randint(1, 60)):
            durable = int(process.stdout.readline())
        # A moment somewhere within the commits that follow.
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(choice.random() * 0.02)
        process.kill()
        # A line may be torn by the kill; a whole one counts.
        *lines, _ = process.stdout.read().split("\n")
        return max([durable, *map(int, lines)])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_nothing_durable_is_lost_or_torn_by_kill_9(tmp_path: Path, seed: int) -> None:
    """Three writers are killed one after another; all they promised is there, whole, in order, once."""
    for life in range(3):
        durable = killed(tmp_path, seed * 10 + life)
        found = [packet for entry in read(tmp_path, "pbx") for packet in entry.frames]
        assert len(found) >= durable > 0
        assert found == [frame(seq) for seq in range(1, len(found) + 1)]
        assert verify(tmp_path, "pbx").sound


def test_a_file_is_read_whose_writer_was_killed_amid_its_layout(tmp_path: Path) -> None:
    """What was begun in the file itself is taken back by who reads first; nothing durable is missing."""
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    with JournalWriter(whole, "pbx") as writer:
        writer.append(0, EntryKind.STARTED, NOON)
    (file,) = whole.glob("*.journal")
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in ("PRAGMA cache_size = 1", "BEGIN IMMEDIATE", "CREATE TABLE begun (content BLOB)"):
            connection.execute(statement)
        for _ in range(50):  # more than is held back: pages of the file are written over
            connection.execute("INSERT INTO begun VALUES (zeroblob(8192))")
        shutil.copytree(whole, torn)
    assert list(torn.glob("*.journal-journal"))
    assert [entry.kind for entry in read(torn, "pbx")] == [EntryKind.STARTED]
    assert verify(torn, "pbx").sound


def test_a_writer_takes_over_from_a_killed_one(tmp_path: Path) -> None:
    """The lock of a killed process is free, and the unclean end is counted."""
    with JournalWriter(tmp_path, "pbx") as writer:
        writer.append(0, EntryKind.STARTED, NOON)
    durable = killed(tmp_path, 1)
    with JournalWriter(tmp_path, "pbx") as writer:
        assert writer.durable_seq >= durable
        writer.append(0, EntryKind.STARTED, NOON)
    assert verify(tmp_path, "pbx").unclean_ends == 1


def test_a_follower_sees_all_in_order_while_another_process_writes(tmp_path: Path) -> None:
    """Over several day files, each number once, never beyond what is committed at the end."""
    with endless_writer(tmp_path, "150") as process:
        assert process.stdout is not None
        found = []

        def wait() -> bool:
            assert process.stdout is not None
            # Blocks until the next commit is announced; '' once the writer has ended.
            return bool(process.stdout.readline())

        for entry in follow(tmp_path, "pbx", 0, wait):
            found += entry.frames
    assert found == [frame(seq) for seq in range(1, len(found) + 1)]
    assert len(positions(tmp_path, "pbx")) > 1
    assert len(found) == positions(tmp_path, "pbx")[-1].last_seq


def test_a_follower_holds_up_neither_commit_nor_day_change(tmp_path: Path) -> None:
    """A reader in the middle of the journal does not keep the writer from going on."""
    with endless_writer(tmp_path, "150") as process, Follower(tmp_path, "pbx") as follower:
        assert process.stdout is not None
        process.stdout.readline()
        assert follower.poll()[0].seq == 1
        *_, last = process.stdout.read().split()
        process.wait(30)
        while follower.poll():
            pass
        assert follower.after_seq == int(last)
