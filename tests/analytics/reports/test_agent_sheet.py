"""One sheet of facts an agent: months, certificates, what each tier asks, and what was imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from analytics.facts_in_memory import FactsInMemory
from analytics.metrics.periods import Period, parse_period
from analytics.people.devices import Assignment, DeviceMap
from analytics.people.records import Agent, Certificate, MonthFact, People
from analytics.reports.agent_sheet import months_of, sheets
from analytics.storage.hand_overs import hand_overs
from config.people import AgentPeriod
from config.policies import Policy
from config.policy_loader import load_policy
from telephony.calls.facts import OfferingOutcome, TransferKind
from tests.analytics.factory import at, call, offering, talk, transfer
from tests.analytics.metrics.asking import SHANGHAI
from tests.analytics.stored import store_facts

NOW = datetime(2026, 11, 27, 4, tzinfo=UTC)
YEAR = parse_period("2026-01-01/2027-01-01", SHANGHAI)
CONSULTING = load_policy("consulting")
PEOPLE = People(
    agents=(Agent(agent="1004", name="王娜", joined=date(2026, 1, 5)),),
    certificates=(
        Certificate(agent="1004", code="510", obtained=date(2026, 1, 5)),
        Certificate(agent="1004", code="summary", obtained=date(2025, 1, 5), expires=date(2026, 1, 5)),
        Certificate(agent="1004", code="voice", role="reader", obtained=date(2026, 2, 1)),
    ),
    facts=(
        MonthFact(agent="1004", month="2026-10", kind="case_analyses", thousandths=2000),
        MonthFact(agent="1004", month="2026-11", kind="case_analyses", thousandths=1500),
        MonthFact(agent="1004", month="2025-11", kind="case_analyses", thousandths=9000),
        MonthFact(agent="1004", month="2026-10", kind="transfers", thousandths=7000),
    ),
)


def tiered(*rows: AgentPeriod) -> Policy:
    """The shipped policy with tiers, and these agents."""
    return replace(CONSULTING, agents=rows)


RULES = tiered(
    AgentPeriod(agent="1004", tier="assistant", end=datetime(2026, 9, 30, 16, tzinfo=UTC)),
    AgentPeriod(agent="1004", tier="level_1", group="north", start=datetime(2026, 9, 30, 16, tzinfo=UTC)),
)


def made(period: Period = YEAR, handed: Mapping[str, int] | None = None, rules: Policy = RULES) -> dict[str, Any]:
    """The sheet of 1004, who talked for 2,000 minutes and a half on the second of November."""
    facts = [call(), offering(end=3, outcome=OfferingOutcome.ANSWERED), talk(end=2000 * 60 + 30)]
    source, agents = FactsInMemory(facts), frozenset(["1004"])
    (sheet,) = sheets(source, rules, PEOPLE, period, NOW, agents, lambda month: handed or {})
    return sheet.as_json()


def test_every_month_that_has_begun_is_a_row() -> None:
    """With minutes, floor, rings and transfers; the month that goes on says so."""
    sheet = made(handed={"1004": 3})
    assert [row["month"] for row in sheet["months"]] == [f"2026-{month:02}" for month in range(1, 12)]
    november = sheet["months"][-1]
    assert (november["talk_minutes"], november["quota_floor"], november["floor_reached"]) == (2000.0, 2000, True)
    assert (november["calls"], november["three_ring_rate"], november["transfers"]) == (1, 1.0, 3)
    assert not november["month_is_over"]
    october = sheet["months"][-2]
    assert (october["floor_reached"], october["three_ring_rate"]) == (False, None)
    assert sheet["months"][0]["floor_reached"] is None


def test_whole_months_at_a_tier_are_counted() -> None:
    """By the tier of each month's first day; the month that goes on is not whole."""
    assert made()["months_at_tier"] == {"assistant": 9, "level_1": 1}


def test_imported_facts_stand_in_their_month_and_as_sums() -> None:
    """Of the months asked for; imported transfers go before those that were counted."""
    sheet = made(handed={"1004": 3})
    assert sheet["facts"] == {"case_analyses": 3.5, "transfers": 7}
    assert sheet["months"][-2]["facts"] == {"case_analyses": 2, "transfers": 7}
    assert sheet["months"][-2]["transfers"] == 7


def test_certificates_are_told_held_and_lacking_by_tier() -> None:
    """One that has expired is not held; assigned and certified codes are two facts."""
    sheet = made()
    assert [each["holds"] for each in sheet["certificates"]] == [True, False, True]
    tiers = {each["tier"]: each for each in sheet["tiers"]}
    assert tiers["level_2"] == {
        "tier": "level_2",
        "certificates_held": ["voice"],
        "certificates_lacking": ["case_analysis", "summary"],
        "codes_assigned": ["510", "520", "521", "621"],
        "codes_certified": ["510", "520"],
        "codes_assigned_not_certified": ["521", "621"],
        "codes_certified_of_agent": ["510"],
    }
    assert tiers["level_1"]["codes_assigned_not_certified"] is None


def test_months_are_those_that_begin_in_the_period() -> None:
    """A month that was begun before is not a whole one."""
    found = months_of(parse_period("2026-08-02/2026-11-01", SHANGHAI), RULES, NOW)
    assert [each.label for each in found] == ["2026-09", "2026-10"]


def test_hand_overs_are_counted_by_who_sat_there(store: Engine) -> None:
    """Completed blind and attended ones of the period; parks and failed ones are none."""
    told = [
        transfer(id="a", by="PJSIP/1004", kind=TransferKind.BLIND, at=at(5)),
        transfer(id="b", by="PJSIP/1004", kind=TransferKind.ATTENDED, at=at(6)),
        transfer(id="c", by="PJSIP/1004", kind=TransferKind.PARK, at=at(7)),
        transfer(id="d", by="PJSIP/1004", completed=False, at=at(8)),
        transfer(id="e", by="PJSIP/1004", kind=TransferKind.BLIND, at=at(0) + timedelta(days=40)),
    ]
    store_facts(store, [call(), *told])
    devices = DeviceMap([Assignment(interface="PJSIP/1004", agent="wang")])
    with store.connect() as connection:
        assert hand_overs(connection, devices, YEAR.start_us, parse_period("2026-11", SHANGHAI).end_us) == {
            "wang": 2
        }
