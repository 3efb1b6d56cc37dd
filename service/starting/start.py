"""What the first start knows and does: which steps are done, and each step, durable at once.

Files and the store are touched in worker threads. What changes the settings is in force when the service begins again,
which `again` asks for.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from analytics.people.columns import Kind
from analytics.people.people_store import load_people
from analytics.people.records import People
from analytics.storage.engine import open_store
from config.policies import Policy
from config.settings import Settings
from service.auth import accounts, administering
from service.auth.accounts import Wanted
from service.auth.administering import Doer
from service.auth.rights import Role
from service.auth.visiting import open_door
from service.errors import UsageError
from service.migrations import upgrade
from service.people_import import Outcome, read_files, take_in
from service.starting import settings_file
from service.starting.proposing import Proposed, propose
from service.starting.settings_file import PbxGiven

STATE = "first-start.json"
DATA = "threerings-data"


class Step(StrEnum):
    """The steps, in order."""

    ADMINISTRATOR = "administrator"
    PBX = "pbx"
    POLICY = "policy"
    AGENTS = "agents"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far somebody has come."""

    done: frozenset[Step]
    skipped: frozenset[Step]

    @property
    def current(self) -> Step:
        """The first step that is neither done nor skipped."""
        return next((each for each in Step if each not in self.done | self.skipped), Step.DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrator:
    """Who will administer, as he wrote it."""

    login: str
    name: str
    password: str


class FirstStart:
    """The steps over one installation. `path`: of its settings; `is_demo`: none are written yet."""

    def __init__(
        self,
        settings: Settings,
        path: Path,
        engine: Engine,
        now: Callable[[], datetime],
        environ: Mapping[str, str],
        again: Callable[[], None],
        *,
        is_demo: bool,
    ) -> None:
        self.settings, self.path, self.is_demo = settings, path, is_demo
        self.again = again
        self._engine, self._now, self._environ = engine, now, environ

    # -- how far ----------------------------------------------------------------------------

    def standing(self) -> Standing:
        """How far it is. Raises SQLAlchemyError."""
        if self.is_demo:
            return Standing(done=frozenset(), skipped=frozenset())
        noted = self._noted()
        with self._engine.connect() as connection:
            has_account = accounts.any_exists(connection)
            has_people = load_people(connection) != People()
        facts = {
            Step.ADMINISTRATOR: has_account,
            Step.PBX: bool(self.settings.pbxs),
            Step.POLICY: Step.POLICY.value in noted["done"],
            Step.AGENTS: has_people,
            Step.DONE: Step.DONE.value in noted["done"],
        }
        done = frozenset(step for step, holds in facts.items() if holds)
        return Standing(done=done, skipped=frozenset(map(Step, noted["skipped"])) - done)

    def has_account(self) -> bool:
        """Whether anybody has one."""
        try:
            with self._engine.connect() as connection:
                return not self.is_demo and accounts.any_exists(connection)
        except SQLAlchemyError:
            return True  # a store that cannot be read opens no door

    def skip(self, step: Step) -> None:
        """Go on without a step for now."""
        self._note("skipped", step)

    def finish(self) -> None:
        """The first call was seen, or nobody waits for it."""
        self._note("done", Step.DONE)

    # -- the steps ----------------------------------------------------------------------------

    def make_administrator(self, wanted: Administrator, zone: str, language: str) -> None:
        """The first account; where there are no settings yet, these first.

        Raises AccountError, SettingsError, OSError, SQLAlchemyError, UsageError where somebody was faster.
        """
        if not self.is_demo:
            self._make_account(self._engine, wanted)
            return
        if self.path.exists():
            raise UsageError(f"{self.path}: found settings that another wrote, expected none yet")
        self._try_account(wanted)
        text = settings_file.first(self.path.parent.resolve() / DATA, zone, self.settings.country, language)
        settings = settings_file.put(self.path, text, self._environ)
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = open_store(settings.database_url)
        try:
            upgrade(engine)
            self._make_account(engine, wanted)
        finally:
            engine.dispose()

    @staticmethod
    def _try_account(wanted: Administrator) -> None:
        """What would be refused is refused before any file is written."""
        accounts.check_login(wanted.login)
        accounts.check_password(wanted.password, wanted.login)
        Wanted(name=wanted.name, role=Role.ADMINISTRATOR).checked()

    def _make_account(self, engine: Engine, wanted: Administrator) -> None:
        account = Wanted(name=wanted.name, role=Role.ADMINISTRATOR)
        doer = Doer(at=self._now(), who=replace(open_door(""), login="first start"))
        with engine.begin() as connection:
            if accounts.any_exists(connection):
                raise UsageError("first start: found an account, expected none yet: log in with it")
            administering.create(connection, wanted.login, account, wanted.password, doer)

    def put_pbx(self, given: PbxGiven) -> None:
        """The PBX into the settings, its secret into a file of its own. Raises SettingsError, OSError, UsageError."""
        if self.settings.pbx(given.name) is not None:
            raise UsageError(f"pbx: found the name {given.name!r} in the settings, expected a new one")
        settings_file.put_secret(self.path.parent, given.name, given.secret)
        text = self.path.read_text(encoding="utf-8")
        settings_file.put(self.path, text + settings_file.pbx_lines(given), self._environ)

    def put_policy(self, name: str) -> None:
        """The centre's policy into the settings. Raises SettingsError, OSError."""
        text = self.path.read_text(encoding="utf-8")
        settings_file.put(self.path, settings_file.with_policy(text, name), self._environ)
        self._note("done", Step.POLICY)

    def import_agents(self, name: str, body: bytes, policy: Policy) -> Outcome:
        """People of a file. Raises PeopleError, OSError, SQLAlchemyError."""
        with tempfile.TemporaryDirectory(prefix="threerings-import-") as folder:
            path = Path(folder) / (Path(name).name or "agents.csv")
            path.write_bytes(body)
            read = read_files([path], list(Kind), policy)
            return take_in(self._engine, policy, read, dry_run=False, partial=False)

    def import_members(self, agents: Iterable[tuple[str, str]], policy: Policy) -> Outcome:
        """Agents by number and name, as queues have them."""
        with tempfile.TemporaryDirectory(prefix="threerings-import-") as folder:
            path = Path(folder) / "agents.csv"
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(("agent", "name"))
                writer.writerows(agents)
            read = read_files([path], [Kind.AGENTS], policy)
            return take_in(self._engine, policy, read, dry_run=False, partial=False)

    def proposed(self, policy: Policy) -> Proposed:
        """What calls have shown so far and neither settings nor policy say. Raises SQLAlchemyError, JournalError."""
        return propose(self.settings, policy, self._engine, self._now(), None)

    # -- what is noted ------------------------------------------------------------------------

    def _noted(self) -> dict[str, list[str]]:
        try:
            told = json.loads((self.settings.data_dir / STATE).read_text(encoding="utf-8"))
            return {key: [each for each in told.get(key, ()) if each in set(Step)] for key in ("done", "skipped")}
        except (OSError, ValueError, AttributeError, TypeError):
            return {"done": [], "skipped": []}

    def _note(self, key: str, step: Step) -> None:
        noted = self._noted()
        noted[key] = sorted({*noted[key], step.value})
        draft = self.settings.data_dir / f".{STATE}"
        draft.write_text(json.dumps(noted), encoding="utf-8")
        os.replace(draft, self.settings.data_dir / STATE)
