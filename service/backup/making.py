"""Makes a backup of an installation that is at work.

The parts are read one after the other while all of them move on, so their order is what makes them fit. Each
part tells of what the next one holds, and must not tell of more than that:

    states      are kept once the facts up to them are stored     so they come before the database
    ledgers     and imports' marks say what the store has taken   so they come before the database
    database    facts are stored once their packets are durable   so it comes before the journal
    journal     holds all that the others were made of            so it is last

A journal that was read first would end before the facts do: a restored analyser would then take what is said
next for what it has stored already, and pass over it. This way the journal is ahead by what was heard
meanwhile, which is what an analyser finds after any restart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import create_engine

from analytics.storage.engine import open_store
from config.settings import Settings
from service.backup import contents, postgres
from service.backup.archive import Advance, ArchiveWriter, writing
from service.backup.contents import Source
from service.backup.manifest import Database, DatabaseKind, Manifest, Reached
from service.backup.sqlite_copy import copy_sqlite, is_sqlite
from service.backup.staging import staging, sync
from service.backup.stored import Stored, read_stored
from service.errors import UnreachableError, UsageError
from telephony.journal.files import DayFile, bounds, reading

SUFFIX = ".tar.zst"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that was made."""

    path: Path
    size: int
    manifest: Manifest


def place_for(target: Path, now: datetime) -> Path:
    """The file to write: the one that is named, else one named by the time in a folder, which is made."""
    if not target.name.endswith(SUFFIX):
        if target.exists() and not target.is_dir():
            raise UsageError(f"{target}: found a file, expected a folder or a name that ends in {SUFFIX}")
        target = target / f"threerings-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
    if target.exists():
        raise UsageError(f"{target}: found a file, expected a new name: no backup is written over")
    return target


def back_up(
    settings: Settings,
    target: Path,
    *,
    with_secrets: bool,
    now: Callable[[], datetime],
    advance: Advance = lambda size: None,
) -> Made:
    """Writes a backup to a file that does not exist yet; it has its name once it is whole and durable.

    Raises UsageError, UnreachableError, SQLAlchemyError; nothing is left behind then.
    """
    data_dir = settings.data_dir
    if not data_dir.is_dir():
        raise UsageError(f"data_dir {data_dir}: found no such folder, expected that of an installation")
    if target.resolve().is_relative_to(data_dir.resolve()):
        raise UsageError(f"{target}: found a place in the data folder, expected one outside: it would hold itself")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with staging(target.parent) as scratch:
            part = scratch / "archive"
            with writing(part, advance) as archive:
                manifest = _Maker(settings, scratch, archive, advance).make(with_secrets, now())
            size = part.stat().st_size
            part.rename(target)
        sync(target.parent)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise UnreachableError(f"{target}: {where}found {error.strerror or error}, expected to write it") from error
    return Made(path=target, size=size, manifest=manifest)


def expected_size(settings: Settings) -> int:
    """About how many bytes `back_up` will tell of: what is copied first is told of twice."""
    database = contents.sqlite_file(settings.database_url)
    copied = [source.path for _, source in contents.journals(settings)] + ([database] if database else [])
    plain = [source.path for source in contents.others(settings)]
    return 2 * _sizes(copied) + _sizes(plain)


def _sizes(paths: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.exists())


