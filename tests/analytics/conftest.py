"""The store under test: every test that asks for `store` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from sqlalchemy import Engine

from analytics.storage.engine import open_store
from service.migrations import upgrade
from tests.analytics.postgres import create_database, shared_cluster
from tests.once import once

MIGRATED = pytest.StashKey[str]()
MIGRATED_FILE = pytest.StashKey[Path]()


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> str:
    """The URL of a PostgreSQL of our own."""
    return shared_cluster(request.session)


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest, postgres_url: str) -> str:
    """The name of a migrated PostgreSQL database, which others are copied from in no time."""

    def make() -> str:
        _migrate(create_database(postgres_url, "migrated"))
        return "migrated"

    return once(request.session, MIGRATED, lambda: nullcontext(make()))


@pytest.fixture(scope="session")
def migrated_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, which others are copied from; closed, so it holds everything."""

    def make() -> Path:
        path = tmp_path_factory.mktemp("migrated") / "facts.db"
        _migrate(f"sqlite:///{path}")
        return path

    return once(request.session, MIGRATED_FILE, lambda: nullcontext(make()))


def _migrate(url: str) -> None:
    engine = open_store(url)
    upgrade(engine)
    engine.dispose()


def _url(request: pytest.FixtureRequest, folder: Path, template: str) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'facts.db'}"
    return create_database(request.getfixturevalue("postgres_url"), "under_test", template)


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
