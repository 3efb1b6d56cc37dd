"""The service's roller: days that are over are rolled up beside the work, and again when they change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from analytics.metrics.periods import clock_of, month_period
from analytics.metrics.query import Query, run
from analytics.storage.models import calls
from analytics.storage.queries import StoredFacts
from analytics.storage.rollup_models import rollup_spans
from service import rolling
from service.rolling import Roller
from tests.analytics.factory import call, talk
from tests.analytics.metrics.asking import SHANGHAI, policy
from tests.analytics.stored import store_facts

START = datetime(2026, 11, 2, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 9, 4, tzinfo=UTC)


def roller_of(store: Engine) -> Roller:
    """A roller that is asked to look in the test's own thread."""
    url = store.url.render_as_string(hide_password=False)
    return Roller(url, store, policy, lambda: NOW)


def answered(store: Engine) -> tuple[object, int]:
    """The month's phone minutes, and how many of its days came from the facts."""
    query = Query(metrics=("talk_minutes",), period=month_period(2026, 11, SHANGHAI), as_of=NOW)
    with store.connect() as connection:
        found = run(query, StoredFacts(connection, clock_of(policy())), policy())
    return found.row().values["talk_minutes"], found.from_facts


def test_what_is_over_is_rolled_up_and_again_after_a_change(store: Engine) -> None:
    """Only the running day, and days to come, are read from the facts."""
    end = START + timedelta(seconds=60)
    store_facts(store, [call(start=START, answered=START, end=end), talk(start=START, end=end)])
    roller = roller_of(store)
    roller.look()
    assert answered(store) == (60_000, 22)
    store_facts(store, [talk(id="more", start=end, end=end + timedelta(seconds=30), device="PJSIP/1005")])
    assert answered(store) == (90_000, 23)
    roller.look()
    assert answered(store) == (90_000, 22)


def test_a_store_that_cannot_be_read_is_an_alarm_and_tried_again(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said once, and over once it works."""
    store_facts(store, [call(start=START, end=START)])
    roller = roller_of(store)
    whole = rolling.roll_up

    def broken(*_: object, **__: object) -> int:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(rolling, "roll_up", broken)
    roller.look()
    assert roller.failing == "OperationalError"
    monkeypatch.setattr(rolling, "roll_up", whole)
    roller.look()
    assert roller.failing is None
    with store.connect() as connection:
        assert connection.execute(select(rollup_spans.c.span).where(rollup_spans.c.span == 20261102)).scalar()
        assert connection.execute(select(calls.c.id)).scalar()
