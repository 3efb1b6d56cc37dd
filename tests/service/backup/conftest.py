"""A small installation, its backup, and PostgreSQL databases that are thrown away."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from config.loader import load_settings
from config.settings import Settings
from service.backup.making import Made
from tests.analytics.postgres import create_database, shared_cluster
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


@pytest.fixture
def new_database(request: pytest.FixtureRequest) -> NewDatabase:
    """Makes an empty database in a PostgreSQL of our own; its URL."""
    server = shared_cluster(request.session)
    return lambda name: create_database(server, name)
