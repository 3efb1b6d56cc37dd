"""The store of the runner's tests: SQLite and PostgreSQL, as in tests/analytics."""

from __future__ import annotations

from tests.analytics.conftest import migrated, migrated_file, postgres_url, store

__all__ = ["migrated", "migrated_file", "postgres_url", "store"]
