"""While a backup reads one part, all of them move on: whatever the moment, none tells of more than the next holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analytics.storage.engine import open_store
from analytics.storage.ingest import Position, ingest
from config.settings import Settings
from service.backup.making import Made, back_up
from service.migrations import upgrade
from telephony.journal.entries import EntryKind
from telephony.journal.writer import JournalWriter
from tests.service.backup.conftest import NewDatabase
from tests.service.backup.small import NOW, install

STATE = re.compile(r"data/state/main-(\d{20})\.state")


class Service:
    """Moves an installation on by one step at a time, in the order in which the service does."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.steps = 0
        self._engine = open_store(settings.database_url)
        upgrade(self._engine)
        self._journal = JournalWriter(settings.data_dir / "journal", "main")

    def step(self) -> None:
        """Hear a packet, make it durable, keep the gap it ends, store its facts, keep the state that reaches to it."""
        self.steps += 1
        self._journal.append(1, EntryKind.PACKETS, NOW, (b"Event: FullyBooted",))
        seq = self._journal.commit()
        ledger = self.settings.data_dir / "gaps" / "main.jsonl"
        with ledger.open("a", encoding="utf-8") as file:
            file.write(f'{{"seq": {seq}}}\n')
        with self._engine.begin() as connection:
            ingest(connection, [], Position(pbx="main", stored_up_to=seq, reread_from=0))
        folder = self.settings.data_dir / "state"
        (folder / f"main-{seq:020d}.state").write_bytes(b"state")
        for old in sorted(folder.glob("*.state"))[:-2]:
            old.unlink()

    def back_up(self, target: Path) -> Made:
        """A backup with a step wherever it tells of progress."""
        return back_up(self.settings, target, with_secrets=False, now=lambda: NOW, advance=lambda size: self.step())

    def close(self) -> None:
        """End the work."""
        self._journal.close()
        self._engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_states_reach_no_further_than_facts_and_facts_no_further_than_the_journal(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    """An analyser that begins from the archive finds its place, and the journal holds all that is beyond it."""
    make: NewDatabase | None = request.getfixturevalue("new_database") if kind == "postgres" else None
    settings = install(tmp_path / "here", make and make("moving"), filled=False)
    service = Service(settings)
    for _ in range(3):
        service.step()
    before = service.steps
    made = service.back_up(tmp_path / "made.tar.zst")
    service.close()
    assert service.steps > before + 4
    (reached,) = made.manifest.pbxs
    states = [int(found[1]) for member in made.manifest.members if (found := STATE.fullmatch(member.name))]
    assert 0 < max(states) <= reached.stored_up_to <= reached.last_seq
    assert reached.first_seq == 1
