"""A small installation of real parts: a captured stream in a journal, its facts in a store, and what lies beside."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from analytics.storage.engine import open_store
from analytics.storage.ingest import Position, ingest
from config.loader import load_settings
from config.settings import Settings
from service.backup.making import Made, back_up
from service.migrations import upgrade
from service.pipeline.interpreter import Interpreter
from telephony.journal.entries import EntryKind
from telephony.journal.raw_source import Capture
from telephony.journal.writer import JournalWriter
from tests.service.cli.running import PLAIN

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
CALLS = 59
LEDGER = '{"seq": 3, "from": "2026-11-21T20:00:00+00:00", "to": "2026-11-21T20:01:00+00:00", "why": "lost"}\n'


def install(folder: Path, database_url: str | None = None, *, filled: bool = True) -> Settings:
    """Make it in an empty folder, stored up to the journal's last packet; or with nothing heard and stored."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secret").write_text("s3cret-of-main", encoding="utf-8")
    (folder / "secret").chmod(0o600)
    (folder / "centre.toml").write_text('name = "centre"\n', encoding="utf-8")
    database = f'database_url = "{database_url}"\n' if database_url else ""
    (folder / "threerings.toml").write_text(
        f'data_dir = "data"\npolicy = "centre.toml"\n{database}'
        '[pbx.main]\nhost = "127.0.0.1"\nport = 1\nuser = "u"\nsecret_file = "secret"\n'
        '[pbx.main.logs]\ncel = "mysql://reader:pass-of-logs@127.0.0.1/asteriskcdrdb"\n',
        encoding="utf-8",
    )
    settings = load_settings(folder / "threerings.toml", {})
    settings.data_dir.mkdir()
    if filled:
        _hear(settings)
    for name, text in {"gaps/main.jsonl": LEDGER, "state/main-00000000000000000001.state": "state"}.items():
        path = settings.data_dir / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return settings


def _hear(settings: Settings) -> None:
    interpreter = Interpreter("main")
    facts = []
    with JournalWriter(settings.data_dir / "journal", "main") as journal:
        journal.append(0, EntryKind.STARTED, datetime(2026, 11, 21, 20, 50, tzinfo=UTC))
        for entry in Capture(Path(PLAIN)):
            kept = journal.append(entry.connection, entry.kind, entry.received_at, entry.frames, entry.detail)
            facts += interpreter.handle(kept)
        last = journal.commit()
    engine = open_store(settings.database_url)
    upgrade(engine)
    with engine.begin() as connection:
        ingest(connection, facts, Position(pbx="main", stored_up_to=last, reread_from=0))
    engine.dispose()


def backed_up(settings: Settings, target: Path, *, with_secrets: bool = False) -> Made:
    """A backup of it."""
    return back_up(settings, target, with_secrets=with_secrets, now=lambda: NOW)


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    found = (Path(place, name) for place, _, names in os.walk(folder) for name in names)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
