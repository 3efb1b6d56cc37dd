"""The demo's campaign: one draft over its callbacks, however often the demo begins."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from analytics.storage.engine import open_store
from schedulers.campaigns.records import CampaignState
from schedulers.storage.campaigns import load_all
from service.demo.campaign import put_draft
from service.demo.centre import demo_policy
from service.migrations import upgrade

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)


def test_the_demo_has_one_draft_that_dials_nobody(tmp_path: Path) -> None:
    """Its kinds are those that missed calls make."""
    engine = open_store(f"sqlite:///{tmp_path}/facts.db")
    upgrade(engine)
    for _ in range(2):
        put_draft(engine, demo_policy(), "main", NOW)
    with engine.connect() as connection:
        (draft,) = load_all(connection)
    engine.dispose()
    assert (draft.state, draft.kinds, draft.pbx) == (CampaignState.DRAFT, ("missed_call",), "main")
