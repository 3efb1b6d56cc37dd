"""What a database says of itself: how far its facts reach, at which revision, and how many calls it has."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, inspect, select

from analytics.storage.models import calls, positions
from service.backup.errors import ArchiveError
from service.migrations import known_revisions, newest_revision, stored_revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What one transaction sees. revision: '' where the database has no schema of ours.

    positions: of each PBX the number that facts are stored up to, and the one to read again from.
    """

    revision: str
    calls: int
    positions: dict[str, tuple[int, int]]
    tables: tuple[str, ...]


def read_stored(connection: Connection) -> Stored:
    """Read it. Raises SQLAlchemyError."""
    revision = stored_revision(connection)
    if revision is None:
        return Stored(revision="", calls=0, positions={}, tables=())
    rows = connection.execute(select(positions)).all()
    return Stored(
        revision=revision,
        calls=connection.execute(select(func.count()).select_from(calls)).scalar_one(),
        positions={row.pbx: (row.stored_up_to_seq, row.reread_from_seq) for row in rows},
        tables=tuple(sorted(inspect(connection).get_table_names())),
    )


def check_revision(found: str) -> None:
    """Raises ArchiveError for a revision that this program does not know: a newer program made it."""
    if found not in known_revisions():
        raise ArchiveError(
            f"database: found revision {found}, expected at most {newest_revision()}: a newer version made it"
        )
