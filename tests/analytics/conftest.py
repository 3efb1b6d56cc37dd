"""The store under test: every test that asks for `store` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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


@pytest.fixture(scope="session")
def migrated(postgres_url: str) -> str:
    """The name of a migrated PostgreSQL database, which others are copied from in no time."""
    url = _create_database(postgres_url, "migrated", "template0")
    engine = open_store(url)
    upgrade(engine)
    engine.dispose()
    return "migrated"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, which others are copied from; closed, so it holds everything."""
    path = tmp_path_factory.mktemp("migrated") / "facts.db"
    engine = open_store(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


def _create_database(url: str, name: str, template: str) -> str:
    """A new database beside the one of the URL, copied from a template; the URL of it."""
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    admin.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _url(request: pytest.FixtureRequest, folder: Path, template: str) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'facts.db'}"
    return _create_database(request.getfixturevalue("postgres_url"), "under_test", template)


POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)
BOTH = ["sqlite", POSTGRES]


@pytest.fixture(params=BOTH)
def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables."""
    engine = open_store(_url(request, tmp_path, "template0"))
    yield engine
    engine.dispose()


@contextmanager
def fresh_store(request: pytest.FixtureRequest, folder: Path) -> Iterator[Engine]:
    """A migrated store without facts, of the kind that the fixture's parameter names."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), folder / "facts.db")
        engine = open_store(_url(request, folder, ""))
    else:
        engine = open_store(_url(request, folder, request.getfixturevalue("migrated")))
    yield engine
    engine.dispose()


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A migrated store without facts."""
    with fresh_store(request, tmp_path) as engine:
        yield engine
