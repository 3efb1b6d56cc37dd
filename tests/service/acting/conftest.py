"""The stores of these tests: SQLite and PostgreSQL, as in tests/analytics."""

from __future__ import annotations

from tests.analytics.conftest import empty_store, migrated, migrated_file, postgres_url, store

__all__ = ["empty_store", "migrated", "migrated_file", "postgres_url", "store"]
