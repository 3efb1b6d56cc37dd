"""How a PBX is heard by a process that listens itself, and by one where another listens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.settings import LogSource, PbxLogs
from service.dialling.deafness import Hearing
from service.pipeline.analysis import Told, journal_folder
from service.pipeline.road import Road
from service.repairs.caught_up import caught_up_path, write_caught_up
from telephony.clock import SystemClock
from telephony.journal.entries import EntryKind
from telephony.journal.writer import JournalWriter
from tests.service.test_app import settings_for

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)


class Read:
    """As much of an analyser as is asked: what it has read of the journal."""

    def __init__(self) -> None:
        self.seq, self.listening, self.connection, self.open_gap = 0, True, 1, None
        self.analyser, self.ledger, self.failing, self.interpreter, self.gaps = self, self, None, self, []


@pytest.fixture
def hearing(tmp_path: Path) -> tuple[Hearing, Read, list[datetime]]:
    """A process without a listener, the analyser's reading, and its clock."""
    road, read, clock = Road(settings_for(tmp_path, 1).pbxs[0], Told(pbx="pbx"), SystemClock()), Read(), [NOW]
    road.analysis = read  # type: ignore[assignment]
    return Hearing(road, tmp_path, lambda: clock[0]), read, clock


def test_another_process_is_heard_while_it_holds_its_lock_and_is_read_to_its_end(
    tmp_path: Path, hearing: tuple[Hearing, Read, list[datetime]]
) -> None:
    """Nobody listens: deaf. Somebody does: heard once all that he wrote was read. He ends: deaf again."""
    found, read, clock = hearing
    assert not found.ears(None).heard
    folder = journal_folder(tmp_path)
    with JournalWriter(folder, "pbx") as journal:
        journal.append(1, EntryKind.STARTED, NOW, (), "")
        journal.append(1, EntryKind.CONNECTED, NOW, (), "")
        journal.commit()
        clock[0] += timedelta(seconds=1)
        assert not found.ears(None).heard
        read.seq = journal.durable_seq
        assert found.ears(None).heard
        read.listening = False
        assert not found.ears(None).heard
        read.listening = True
    clock[0] += timedelta(seconds=1)
    assert not found.ears(None).heard


def test_logs_without_cel_cannot_tell_of_a_channel(hearing: tuple[Hearing, Read, list[datetime]]) -> None:
    """Then nothing is taken back by itself."""
    assert hearing[0].logged("tr-x-1", NOW) is None


def test_queue_log_alone_settles_no_gap(tmp_path: Path) -> None:
    """It tells nothing of calls that were placed: somebody must answer for them."""
    queue_log = LogSource(path=tmp_path / "queue_log")
    plain = settings_for(tmp_path, 1).pbxs[0]
    for logs, is_told in (
        (PbxLogs(queue_log=queue_log), False),
        (PbxLogs(queue_log=queue_log, cdr=queue_log), True),
    ):
        road = Road(replace(plain, logs=logs), Told(pbx="pbx"), SystemClock())
        path = caught_up_path(tmp_path, "pbx")
        path.parent.mkdir(exist_ok=True)
        write_caught_up(path, NOW)
        assert (Hearing(road, tmp_path, lambda: NOW).ears(None).caught_up_at == NOW) is is_told
