"""The stores of the runner's tests: SQLite and PostgreSQL as in tests/analytics, and SQLite alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from analytics.storage.engine import open_store
from tests.analytics.conftest import migrated, migrated_file, postgres_url, store

__all__ = ["migrated", "migrated_file", "postgres_url", "store"]


@pytest.fixture
def migrated_store(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """A migrated SQLite store: for what a database of the other kind tells nothing more of."""
    shutil.copy(migrated_file, tmp_path / "facts.db")
    engine = open_store(f"sqlite:///{tmp_path / 'facts.db'}")
    yield engine
    engine.dispose()
