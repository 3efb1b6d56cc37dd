"""The report of phone minutes against the tier's quota."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from analytics.facts_in_memory import FactsInMemory
from analytics.metrics.cells import Group
from analytics.metrics.periods import Period, month_period
from analytics.reports.minutes import minutes_report
from analytics.reports.report import Report
from config.people import AgentPeriod, Tier
from config.policies import Policy, PolicyVersion
from telephony.calls.facts import Fact
from tests.analytics.factory import call, talk
from tests.analytics.metrics.asking import SHANGHAI, TODAY, policy

NOVEMBER = month_period(2026, 11, SHANGHAI)
TIERS = (
    Tier(id="level_1", name_zh="一级", name_en="level 1", floor_minutes=2000, target_minutes=5000),
    Tier(id="level_2", name_zh="二级", name_en="level 2", floor_minutes=600, target_minutes=2000),
)


def tiered(*periods: AgentPeriod) -> Policy:
    """A policy with these agents."""
    return policy(PolicyVersion(tiers=TIERS), agents=periods)


def report(facts: list[Fact], rules: Policy, period: Period = NOVEMBER, **more: Any) -> Report:
    """The report when the period is over."""
    return minutes_report(FactsInMemory(facts), rules, period, period.end, **more)


def test_an_agents_minutes_stand_beside_floor_and_target() -> None:
    """In minutes, with what is missing to the floor; all keys of the contract are there."""
    rules = tiered(AgentPeriod(agent="1004", name="王娜娜", tier="level_2"))
    made = report([call(), talk(end=3600, holds=((10, 40),))], rules)
    assert made.rows == (
        {
            "agent": "1004",
            "name": "王娜娜",
            "tier": "level_2",
            "talk_minutes": 59.5,
            "hold_minutes": 0.5,
            "calls": 1,
            "quota_floor": 600,
            "quota_target": 2000,
            "quota_short": 540.5,
            "quota_floor_prorated": 600.0,
            "projected_minutes": 59.5,
            "behind": True,
        },
    )


def test_every_agent_of_the_policy_is_in_the_report() -> None:
    """Who had no minute has 0; who has no tier has no quota; who left before the month is not there."""
    rules = tiered(
        AgentPeriod(agent="1005", tier="level_1"),
        AgentPeriod(agent="1006", tier="level_1", end=NOVEMBER.start),
    )
    rows = {row["agent"]: row for row in report([call(), talk(end=60)], rules).rows}
    assert set(rows) == {"1004", "1005"}
    assert rows["1004"]["quota_floor"] is None
    assert rows["1005"]["talk_minutes"] == 0
    assert rows["1005"]["quota_short"] == 2000


def test_over_the_target_is_no_fault() -> None:
    """Nothing is missing to the floor, and nothing else is said."""
    rules = tiered(AgentPeriod(agent="1004", tier="level_2"))
    made = report([call(), talk(end=3600 * 40)], rules)
    assert made.rows[0]["talk_minutes"] == 2400
    assert made.rows[0]["quota_short"] == 0
    assert made.rows[0]["behind"] is False


def test_a_tier_that_changed_within_the_month_is_warned_of() -> None:
    """The quota is that of the month's first day, else of the first tier in it."""
    noon = datetime(2026, 11, 15, 4, tzinfo=UTC)
    changed = tiered(
        AgentPeriod(agent="1004", tier="level_1", end=noon), AgentPeriod(agent="1004", tier="level_2", start=noon)
    )
    made = report([], changed)
    assert made.rows[0]["tier"] == "level_1"
    assert made.warnings == ("1004: the tier changed within the month; the quota is that of its first day",)
    came_late = report([], tiered(AgentPeriod(agent="1004", tier="level_2", start=noon)))
    assert came_late.rows[0]["quota_floor"] == 600
    assert came_late.warnings == ()


def test_a_quota_is_a_months() -> None:
    """A day has none, and the report says so."""
    made = report([call(), talk(end=60)], tiered(AgentPeriod(agent="1004", tier="level_1")), TODAY)
    assert made.rows[0]["quota_floor"] is None
    assert "quotas are for calendar months: none is shown for this period" in made.warnings


def test_grouped_by_anything_else_there_is_no_quota() -> None:
    """The first key is the grouping."""
    made = report([call(), talk(end=60)], tiered(), groups=(Group.QUEUE,))
    assert made.rows == ({"queue": "sales", "talk_minutes": 1.0, "hold_minutes": 0.0, "calls": 1},)


def test_as_json_a_report_says_what_it_is_of() -> None:
    """Name, period, instant, rows and warnings."""
    assert report([], tiered()).as_json() == {
        "report": "minutes",
        "period": "2026-11",
        "as_of": "2026-11-30T16:00:00.000+00:00",
        "rows": [],
        "warnings": [],
    }
