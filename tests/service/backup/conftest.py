"""A small installation, its backup, and PostgreSQL databases that are thrown away."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from config.loader import load_settings
from config.settings import Settings
from service.backup.making import Made
from tests.analytics.postgres import cluster
from tests.service.backup.small import backed_up, install

NewDatabase = Callable[[str], str]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small installation, which others are copied from in no time; nobody changes it."""
    folder = tmp_path_factory.mktemp("installed")
    install(folder)
    return folder


@pytest.fixture
def settings(installed: Path, tmp_path: Path) -> Settings:
    """A small installation of the test's own."""
    shutil.copytree(installed, tmp_path / "here")
    return load_settings(tmp_path / "here" / "threerings.toml", {})


@pytest.fixture
def made(settings: Settings, tmp_path: Path) -> Made:
    """Its backup."""
    return backed_up(settings, tmp_path / "made.tar.zst")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL of our own."""
    with cluster() as url:
        yield url


@pytest.fixture
def new_database(server: str) -> NewDatabase:
    """Makes an empty database; its URL."""

    def make(name: str) -> str:
        admin = create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
        admin.dispose()
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    return make
