"""What the commands of destruction and holds share: who acts, by login and password, and over which store."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from analytics.storage.engine import open_store
from config.policies import Policy
from config.settings import Language, Settings
from service.auth.entrance import Known
from service.auth.rights import Right
from service.cli import context
from service.cli.destruction_words import destruction_words
from service.destroying.confirming import confirm, person_of
from service.destroying.deeds import Deeds, Doer
from service.errors import UsageError
from telephony.clock import SystemClock

AsOption = Annotated[
    str, typer.Option("--as", metavar="LOGIN", help="The account that acts; its password is asked for.")
]
PasswordOption = Annotated[
    Path | None, typer.Option("--password-file", metavar="FILE", help="The password's file, - for standard input.")
]
ListArgument = Annotated[int, typer.Argument(metavar="LIST", help="A list's number.")]


class Desk:
    """One command's settings, words and clock."""

    def __init__(self, config: Path | None, lang: Language | None) -> None:
        self.settings: Settings = context.need(config)
        self.language = context.language_of(self.settings, lang)
        self.word = destruction_words(self.language)
        self.clock = SystemClock()

    @property
    def policy(self) -> Policy:
        """The centre's."""
        return context.policy_of(self.settings, None)

    @contextmanager
    def deeds(self, engine: Engine) -> Iterator[Deeds]:
        """What is done, over a store that may be written; what takes long only reads it."""
        policy, reading = self.policy, open_store(self.settings.database_url, reads_only=True)
        try:
            yield Deeds(reading, engine, lambda: policy, self.settings.country, self.clock.now)
        finally:
            reading.dispose()

    def doer(self, engine: Engine, login: str, password_file: Path | None, right: Right) -> Doer:
        """Who acts. Raises NotKnownError, UsageError."""
        account = confirm(
            engine, login, _password(login, password_file, self.word.get("password_of")), right, self.clock.now()
        )
        return Doer(person=person_of(account), actor=Known(account))


def _password(login: str, file: Path | None, prompt: str) -> str:
    if file is not None:
        try:
            text = sys.stdin.readline() if str(file) == "-" else file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"{file}: found no text ({type(error).__name__}), expected a password's file"
            ) from None
        return text.partition("\n")[0].rstrip("\r")
    if not sys.stdin.isatty():
        raise UsageError("password: found no terminal to ask at, expected --password-file FILE (- for stdin)")
    return getpass.getpass(prompt.format(login))
