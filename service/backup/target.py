"""Where a backup is restored to, and that nobody works there."""

from __future__ import annotations

import fcntl
import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from config.settings import Settings
from service.backup.contents import sqlite_file
from service.backup.manifest import DatabaseKind
from service.errors import UnreachableError, UsageError

KINDS = {"sqlite": DatabaseKind.SQLITE, "postgresql": DatabaseKind.POSTGRESQL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An installation's places. `database_url` may hold a password: never shown.

    data_dir: where links lead in the end, since it is that folder which gets another name.
    """

    data_dir: Path
    database_url: str

    @property
    def kind(self) -> DatabaseKind:
        """The kind of its database. Raises UsageError for one that we do not know."""
        try:
            name = make_url(self.database_url).get_backend_name()
        except ArgumentError:
            name = "no URL"
        if name not in KINDS:
            raise UsageError(f"database_url: found {name}, expected sqlite or postgresql")
        return KINDS[name]

    @property
    def database_file(self) -> Path | None:
        """The file of a SQLite database."""
        return sqlite_file(self.database_url)


def target_of(settings: Settings, database_url: str | None) -> Target:
    """The places that settings tell. Raises UsageError for settings that would be moved aside themselves."""
    data_dir = settings.data_dir.resolve()
    if settings.source is not None and settings.source.resolve().is_relative_to(data_dir):
        raise UsageError(f"{settings.source}: found it in the data folder, expected it outside, or --to FOLDER")
    return Target(data_dir=data_dir, database_url=database_url or settings.database_url)


def target_in(folder: Path, database_url: str | None) -> Target:
    """A data folder without settings; its database is in it unless another is given."""
    folder = folder.resolve()
    return Target(data_dir=folder, database_url=database_url or f"sqlite:///{folder}/threerings.db")


def is_empty(folder: Path) -> bool:
    """Nothing is in it, or it is not there. Raises UsageError for what is no folder."""
    if not folder.exists():
        return True
    if not folder.is_dir():
        raise UsageError(f"{folder}: found a file, expected a folder")
    return not any(folder.iterdir())


def hold(data_dir: Path, held: ExitStack) -> None:
    """Takes every lock of an installation until `held` is closed, so that nobody begins meanwhile.

    Raises UnreachableError if a listener or an analyser is at work.
    """
    for path in sorted((*data_dir.glob("*.lock"), *data_dir.glob("*/*.lock"))):
        lock = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        held.callback(os.close, lock)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnreachableError(f"{path}: found its owner at work, expected the service to be stopped") from None
