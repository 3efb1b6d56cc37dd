"""A live log and what rotation makes of it: each row once, whatever is renamed, copied, cut or compressed, and when."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from telephony.errors import LogError
from telephony.pbxlogs.files import RotatedLog
from telephony.pbxlogs.rows import LogKind, QueueRow

pytestmark = pytest.mark.slow

EPOCH = 1_795_303_639
NAMES = [
    "queue_log",
    "queue_log.1",
    "queue_log.2.gz",
    "queue_log-20261120",
    "queue_log-20261119.gz",
    "queue_log.1795303639",
]
OTHERS = ["queue_log.bak", "queue_log.1.tmp", "queue_log_old", "messages", "queue_log-x.gz"]


def line(number: int) -> str:
    """The numbered row of a log."""
    return f"{EPOCH + number}|{EPOCH + number}.{number}|sales|Alice|PAUSE|row {number}\n"


def lines(*numbers: int) -> bytes:
    return "".join(line(number) for number in range(*numbers)).encode()


class Follower:
    """Reads a log again and again, with a new RotatedLog each time, as after a restart."""

    def __init__(self, path: Path, *, restarts: bool) -> None:
        self.path, self.restarts = path, restarts
        self.log = RotatedLog(LogKind.QUEUE_LOG, path)
        self.mark: str | None = None
        self.numbers: list[int] = []

    def look(self, batches: int = 1_000_000, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Take in what is new, up to so many batches; something may happen after each."""
        if self.restarts:
            self.log = RotatedLog(LogKind.QUEUE_LOG, self.path)
        for batch, _ in zip(self.log.batches(after=self.mark), range(batches), strict=False):
            assert batch.bad == []
            self.numbers += [int(row.data[0].split()[1]) for row in batch.rows if isinstance(row, QueueRow)]
            self.mark = batch.mark
            meanwhile()


def test_the_siblings_of_a_log_are_read_from_the_oldest(tmp_path: Path) -> None:
    """Whatever the rotation calls them: the time of the first row tells their order, and others' files are left."""
    log = tmp_path / "queue_log"
    for place, name in enumerate(NAMES):
        data = lines(place * 10, place * 10 + 10) if name != "queue_log" else lines(100, 110)
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    for name in OTHERS:
        (tmp_path / name).write_bytes(lines(500, 510))
    follower = Follower(log, restarts=False)
    follower.look()
    assert follower.numbers == [*range(10, 60), *range(100, 110)]
    assert (
        follower.log.done(follower.mark) == follower.log.size() == sum(os.path.getsize(tmp_path / n) for n in NAMES)
    )


def test_the_first_reading_may_end_anywhere(tmp_path: Path) -> None:
    """Killed after any batch, the next reading goes on there."""
    for place in range(5):
        (tmp_path / f"queue_log.{5 - place}").write_bytes(lines(place * 3000, place * 3000 + 3000))
    follower = Follower(tmp_path / "queue_log", restarts=True)
    while len(follower.numbers) < 15_000:
        before = len(follower.numbers)
        follower.look(batches=1)
        assert len(follower.numbers) > before
    assert follower.numbers == list(range(15_000))


def test_a_log_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """LogError names it; a log that is empty is none to refuse."""
    follower = Follower(tmp_path / "queue_log", restarts=False)
    with pytest.raises(LogError, match="queue_log: found no such file"):
        follower.look()
    (tmp_path / "queue_log").touch()
    follower.look()
    assert follower.numbers == []


def test_rows_that_the_writer_put_into_the_rotated_file_are_read(tmp_path: Path) -> None:
    """Until it is told to reopen its log, Asterisk goes on in the renamed file, beside which a new one stands."""
    log = tmp_path / "queue_log"
    follower = Follower(log, restarts=True)
    log.write_bytes(lines(0, 10))
    follower.look()
    log.rename(tmp_path / "queue_log.1")
    log.write_bytes(lines(20, 25))
    follower.look()
    with (tmp_path / "queue_log.1").open("ab") as file:
        file.write(lines(10, 15))
    follower.look()
    with log.open("ab") as file:
        file.write(lines(25, 30))
    follower.look()
    assert sorted(follower.numbers) == [*range(15), *range(20, 30)]


