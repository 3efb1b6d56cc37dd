"""Alembic runs this file: it migrates over the connection that `service.migrations.stepping` was given."""

from __future__ import annotations

from alembic import context

from service.schema import metadata


def run() -> None:
    """Run the versions; SQLite alters a table by copying it (`render_as_batch`)."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


run()
