"""Puts a backup in the place of an installation, or changes nothing.

Everything is unpacked and checked in a folder beside the data folder first. Only then do names change, and
each change has its undoing. What was there before is moved aside, never deleted.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from analytics.storage.engine import open_store
from schedulers.storage.installation import renew_nonce
from service.backup import postgres
from service.backup.archive import Advance, read_archive
from service.backup.checking import check_database, expect_file
from service.backup.contents import DATA, RESTORED, SECRETS, SETTINGS
from service.backup.errors import ArchiveError
from service.backup.manifest import Database, DatabaseKind, Manifest
from service.backup.placing import Moves
from service.backup.staging import staging, sync
from service.backup.target import Target, hold, is_empty
from service.errors import UnreachableError, UsageError
from service.migrations import newest_revision, upgrade
from telephony.errors import JournalError
from telephony.journal.reader import positions

MARK = "backup.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored, and where that is now which was there before."""

    manifest: Manifest
    moved_aside: tuple[str, ...]


def restore(
    archive: Path, target: Target, *, replace: bool, now: datetime, advance: Advance = lambda size: None
) -> Restored:
    """Restores an archive. `replace`: an installation that is there is moved aside.

    Raises ArchiveError, UsageError, UnreachableError, SQLAlchemyError; all is as it was then.
    """
    expect_file(archive)
    try:
        with ExitStack() as held:
            hold(target.data_dir, held)
            _expect_room(target, replace)
            target.data_dir.parent.mkdir(parents=True, exist_ok=True)
            scratch = held.enter_context(staging(target.data_dir.parent))
            manifest = read_archive(archive, scratch, advance=advance)
            _check(archive, manifest, target, scratch)
            new = _lay_out(scratch, manifest, target, archive, now)
            with Moves(f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}") as moves:
                _place(new, scratch, manifest, target, moves, _Placing(replace=replace, now=now))
                moves.keep()
            return Restored(manifest=manifest, moved_aside=tuple(moves.aside))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise UnreachableError(f"{where}found {error.strerror or error}, expected to restore {archive}") from error


def _expect_room(target: Target, replace: bool) -> None:
    if os.path.ismount(target.data_dir):
        raise UsageError(f"{target.data_dir}: found a mount point, expected a folder in one: its name must change")
    database = target.database_file if target.kind is DatabaseKind.SQLITE else None
    taken = [target.data_dir] if not is_empty(target.data_dir) else []
    taken += [database] if database is not None and database.exists() else []
    if taken and not replace:
        raise UsageError(f"{taken[0]}: found it in use, expected an empty place, or --replace to move it aside")


# -- before anything is touched -------------------------------------------------------------


def _check(archive: Path, manifest: Manifest, target: Target, scratch: Path) -> None:
    database = manifest.database
    if database is not None and database.kind is not target.kind:
        raise UsageError(
            f"{archive}: found a database of {database.kind}, expected one of {target.kind} for this database_url"
        )
    check_database(archive, manifest, scratch)
    for reached in manifest.pbxs:
        try:
            found = positions(scratch / DATA / "journal", reached.pbx) if reached.last_seq else []
        except JournalError as error:
            raise ArchiveError(f"{archive}: {error}") from error
        last = found[-1].last_seq if found else 0
        if last != reached.last_seq:
            raise ArchiveError(f"{archive}: journal of {reached.pbx}: found {last}, expected {reached.last_seq}")


def _lay_out(scratch: Path, manifest: Manifest, target: Target, archive: Path, now: datetime) -> Path:
    """The new data folder, whole but for its place. Its mark tells when it was restored, from what."""
    new = scratch / DATA
    mark = new / RESTORED
    mark.mkdir(mode=0o700, parents=True)
    for part in (SETTINGS, SECRETS):
        if (scratch / part).exists():
            (scratch / part).rename(mark / part)
    told = {
        "restored_at": now.isoformat(),
        "archive": archive.name,
        "created_at": manifest.created_at.isoformat(),
        "program": manifest.program,
        "nonce": manifest.nonce,
        "pbxs": [asdict(each) for each in manifest.pbxs],
    }
    (mark / MARK).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _close_to_others(new)
    if manifest.database is not None and manifest.database.kind is DatabaseKind.SQLITE:
        _lay_out_database(scratch / manifest.database.member, manifest.database, new, target, now)
    return new


def _close_to_others(folder: Path) -> None:
    """What tar and we made is for the owner alone."""
    for place, folders, files in os.walk(folder):
        for name in folders:
            Path(place, name).chmod(0o700)
        for name in files:
            Path(place, name).chmod(0o600)
    folder.chmod(0o700)


def _lay_out_database(unpacked: Path, database: Database, new: Path, target: Target, now: datetime) -> None:
    """Brings a SQLite file to our revision and to its place, if that is in the data folder."""
    engine = open_store(f"sqlite:///{unpacked}")
    try:
        _bring_up_to_date(engine, database, now)
    finally:
        engine.dispose()
    within = _within(target)
    if within is not None:
        (new / within).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unpacked.rename(new / within)


def _within(target: Target) -> Path | None:
    """The database's place in the data folder; None where it is elsewhere."""
    file = target.database_file
    inside = file is not None and file.resolve().is_relative_to(target.data_dir)
    return file.resolve().relative_to(target.data_dir) if file is not None and inside else None


def _bring_up_to_date(engine: Engine, database: Database, now: datetime) -> None:
    """Our tables, and another nonce: the PBX may know channels of attempts that were made after the backup."""
    if not database.revision:
        return
    if database.revision != newest_revision():
        upgrade(engine)
    with engine.begin() as connection:
        renew_nonce(connection, now)


# -- what can be undone ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placing:
    """Whether what is in the way is moved aside, and when all this happens."""

    replace: bool
    now: datetime


def _place(new: Path, scratch: Path, manifest: Manifest, target: Target, moves: Moves, how: _Placing) -> None:
    """The database first: if something fails, it is there."""
    if target.kind is DatabaseKind.POSTGRESQL:
        _place_tables(scratch, manifest.database, target, moves, how)
    elif (file := target.database_file) is not None and _within(target) is None:
        _place_file(scratch, manifest.database, file, moves)
    moves.clear_for(target.data_dir)
    moves.move(new, target.data_dir)


def _place_file(scratch: Path, database: Database | None, file: Path, moves: Moves) -> None:
    """A SQLite file outside the data folder, perhaps on another disk."""
    if file.exists():
        moves.move_aside(file)
    if database is None:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with staging(file.parent) as beside:
        copy = beside / file.name
        shutil.copyfile(scratch / database.member, copy)
        copy.chmod(0o600)
        sync(copy)
        moves.put(copy, file)


def _place_tables(scratch: Path, database: Database | None, target: Target, moves: Moves, how: _Placing) -> None:
    engine = open_store(target.database_url)
    try:
        with engine.connect() as connection:
            tool = postgres.find_tool("pg_restore", postgres.server_version(connection))
            schema = postgres.schema_of(connection, database)
            taken = postgres.in_the_way(connection, schema, database)
        if taken and not how.replace:
            raise UsageError(
                f"database_url: found the tables {', '.join(taken[:3])}… there, "
                "expected an empty database, or --replace to move them aside"
            )
        moves.move_tables_aside(engine, database)
        if database is not None:
            postgres.restore(engine, scratch / database.member, tool, schema)
            _bring_up_to_date(engine, database, how.now)
    finally:
        engine.dispose()