def test_a_marked_file_that_is_gone_is_passed_over(tmp_path: Path) -> None:
    """What is left of the log is read from the next file on, and no row comes twice."""
    log = tmp_path / "queue_log"
    follower = Follower(log, restarts=True)
    (tmp_path / "queue_log.1").write_bytes(lines(0, 10))
    log.write_bytes(lines(10, 20))
    follower.look()
    log.rename(tmp_path / "queue_log.2")
    (tmp_path / "queue_log.2").unlink()
    log.write_bytes(lines(30, 40))
    follower.look()
    assert follower.numbers == [*range(20), *range(30, 40)]


def test_a_file_is_read_once_while_it_is_compressed(tmp_path: Path) -> None:
    """For a moment the compressed file stands beside the plain one, at first in part."""
    log = tmp_path / "queue_log"
    follower = Follower(log, restarts=True)
    (tmp_path / "queue_log.1").write_bytes(lines(0, 4000))
    log.write_bytes(lines(4000, 4010))
    follower.look(batches=1)
    packed = gzip.compress(lines(0, 4000))
    for part in (10, 3000, len(packed)):
        (tmp_path / "queue_log.1.gz").write_bytes(packed[:part])
        another = Follower(log, restarts=False)
        another.look()
        assert another.numbers == list(range(4010))
    (tmp_path / "queue_log.1").unlink()
    follower.look()
    assert follower.numbers == list(range(4010))


def test_a_file_that_is_cut_and_written_anew_while_it_is_read_is_left(tmp_path: Path) -> None:
    """What it held goes on in its copy, and what it holds now comes after that, though it is longer already."""
    log = tmp_path / "queue_log"
    log.write_bytes(lines(0, 10_000))
    follower = Follower(log, restarts=False)

    def cut() -> None:
        if not (tmp_path / "queue_log.1").exists():
            shutil.copyfile(log, tmp_path / "queue_log.1")
            log.write_bytes(lines(10_000, 25_000))

    follower.look(meanwhile=cut)
    follower.look()
    assert follower.numbers == list(range(25_000))


class Writer:
    """A PBX that writes numbered rows, and a logrotate with several ways about it."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.log, self.chance, self.number = folder / "queue_log", chance, 0

    def write(self) -> None:
        """Some rows."""
        count = self.chance.choice((1, 3, 40, 2500))
        with self.log.open("ab") as file:
            file.write(lines(self.number, self.number + count))
        self.number += count

    def rotate(self) -> None:
        """Move the files on by one number; compress some; rename the live one, or copy and cut it."""
        folder = self.log.parent
        numbered = {int(path.name.split(".")[1]): path for path in folder.glob("queue_log.*")}
        for number in sorted(numbered, reverse=True):
            path = numbered[number]
            path = path.rename(folder / path.name.replace(f"log.{number}", f"log.{number + 1}"))
            if path.suffix[1:].isdigit() and self.chance.random() < 0.6:
                self._compress(path)
        if not self.log.exists():
            return
        if self.chance.random() < 0.5:
            self.log.rename(folder / "queue_log.1")
            if self.chance.random() < 0.7:
                self.log.touch()
        else:
            shutil.copyfile(self.log, folder / "queue_log.1")
            os.truncate(self.log, 0)

    def _compress(self, path: Path) -> None:
        ending, pack = self.chance.choice([(".gz", gzip.compress), (".xz", lzma.compress), (".bz2", bz2.compress)])
        path.with_name(path.name + ending).write_bytes(pack(path.read_bytes()))
        path.unlink()


SEEDS = [*range(8), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(8, 25))]


@pytest.mark.parametrize("seed", SEEDS)
def test_each_row_comes_once_through_any_rotation(seed: int, tmp_path: Path) -> None:
    """Writing, rotating and reading at random moments, killed or not: no row is missed and none comes twice."""
    chance = random.Random(seed)
    writer, follower = Writer(tmp_path, chance), Follower(tmp_path / "queue_log", restarts=seed % 2 == 0)
    writer.write()
    happenings = [writer.write, writer.rotate, lambda: None]
    meanwhile = [lambda: None, lambda: None, lambda: chance.choice(happenings)()]
    for _ in range(60):
        match chance.randrange(4):
            case 0:
                writer.rotate()
            case 1:
                follower.look(batches=chance.choice((1, 1, 1_000_000)), meanwhile=chance.choice(meanwhile))
            case _:
                writer.write()
    follower.look()
    assert follower.numbers == list(range(writer.number))
    follower.look()
    assert len(follower.numbers) == writer.number
