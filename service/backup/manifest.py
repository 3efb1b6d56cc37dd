"""What a backup says of itself: the last member of the archive, so that one which has it is whole. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

FORMAT = 1
RENEW = "renew"
"""Of the dialler's nonce: an attempt that was made after the backup must not get its channel's id a second time."""


class DatabaseKind(StrEnum):
    """How the database is kept in the archive."""

    SQLITE = "sqlite"  # a SQLite file
    POSTGRESQL = "postgresql"  # what pg_dump writes in its custom format


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file in the archive."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How far one PBX's journal and stored facts reach in this archive. 0 where there is none."""

    pbx: str
    first_seq: int
    last_seq: int
    stored_up_to: int
    reread_from: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """The database in the archive. `schema` is where PostgreSQL had the tables, '' for SQLite."""

    kind: DatabaseKind
    member: str
    revision: str
    calls: int
    schema: str
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is in an archive.

    program: the version that made it. database: None where none had been made yet.
    settings, policies, secrets: member names, and where each was on the machine that it comes from.
    """

    program: str
    created_at: datetime
    database: Database | None
    pbxs: tuple[Reached, ...]
    settings: dict[str, str]
    secrets: dict[str, str]
    members: tuple[Member, ...]
    format: int = FORMAT
    nonce: str = RENEW

    @property
    def size(self) -> int:
        """All members together, as they were before they were packed."""
        return sum(member.size for member in self.members)


def encode(manifest: Manifest) -> bytes:
    """As JSON that people can read."""
    value = asdict(manifest) | {"created_at": manifest.created_at.isoformat()}
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def decode(content: bytes) -> Manifest:
    """The manifest in these bytes. Raises ValueError that says what was found and expected."""
    try:
        value = json.loads(content)
        found = value["format"]
        if found != FORMAT:
            raise ValueError(f"found format {found!r}, expected {FORMAT}: a newer version made it")
        return _manifest(value)
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"found {type(error).__name__}: {error}, expected a manifest of a backup") from None


def _manifest(value: dict[str, Any]) -> Manifest:
    database = value["database"]
    return Manifest(
        format=value["format"],
        program=str(value["program"]),
        created_at=datetime.fromisoformat(value["created_at"]),
        nonce=str(value["nonce"]),
        database=None if database is None else _database(database),
        pbxs=tuple(Reached(**each) for each in value["pbxs"]),
        settings=dict(value["settings"]),
        secrets=dict(value["secrets"]),
        members=tuple(Member(**each) for each in value["members"]),
    )


def _database(value: dict[str, Any]) -> Database:
    return Database(**value | {"kind": DatabaseKind(value["kind"]), "tables": tuple(value["tables"])})
