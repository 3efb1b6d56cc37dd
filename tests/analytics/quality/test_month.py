"""A centre's month on the store: forty agents, some thousand talks, six draws; on both databases."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from analytics.quality.draws import check_draw
from analytics.quality.samples import load_samples
from analytics.quality.weeks import weeks_of
from config.people import AgentPeriod
from tests.analytics.quality.house import FREE, NORTH, POLICY, add_talk, drawn

AGENTS = tuple(f"{2000 + n}" for n in range(40))
FIRST = datetime(2026, 11, 1, 1, tzinfo=UTC)


@pytest.mark.slow
def test_each_agent_of_a_month_has_his_talks_and_every_draw_comes_out_the_same(store: Engine) -> None:
    """Two of each, or all of who had fewer; of other strata where there are any; a third of them of one's own group."""
    chance = random.Random(7)
    people = tuple(
        AgentPeriod(agent=each, group="north" if n % 3 == 0 else "south") for n, each in enumerate(AGENTS)
    )
    policy = POLICY.__class__(
        name=POLICY.name, zone=POLICY.zone, country=POLICY.country, versions=POLICY.versions, agents=people
    )
    had: Counter[str] = Counter()
    number = 0
    with store.begin() as connection:
        for day in range(30):
            for agent in AGENTS:
                for _ in range(chance.randint(0, 5) if agent != AGENTS[0] else day == 3):
                    number += 1
                    had[agent] += 1
                    at = FIRST + timedelta(days=day, minutes=chance.randint(0, 540))
                    add_talk(connection, number, agent, at=at, seconds=chance.randint(30, 400))
    for week in weeks_of("2026-11"):
        with store.begin() as connection:
            drawn(connection, week, now=week.following.period(policy.zone).start, policy=policy)
        with store.begin() as connection:
            assert check_draw(connection, week.label).differing == ()
    with store.begin() as connection:
        samples = load_samples(connection, month="2026-11")
    assert Counter(each.agent for each in samples) == {each: min(2, had[each]) for each in AGENTS}
    north = [each for each in samples if each.group == "north"]
    assert {each.inspector for each in north} == {FREE.login}
    load = Counter(each.inspector for each in samples)
    assert abs(load[FREE.login] - load[NORTH.login]) <= 2  # open ones from before count, so it evens out
    assert all(
        len({each.stratum for each in samples if each.agent == agent}) == min(2, had[agent]) for agent in AGENTS
    )
