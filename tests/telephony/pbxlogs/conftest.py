"""Real databases: MariaDB and PostgreSQL servers of our own, and SQLite files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.analytics.postgres import create_database, shared_cluster
from tests.telephony.pbxlogs.log_databases import Database, filled
from tests.telephony.pbxlogs.mariadb import Server, mariadb_server

MARIADB = pytest.param("mariadb", marks=pytest.mark.mariadb)
POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Server]:
    """A MariaDB server."""
    with mariadb_server() as server:
        yield server


@pytest.fixture(params=["sqlite", POSTGRES, MARIADB])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each sort."""
    with filled(_url(request, request.param, tmp_path)) as found:
        yield found


@pytest.fixture(params=[POSTGRES, MARIADB])
def unnumbered(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The same, of those that number no rows by themselves."""
    with filled(_url(request, request.param, tmp_path)) as found:
        yield found


@pytest.fixture
def asteriskcdrdb(mariadb: Server) -> Iterator[Database]:
    """An empty database in MariaDB."""
    with filled(mariadb.create("asteriskcdrdb")) as found:
        yield found


@pytest.fixture
def asterisk(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database in PostgreSQL."""
    with filled(_postgres(request)) as found:
        yield found


def _url(request: pytest.FixtureRequest, backend: str, folder: Path) -> str:
    if backend == "sqlite":
        return f"sqlite:///{folder / 'logs.db'}"
    if backend == "postgres":
        return _postgres(request)
    server: Server = request.getfixturevalue("mariadb")
    return server.create("asteriskcdrdb")


def _postgres(request: pytest.FixtureRequest) -> str:
    url = make_url(create_database(shared_cluster(request.session), "asterisk"))
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
