"""The store under test, on SQLite and on PostgreSQL."""

from __future__ import annotations

from tests.analytics.conftest import empty_store, migrated, migrated_file, postgres_url, store

__all__ = ["empty_store", "migrated", "migrated_file", "postgres_url", "store"]
