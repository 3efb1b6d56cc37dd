"""The month's minutes and the three rings of a period."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from config.rings import Boundary, RingRule
from service.dashboard.minutes_view import minutes_groups
from service.dashboard.periods import MinutesMonth, RingBin, ThreeRingsPeriod
from service.dashboard.rings_view import days_of, histogram, rings_lines, rule_text
from service.dashboard.tiles import minutes_tiles, ring_tiles
from service.dashboard.words import words
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.people import ZONE

ZH, EN = words("zh", ZONE), words("en", ZONE)


@pytest.fixture
def month() -> MinutesMonth:
    """November of the made-up centre."""
    return asyncio.run(StandingCentre().minutes(date(2026, 11, 1)))


@pytest.fixture
def period() -> ThreeRingsPeriod:
    """One day of the made-up centre."""
    return asyncio.run(StandingCentre().three_rings(date(2026, 11, 20), date(2026, 11, 21)))


def test_tiers_stand_in_the_policys_order(month: MinutesMonth) -> None:
    """With their quota in words, the most minutes first, who has no quota last."""
    groups = minutes_groups(ZH, month)
    assert [(group.title, group.quota) for group in groups] == [
        ("三级客服主任", "每月 5,000–10,000 分"),
        ("一级客服主任", "每月 2,000–5,000 分"),
        ("客服助理", ""),
    ]
    assert [line.minutes for line in groups[0].lines] == ["10,312", "5,486", "3,561"]


def test_over_the_target_is_no_fault(month: MinutesMonth) -> None:
    """Above the target and above the floor are both good; below is only not yet."""
    lines = {line.number: line for group in minutes_groups(EN, month) for line in group.lines}
    marks = {number: line.status for number, line in lines.items()}
    assert {n: m.text for n, m in marks.items() if m} == {
        "1006": "Target reached",
        "1001": "Floor reached",
        "1002": "Below the floor so far",
        "1003": "Floor reached",
        "1004": "Floor reached",
        "1005": "Below the floor so far",
    }
    assert all(mark is None or mark.css in ("good", "") for mark in marks.values())


def test_who_has_no_talk_has_no_mean_and_no_rate(month: MinutesMonth) -> None:
    """0 minutes are a sum of nothing; means and rates of nothing are dashes."""
    line = minutes_groups(EN, month)[-1].lines[0]
    assert (line.minutes, line.mean, line.rings, line.status) == ("0", "—", "—", None)


def test_agents_of_unknown_tiers_are_not_lost(month: MinutesMonth) -> None:
    """A tier that the policy does not name, or none, stands last."""
    rows = tuple(replace(row, tier="gone" if row.agent == "1003" else None) for row in month.rows)
    groups = minutes_groups(EN, replace(month, rows=rows))
    assert [(group.title, len(group.lines)) for group in groups] == [("Without a tier", 7)]


def test_minutes_tiles_count_who_reached_the_floor(month: MinutesMonth) -> None:
    """Of the six with a quota; nothing where no tier has one."""
    reached = minutes_tiles(EN, month)[1]
    assert (reached.value, reached.unit) == ("4", " / 6")
    without = tuple(replace(row, floor_minutes=None) for row in month.rows)
    assert minutes_tiles(EN, replace(month, rows=without))[1].value == "—"


def test_the_histogram_marks_where_it_becomes_late(period: ThreeRingsPeriod) -> None:
    """Bars from 15 s on are late; the shares beside the line are those of the rate."""
    picture = histogram(EN, period)
    late = [column for column in picture.columns if column.late]
    assert {column.late for column in picture.columns[:20]} == {False}
    assert late[0].title.startswith("15.0–15.5 s")
    assert (picture.before, picture.after) == ("96.1% within", "341 late or not answered")
    assert [bell.late for bell in picture.bells] == [False, False, False, True, True]


def test_the_histogram_of_nothing_has_an_axis(period: ThreeRingsPeriod) -> None:
    """No bars, and no division by nothing."""
    picture = histogram(EN, replace(period, bins=()))
    assert picture.columns == []
    assert picture.seconds[0].text == "0 s"


@pytest.mark.parametrize("n", [1, 3, 17, 999, 1_234_567])
def test_bars_stay_inside_the_picture(period: ThreeRingsPeriod, n: int) -> None:
    """Whatever the counts, and both kinds on top of each other."""
    bins = (RingBin(start_ms=0, answered=n, not_answered=n), RingBin(start_ms=60_000, answered=1, not_answered=0))
    picture = histogram(EN, replace(period, bins=bins))
    for column in picture.columns:
        assert 22 <= float(column.missed_y) <= float(column.answered_y) <= 258
        assert float(column.x.rstrip("%")) + float(column.width.rstrip("%")) <= 100
    assert 1 <= len(picture.counts) <= 4


def test_agents_keep_their_place(period: ThreeRingsPeriod) -> None:
    """By number, what nobody is blamed for in columns of its own."""
    lines = rings_lines(EN, period)
    assert [line.number or line.name for line in lines] == sorted(line.number or line.name for line in lines)
    assert (lines[0].offered, lines[0].within, lines[0].rate) == ("861", "840", "97.6%")
    assert (lines[0].elsewhere, lines[0].gave_up, lines[0].others) == ("80", "4", "3")


def test_ring_tiles_show_both_views(period: ThreeRingsPeriod) -> None:
    """The agent's view and the caller's, each with its definition."""
    agent, caller, *_ = ring_tiles(EN, period)
    assert (agent.value, caller.value) == ("96.1", "95.0")
    assert agent.definition is not None
    assert caller.definition is not None
    assert (agent.definition.name, caller.definition.name) == ("three_ring_rate", "caller_three_ring_rate")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (RingRule(), "late from the start of ring 4, at 15.0 s"),
        (RingRule(boundary=Boundary.TONE_END), "late from the end of tone 3, at 11.0 s"),
        (RingRule(boundary=Boundary.SECONDS, seconds=timedelta(seconds=12)), "late from 12.0 s of ringing"),
    ],
)
def test_the_rule_is_said_in_words(period: ThreeRingsPeriod, rule: RingRule, said: str) -> None:
    """As the policy has it."""
    assert rule_text(replace(period, rule=rule), EN) == said


def test_a_period_names_its_first_and_last_day(period: ThreeRingsPeriod) -> None:
    """The end is not part of it."""
    assert days_of(period, EN) == "Fri 20 Nov"
    assert days_of(replace(period, start=date(2026, 11, 16)), ZH) == "11 月 16 日 周一 – 11 月 20 日 周五"
