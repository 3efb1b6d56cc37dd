"""Who is most behind on his minutes: by the floor of his tier and what is due of it by now."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from analytics.sources import no_gaps
from analytics.storage.engine import open_store
from service.demo.centre import demo_policy
from service.dialling.behind import behind_of
from service.migrations import upgrade
from tests.analytics.factory import call, talk
from tests.analytics.stored import store_facts

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)


def test_who_talked_is_less_behind_than_who_did_not(tmp_path: Path) -> None:
    """Both have a floor and most of the month is over; who has no floor is not in it."""
    engine = open_store(f"sqlite:///{tmp_path}/facts.db")
    upgrade(engine)
    policy = demo_policy()
    with_floor = [
        each.agent
        for each in policy.agents
        if (tier := policy.tier_at(each.agent, NOW)) is not None and tier.floor_minutes is not None
    ]
    talker, silent = with_floor[:2]
    store_facts(engine, [call(end=3600), talk(end=3600, device=f"PJSIP/{talker}")])
    behind = behind_of(engine, policy, no_gaps, NOW)
    engine.dispose()
    assert set(behind) == set(with_floor)
    assert 0 < behind[talker] < behind[silent] == 1.0
