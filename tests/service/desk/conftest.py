"""Commands over an installation with a policy, people and customers, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.analytics.conftest import empty_store, migrated, migrated_file, postgres_url, store
from tests.service.cli.conftest import threerings
from tests.service.cli.running import Commands
from tests.service.desk.centre import furnish, settings_of

__all__ = ["empty_store", "migrated", "migrated_file", "postgres_url", "store", "threerings"]


@pytest.fixture
def hotline(threerings: Commands, store: Engine, tmp_path: Path) -> Commands:
    """Commands in the folder of the hotline."""
    furnish(store)
    (tmp_path / "threerings.toml").write_text(settings_of(store), encoding="utf-8")
    return threerings
