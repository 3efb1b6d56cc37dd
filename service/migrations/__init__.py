"""The schema, step by step: Alembic's environment and versions, in the package so that a wheel has them.

Every command asks whether its database is up to date, and hardly ever is there a step to take. So what a database has
and what this program needs is read without Alembic, which costs a quarter of a second.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, column, select, table

VERSIONS = Path(__file__).parent / "versions"
_STORED = table("alembic_version", column("version_num"))


def upgrade(engine: Engine, revision: str | None = None) -> None:
    """Bring the database to a revision, the newest if none is given, in one transaction.

    Who comes second waits and finds it done.
    """
    if revision is None:
        with engine.connect() as connection:
            if stored_revision(connection) == newest_revision():
                return
    from service.migrations.stepping import step

    step(engine, revision or "head")


def newest_revision() -> str:
    """The revision that this program needs."""
    return max(known_revisions())


@cache
def known_revisions() -> frozenset[str]:
    """All that this program knows: each is the number in the name of its file."""
    return frozenset(each.name[1:5] for each in VERSIONS.glob("v[0-9]*.py"))


def stored_revision(connection: Connection) -> str | None:
    """The revision that the database has; None where it was never migrated."""
    if not connection.dialect.has_table(connection, _STORED.name):
        return None
    return connection.execute(select(_STORED.c.version_num)).scalar()