@dataclass(slots=True)
class _Maker:
    """Reads the parts in their order; `scratch` holds one copy at a time."""

    settings: Settings
    scratch: Path
    archive: ArchiveWriter
    advance: Advance
    _bounds: dict[str, tuple[int, int]] = field(default_factory=dict)

    def make(self, with_secrets: bool, created_at: datetime) -> Manifest:
        for source in contents.states(self.settings):
            self._add_if_there(source)
        for source in contents.others(self.settings):
            self._add_if_there(source)
        settings = self._add_settings(with_secrets)
        secrets = self._add_all(contents.secret_files(self.settings)) if with_secrets else {}
        database, stored = self._add_database()
        for file, source in contents.journals(self.settings):
            self._add_journal(file, source)
        manifest = Manifest(
            program=version("threerings"),
            created_at=created_at,
            database=database,
            pbxs=self._reached(stored),
            settings=settings,
            secrets=secrets,
            members=tuple(self.archive.members),
        )
        self.archive.finish(manifest, self.scratch / "manifest")
        return manifest

    def _add_if_there(self, source: Source) -> None:
        """What its owner deleted meanwhile is not missed."""
        try:
            if is_sqlite(source.path):
                self._add_copy(source)
            else:
                self.archive.add(source.name, source.path)
        except FileNotFoundError:
            if source.path.exists():
                raise

    def _add_copy(self, source: Source) -> None:
        copy = self.scratch / "copy"
        copy_sqlite(source.path, copy, self.advance)
        self.archive.add(source.name, copy)
        copy.unlink()

    def _add_settings(self, with_secrets: bool) -> dict[str, str]:
        """The settings may hold passwords in URLs: those are secrets too."""
        files = contents.operators_files(self.settings)
        if with_secrets:
            return self._add_all(files)
        for source in files:
            text = source.path.read_text(encoding="utf-8-sig")
            copy = self.scratch / "copy"
            copy.write_text(contents.without_passwords(text), encoding="utf-8")
            self.archive.add(source.name, copy)
            copy.unlink()
        return {source.name: str(source.path) for source in files}

    def _add_all(self, sources: list[Source]) -> dict[str, str]:
        for source in sources:
            self.archive.add(source.name, source.path)
        return {source.name: str(source.path) for source in sources}

    def _add_database(self) -> tuple[Database | None, Stored | None]:
        path = contents.sqlite_file(self.settings.database_url)
        if path is None:
            return self._add_dump()
        if not path.exists():
            return None, None
        copy = self.scratch / "database"
        copy_sqlite(path, copy, self.advance)
        stored = _read_copy(copy)
        self.archive.add(contents.DATABASE, copy)
        copy.unlink()
        return _told(DatabaseKind.SQLITE, contents.DATABASE, stored, ""), stored

    def _add_dump(self) -> tuple[Database | None, Stored | None]:
        copy = self.scratch / "database"
        engine = open_store(self.settings.database_url)
        try:
            stored, schema = postgres.dump(engine, copy)
        finally:
            engine.dispose()
        if not copy.exists():
            return None, None
        self.archive.add(contents.DUMP, copy)
        copy.unlink()
        return _told(DatabaseKind.POSTGRESQL, contents.DUMP, stored, schema), stored

    def _add_journal(self, file: DayFile, source: Source) -> None:
        copy = self.scratch / "copy"
        if not source.path.exists():
            return  # pruned meanwhile: its facts are stored
        copy_sqlite(source.path, copy, self.advance)
        with reading(copy) as connection:
            held = bounds(connection)
        if held:
            first, _ = self._bounds.get(file.pbx, held)
            self._bounds[file.pbx] = (first, held[1])
        self.archive.add(source.name, copy)
        copy.unlink()

    def _reached(self, stored: Stored | None) -> tuple[Reached, ...]:
        positions = stored.positions if stored else {}
        return tuple(
            Reached(
                pbx=pbx,
                first_seq=self._bounds.get(pbx, (0, 0))[0],
                last_seq=self._bounds.get(pbx, (0, 0))[1],
                stored_up_to=positions.get(pbx, (0, 0))[0],
                reread_from=positions.get(pbx, (0, 0))[1],
            )
            for pbx in sorted({*self._bounds, *positions})
        )


def _told(kind: DatabaseKind, member: str, stored: Stored, schema: str) -> Database:
    return Database(
        kind=kind,
        member=member,
        revision=stored.revision,
        calls=stored.calls,
        schema=schema,
        tables=stored.tables,
    )


def _read_copy(copy: Path) -> Stored:
    # Not open_store: it would turn the copy to WAL again.
    engine = create_engine(f"sqlite:///{copy}")
    try:
        with engine.connect() as connection:
            return read_stored(connection)
    finally:
        engine.dispose()
