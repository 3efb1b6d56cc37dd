"""People in force: the policy's rows in the store, and corrections that are heard of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from analytics.people.people_store import load_people, make_own, write_people
from analytics.people.records import Agent, People, Stretch
from analytics.storage.engine import open_store
from config.people import AgentPeriod, DevicePeriod
from service.live.hub import LiveHub
from service.migrations import upgrade
from service.settling import device_map_of, newer, settle
from telephony.calls.facts import OfferingOutcome
from tests.analytics.factory import at, call, offering
from tests.analytics.metrics.asking import SHANGHAI, policy

RULES = policy(
    agents=(AgentPeriod(agent="wang", name="王娜", tier="level_1"),),
    devices=(DevicePeriod(interface="PJSIP/1004", agent="wang"),),
)
OWN = People(agents=(Agent(agent="li"),), devices=(Stretch(key="PJSIP/1004", value="li"),))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A migrated store."""
    made = open_store(f"sqlite:///{tmp_path}/facts.db")
    upgrade(made)
    yield made
    made.dispose()


def test_live_pages_and_stored_facts_name_the_same_person(engine: Engine) -> None:
    """The mapping in use is that of the store, which the policy's rows were put into."""
    settled = settle(engine, RULES, writes=True)
    with engine.connect() as connection:
        stored = load_people(connection)
    assert stored.devices == (Stretch(key="PJSIP/1004", value="wang"),)
    assert device_map_of(settled.policy).resolve("PJSIP/1004", "PJSIP/1004", at(0)) == "wang"
    assert settled.policy == RULES


def test_who_only_serves_writes_nothing(engine: Engine) -> None:
    """The policy's rows are used as they are until an analyser has put them into the store."""
    assert settle(engine, RULES, writes=False).policy == RULES
    with engine.connect() as connection:
        assert load_people(connection) == People()


async def test_live_figures_begin_anew_with_the_people_in_force() -> None:
    """What was heard before the correction is told again from the store, under the new name."""
    hub = LiveHub(RULES, device_map_of(RULES))
    heard = [call(), offering(end=3, outcome=OfferingOutcome.ANSWERED)]
    hub.warm(heard)
    assert list(hub.figures.snapshot(at(10)).by_agent) == ["wang"]
    corrected = replace(RULES, devices=(DevicePeriod(interface="PJSIP/1004", agent="li"),))
    hub.settle(corrected, device_map_of(corrected))
    assert hub.agent_of("PJSIP/1004", "PJSIP/1004", at(0)) == "li"
    hub.warm(heard)
    assert list(hub.figures.snapshot(at(10)).by_agent) == ["li"]


def test_a_correction_is_heard_of(engine: Engine) -> None:
    """Imported people rule from then on, and nothing is told where nothing changed."""
    settled = settle(engine, RULES, writes=True)
    assert newer(engine, RULES, settled.version) is None
    with engine.begin() as connection:
        write_people(connection, load_people(connection), OWN, SHANGHAI)
        make_own(connection)
    heard = newer(engine, RULES, settled.version)
    assert heard is not None
    assert device_map_of(heard.policy).resolve("PJSIP/1004", "PJSIP/1004", at(0)) == "li"
    assert settle(engine, RULES, writes=True).policy == heard.policy
