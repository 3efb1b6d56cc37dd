"""Checks a backup without an installation: every digest, what this program can take, and the database in it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from service.backup import postgres, sqlite_copy
from service.backup.archive import Advance, read_archive
from service.backup.contents import DATABASE, DUMP
from service.backup.errors import ArchiveError
from service.backup.manifest import DatabaseKind, Manifest
from service.backup.stored import check_revision
from service.errors import UsageError


def check(path: Path, advance: Advance = lambda size: None) -> Manifest:
    """Reads a backup whole. Raises ArchiveError for a fault, UnreachableError where a tool is missing."""
    expect_file(path)
    with tempfile.TemporaryDirectory(prefix="threerings-verify-") as folder:
        manifest = read_archive(path, Path(folder), wanted=lambda name: name in (DATABASE, DUMP), advance=advance)
        check_database(path, manifest, Path(folder))
    return manifest


def expect_file(path: Path) -> None:
    """Raises UsageError where there is no such file."""
    if not path.is_file():
        raise UsageError(f"{path}: found no such file, expected a backup")


def check_database(path: Path, manifest: Manifest, folder: Path) -> None:
    """Checks the unpacked database. Raises ArchiveError."""
    database = manifest.database
    if database is None:
        return
    # The names of members were checked as they were read; the manifest's own words were not.
    if database.member not in {member.name for member in manifest.members}:
        raise ArchiveError(f"{path}: {database.member}: found no such file, expected the database")
    unpacked = folder / database.member
    check = sqlite_copy.faults if database.kind is DatabaseKind.SQLITE else postgres.faults
    fault = check(unpacked)
    if fault is not None:
        raise ArchiveError(f"{path}: {database.member}: found {fault}, expected a sound database")
    if database.revision:
        try:
            check_revision(database.revision)
        except ArchiveError as error:
            raise ArchiveError(f"{path}: {error}") from None
