"""What pages and API read from the store is the same on SQLite and PostgreSQL, page by page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from analytics.metrics.periods import Period, day_period
from analytics.storage.call_lists import CallChoice, Involved, Place, count_calls, load_known, load_page
from analytics.storage.models import calls, offerings, talks
from config.policy_loader import load_policy
from service.api.cursors import read_cursor
from service.api.reading import Store
from telephony.calls.facts import Direction
from tests.analytics.storage.many_calls import fill

COUNT = 4000
ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 3, 2)


@pytest.fixture
def filled(store: Engine) -> Engine:
    """A store with eleven calls a day."""
    fill(store, COUNT)
    return store


def day() -> Period:
    """The day that is looked at."""
    return day_period(DAY, ZONE)


def ids_of_day(engine: Engine) -> list[str]:
    """All calls of the day, oldest first."""
    within = (calls.c.started_us >= day().start_us) & (calls.c.started_us < day().end_us)
    with engine.connect() as connection:
        return list(connection.execute(select(calls.c.id).where(within).order_by(calls.c.started_us)).scalars())


def chosen() -> CallChoice:
    """All calls of the day."""
    return CallChoice(start_us=day().start_us, end_us=day().end_us)


def turned(engine: Engine, choice: CallChoice, *, oldest_first: bool = False) -> list[str]:
    """The calls of all pages of three, as one turns them; they are as many as are counted, each known somehow."""
    found: list[str] = []
    after: Place | None = None
    with engine.connect() as connection:
        while page := load_page(connection, choice, limit=3, after=after, oldest_first=oldest_first):
            found += [call_id for _, call_id in page]
            after = page[-1]
        assert count_calls(connection, choice) == count_calls(connection, choice, exact=True) == len(found)
        assert sum(load_known(connection, choice).values()) == len(found)
    return found


def test_pages_show_each_call_of_the_day_once_newest_first(filled: Engine) -> None:
    """Whatever the cursor cuts, no call is left out and none comes twice."""
    expected = ids_of_day(filled)
    assert len(expected) > 9
    assert turned(filled, chosen()) == expected[::-1]
    assert turned(filled, chosen(), oldest_first=True) == expected


def test_pages_of_an_agent_show_the_calls_that_rang_him_or_that_he_talked_in(filled: Engine) -> None:
    """Neither those of others nor those of other days."""
    middle = ids_of_day(filled)[5]
    with filled.connect() as connection:
        agent = connection.execute(select(talks.c.agent).where(talks.c.call_id == middle)).scalar_one()
        his = {
            call_id
            for table in (offerings, talks)
            for call_id in connection.execute(select(table.c.call_id).where(table.c.agent == agent)).scalars()
        }
    expected = [each for each in ids_of_day(filled) if each in his]
    assert middle in expected
    involved = Involved(agents=frozenset({agent}))
    assert turned(filled, replace(chosen(), involved=(involved,))) == expected[::-1]
    nobody, sales = Involved(agents=frozenset({"nobody"})), Involved(queues=frozenset({"sales"}))
    assert turned(filled, replace(chosen(), involved=(nobody,))) == []
    assert turned(filled, replace(chosen(), involved=(Involved(),))) == []
    queued = set(turned(filled, replace(chosen(), involved=(sales,))))
    assert set(turned(filled, replace(chosen(), involved=(involved, sales)))) == queued & set(expected)
    either = Involved(agents=involved.agents, queues=sales.queues)
    assert set(turned(filled, replace(chosen(), involved=(either,)))) == queued | set(expected)


def test_marks_choose_among_the_calls_of_the_day(filled: Engine) -> None:
    """All directions together are the day, and all ways of knowing; a number has its own calls."""
    by_direction = [turned(filled, replace(chosen(), direction=each.value)) for each in Direction]
    by_known = [turned(filled, replace(chosen(), known=each)) for each in ("observed", "inferred", "repaired")]
    for parts in (by_direction, by_known):
        assert sorted(call for part in parts for call in part) == sorted(ids_of_day(filled))
    assert all(by_direction[:2])
    with filled.connect() as connection:
        middle = ids_of_day(filled)[5]
        number = connection.execute(select(calls.c.customer).where(calls.c.id == middle)).scalar_one()
    assert turned(filled, replace(chosen(), customers=frozenset({number}))) == [middle]


def test_the_api_gives_each_call_of_the_day_once_oldest_first(filled: Engine) -> None:
    """Its cursor is that of the last call that it gave."""
    reader = Store(filled, lambda: load_policy("default"))
    found: list[str] = []
    after: tuple[int, str] | None = None
    while True:
        records, cursor = reader.calls(day(), 4, after)
        found += [each.call.id for each in records]
        if cursor is None:
            break
        after = read_cursor(cursor)
    assert found == ids_of_day(filled)
    assert reader.counts(day())["calls"] == len(found)
