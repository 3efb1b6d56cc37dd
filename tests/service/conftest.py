"""The store of the service's tests: SQLite and PostgreSQL, as in tests/analytics; and that they are of the service."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analytics.conftest import migrated, migrated_file, postgres_url, store

HERE = Path(__file__).parent

__all__ = ["migrated", "migrated_file", "postgres_url", "store"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test below this folder goes through the service, which `./test --fast` leaves out."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.service)
