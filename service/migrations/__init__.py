"""The schema, step by step: Alembic's environment and versions, in the package so that a wheel has them."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

# Any number: the lock is the database's, and an installation has a database of its own.
_MIGRATING = 0x3B1A65


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration for our versions, without a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to a revision, in one transaction; who comes second waits and finds it done."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
        command.upgrade(configuration(connection), revision)


def newest_revision() -> str:
    """The revision that this program needs."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    return head or ""


def stored_revision(connection: Connection) -> str | None:
    """The revision that the database has; None where it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()
