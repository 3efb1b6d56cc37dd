"""Everybody in the database: whole, in both directions, and the policy's rows as long as nobody was imported."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from analytics.people.people_store import (
    are_of_policy,
    load_people,
    make_own,
    people_of_policy,
    put_policy_in_force,
    with_people,
    write_people,
)
from analytics.people.records import (
    Agent,
    Certificate,
    ChangeKind,
    DayChange,
    Leave,
    MonthFact,
    People,
    Rotation,
    ShiftAssignment,
    ShiftPattern,
    ShiftSpan,
    Stretch,
)
from config.people import AgentPeriod, DevicePeriod
from tests.analytics.factory import talk
from tests.analytics.metrics.asking import policy
from tests.analytics.stored import column, store_facts

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = ShiftPattern(name="night", spans=(ShiftSpan(start=1320, end=1560), ShiftSpan(start=1590, end=1800)))
EVERYBODY = People(
    agents=(Agent(agent="li"), Agent(agent="wang", name="王娜", joined=date(2026, 1, 5), left=date(2027, 1, 1))),
    devices=(Stretch(key="PJSIP/1004", start_us=5, end_us=9, value="li"),),
    groups=(Stretch(key="wang", value="north"),),
    tiers=(Stretch(key="wang", start_us=7, value="level_1"),),
    certificates=(Certificate(agent="wang", code="510", obtained=date(2026, 1, 5), expires=date(2027, 1, 5)),),
    patterns=(ShiftPattern(name="early", spans=(ShiftSpan(start=480, end=960),), days=frozenset({1, 2})), NIGHT),
    rotations=(Rotation(name="三周", start=date(2026, 11, 2), weeks=("early", None, "night")),),
    assignments=(ShiftAssignment(agent="wang", shift="三周", start=date(2026, 11, 2)),),
    changes=(DayChange(agent="wang", day=date(2026, 11, 3), kind=ChangeKind.EXTRA, shift="night"),),
    leaves=(Leave(agent="wang", start_us=10, end_us=20, kind="病假", approved=False),),
    facts=(MonthFact(agent="wang", month="2026-11", kind="case_analyses", thousandths=2500, source="a.xlsx"),),
)


def test_people_come_back_as_they_were_written(store: Engine) -> None:
    """Every record of every kind, and writing them again changes nothing."""
    with store.begin() as connection:
        assert write_people(connection, People(), EVERYBODY, SHANGHAI) == 0
    with store.begin() as connection:
        assert load_people(connection) == EVERYBODY
        write_people(connection, EVERYBODY, EVERYBODY, SHANGHAI)
        assert load_people(connection) == EVERYBODY


def test_a_corrected_device_names_the_agents_of_stored_facts_anew(store: Engine) -> None:
    """Only of that interface; the rest keep theirs."""
    store_facts(store, [talk(), replace(talk("t2"), interface="PJSIP/1005", device="PJSIP/1005")])
    with store.begin() as connection:
        new = People(agents=(Agent(agent="wang"),), devices=(Stretch(key="PJSIP/1004", value="wang"),))
        assert write_people(connection, People(), new, SHANGHAI) == 1
    assert column(store, "talks", "agent") == ["wang", "1005"]


RULES = policy(
    agents=(
        AgentPeriod(
            agent="wang", name="王娜", tier="level_1", group="north", end=datetime(2026, 11, 2, tzinfo=UTC)
        ),
        AgentPeriod(
            agent="wang", name="王娜", tier="level_2", group="north", start=datetime(2026, 11, 2, tzinfo=UTC)
        ),
        AgentPeriod(agent="zhao", name="赵婷"),
    ),
    devices=(DevicePeriod(interface="PJSIP/1004", agent="wang"),),
)


def test_the_policys_rows_are_in_force_as_long_as_nobody_was_imported(store: Engine) -> None:
    """They are put into the database, so that stored facts and live pages name the same person."""
    store_facts(store, [talk()])
    with store.begin() as connection:
        assert with_people(connection, RULES) is RULES
        assert put_policy_in_force(connection, RULES) == 1
        assert put_policy_in_force(connection, RULES) == 0
        assert with_people(connection, RULES) == RULES
    assert column(store, "talks", "agent") == ["wang"]


def test_a_policy_that_changed_is_put_in_force_again(store: Engine) -> None:
    """Its rows are the truth, and stored facts follow."""
    store_facts(store, [talk()])
    changed = replace(RULES, devices=(DevicePeriod(interface="PJSIP/1004", agent="zhao"),))
    with store.begin() as connection:
        put_policy_in_force(connection, RULES)
        assert put_policy_in_force(connection, changed) == 1
    assert column(store, "talks", "agent") == ["zhao"]


def test_people_of_the_databases_own_stay_whatever_the_policy_says(store: Engine) -> None:
    """The first import makes them so."""
    with store.begin() as connection:
        write_people(connection, People(), EVERYBODY, SHANGHAI)
        make_own(connection)
        assert not are_of_policy(connection)
        assert put_policy_in_force(connection, RULES) is None
        assert load_people(connection) == EVERYBODY
        assert with_people(connection, RULES).agents[-1].tier == "level_1"


def test_who_has_neither_group_nor_tier_is_named_by_the_policy_all_the_same() -> None:
    """For as long as his rows say."""
    rows = (AgentPeriod(agent="zhao", name="赵婷", start=datetime(2026, 10, 31, 16, tzinfo=UTC)),)
    assert people_of_policy(policy(agents=rows)).agents == (
        Agent(agent="zhao", name="赵婷", joined=date(2026, 11, 1)),
    )
