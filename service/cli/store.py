"""A command's own connection to the store that it writes to, or that it only tries what it would write on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, make_url

from analytics.storage.engine import open_store
from config.settings import Settings
from service.errors import UsageError
from service.migrations import newest_revision, stored_revision, upgrade


@contextmanager
def store_of(settings: Settings) -> Iterator[Connection]:
    """One transaction over the store, brought to our schema: the command may be the first that an installation runs."""
    engine = _to_write(settings)
    try:
        upgrade(engine)
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def store_for(settings: Settings, *, dry_run: bool) -> Iterator[Engine]:
    """The store for an import. A dry run reads it; where nothing was ever stored, it finds an empty one in memory.

    Raises UsageError for a dry run over a store of another version, which only a writing command brings to ours.
    """
    engine = _to_try(settings.database_url) if dry_run else _to_write(settings)
    try:
        yield engine
    finally:
        engine.dispose()


def _to_write(settings: Settings) -> Engine:
    if settings.database_url.startswith("sqlite"):
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return open_store(settings.database_url)


def _to_try(url: str) -> Engine:
    told = make_url(url)
    if told.get_backend_name() == "sqlite" and not Path(told.database or "").exists():
        return _empty()
    engine = open_store(url, reads_only=True)
    with engine.connect() as connection:
        found = stored_revision(connection)
    if found == newest_revision():
        return engine
    engine.dispose()
    if found is None:
        return _empty()
    raise UsageError(
        f"database: found its tables at version {found}, expected {newest_revision()}: a command that writes,"
        " or threerings run, brings them there"
    )


def _empty() -> Engine:
    engine = open_store("sqlite://")
    upgrade(engine)
    return engine
