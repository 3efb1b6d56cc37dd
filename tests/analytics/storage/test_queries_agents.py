"""A source that reads only the calls of some agents gives their figures, whole; on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.periods import month_period
from analytics.metrics.query import Query, Result, run
from analytics.sources import figures_of, no_gaps
from tests.analytics.metrics.asking import SHANGHAI, policy
from tests.analytics.stored import store_facts
from tests.service.api.conftest import captured

NOVEMBER = month_period(2026, 11, SHANGHAI)
OF_CALLS = tuple(name for name, each in METRICS.items() if {Group.AGENT, Group.CALL} <= each.groups)
AGENTS = ("1001", "1002", "1006")


def asked(store: Engine, agent: str, agents: frozenset[str] | None) -> Result:
    """All figures of one agent, call by call."""
    where = {Group.AGENT: frozenset({agent})}
    query = Query(metrics=OF_CALLS, period=NOVEMBER, as_of=NOVEMBER.end, groups=(Group.CALL,), where=where)
    with store.connect() as connection:
        return run(query, figures_of(connection, policy(), no_gaps, agents), policy())


@pytest.mark.parametrize("others", [frozenset[str](), frozenset({"1003", "nobody"})], ids=["alone", "with others"])
def test_what_is_read_for_some_agents_is_enough_for_their_figures(store: Engine, others: frozenset[str]) -> None:
    """Every figure that calls add up to, for each of them, as when everything is read."""
    store_facts(store, captured())
    for agent in AGENTS:
        whole = asked(store, agent, None)
        assert len(whole.rows) > 5
        assert asked(store, agent, others | {agent}).rows == whole.rows
