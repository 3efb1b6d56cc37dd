"""Weeks and months: means from enough cards on, worst marks, training points with what was said, who is covered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, Engine

from analytics.errors import QualityError
from analytics.quality.appeals import answer, decide
from analytics.quality.cards import calibrate, correct, load_cards, submit
from analytics.quality.loading import load_month, load_week, plan_training
from analytics.quality.records import ReplyKind
from analytics.quality.samples import add_note, load_samples
from analytics.quality.shapes import month_json, week_json
from analytics.quality.weeks import parse_week
from tests.analytics.quality.house import (
    DRAWN,
    MONDAY,
    NAMES,
    OTHER,
    POLICY,
    QUALITY,
    WEEK,
    add_talk,
    add_week,
    drawn,
    hand,
    ruled,
    scores,
)

FIVE = ruled(quality=replace(QUALITY, at_least=5)) if QUALITY else POLICY


def marked(connection: Connection, *marks: int) -> list[int]:
    """So many cards of agent 1001 in one week, marked alike each; the samples' ids."""
    add_week(connection, agents=("1001",), each=len(marks))
    policy = FIVE if len(marks) > 1 else POLICY
    last = parse_week("2026-W49")
    drawn(connection, last, now=DRAWN + timedelta(days=30), policy=policy)
    samples = [each.id for each in load_samples(connection)]
    for sample, mark in zip(samples, marks, strict=True):
        submit(connection, sample, scores(mark), hand())
    return samples


def test_a_week_has_means_from_three_cards_on_and_the_worst(store: Engine) -> None:
    """Two cards have no mean; the worst is always told."""
    with store.begin() as connection:
        marked(connection, 5, 4, 3)
        found = load_week(connection, parse_week("2026-W49"), POLICY)
        assert (found.all.n, found.all.mean_c, found.all.worst_c) == (3, 8000, 6000)
        assert [(each.name, each.mean_c) for each in found.agents] == [("1001", 8000)]
        assert {each.name: (each.mean_c, each.worst_c) for each in found.criteria} == dict.fromkeys(
            NAMES, (8000, 6000)
        )


def test_two_cards_have_no_mean(store: Engine) -> None:
    """It would say something of a person that two calls cannot say."""
    with store.begin() as connection:
        marked(connection, 5, 3)
        found = load_week(connection, parse_week("2026-W49"), POLICY)
        assert (found.all.n, found.all.mean_c, found.all.worst_c) == (2, None, 6000)
        assert [each for each in found.points if each.agent is None] == []


def test_training_points_are_the_lowest_criteria_with_what_was_said(store: Engine) -> None:
    """Of a person from one card on: the two lowest, with the remark and the notes of that criterion."""
    with store.begin() as connection:
        add_talk(connection, 1)
        drawn(connection)
        sample = load_samples(connection)[0].id
        add_note(connection, sample, 97_000, "打断客户", by="wen", now=DRAWN, criterion="grasp")
        add_note(connection, sample, 3000, "开场好", by="wen", now=DRAWN)
        marks = {**dict.fromkeys(NAMES, 5), "grasp": 1, "tone": 3}
        submit(connection, sample, scores(marks=marks, remarks={"grasp": "未复述"}), hand())
        points = load_week(connection, WEEK, POLICY).points
        assert [(each.agent, each.criterion, each.share_c, each.said) for each in points] == [
            ("1001", "grasp", 2000, ("未复述", "打断客户")), ("1001", "tone", 6000, ()),
        ]  # fmt: skip


def test_only_the_card_that_counts_is_summed(store: Engine) -> None:
    """A correction takes the first one's place, and a calibration counts for nothing."""
    with store.begin() as connection:
        sample = marked(connection, 2)[0]
        first = load_cards(connection, (sample,))[0]
        calibrate(connection, sample, scores(0), hand(OTHER))
        correct(connection, first.id, scores(5), hand())
        found = load_week(connection, parse_week("2026-W49"), POLICY)
        assert (found.all.n, found.all.worst_c) == (1, 10_000)


def test_a_month_counts_cards_fails_and_appeals_and_who_is_covered(store: Engine) -> None:
    """Who talked and has too few cards is not covered; who was never drawn stands in it with none."""
    with store.begin() as connection:
        samples = marked(connection, 3, 4)
        add_talk(connection, 50, "1004", at=MONDAY, condition="broken")
        card = load_cards(connection, (samples[0],))[0]
        appeal = answer(connection, card.id, ReplyKind.APPEAL, "不服", agent="1001", by="fang", now=DRAWN)
        decide(connection, appeal.id, "有据", scores(5, criticals=("leak",)), hand(OTHER))
        found = load_month(connection, "2026-11", POLICY)
        told = {each.name: each for each in found.agents}
        one = told["1001"]
        assert (one.group, one.asked, one.drawn, one.row.n, one.row.mean_c) == ("north", 2, 2, 2, None)
        assert (one.row.worst_c, one.passed, one.critical) == (0, 1, 1)
        assert (one.appeals, one.upheld, one.rejected) == (1, 1, 0)
        assert (told["1004"].drawn, told["1004"].row.n) == (0, 0)
        assert (found.talked, found.covered) == (2, 1)
        assert [(each.name, each.row.n) for each in found.groups] == [("north", 2)]
        assert month_json(found)["coverage"] == 0.5


def test_a_month_in_which_nobody_talked_has_no_coverage(store: Engine) -> None:
    """A rate over nothing is null."""
    with store.begin() as connection:
        found = load_month(connection, "2026-10", POLICY)
        assert (found.coverage, found.agents, month_json(found)["coverage"]) == (None, (), None)


def test_trainings_are_planned_by_hand(store: Engine) -> None:
    """With who and when; they stand in the week's summary by their day."""
    with store.begin() as connection:
        for day in (date(2026, 11, 20), date(2026, 11, 18)):
            plan_training(connection, WEEK.label, "倾听练习", day, by="wen", now=DRAWN, criterion="grasp")
        found = week_json(load_week(connection, WEEK, POLICY))
        assert [each["planned_on"] for each in found["trainings"]] == ["2026-11-18", "2026-11-20"]
        with pytest.raises(QualityError, match="expected one such as 2026-W48"):
            plan_training(connection, "46", "x", date(2026, 11, 20), by="wen", now=DRAWN)


def test_a_policy_without_the_section_has_no_summary(store: Engine) -> None:
    """Said, instead of a page of nothing."""
    silent = ruled(quality=None)
    with store.begin() as connection:
        with pytest.raises(QualityError, match="week 2026-W46: found no"):
            load_week(connection, WEEK, silent)
        with pytest.raises(QualityError, match="month 2026-11: found no"):
            load_month(connection, "2026-11", silent)
