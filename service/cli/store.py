"""A command's own connection to the store that it writes to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from analytics.storage.engine import open_store
from config.settings import Settings
from service.migrations import upgrade


@contextmanager
def store_of(settings: Settings) -> Iterator[Connection]:
    """One transaction over the store, brought to our schema: the command may be the first that an installation runs."""
    if settings.database_url.startswith("sqlite"):
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = open_store(settings.database_url)
    try:
        upgrade(engine)
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
