"""What the commands of listening to samples share: the store, the policy with its people, who acts, the audit."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection, Engine

from analytics.people.people_store import with_people
from analytics.quality.assigning import Inspector
from analytics.quality.cards import Hand
from analytics.storage.engine import open_store
from config.policies import Policy
from config.settings import Language
from service.auth import accounts, audit
from service.auth.accounts import Account
from service.auth.audit import Act, Entry, Kind, Program
from service.auth.rights import Right
from service.cli import context
from service.cli.quality_words import quality_words, question
from service.errors import UsageError
from service.migrations import upgrade
from service.quality.inspectors import inspector_of, inspectors_of
from telephony.clock import SystemClock

LoginOption = Annotated[
    str, typer.Option("--by", metavar="LOGIN", help="The account that does it; kept on record.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask before what cannot be undone.")]


class QualityDesk:
    """One command's work: settings, words, the instant, and the store with the policy's people."""

    def __init__(self, config: Path | None, lang: Language | None) -> None:
        self.settings = context.need(config)
        self.language = context.language_of(self.settings, lang)
        self.word = quality_words(self.language)
        self.now = SystemClock().now()

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The store with all its tables."""
        if self.settings.database_url.startswith("sqlite"):
            self.settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = open_store(self.settings.database_url)
        try:
            upgrade(engine)
            yield engine
        finally:
            engine.dispose()

    @contextmanager
    def store(self) -> Iterator[tuple[Connection, Policy]]:
        """One transaction, and the policy with the people in force."""
        with self.engine() as engine, engine.begin() as connection:
            yield connection, self.policy(connection)

    def policy(self, connection: Connection) -> Policy:
        """The settings' policy with the store's people."""
        return with_people(connection, context.policy_of(self.settings, None))

    def account(self, connection: Connection, login: str, right: Right) -> Account:
        """Who acts. Raises UsageError for a login that nobody has, and one without the right."""
        found = accounts.find(connection, login)
        if found is None or not found.active or right not in found.rights:
            what = "no active account" if found is None or not found.active else "an account without it"
            raise UsageError(f"--by {login[:40]!a}: found {what}, expected one with the right {right.value}")
        return found

    def hand(self, connection: Connection, policy: Policy, login: str) -> Hand:
        """Who marks or decides, with the right to it."""
        account = self.account(connection, login, Right.QUALITY)
        by = inspector_of(account.login, account.agent, policy, self.now)
        return Hand(by=by, policy=policy, now=self.now)

    def inspectors(self, connection: Connection, policy: Policy) -> tuple[Inspector, ...]:
        """Whom samples are given to."""
        return inspectors_of(connection, policy, self.now)

    def note(self, connection: Connection, subject: str, **details: str | int | bool | None) -> None:
        """Write into the audit who at the command line did it."""
        who = Program(login=_system_user(), role=Kind.COMMAND)
        audit.note(connection, Entry(at=self.now, visitor=who, act=Act.CHANGED, subject=subject, details=details))

    def confirm(self, name: str, about: str, *, yes: bool) -> None:
        """Ask before what cannot be undone. Raises UsageError where nobody can be asked."""
        if yes:
            return
        if not sys.stdin.isatty():
            raise UsageError(f"quality {name} {about}: found no terminal to ask on, expected --yes")
        typer.confirm(question(name, self.language, about), abort=True, err=True)


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
