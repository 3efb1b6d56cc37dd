"""The facts of real call centres' streams, stored, read back, and shown on report and wallboard alike."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import Engine

from analytics.facts_in_memory import FactsInMemory
from analytics.live import Live
from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.measures import Family
from analytics.metrics.periods import day_period
from analytics.metrics.query import Query, Result, run
from analytics.reports.summary import summary
from analytics.storage.call_facts import facts_of_call
from analytics.storage.queries import StoredFacts
from analytics.values import Source
from telephony.calls.facts import AgentStateFact, Fact
from telephony.calls.record import fold
from telephony.clock import to_microseconds
from tests.analytics.metrics.asking import SHANGHAI, policy
from tests.analytics.stored import contents, store_facts, wipe
from tests.telephony.calls.streams import captures, events_of, track

CAPTURES = [each for each in captures() if each.parent.name == "regression"]


def facts_of(capture: Path) -> list[Fact]:
    """What the tracker tells of a capture."""
    return track(events_of(capture / "ami.jsonl.xz"), wrap_up=10)


def in_batches(facts: list[Fact], size: int) -> list[list[Fact]]:
    """The facts in batches of this size."""
    return [facts[start : start + size] for start in range(0, len(facts), size)]


def answer(source: Source, facts: list[Fact], *groups: Group) -> Result:
    """Every metric that can be grouped so, over the capture's day, as known at its end."""
    now = max(fact.at for fact in facts)
    names = tuple(name for name, each in METRICS.items() if set(groups) <= each.groups)
    period = day_period(now.astimezone(SHANGHAI).date(), SHANGHAI)
    return run(Query(metrics=names, period=period, as_of=now, groups=groups), source, policy())


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda each: each.name)
def test_the_id_of_an_agents_state_names_its_start(capture: Path) -> None:
    """So the start is the same in every revision, and may decide in which month of PostgreSQL the row lies."""
    states = [fact for fact in facts_of(capture) if isinstance(fact, AgentStateFact)]
    assert states
    for fact in states:
        assert fact.id.rpartition("/")[2] == str(to_microseconds(fact.started_at))


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda each: each.name)
def test_a_real_stream_gives_the_same_rows_in_any_order(store: Engine, capture: Path) -> None:
    """With its merges, holds and revisions; twice, shuffled, and in batches of another size."""
    facts = facts_of(capture)
    store_facts(store, facts)
    once = contents(store)
    store_facts(store, *in_batches(facts, 97))
    assert contents(store) == once
    wipe(store)
    random.Random(7).shuffle(facts)
    store_facts(store, *in_batches(facts, 97))
    assert contents(store) == once
    assert once["call_aliases"]
    assert once["holds"]


@pytest.mark.parametrize("capture", CAPTURES[:1], ids=lambda each: each.name)
def test_every_call_of_a_real_stream_is_read_back_as_it_was_told(store: Engine, capture: Path) -> None:
    """The call record made of stored facts is the one that a replay prints."""
    facts = facts_of(capture)
    store_facts(store, facts)
    told = {record.call.id: record for record in fold(facts)}
    with store.connect() as connection:
        stored = {call_id: facts_of_call(connection, call_id) for call_id in told}
    for call_id, record in told.items():
        assert repr(fold(stored[call_id])) == repr([record]), call_id
    assert len(told) > 50


GROUPINGS = [(), *((group,) for group in Group), (Group.AGENT, Group.HOUR), (Group.QUEUE, Group.QUARTER_HOUR)]


@pytest.mark.parametrize("groups", GROUPINGS, ids=lambda each: ",".join(each) or "none")
def test_report_and_replay_show_the_same_figures(store: Engine, groups: tuple[Group, ...]) -> None:
    """From the database or from memory: one number, one definition."""
    facts = facts_of(CAPTURES[0])
    store_facts(store, facts)
    memory = answer(FactsInMemory(facts), facts, *groups)
    with store.connect() as connection:
        assert answer(StoredFacts(connection), facts, *groups) == memory
    assert memory.rows


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda each: each.name)
def test_the_wallboard_ends_the_day_with_the_reports_figures(capture: Path) -> None:
    """Calls that were forgotten along the way included."""
    facts = facts_of(capture)
    live = Live(policy())
    for batch in in_batches(facts, 5):
        live.handle(batch)
    now = max(fact.at for fact in facts)
    board = live.snapshot(now)
    reported = answer(FactsInMemory(facts), facts, Group.AGENT)
    shown = {Family.MINUTES, Family.PARTS, Family.RINGS, Family.TRANSFERS}
    for row in reported.rows:
        for name, value in row.values.items():
            if METRICS[name].families <= shown:
                assert METRICS[name].value(board.by_agent[row.key[0]]) == value, (row.key, name)
    whole = answer(FactsInMemory(facts), facts).row()
    for name, value in whole.values.items():
        if METRICS[name].families == {Family.CALLS}:
            assert METRICS[name].value(board.whole) == value, name


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda each: each.name)
def test_a_summary_counts_every_call_once(capture: Path) -> None:
    """As many as there are records, by each of the three ways of counting."""
    facts = facts_of(capture)
    made = summary(facts, policy())
    assert made["calls"] == len(fold(facts))
    for way in ("direction", "disposition", "known"):
        assert sum(made[way].values()) == made["calls"]
    assert any(agent["talk_minutes"] > 0 for agent in made["agents"])
