"""PostgreSQL's months: made when they are needed, moved into, detached; no fact is lost or told twice for it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from analytics.errors import StorageError
from analytics.storage.building import BUILDERS
from analytics.storage.dialects import dialect_of
from analytics.storage.engine import open_store
from analytics.storage.ingest import Ingester, ingest
from analytics.storage.models import agent_states
from analytics.storage.partitions import create_partition, detach_before, list_partitions, month_of
from telephony.calls.facts import AgentStateFact
from telephony.clock import to_microseconds
from tests.analytics import factory
from tests.analytics.conftest import POSTGRES, fresh_store

OCTOBER, NOVEMBER, DECEMBER = (date(2026, month, 1) for month in (10, 11, 12))


@pytest.fixture(params=[POSTGRES])
def divided(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A store whose states lie in months."""
    with fresh_store(request, tmp_path) as engine:
        yield engine


@pytest.fixture
def other(divided: Engine) -> Iterator[Engine]:
    """The same store, opened by somebody else."""
    engine = open_store(divided.url.render_as_string(hide_password=False))
    yield engine
    engine.dispose()


def state(month: int, day: int = 15, *, year: int = 2026, revision: int = 1, seconds: int = 0) -> AgentStateFact:
    """A state that begins on a day; its id names the start, as the tracker's do."""
    start = datetime(year, month, day, 12, tzinfo=UTC) + timedelta(seconds=seconds)
    fact_id = f"pbx/PJSIP/1004/paused//{to_microseconds(start)}"
    end = start + timedelta(minutes=revision)
    return factory.state(start=start, end=end, revision=revision, id=fact_id)


def where(connection: Connection) -> dict[str, int]:
    """How many states lie in each partition that has any."""
    place = text("tableoid::regclass::text")
    found = connection.execute(select(place, func.count()).select_from(agent_states).group_by(place))
    return {str(name): int(count) for name, count in found}


def months(engine: Engine) -> list[date]:
    """The months that have a partition."""
    with engine.connect() as connection:
        return [each.month for each in list_partitions(connection)]


def store_states(engine: Engine, *facts: AgentStateFact) -> None:
    """A batch, as the analyser writes it."""
    with engine.begin() as connection:
        ingest(connection, facts)


def test_a_month_and_the_one_after_get_their_partition_with_their_first_facts(divided: Engine) -> None:
    """The next month is made ahead, when nobody is in a hurry."""
    store_states(divided, state(10), state(11))
    assert months(divided) == [OCTOBER, NOVEMBER, DECEMBER]
    with divided.connect() as connection:
        assert where(connection) == {"agent_states_202610": 1, "agent_states_202611": 1}


def test_the_edges_of_a_month_are_its_first_instant_and_that_of_the_next(divided: Engine) -> None:
    """The last microsecond of a month is its own; months are those of UTC."""
    first = datetime(2026, 11, 1, tzinfo=UTC)
    edges = [first - timedelta(microseconds=1), first]
    assert [month_of(to_microseconds(each)) for each in edges] == [OCTOBER, NOVEMBER]
    store_states(divided, *(factory.state(start=each, id=f"pbx/s/{to_microseconds(each)}") for each in edges))
    with divided.connect() as connection:
        assert where(connection) == {"agent_states_202610": 1, "agent_states_202611": 1}


def test_the_start_of_a_clock_that_is_wrong_is_kept_without_a_partition(divided: Engine) -> None:
    """A PBX that booted in 1970 fills the database with facts, not with tables."""
    store_states(divided, state(1, year=1970))
    assert months(divided) == []
    with divided.connect() as connection:
        assert where(connection) == {"agent_states_default": 1}


def test_states_that_came_before_their_partition_move_into_it(divided: Engine) -> None:
    """They are the same rows, and a later revision finds them there."""
    with divided.begin() as connection:
        _without_partitions(connection, state(10), state(11))
        assert where(connection) == {"agent_states_default": 2}
        assert create_partition(connection, OCTOBER)
        assert not create_partition(connection, OCTOBER)
        assert where(connection) == {"agent_states_default": 1, "agent_states_202610": 1}
    store_states(divided, state(10, revision=2), state(11, revision=2))
    with divided.connect() as connection:
        assert list(connection.execute(select(agent_states.c.revision)).scalars()) == [2, 2]


