"""Imports into a real database: once, again, after a kill, over what the stream told."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from analytics.storage.dialects import dialect_of
from analytics.storage.engine import open_store
from analytics.storage.ingest import Ingester, ReplaceCount
from analytics.storage.models import calls, metadata
from analytics.storage.rollup_models import changed_hours
from service.importing import running
from service.importing.gathering import Whole
from service.importing.progress import Silent
from service.importing.reading import write_quarantine
from service.importing.sources import Named, Reading, open_sources
from service.importing.storing import Storer
from service.migrations import upgrade
from telephony.calls.facts import CallFact, Known
from telephony.pbxlogs.rows import LogKind
from telephony.pbxlogs.staging import Staging
from tests.service.importing.history import FREEPBX, PLAIN, Logs, captured, copied

TOLD = running.Told(pbx="pbx")
SETTINGS = """
data_dir = "{folder}/data"
database_url = "sqlite:///{folder}/facts.db"
[pbx.pbx]
host = "127.0.0.1"
user = "u"
secret_env = "X"
"""


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """A migrated database."""
    engine = open_store(url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(store: Engine) -> Engine:
    """An empty database of either kind."""
    return store


def ignore(whole: Whole) -> None:
    """Nothing is surveyed."""


def import_(engine: Engine, logs: Logs, *kinds: LogKind) -> ReplaceCount:
    """Import some kinds of logs, or all."""
    paths = {LogKind.CEL: logs.cel, LogKind.CDR: logs.cdr, LogKind.QUEUE_LOG: logs.queue_log}
    sources = open_sources([Named(kind, str(paths[kind])) for kind in kinds or LogKind], Reading())
    with Staging() as staging:
        running.stage(staging, sources, Silent())
        return running.store(staging, running.built(staging, TOLD, Silent()), Storer(engine, "pbx"), ignore)


def dump(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table of facts."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).fetchall()))
            for table in metadata.tables.values()
            if table is not changed_hours  # that something was stored again, not what
        }


def how_known(engine: Engine) -> dict[str, str]:
    """How each stored call is known."""
    with engine.connect() as connection:
        return {row.id: row.known for row in connection.execute(select(calls.c.id, calls.c.known))}


@pytest.mark.parametrize("folder", [PLAIN, FREEPBX])
def test_the_same_import_again_changes_nothing(engine: Engine, folder: Path) -> None:
    """A dump of all tables is the same after the second import as after the first."""
    first = import_(engine, captured(folder))
    before = dump(engine)
    second = import_(engine, captured(folder))
    assert first.new == second.replaced == len(before["calls"]) > 90
    assert (first.replaced, second.new) == (0, 0)
    assert dump(engine) == before


def test_a_call_that_was_heard_whole_stays_as_it_is(engine: Engine) -> None:
    """What the stream told whole is not touched, neither the call nor its parts."""
    logs = captured(PLAIN)
    observed = [
        replace(fact, known=Known.OBSERVED, caller_name="as heard") if isinstance(fact, CallFact) else fact
        for fact in logs.facts()
    ]
    with engine.begin() as connection:
        Ingester(dialect_of(engine.dialect.name)).ingest(connection, observed)
    before = dump(engine)
    count = import_(engine, logs)
    assert (count.new, count.replaced) == (0, 0)
    assert count.kept == len(before["calls"])
    assert dump(engine) == before


def test_more_kinds_of_logs_replace_fewer_and_never_the_other_way(engine: Engine, tmp_path: Path) -> None:
    """queue_log first, all three after it: the calls are told by all; queue_log again leaves them so."""
    logs = captured(PLAIN)
    import_(engine, logs, LogKind.QUEUE_LOG)
    assert set(how_known(engine).values()) == {"inferred"}
    import_(engine, logs)
    with opened(f"sqlite:///{tmp_path}/fresh.db") as fresh:
        import_(fresh, logs)
        assert set(dump(fresh)["calls"]) <= set(dump(engine)["calls"])
    before = dump(engine)
    again = import_(engine, logs, LogKind.QUEUE_LOG)
    assert (again.new, again.replaced) == (0, 0)
    assert again.kept > 20
    assert dump(engine)["calls"] == before["calls"]
    assert dump(engine)["talks"] == before["talks"]


def command(folder: Path, logs: Logs) -> subprocess.Popen[bytes]:
    """`threerings import` as a process."""
    return subprocess.Popen(
        [sys.executable, "-m", "service", "import", *logs.arguments, "--json"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def undisturbed_seconds(folder: Path, logs: Logs) -> float:
    """How long an import into `folder` takes that nobody disturbs."""
    folder.mkdir()
    (folder / "threerings.toml").write_text(SETTINGS.format(folder=folder))
    began = time.monotonic()
    process = command(folder, logs)
    _, err = process.communicate()
    assert process.returncode == 0, err
    return time.monotonic() - began


def until_something_is_kept(folder: Path) -> None:
    """Until rows of an import into `folder` are staged for good: whoever comes after it goes on with them."""
    deadline = time.monotonic() + 60
    while not any(map(staged, folder.glob("**/imports/*.db"))):
        assert time.monotonic() < deadline, "nothing staged after a minute"
        time.sleep(0.005)


def staged(path: Path) -> bool:
    """Whether a staging that another process writes holds rows; not yet, where it has no tables yet."""
    with (
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection,
        suppress(sqlite3.OperationalError),
    ):
        return bool(connection.execute("SELECT count(*) FROM counts").fetchone()[0])
    return False


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_any_moment_an_import_goes_on_where_it_was(tmp_path: Path, seed: int) -> None:
    """Killed again and again, then let through: the database is that of an import that nobody disturbed."""
    logs = copied(tmp_path, 12)
    chance = random.Random(seed)
    whole = undisturbed_seconds(tmp_path / "undisturbed", logs)
    (tmp_path / "threerings.toml").write_text(SETTINGS.format(folder=tmp_path))
    # Two kills at the least, however fast the machine: none of the first two runs has time for all that is left. The
    # first is given until something of it is kept, whatever an undisturbed one took: machines are not always as fast.
    told, kills, patience = b"", 0, whole
    while True:
        process = command(tmp_path, logs)
        if kills == 0:
            until_something_is_kept(tmp_path)
        try:
            _, err = process.communicate(timeout=patience * chance.uniform(0.2, 0.4) if kills else 0.01)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            told += process.communicate()[1]
            kills, patience = kills + 1, patience * 1.2
            continue
        break
    assert process.returncode == 0, err
    assert kills > 1
    assert b"goes on with an import begun before" in told + err
    with (
        opened(f"sqlite:///{tmp_path}/undisturbed/facts.db") as undisturbed,
        opened(f"sqlite:///{tmp_path}/facts.db") as disturbed,
    ):
        assert dump(disturbed) == dump(undisturbed)
    assert sorted(path.name for path in (tmp_path / "data" / "imports").iterdir()) == [
        "history.jsonl",
        "import.lock",
    ]


class Counting(Storer):
    """A storer whose database goes away after some batches."""

    def __init__(self, engine: Engine, batches: int) -> None:
        super().__init__(engine, "pbx")
        self.left = batches
        self.stored: list[str] = []

    def store(self, calls: Sequence[Whole]) -> ReplaceCount:
        """Store these, or fail."""
        self.left -= 1
        if self.left < 0:
            raise ConnectionError("the database is gone")
        self.stored += [each.call_id for each in calls]
        return super().store(calls)


def test_what_was_committed_is_neither_read_nor_stored_again(tmp_path: Path) -> None:
    """After a failure half-way the rest is stored and only the rest; the counts are those of the whole import."""
    logs = copied(tmp_path, 12)
    sources = open_sources([Named(LogKind.CEL, str(logs.cel))], Reading())
    path = tmp_path / "staging.db"
    with opened(f"sqlite:///{tmp_path}/facts.db") as engine:
        first, second = Counting(engine, 2), Counting(engine, 1000)
        with Staging(path) as staging:
            running.stage(staging, sources, Silent())
            built = running.built(staging, TOLD, Silent())
            with pytest.raises(ConnectionError):
                running.store(staging, built, first, ignore)
        with Staging(path) as staging:
            before = staging.counts()
            running.stage(staging, sources, Silent())
            assert {kind: each.rows for kind, each in staging.counts().items()} == {
                kind: each.rows for kind, each in before.items()
            }
            assert running.stored_before(staging) > 500
            count = running.store(staging, running.built(staging, TOLD, Silent()), second, ignore)
        known = how_known(engine)
    assert not set(first.stored) & set(second.stored)
    assert (count.new, count.replaced, count.kept) == (len(known), 0, 0)


def test_a_log_that_grew_between_is_read_on_and_all_is_stored(tmp_path: Path) -> None:
    """Rows that came after the kill are in; nothing of what was there is doubled."""
    whole = copied(tmp_path, 3)
    lines = whole.cel.read_bytes().splitlines(keepends=True)
    path = tmp_path / "staging.db"
    with opened(f"sqlite:///{tmp_path}/facts.db") as engine, opened(f"sqlite:///{tmp_path}/once.db") as once:
        import_(once, whole, LogKind.CEL)
        for part in (lines[: len(lines) // 2], lines):
            whole.cel.write_bytes(b"".join(part))
            sources = open_sources([Named(LogKind.CEL, str(whole.cel))], Reading())
            with Staging(path) as staging:
                running.stage(staging, sources, Silent())
                running.store(staging, running.built(staging, TOLD, Silent()), Storer(engine, "pbx"), ignore)
                assert staging.counts()[LogKind.CEL].rows == len(part)
        assert dump(engine) == dump(once)


def test_bad_rows_go_to_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    """One JSON object a row with file, line, why and text; none of it where nothing was bad."""
    log = tmp_path / "queue_log"
    log.write_bytes(b"1795303639|NONE|NONE|NONE|QUEUESTART|\nnot a row\n")
    target = tmp_path / "quarantine" / "import.jsonl"
    with Staging() as staging:
        assert write_quarantine(staging, target) == 0
        assert not target.exists()
        running.stage(staging, open_sources([Named(LogKind.QUEUE_LOG, str(log))], Reading()), Silent())
        assert write_quarantine(staging, target) == 1
    (line,) = [json.loads(each) for each in target.read_text().splitlines()]
    assert (line["file"], line["line"], line["text"]) == (str(log), 2, "not a row")
    assert "expected" in line["why"]
    assert target.stat().st_mode & 0o777 == 0o600
