"""What pages and API read from the store is the same on SQLite and PostgreSQL, page by page."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from analytics.metrics.periods import Period, day_period
from analytics.storage.models import calls, offerings, talks
from config.policy_loader import load_policy
from service.api.cursors import read_cursor
from service.api.reading import Store
from service.dashboard.periods import CallFilter
from service.live.pages import StoredPages
from service.live.parts import Teller
from telephony.calls.facts import Direction
from telephony.clock import from_microseconds
from tests.analytics.storage.many_calls import call_of, fill

COUNT = 4000
ZONE = ZoneInfo("Asia/Shanghai")
NOW = from_microseconds(call_of(COUNT - 1, COUNT)[1])
DAY = date(2026, 3, 2)


@pytest.fixture
def filled(store: Engine) -> Engine:
    """A store with eleven calls a day."""
    fill(store, COUNT)
    return store


def day() -> Period:
    """The day that is looked at."""
    return day_period(DAY, ZONE)


def pages(engine: Engine) -> StoredPages:
    """The dashboard's reader."""
    teller = Teller(policy=load_policy("default"), person_of=lambda device, *_: (device, None))
    return StoredPages(engine, teller, lambda *_: None, lambda: load_policy("default"))


def ids_of_day(engine: Engine) -> list[str]:
    """All calls of the day, oldest first."""
    within = (calls.c.started_us >= day().start_us) & (calls.c.started_us < day().end_us)
    with engine.connect() as connection:
        return list(connection.execute(select(calls.c.id).where(within).order_by(calls.c.started_us)).scalars())


def turned(engine: Engine, wanted: CallFilter) -> list[str]:
    """The calls of all pages of three, as one turns them."""
    found: list[str] = []
    after = None
    while True:
        chosen = CallFilter(day=wanted.day, agent=wanted.agent, direction=wanted.direction, after=after, limit=3)
        page = pages(engine).calls(chosen, NOW)
        found += [each.call_id for each in page.calls]
        after = page.next_after
        if after is None:
            assert page.total == len(found)
            return found


def test_pages_show_each_call_of_the_day_once_newest_first(filled: Engine) -> None:
    """Whatever the cursor cuts, no call is left out and none comes twice."""
    expected = ids_of_day(filled)
    assert len(expected) > 9
    assert turned(filled, CallFilter(day=DAY)) == expected[::-1]


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
    assert turned(filled, CallFilter(day=DAY, agent=agent)) == expected[::-1]
    assert turned(filled, CallFilter(day=DAY, agent="nobody")) == []


def test_a_direction_chooses_among_the_calls_of_the_day(filled: Engine) -> None:
    """Both directions together are the day."""
    chosen = [turned(filled, CallFilter(day=DAY, direction=each)) for each in Direction]
    assert sorted(call for part in chosen for call in part) == sorted(ids_of_day(filled))
    assert all(chosen[:2])


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
