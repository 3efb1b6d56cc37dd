"""The migrations make the schema that the program uses, on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

from analytics.storage.models import metadata
from service.migrations import newest_revision, stored_revision, upgrade


def test_a_migrated_database_has_the_tables_of_the_program(store: Engine) -> None:
    """Nothing is missing, left over or of another type."""
    with store.connect() as connection:
        ours = set(metadata.tables)
        context = MigrationContext.configure(
            connection,
            opts={"include_object": lambda thing, name, kind, *_: kind != "table" or name in ours},
        )
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(store: Engine) -> None:
    """A start of the program may always migrate."""
    upgrade(store)
    with store.connect() as connection:
        assert stored_revision(connection) == newest_revision()


def test_a_database_that_was_never_migrated_says_so(empty_store: Engine) -> None:
    """There is no revision, and no error."""
    with empty_store.connect() as connection:
        assert stored_revision(connection) is None
