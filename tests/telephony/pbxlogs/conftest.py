"""Real databases: MariaDB and PostgreSQL servers of our own, and SQLite files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.analytics.postgres import cluster
from tests.telephony.pbxlogs.log_databases import Database, filled
from tests.telephony.pbxlogs.mariadb import Server, mariadb_server

MARIADB = pytest.param("mariadb", marks=pytest.mark.mariadb)
POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Server]:
    """A MariaDB server."""
    with mariadb_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server."""
    with cluster() as url:
        yield url


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
def asterisk(postgres_server: str) -> Iterator[Database]:
    """An empty database in PostgreSQL."""
    with filled(_postgres(postgres_server)) as found:
        yield found


def _url(request: pytest.FixtureRequest, backend: str, folder: Path) -> str:
    if backend == "sqlite":
        return f"sqlite:///{folder / 'logs.db'}"
    if backend == "postgres":
        return _postgres(request.getfixturevalue("postgres_server"))
    server: Server = request.getfixturevalue("mariadb")
    return server.create("asteriskcdrdb")


def _postgres(server: str) -> str:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS asterisk WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE asterisk TEMPLATE template0"))
    admin.dispose()
    url = make_url(server).set(drivername="postgresql", database="asterisk")
    return url.render_as_string(hide_password=False)
