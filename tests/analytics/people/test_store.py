"""People in the database: what was put in comes out, and what is wrong stays out."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from analytics.errors import MappingError
from analytics.people.devices import Assignment
from analytics.people.store import (
    load_agent_periods,
    load_assignments,
    lock_version,
    replace_agent_periods,
    replace_mapping,
)
from config.people import AgentPeriod
from tests.analytics.factory import at


def test_a_mapping_comes_back_as_it_was_put_in(store: Engine) -> None:
    """With its spans and names, by interface."""
    mapping = [
        Assignment(interface="PJSIP/1004", agent="wang", name="王", valid_to=at(10)),
        Assignment(interface="PJSIP/1004", agent="li", valid_from=at(10), valid_to=at(20)),
        Assignment(interface="PJSIP/1005", agent="zhao", name="赵"),
    ]
    with store.begin() as connection:
        replace_mapping(connection, mapping)
    with store.connect() as connection:
        assert load_assignments(connection) == mapping


def test_a_mapping_takes_the_place_of_the_one_before(store: Engine) -> None:
    """Its number grows, by which writers of facts see it; a name once given is kept."""
    with store.begin() as connection:
        replace_mapping(connection, [Assignment(interface="a", agent="wang", name="王")])
        before = lock_version(connection)
    with store.begin() as connection:
        replace_mapping(connection, [Assignment(interface="b", agent="wang")])
        assert lock_version(connection) == before + 1
        assert load_assignments(connection) == [Assignment(interface="b", agent="wang", name="王")]


def test_a_mapping_that_contradicts_itself_changes_nothing(store: Engine) -> None:
    """It is checked before anything is written."""
    good = [Assignment(interface="a", agent="wang")]
    with store.begin() as connection:
        replace_mapping(connection, good)
    with store.begin() as connection, pytest.raises(MappingError):
        replace_mapping(connection, [*good, Assignment(interface="a", agent="li")])
    with store.connect() as connection:
        assert load_assignments(connection) == good


def test_groups_and_tiers_come_back_as_a_policy_holds_them(store: Engine) -> None:
    """By agent, in the order in which they were given."""
    periods = (
        AgentPeriod(agent="li", group="north"),
        AgentPeriod(agent="wang", name="王", tier="assistant", end=at(10)),
        AgentPeriod(agent="wang", name="王", tier="level_1", group="north", start=at(10)),
    )
    with store.begin() as connection:
        replace_agent_periods(connection, periods)
    with store.begin() as connection:
        replace_agent_periods(connection, periods)
        assert load_agent_periods(connection) == periods


@pytest.mark.parametrize("store", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_a_correction_waits_for_a_batch_of_facts_that_is_being_written(store: Engine) -> None:
    """Else the batch would be stored with the old names after the correction had passed over it.

    SQLite has one writer at a time by itself.
    """
    with store.begin() as writing, store.begin() as correcting:
        lock_version(writing)
        correcting.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            replace_mapping(correcting, [Assignment(interface="a", agent="wang")])
        correcting.rollback()
