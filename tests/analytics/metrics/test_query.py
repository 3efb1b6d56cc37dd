"""A query: what it refuses, how it groups, and what its result says of itself."""

from __future__ import annotations

import pytest

from analytics.errors import QueryError
from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import IN_TIME, Group
from analytics.metrics.periods import month_period
from analytics.metrics.query import Query
from config.people import AgentPeriod
from telephony.calls.facts import Fact, Known
from tests.analytics.factory import at, call, talk
from tests.analytics.metrics.asking import SHANGHAI, TODAY, ask, policy


def test_a_metric_that_does_not_exist_is_refused() -> None:
    """With the list of those that do."""
    with pytest.raises(QueryError, match=r"metric speed: not known, expected one of calls, "):
        ask([], "speed")


@pytest.mark.parametrize(("metric", "group"), [("calls", Group.AGENT), ("visits", Group.TIER)])
def test_a_grouping_that_makes_no_sense_is_refused(metric: str, group: Group) -> None:
    """A call is no one agent's."""
    with pytest.raises(QueryError, match=f"metric {metric}: found group {group.value}, expected one of "):
        ask([], metric, groups=(group,))


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_over_nothing_is_its_empty_value(name: str) -> None:
    """0 for what is counted or summed, null for rates and averages."""
    metric = METRICS[name]
    assert ask([], name).row().values == {name: metric.empty}
    for group in metric.groups - IN_TIME:
        assert ask([], name, groups=(group,)).rows == ()


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_can_be_asked_for_by_each_of_its_groups(name: str) -> None:
    """And gives a row for each key."""
    facts: list[Fact] = [call(answered=7, end=60), talk(start=7, end=60)]
    for group in METRICS[name].groups:
        answer = ask(facts, name, groups=(group,))
        assert all(set(row.values) == {name} for row in answer.rows)


def test_the_result_echoes_its_query() -> None:
    """Who reads it later knows what was asked."""
    answer = ask([], "calls")
    assert answer.query == Query(metrics=("calls",), period=TODAY, as_of=TODAY.end)


def test_group_and_tier_are_those_in_force_when_the_call_began() -> None:
    """An agent who changed at noon has a row in both."""
    periods = (
        AgentPeriod(agent="1004", group="north", tier="level_1", end=at(100)),
        AgentPeriod(agent="1004", group="south", tier="level_2", start=at(100)),
    )
    rules = policy(agents=periods)
    facts: list[Fact] = [
        call(start=90),
        call("pbx/2.2", start=100),
        talk(id="a", start=95, end=115),
        talk("pbx/2.2", id="b", start=100, end=130),
        talk(id="c", start=100, end=101, device="PJSIP/1005"),
    ]
    by_group = ask(facts, "talk_minutes", groups=(Group.GROUP,), rules=rules)
    assert {row.key[0]: row.values["talk_minutes"] for row in by_group.rows} == {
        "": 1_000,
        "north": 20_000,
        "south": 30_000,
    }
    by_tier = ask(facts, "talk_minutes", groups=(Group.TIER,), rules=rules)
    assert [row.key[0] for row in by_tier.rows] == ["", "level_1", "level_2"]


def test_every_day_of_a_period_has_its_row() -> None:
    """Also one on which nothing happened."""
    answer = ask([call(answered=7, end=60)], "calls", period=month_period(2026, 11, SHANGHAI), groups=(Group.DAY,))
    assert [row.key[0] for row in answer.rows] == [f"2026-11-{day:02}" for day in range(1, 31)]
    assert [row.values["calls"] for row in answer.rows][:3] == [0, 1, 0]


def test_the_days_of_a_period_make_the_period() -> None:
    """The same talk, cut at each midnight."""
    facts: list[Fact] = [call(), talk(start=0, end=3 * 86_400)]
    month = month_period(2026, 11, SHANGHAI)
    whole = ask(facts, "talk_minutes", period=month).row().values["talk_minutes"]
    days = ask(facts, "talk_minutes", period=month, groups=(Group.DAY,)).rows
    assert sum(row.values["talk_minutes"] or 0 for row in days) == whole == 3 * 86_400_000


def test_inferred_calls_and_a_period_that_is_not_over_are_warned_of() -> None:
    """A reader must know before he trusts a figure."""
    answer = ask([call(known=Known.INFERRED)], "calls", as_of=at(60))
    assert tuple(map(str, answer.warnings)) == (
        "the period was not over: counted up to 2026-11-02T01:01:00+00:00",
        "1 of the calls are inferred: part of them was not heard",
    )


def test_only_the_agents_and_queues_that_are_asked_for_are_counted() -> None:
    """A group leader sees his own."""
    facts: list[Fact] = [
        call(),
        talk(end=10),
        talk(end=20, device="PJSIP/1005", queue="repairs"),
    ]
    for group, value, expected in (("agent", "1004", 10_000), ("queue", "repairs", 20_000)):
        where = {Group(group): frozenset({value})}
        assert ask(facts, "talk_minutes", where=where).row().values == {"talk_minutes": expected}


def test_a_choice_of_agents_is_refused_where_it_would_mean_nothing() -> None:
    """Rather than counting every call."""
    with pytest.raises(QueryError, match="metric calls: found a choice of agent, expected one of branch, "):
        ask([], "calls", where={Group.AGENT: frozenset({"1004"})})
    with pytest.raises(QueryError, match="metric calls: found a choice of day, expected one of branch, "):
        ask([], "calls", where={Group.DAY: frozenset({"2026-11-02"})})
