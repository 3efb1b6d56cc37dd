"""A centre with recordings on its disk, people with accounts, and a policy that keeps some of them for some days."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from analytics.storage.ingest import ingest
from analytics.storage.recording_models import recording_files, recording_marks, recording_work
from config.policies import Policy, PolicyVersion
from config.policy_loader import load_policy
from config.retention import Retention, RetentionRule
from service.auth import accounts
from service.auth.accounts import Account, Wanted
from service.auth.entrance import Known
from service.auth.rights import Right, Role
from service.destroying.acts import Act
from service.destroying.carrying import Carrier
from service.destroying.confirming import person_of
from service.destroying.deeds import Deeds, Doer
from service.destroying.lists import DestructionList
from service.listening import Shelf
from telephony.clock import to_microseconds
from tests.analytics import factory
from tests.analytics.recordings.tones import pcm16, tone, wave, write
from tests.service.auth.house import HASH

SOUND = wave(pcm16(tone(1, 0.5)))
LATER = factory.START + timedelta(days=200)
PEOPLE = ("registrar", "reviewer", "director", "first", "second")


@dataclass(slots=True, kw_only=True)
class Yard:
    """What a test stands on. `clock` is moved by hand."""

    engine: Engine
    root: Path
    shelf: Shelf
    policy: Policy
    people: dict[str, Account] = field(default_factory=dict)
    clock: list[datetime] = field(default_factory=lambda: [LATER])

    @property
    def deeds(self) -> Deeds:
        """What people do."""
        return Deeds(self.engine, self.engine, lambda: self.policy, "CN", lambda: self.clock[0])

    def carrier(self, shelf: Shelf | None = None) -> Carrier:
        """Who carries out."""
        return Carrier(self.engine, shelf or self.shelf, lambda: self.policy, "CN", lambda: self.clock[0])

    def doer(self, login: str) -> Doer:
        """One of the people."""
        account = self.people[login]
        return Doer(person=person_of(account), actor=Known(account))

    def recording(self, number: int, *, call: bool = True, days: int = 0, **more: Any) -> int:
        """The id of a file of a call of its own, or of none."""
        began, call_id = factory.START + timedelta(days=days), f"pbx/1.{number}"
        facts = [factory.call(call_id, start=began, end=began + timedelta(seconds=30), **more)]
        path = write(self.root / f"2026/11/q-{number}.wav", SOUND + bytes([number]))
        row = {
            "pbx": "pbx", "path": f"2026/11/q-{number}.wav", "size": path.stat().st_size, "stamp": f"{number}",
            "found_us": 0, "changed_us": to_microseconds(began), "condition": "ready", "length_ms": 1000,
            "call_id": call_id if call else None, "started_us": to_microseconds(began),
        }  # fmt: skip
        with self.engine.begin() as connection:
            if call:
                ingest(connection, facts)
            key = connection.execute(insert(recording_files).values(row)).inserted_primary_key
            file_id = int(key[0]) if key else 0
            connection.execute(insert(recording_marks).values(file_id=file_id, stamp=f"{number}", marks="{}"))
            work = {"file_id": file_id, "priority": 0, "queued_us": 0, "due_us": 0, "tries": 0}
            connection.execute(insert(recording_work).values(work))
        return file_id

    def approved(self) -> DestructionList:
        """A list of what is past retention, with three acts."""
        made, _ = self.deeds.make_due(self.doer("registrar"))
        self.deeds.act(made.id, Act.REVIEW, self.doer("reviewer"))
        return self.deeds.act(made.id, Act.APPROVE, self.doer("director"))

    def begun(self) -> DestructionList:
        """The same with two present, begun."""
        made = self.approved()
        for login in ("first", "second"):
            self.deeds.act(made.id, Act.ATTEND, self.doer(login))
        return self.deeds.act(made.id, Act.BEGIN, self.doer("second"))

    def condition(self, file_id: int) -> str:
        """Of a file, as the store has it."""
        with self.engine.connect() as connection:
            wanted = select(recording_files.c.condition).where(recording_files.c.id == file_id)
            return str(connection.execute(wanted).scalar_one())

    def rows(self, table: Any) -> int:
        """How many rows a table has."""
        with self.engine.connect() as connection:
            return len(connection.execute(select(table)).all())


@pytest.fixture
def yard(store: Engine, tmp_path: Path) -> Yard:
    """A centre that keeps recordings for a hundred days, and those of complaints for good."""
    retention = Retention(days=100, rules=(RetentionRule(queue="complaints"),))
    policy = replace(load_policy("default"), versions=(PolicyVersion(retention=retention),))
    root = tmp_path / "monitor"
    root.mkdir()
    made = Yard(engine=store, root=root, shelf=Shelf({"pbx": root}, tmp_path / "data" / "listening"), policy=policy)
    with store.begin() as connection:
        for login in PEOPLE:
            rights = {Right.DESTROY, *((Right.DIRECT,) if login == "director" else ())}
            wanted = Wanted(name=login.title(), role=Role.LEADER, granted=frozenset(rights))
            made.people[login] = accounts.create(connection, login, wanted, HASH, factory.START)
    return made