def test_a_reader_who_is_in_the_way_delays_a_partition_and_no_fact(divided: Engine, other: Engine) -> None:
    """What cannot be made now is made by a later batch; meanwhile the default partition takes the rows."""
    with other.connect() as reading:
        reading.execute(select(func.count()).select_from(agent_states))
        store_states(divided, state(10))
        assert months(divided) == []
    store_states(divided, state(10, seconds=1))
    assert months(divided) == [OCTOBER, NOVEMBER]
    with divided.connect() as connection:
        assert where(connection) == {"agent_states_202610": 2}


def test_two_writers_in_a_new_month_lose_nothing(divided: Engine, other: Engine) -> None:
    """Who comes second waits until the first has made the month and is done: no row misses it."""
    writers = [Ingester(dialect_of("postgresql")) for _ in range(2)]
    with divided.begin() as first:
        writers[0].ingest(first, [state(10)])
        with other.connect() as second:
            second.execute(text("SET lock_timeout = '300ms'"))
            with pytest.raises(DBAPIError, match="lock timeout"):
                writers[1].ingest(second, [state(10, seconds=1)])
    with other.begin() as second:
        writers[1].ingest(second, [state(10, seconds=1)])
    with divided.connect() as connection:
        assert where(connection) == {"agent_states_202610": 2}


def test_writers_and_readers_at_once_leave_each_state_once_and_newest(divided: Engine) -> None:
    """Three writers make the same eighteen months while somebody reads all the time; no batch fails."""
    with ThreadPoolExecutor(4) as pool:
        written = [pool.submit(_write_in_batches, divided, number) for number in range(3)]
        while not all(each.done() for each in written):
            with divided.connect() as reading:
                reading.execute(select(func.count()).select_from(agent_states))
        expected = {fact_id for each in written for fact_id in each.result()}
    with divided.connect() as connection:
        stored = connection.execute(select(agent_states.c.id, agent_states.c.revision)).all()
    assert sorted(row.id for row in stored) == sorted(expected)
    assert {row.revision for row in stored} == {2}


def test_a_month_whose_making_was_rolled_back_is_made_again(divided: Engine) -> None:
    """A writer believes in a partition when it is committed."""
    writer = Ingester(dialect_of("postgresql"))
    with divided.connect() as connection:
        writer.ingest(connection, [state(10)])
        connection.rollback()
    with divided.begin() as connection:
        writer.ingest(connection, [state(10)])
    with divided.connect() as connection:
        assert where(connection) == {"agent_states_202610": 1}


def test_detaching_shows_first_and_deletes_nothing(divided: Engine) -> None:
    """A dry run only names the months; the real one leaves each as a table of its own, with its rows."""
    store_states(divided, state(10), state(11))
    with divided.begin() as connection:
        planned = detach_before(connection, NOVEMBER, dry_run=True)
        assert [each.month for each in planned] == [OCTOBER]
        assert len(where(connection)) == 2
        assert detach_before(connection, NOVEMBER, dry_run=False) == planned
    assert months(divided) == [NOVEMBER, DECEMBER]
    with divided.connect() as connection:
        assert where(connection) == {"agent_states_202611": 1}
        assert connection.execute(text("SELECT count(*) FROM agent_states_202610_detached")).scalar() == 1


def test_a_month_that_comes_again_after_it_was_detached_is_kept_anew(divided: Engine) -> None:
    """Its facts are stored as if it were new; to detach it again, the first table must go."""
    store_states(divided, state(10))
    with divided.begin() as connection:
        detach_before(connection, NOVEMBER, dry_run=False)
    store_states(divided, state(10, seconds=1))
    assert OCTOBER in months(divided)
    with (
        pytest.raises(StorageError, match="agent_states_202610_detached: found one there"),
        divided.begin() as again,
    ):
        detach_before(again, NOVEMBER, dry_run=False)


def _without_partitions(connection: Connection, *facts: AgentStateFact) -> None:
    """Store states as a writer does who could make no partition."""
    table, build = BUILDERS[AgentStateFact]
    dialect_of("postgresql").upsert(connection, table, build(facts, {}, lambda *_: "1004"))


def _write_in_batches(engine: Engine, number: int) -> set[str]:
    """Store two revisions of states of eighteen months, shuffled; return their ids."""
    drawn = random.Random(number)
    starts = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=drawn.randrange(525 * 1440)) for _ in range(300)]
    facts = [
        factory.state(start=each, id=f"pbx{number}/paused//{to_microseconds(each)}", revision=revision)
        for each in starts
        for revision in (1, 2)
    ]
    drawn.shuffle(facts)
    writer = Ingester(dialect_of("postgresql"))
    for first in range(0, len(facts), 30):
        with engine.begin() as connection:
            writer.ingest(connection, facts[first : first + 30])
    return {each.id for each in facts}
