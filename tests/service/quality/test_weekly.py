"""The weekly draw by itself: commits ahead, draws what is due, and makes good what it slept through."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from analytics.quality.draws import load_draw, load_draws
from analytics.quality.samples import load_samples
from analytics.quality.weeks import parse_week
from analytics.storage.engine import open_store
from config.policies import AgentPeriod
from service.auth import accounts
from service.auth.accounts import Wanted
from service.auth.rights import Right, Role
from service.quality.inspectors import inspector_of, inspectors_of
from service.quality.weekly import WeeklyDraw, draw_due
from tests.analytics.quality.house import MONDAY, POLICY, WEEK, add_week, ruled

IN_WEEK = MONDAY
DUE = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path, migrated_file: Path) -> Iterator[Engine]:
    """A migrated store."""
    shutil.copy(migrated_file, tmp_path / "facts.db")
    engine = open_store(f"sqlite:///{tmp_path / 'facts.db'}")
    yield engine
    engine.dispose()


def labels(engine: Engine) -> dict[str, bool]:
    """By week, whether it is drawn."""
    with engine.connect() as connection:
        return {each.week: each.drawn_at is not None for each in load_draws(connection)}


def test_it_commits_to_the_week_and_the_next_and_draws_on_its_instant(engine: Engine) -> None:
    """Not a moment before eight on Monday; the commitment is from within the week."""
    with engine.begin() as connection:
        add_week(connection)
    assert draw_due(engine, POLICY, IN_WEEK) == {}
    assert labels(engine) == {"2026-W46": False, "2026-W47": False}
    assert draw_due(engine, POLICY, DUE - timedelta(microseconds=1)) == {}
    drawn = draw_due(engine, POLICY, DUE)
    assert {week: len(each.picks) for week, each in drawn.items()} == {"2026-W46": 2}
    assert labels(engine) == {"2026-W46": True, "2026-W47": False, "2026-W48": False}
    with engine.connect() as connection:
        found = load_draw(connection, "2026-W46")
    assert (found.committed_late, found.drawn_by) == (False, "service")
    assert draw_due(engine, POLICY, DUE) == {}


def test_weeks_that_it_slept_through_are_drawn_and_it_is_said_that_they_were_committed_late(engine: Engine) -> None:
    """Three weeks without the service: each is drawn, in its order; those not committed to in time say so."""
    draw_due(engine, POLICY, IN_WEEK)
    later = DUE + timedelta(days=21)
    assert list(draw_due(engine, POLICY, later)) == ["2026-W46", "2026-W47", "2026-W48", "2026-W49"]
    with engine.connect() as connection:
        late = {each.week: each.committed_late for each in load_draws(connection) if each.drawn_at}
    assert late == {"2026-W46": False, "2026-W47": False, "2026-W48": True, "2026-W49": True}


def test_a_centre_without_the_section_commits_to_nothing(engine: Engine) -> None:
    """No sampling where the rulebook is silent."""
    assert draw_due(engine, ruled(quality=None), DUE) == {}
    assert labels(engine) == {}


def test_the_randoms_of_two_weeks_are_their_own(engine: Engine) -> None:
    """Each commitment is another one, of 32 random bytes."""
    draw_due(engine, POLICY, IN_WEEK)
    with engine.connect() as connection:
        found = [each.commitment for each in load_draws(connection)]
    assert len(set(found)) == 2
    assert all(len(each) == 64 for each in found)


def test_the_thread_s_look_says_once_that_the_store_fails(tmp_path: Path) -> None:
    """A store without its tables is told as failing, and nothing is raised."""
    engine = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    drawer = WeeklyDraw(engine, lambda: POLICY, lambda: DUE)
    drawer.look()
    assert drawer.failing == "OperationalError"
    engine.dispose()


def test_the_thread_draws_what_is_due(engine: Engine) -> None:
    """One look is enough."""
    with engine.begin() as connection:
        add_week(connection)
    draw_due(engine, POLICY, IN_WEEK)
    drawer = WeeklyDraw(engine, lambda: POLICY, lambda: DUE)
    drawer.start()
    drawer.stop(10)
    with engine.connect() as connection:
        assert len(load_samples(connection, week=WEEK.label)) == 2
    assert parse_week("2026-W46") == WEEK


def test_samples_are_given_to_active_inspectors_with_the_right(engine: Engine) -> None:
    """A supervisor may listen and is given nothing; nor is who was disabled or has the right withheld."""
    with engine.begin() as connection:
        for login, role, withheld in (
            ("xu", Role.INSPECTOR, ()), ("gone", Role.INSPECTOR, ()), ("boss", Role.SUPERVISOR, ()),
            ("none", Role.INSPECTOR, (Right.QUALITY,)),
        ):  # fmt: skip
            wanted = Wanted(name=login, role=role, withheld=frozenset(withheld))
            made = accounts.create(connection, login, wanted, "-", DUE, must_change=False)
            if login == "gone":
                accounts.enable(connection, made, active=False)
        assert [each.login for each in inspectors_of(connection, POLICY, DUE)] == ["xu"]


def test_an_inspector_s_groups_are_those_in_force_and_those_that_he_leads() -> None:
    """Who moved from north to south at noon is of the south afterwards; a leader is of whom he leads."""
    noon = datetime(2026, 11, 16, 4, tzinfo=UTC)
    rows = (
        AgentPeriod(agent="1002", group="north", end=noon), AgentPeriod(agent="1002", group="south", start=noon),
    )  # fmt: skip
    moved = replace(POLICY, agents=rows)
    led = {"service"}  # the hotline's policy has 1002 lead it
    assert inspector_of("xu", "1002", moved, noon - timedelta(seconds=1)).groups == {"north"} | led
    assert inspector_of("xu", "1002", moved, noon).groups == {"south"} | led
    assert inspector_of("wen", None, moved, noon).groups == frozenset()
