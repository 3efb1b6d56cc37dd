"""Changes of names that can be undone: files and folders, and the tables of PostgreSQL."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine, text

from service.backup import postgres
from service.backup.manifest import Database
from service.backup.sqlite_copy import BESIDE
from service.backup.staging import sync


class Moves:
    """Undone backwards at the end of the block, unless they are kept.

    stamp: what `before-…` is called. aside: what was moved aside, and is there still.
    """

    def __init__(self, stamp: str) -> None:
        self.aside: list[str] = []
        self._stamp = stamp
        self._undo = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._undo.close()

    def keep(self) -> None:
        """All is done: nothing is to be undone any more."""
        self._undo.pop_all()

    def move(self, source: Path, target: Path) -> None:
        """Gives a file or folder another name; there is nothing of that name. Raises OSError."""
        source.rename(target)
        self._undo.callback(target.rename, source)
        sync(target.parent)

    def put(self, copy: Path, target: Path) -> None:
        """Gives a copy its name; undoing that deletes it. Raises OSError."""
        copy.rename(target)
        self._undo.callback(target.unlink)
        sync(target.parent)

    def move_aside(self, path: Path) -> None:
        """To NAME.before-STAMP beside it; a SQLite file takes along what belongs to it."""
        target = path.with_name(f"{path.name}.before-{self._stamp}")
        self.move(path, target)
        self.aside.append(str(target))
        for ending in BESIDE:
            beside = path.with_name(path.name + ending)
            if beside.exists():
                self.move(beside, target.with_name(target.name + ending))

    def clear_for(self, folder: Path) -> None:
        """Makes room for a folder: an old one goes aside, an empty one goes."""
        if not folder.exists():
            return
        if any(folder.iterdir()):
            self.move_aside(folder)
            return
        folder.rmdir()
        self._undo.callback(folder.mkdir, 0o700)

    def move_tables_aside(self, engine: Engine, database: Database | None) -> None:
        """Moves tables of our names to a schema of their own. Raises SQLAlchemyError.

        What is in their place when this is undone is what was restored, and is dropped.
        """
        before = f"before_{self._stamp}"
        with engine.begin() as connection:
            schema = postgres.schema_of(connection, database)
            tables = postgres.in_the_way(connection, schema, database)
            if tables:
                postgres.move(connection, tables, schema, before)

        def undo() -> None:
            with engine.begin() as connection:
                postgres.drop(connection, postgres.in_the_way(connection, schema, database), schema)
                if tables:
                    postgres.move(connection, tables, before, schema)
                    connection.execute(text(f"DROP SCHEMA {postgres.quoted(before)}"))

        self._undo.callback(undo)
        if tables:
            self.aside.append(f"schema {before}")
