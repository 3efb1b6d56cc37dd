"""Facts are stored though the database comes late; states are kept for the very program that made them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from analytics.storage.engine import open_store
from analytics.storage.models import calls
from service.errors import UnreachableError
from service.migrations import upgrade
from service.pipeline.facts_writer import FactsWriter
from service.pipeline.gaps import Gap, GapLedger, GapReason
from service.pipeline.interpreter import Interpreter
from service.pipeline.locks import RoleLock
from service.pipeline.snapshots import Snapshots, identity_of
from telephony.journal.raw_source import Capture
from tests.service.pipeline.test_interpreter import CAPTURE, RECEIVED

IDENTITY = identity_of("pbx", (), timedelta(0))
PATIENCE = 20.0


def heard() -> tuple[Interpreter, list[list[object]]]:
    """A stream, and its facts entry by entry."""
    interpreter = Interpreter("pbx")
    return interpreter, [interpreter.handle(entry) for entry in Capture(CAPTURE)]


def test_facts_wait_for_a_database_that_is_down(tmp_path: Path) -> None:
    """The alarm is raised, the facts wait, and when it is there all of them are stored."""
    later = tmp_path / "later"
    engine = open_store(f"sqlite:///{later}/facts.db")
    writer = FactsWriter(engine, "pbx", Snapshots(tmp_path / "state", "pbx", IDENTITY))
    _, told = heard()
    writer.start()
    for number, facts in enumerate(told, start=1):
        writer.put(facts, number)
    assert not writer.wait_stored(1, 0.5)
    assert writer.failing is not None
    later.mkdir()
    upgrade(engine)
    assert writer.wait_stored(len(told), PATIENCE)
    assert writer.failing is None
    assert writer.stop(PATIENCE)
    with engine.connect() as connection:
        stored = connection.execute(select(func.count()).select_from(calls)).scalar()
    assert stored == 40


def test_a_state_is_kept_once_its_facts_are_stored(tmp_path: Path) -> None:
    """Stopping in order stores position and state, and the next start goes on there."""
    engine = open_store(f"sqlite:///{tmp_path}/facts.db")
    upgrade(engine)
    snapshots = Snapshots(tmp_path / "state", "pbx", IDENTITY)
    interpreter, told = heard()
    writer = FactsWriter(engine, "pbx", snapshots)
    writer.start()
    writer.put([fact for facts in told for fact in facts], interpreter.seq, snapshots.take(interpreter))
    assert writer.stop(PATIENCE)
    again = snapshots.load(interpreter.seq)
    assert again is not None
    assert again.seq == interpreter.seq == snapshots.newest_seq()


def test_a_state_is_not_taken_where_it_does_not_fit(tmp_path: Path) -> None:
    """Beyond the stored facts, of another program, or damaged: the journal is read again instead."""
    interpreter, _ = heard()
    snapshots = Snapshots(tmp_path, "pbx", IDENTITY)
    snapshots.write(snapshots.take(interpreter))
    assert snapshots.load(interpreter.seq - 1) is None
    assert Snapshots(tmp_path, "pbx", identity_of("pbx", ("*",), timedelta(0))).load(interpreter.seq) is None
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert snapshots.load(interpreter.seq) is None


def test_a_role_is_one_processes_at_a_time(tmp_path: Path) -> None:
    """The second is told who has it."""
    with (
        RoleLock(tmp_path / "lock", "analyser"),
        pytest.raises(UnreachableError, match="another analyser"),
        RoleLock(tmp_path / "lock", "analyser"),
    ):
        pass
    with RoleLock(tmp_path / "lock", "analyser"):
        pass


def test_the_ledger_keeps_each_gap_once(tmp_path: Path) -> None:
    """Also after a restart, and after a line that was torn by a crash."""
    gap = Gap(pbx="pbx", start=RECEIVED, end=RECEIVED, why=GapReason.LOST, detail="silent", seq=7)
    path = tmp_path / "gaps" / "pbx.jsonl"
    GapLedger("pbx", path).add(gap)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"seq": 8, "fr')
    again = GapLedger("pbx", path)
    again.add(gap)
    again.add(Gap(pbx="pbx", start=RECEIVED, end=RECEIVED, why=GapReason.CRASHED, detail="", seq=9))
    assert [(each.seq, each.why) for each in GapLedger("pbx", path).gaps] == [
        (7, GapReason.LOST),
        (9, GapReason.CRASHED),
    ]
