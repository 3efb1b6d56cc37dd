"""Real processes on loopback: a scripted PBX that goes on sending, and `threerings` that is killed and started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import SQLAlchemyError

from analytics.storage import models
from analytics.storage.engine import open_store
from analytics.storage.queries import load_position
from telephony.errors import JournalError
from telephony.journal.reader import positions

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "service" / "demo"
PATIENCE = 60.0
STEP = 0.01
TABLES: dict[str, Table] = {
    "call": models.calls,
    "queue_visit": models.queue_visits,
    "offering": models.offerings,
    "talk": models.talks,
    "transfer": models.transfers,
    "digit": models.digits,
    "recording": models.recordings,
    "claim": models.claims,
    "agent_state": models.agent_states,
}


@contextmanager
def scripted_pbx(speed: float, copies: int) -> Iterator[int]:
    """A PBX in a process of its own; its port."""
    command = [sys.executable, "-m", "telephony.scripted_pbx", "--speed", str(speed), "--copies", str(copies)]
    files = [str(DEMO / "plain.jsonl.xz"), str(DEMO / "freepbx.jsonl.xz")]
    with subprocess.Popen([*command, *files], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline().rpartition(" ")[2])
        finally:
            process.kill()


class Installation:
    """A folder with settings for one PBX, the commands over it, and what is in it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.config = folder / "threerings.toml"
        secret = folder / "secret"
        secret.write_text("demo", encoding="utf-8")
        secret.chmod(0o600)
        self.config.write_text(
            f'data_dir = "{folder}/data"\n[http]\nport = 0\n[pbx.pbx]\nhost = "127.0.0.1"\nport = {port}\n'
            f'user = "demo"\nsecret_file = "{secret}"\ntrunks = ["*trunk*", "*provider*"]\n',
            encoding="utf-8",
        )
        self.journal = folder / "data" / "journal"
        self.database = f"sqlite:///{folder}/data/threerings.db"

    @contextmanager
    def running(self, *commands: str) -> Iterator[list[subprocess.Popen[bytes]]]:
        """These commands at work; killed at the end if they still run."""
        log = (self.folder / "log").open("ab")
        started = [
            subprocess.Popen([*COMMAND, command, "--config", str(self.config)], cwd=ROOT, stderr=log)
            for command in commands
        ]
        try:
            yield started
        finally:
            for process in started:
                process.kill()
                process.wait()
            log.close()

    def told(self, *arguments: str) -> list[Any]:
        """The JSON lines that a command prints."""
        done = subprocess.run(
            [*COMMAND, *arguments, "--config", str(self.config), "--json"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    def logged(self, event: str) -> int:
        """How often the commands have logged this event."""
        return (self.folder / "log").read_text(encoding="utf-8").count(event)

    def last_seq(self) -> int:
        """The last durable number; 0 before there is one."""
        try:
            found = positions(self.journal, "pbx")
        except JournalError:
            return 0
        return found[-1].last_seq if found else 0

    def stored_up_to(self) -> int:
        """The number that the stored facts reach to; 0 before there are any."""
        engine = open_store(self.database, reads_only=True)
        try:
            with engine.connect() as connection:
                position = load_position(connection, "pbx")
        except SQLAlchemyError:
            return 0
        finally:
            engine.dispose()
        return position[0] if position else 0

    def replayed(self) -> set[tuple[str, str, int]]:
        """Kind, id and revision of all facts that a replay of the journal gives; merged calls are no calls."""
        facts = self.told("replay", str(self.journal), "--facts")
        return {(fact["fact"], fact["id"], fact["revision"]) for fact in facts if not fact.get("merged_into")}

    def stored(self) -> list[tuple[str, str, int]]:
        """The same of all stored facts, as rows."""
        engine = open_store(self.database, reads_only=True)
        with engine.connect() as connection:
            found = [row for kind, table in TABLES.items() for row in _rows(connection, kind, table)]
        engine.dispose()
        return found


def _rows(connection: Connection, kind: str, table: Table) -> Iterator[tuple[str, str, int]]:
    for row in connection.execute(select(table.c.id, table.c.revision)):
        yield kind, row.id, row.revision


COMMAND = (sys.executable, "-m", "service")


def wait_for(reached: Callable[[], bool], what: str) -> None:
    """Until something in another process has come about."""
    until = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < until, f"{what}: not within {PATIENCE} s"
        time.sleep(STEP)


def stop(process: subprocess.Popen[bytes]) -> float:
    """End it in order; how many seconds that took."""
    began = time.monotonic()
    os.kill(process.pid, signal.SIGTERM)
    process.wait(PATIENCE)
    return time.monotonic() - began
