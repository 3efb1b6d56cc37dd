"""The store under test: every test that asks for `store` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from analytics.storage.engine import open_store
from service.migrations import upgrade
from tests.analytics.postgres import cluster


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL of our own."""
    with cluster() as url:
        yield url


def _fresh_database(url: str) -> str:
    """A new, empty database beside the one of the URL; PostgreSQL copies an empty one in milliseconds."""
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS under_test WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE under_test"))
    admin.dispose()
    return make_url(url).set(database="under_test").render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'facts.db'}"
    else:
        url = _fresh_database(request.getfixturevalue("postgres_url"))
    engine = open_store(url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(empty_store: Engine) -> Engine:
    """A migrated store without facts."""
    upgrade(empty_store)
    return empty_store
