"""PostgreSQL's own tools: pg_dump of one snapshot, pg_restore in one transaction.

What is in the way of a restore is never deleted: its tables go to a schema `before_TIME` of the same database.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, inspect, text

import service.auth.models  # noqa: F401  (their tables register themselves in `metadata`)
from analytics.schema import metadata
from service.backup.manifest import Database
from service.backup.stored import Stored, read_stored
from service.errors import UnreachableError
from service.migrations.guards import write_function

DEBIAN = Path("/usr/lib/postgresql")
VERSION = re.compile(rb"\(PostgreSQL\) (\d+)")
_MONTHS = text(
    "SELECT part.relname FROM pg_inherits JOIN pg_class part ON part.oid = inhrelid "
    "JOIN pg_class whole ON whole.oid = inhparent JOIN pg_namespace ON pg_namespace.oid = whole.relnamespace "
    "WHERE nspname = :schema AND whole.relname = ANY(:tables) AND part.relkind = 'r'"
)
# Whose tables they are and who may read them is the other server's business, not the backup's.
COMMON = ("--no-password", "--no-owner", "--no-privileges")


def dump(engine: Engine, target: Path) -> tuple[Stored, str]:
    """Writes the tables of the connection's schema to a file; what is in it, and the schema's name.

    Nothing is written where there is no schema of ours yet. Raises UnreachableError, SQLAlchemyError.
    """
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        tool = find_tool("pg_dump", server_version(connection))
        snapshot, schema = connection.execute(text("SELECT pg_export_snapshot(), current_schema()")).one()
        stored = read_stored(connection)
        if stored.revision:
            # Not packed: the archive does that better.
            form = ("--format=custom", "--compress=0", f"--snapshot={snapshot}", f"--table={quoted(schema)}.*")
            _run(engine, tool, *COMMON, *form, f"--file={target}")
    return stored, schema


def restore(engine: Engine, source: Path, tool: Path, schema: str) -> None:
    """Makes the tables of a dump, all or none, in the schema that they were dumped from. Raises UnreachableError."""
    with engine.begin() as connection:
        write_function(connection, quoted(schema))
    _run(engine, tool, *COMMON, "--single-transaction", "--exit-on-error", str(source))


def faults(source: Path) -> str | None:
    """What is wrong with a dump's list of contents; None where pg_restore reads it."""
    tool = next(_tools("pg_restore"), None)
    if tool is None:
        raise UnreachableError("pg_restore: found none, expected PostgreSQL's client programs to be installed")
    done = subprocess.run([tool, "--list", str(source)], capture_output=True, check=False)  # noqa: S603
    return None if done.returncode == 0 else _first_line(done.stderr)


def schema_of(connection: Connection, database: Database | None) -> str:
    """Where the tables of a backup belong; without any, where this connection would make some."""
    if database is not None:
        return database.schema
    found: str = connection.execute(text("SELECT current_schema()")).scalar_one()
    return found


def in_the_way(connection: Connection, schema: str, database: Database | None) -> list[str]:
    """The tables in a schema that have the names of ours, with each month that is a part of one.

    A table comes before its months: who drops it drops them with it.
    """
    ours = {*metadata.tables, "alembic_version", *(database.tables if database else ())}
    named = ours.intersection(inspect(connection).get_table_names(schema=schema))
    return sorted(named.union(connection.execute(_MONTHS, {"schema": schema, "tables": sorted(named)}).scalars()))


def move(connection: Connection, tables: Iterable[str], source: str, target: str) -> None:
    """Moves tables, with their indexes and sequences, from one schema to another, which is made."""
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {quoted(target)}"))
    for table in tables:
        connection.execute(text(f"ALTER TABLE {quoted(source)}.{quoted(table)} SET SCHEMA {quoted(target)}"))


def drop(connection: Connection, tables: Iterable[str], schema: str) -> None:
    """Drops tables that were restored and are not wanted after all."""
    for table in tables:
        connection.execute(text(f"DROP TABLE IF EXISTS {quoted(schema)}.{quoted(table)} CASCADE"))


def server_version(connection: Connection) -> int:
    """The major version of the server."""
    return int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000


def find_tool(name: str, at_least: int) -> Path:
    """The first of the tool's installed versions that is fit for such a server. Raises UnreachableError."""
    found = [(_version(tool), tool) for tool in _tools(name)]
    fit = next((tool for version, tool in found if version >= at_least), None)
    if fit is None:
        newest = max((version for version, _ in found), default=None)
        has = "none" if newest is None else f"version {newest}"
        raise UnreachableError(
            f"{name}: found {has}, expected version {at_least} or newer: the server is {at_least}"
        )
    return fit


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _tools(name: str) -> Iterator[Path]:
    """Of PATH first, then Debian's, newest first."""
    found = shutil.which(name)
    if found:
        yield Path(found)
    yield from sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: path.parts[-3].zfill(3), reverse=True)


def _version(tool: Path) -> int:
    done = subprocess.run([tool, "--version"], capture_output=True, check=False)  # noqa: S603
    found = VERSION.search(done.stdout)
    return int(found[1]) if found else 0


def _run(engine: Engine, tool: Path, *arguments: str) -> None:
    """Run a tool. The password goes by the environment, which other users cannot read as they can arguments."""
    given = engine.dialect.create_connect_args(engine.url)[1]
    password = given.pop("password", None)
    given.pop("context", None)  # psycopg's own; all else is what the URL says, which any libpq understands
    environ = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    command = [str(tool), f"--dbname={make_conninfo(**given)}", *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise UnreachableError(f"{tool.name}: found {_first_line(done.stderr)}, expected it to succeed")


def _first_line(errors: bytes) -> str:
    """Why a tool failed. Only the first line: later ones may hold a row's values."""
    lines = errors.decode("utf-8", "replace").splitlines()
    return next((line for line in lines if "error:" in line), lines[0] if lines else "no reason")
