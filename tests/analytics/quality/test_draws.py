"""Draws on record, on both databases: committed to before, drawn once, checked by whoever doubts them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, select, update

from analytics.errors import QualityError
from analytics.quality.drawing import commitment_of
from analytics.quality.draws import check_draw, commit, draw_week, load_draw, load_draws
from analytics.quality.models import quality_candidates, quality_samples
from analytics.quality.records import SampleState
from analytics.quality.samples import load_samples, replace_sample
from analytics.storage.recording_models import recording_marks, recording_work
from config.policies import NumberLists
from config.quality import Replacement
from tests.analytics.quality.house import (
    DRAWN,
    FREE,
    INSPECTORS,
    MONDAY,
    NORTH,
    POLICY,
    WEEK,
    add_talk,
    add_week,
    drawn,
    ruled,
)


def test_a_week_is_drawn_by_the_random_that_was_committed_to(store: Engine) -> None:
    """Before the draw only the commitment is told; after it the random, and the draw done again gives the same."""
    with store.begin() as connection:
        add_week(connection)
        before = commit(connection, WEEK, POLICY, "r", MONDAY)
        assert (before.random, before.seed, before.committed_late) == (None, None, False)
        drawn(connection)
        after = load_draw(connection, WEEK.label)
        assert (after.random, after.commitment, after.candidates) == ("r", before.commitment, 8)
        assert check_draw(connection, WEEK.label).differing == ()
        assert load_draws(connection) == (after,)


def test_each_agent_gets_his_share_and_the_month_s_rest_in_its_last_week(store: Engine) -> None:
    """Half of November is over with week 46: one of two. After the last each has two, or all of his talks."""
    with store.begin() as connection:
        add_week(connection)
        add_talk(connection, 90, "1004")
        drawn(connection)
        assert Counter(each.agent for each in load_samples(connection)) == {"1001": 1, "1003": 1, "1004": 1}
        week = WEEK.following
        while "2026-11" in week.months():
            result = drawn(connection, week, now=week.following.period(POLICY.zone).start)
            week = week.following
        found = Counter(each.agent for each in load_samples(connection, month="2026-11"))
        assert found == {"1001": 2, "1003": 2, "1004": 1}
        assert result.shortfalls == ()  # 1004 has no talk left that could be asked for


def test_an_agent_with_fewer_talks_than_asked_gives_all_and_it_is_said(store: Engine) -> None:
    """In a month's last week two are asked of somebody who had one."""
    last = WEEK.following.following.following
    with store.begin() as connection:
        add_talk(connection, 1, "1001", at=last.period(POLICY.zone).start + timedelta(hours=9))
        result = drawn(connection, last, now=last.period(POLICY.zone).end)
        assert [(each.agent, each.asked, each.found) for each in result.shortfalls] == [("1001", 2, 1)]


def test_what_cannot_be_listened_to_is_no_candidate(store: Engine) -> None:
    """Neither a broken file, a talk that is too short without its holds, a colleague's, nor a number left out."""
    policy = ruled(numbers=NumberLists(test=("1",)))
    with store.begin() as connection:
        good = add_talk(connection, 1, seconds=30)
        add_talk(connection, 2, condition="broken")
        add_talk(connection, 3, seconds=29)
        add_talk(connection, 4, seconds=60, holds="[[1000, 40000]]")
        add_talk(connection, 5, kind="internal")
        add_talk(connection, 6, customer="1")
        drawn(connection, policy=policy)
        assert list(connection.execute(select(quality_candidates.c.talk_id)).scalars()) == [good]


def test_nobody_listens_to_his_own_group(store: Engine) -> None:
    """The inspector of the north is given the south's alone; who has no group may hear all."""
    with store.begin() as connection:
        add_week(connection, agents=("1001", "1002", "1003", "1004"))
        drawn(connection)
        found = {each.agent: each.inspector for each in load_samples(connection)}
        assert found["1001"] == found["1002"] == FREE.login
        assert {found["1003"], found["1004"]} == {NORTH.login}  # evenly: two each
        connection.execute(delete(quality_samples))
        drawn(connection, WEEK.following, now=DRAWN + timedelta(days=7), inspectors=(NORTH,))
        assert {each.agent: each.inspector for each in load_samples(connection)}["1001"] is None


def test_a_week_is_drawn_once_and_when_it_is_over(store: Engine) -> None:
    """Too early, a second time, and without a commitment are refused, with what was found and expected."""
    with store.begin() as connection:
        with pytest.raises(QualityError, match="found no random committed to, expected one before the draw"):
            draw_week(connection, WEEK, POLICY, INSPECTORS, "me", DRAWN)
        commit(connection, WEEK, POLICY, "r", MONDAY)
        again = commit(connection, WEEK, POLICY, "another", MONDAY)
        assert again.commitment == commitment_of("r")
        with pytest.raises(QualityError, match="found the week unfinished, expected it over"):
            draw_week(connection, WEEK, POLICY, INSPECTORS, "me", MONDAY)
        draw_week(connection, WEEK, POLICY, INSPECTORS, "me", DRAWN)
        with pytest.raises(QualityError, match="found it drawn already, expected it once"):
            draw_week(connection, WEEK, POLICY, INSPECTORS, "me", DRAWN)


def test_a_centre_without_the_section_samples_nothing(store: Engine) -> None:
    """A rulebook that is silent is not read as if it spoke."""
    silent = ruled(quality=None)
    with store.begin() as connection:
        commit(connection, WEEK, silent, "r", MONDAY)
        with pytest.raises(QualityError, match=r"found no \[version.quality\] in force"):
            draw_week(connection, WEEK, silent, INSPECTORS, "me", DRAWN)


def test_a_draw_that_was_tampered_with_is_told(store: Engine) -> None:
    """A candidate that was taken away, and a sample that was put in the place of another, are both seen."""
    with store.begin() as connection:
        add_week(connection)
        drawn(connection)
        sampled = select(quality_samples.c.talk_id)
        left = select(quality_candidates.c.talk_id).where(quality_candidates.c.talk_id.not_in(sampled)).limit(1)
        other = connection.execute(left).scalar_one()
        first = connection.execute(select(quality_samples.c.id).limit(1)).scalar_one()
        connection.execute(update(quality_samples).where(quality_samples.c.id == first).values(talk_id=other))
        assert check_draw(connection, WEEK.label).differing == ("sample",)
        connection.execute(delete(quality_candidates).where(quality_candidates.c.talk_id == other))
        assert "candidates" in check_draw(connection, WEEK.label).differing


def test_samples_are_measured_first_unless_they_were_already(store: Engine) -> None:
    """A file that waits is raised, one that nobody queued is queued, one that was measured is left alone."""
    with store.begin() as connection:
        for number, agent in ((1, "1001"), (2, "1002"), (3, "1003")):
            add_talk(connection, number, agent)
        connection.execute(recording_work.insert().values(file_id=1, priority=0, queued_us=1, due_us=1, tries=0))
        connection.execute(recording_marks.insert().values(file_id=2, stamp="1", marks="{}"))
        drawn(connection)
        wanted = select(recording_work.c.file_id, recording_work.c.priority).order_by(recording_work.c.file_id)
        assert [tuple(row) for row in connection.execute(wanted)] == [(1, 10), (3, 10)]


def test_a_replaced_sample_stays_on_record_and_the_next_in_the_order_comes(store: Engine) -> None:
    """With who, why and when; the check still tells the first draw, and the replacement counts for the month."""
    with store.begin() as connection:
        add_week(connection, agents=("1001",))
        drawn(connection)
        old = load_samples(connection)[0]
        new = replace_sample(
            connection, old.id, Replacement.PRIVATE, "家人来电", by=FREE, inspectors=INSPECTORS, policy=POLICY,
            now=DRAWN,
        )  # fmt: skip
        assert new is not None
        assert (new.replaces, new.agent, new.month, new.inspector) == (old.id, "1001", "2026-11", FREE.login)
        kept = load_samples(connection, state=SampleState.REPLACED)[0]
        assert (kept.id, kept.reason, kept.reason_text, kept.replaced_by) == (old.id, "private", "家人来电", "wen")
        assert check_draw(connection, WEEK.label).differing == ()
        with pytest.raises(QualityError, match="found it replaced, expected it open"):
            replace_sample(
                connection, old.id, Replacement.BROKEN, "", by=FREE, inspectors=INSPECTORS, policy=POLICY, now=DRAWN
            )


def test_the_last_talk_of_an_agent_has_no_successor(store: Engine) -> None:
    """It is replaced by none, and that is what is told."""
    with store.begin() as connection:
        add_talk(connection, 1)
        drawn(connection)
        old = load_samples(connection)[0]
        done = replace_sample(
            connection, old.id, Replacement.BROKEN, "", by=FREE, inspectors=INSPECTORS, policy=POLICY, now=DRAWN
        )
        assert done is None
        assert [each.state for each in load_samples(connection)] == [SampleState.REPLACED]


def test_a_replacement_needs_a_reason_that_the_policy_allows(store: Engine) -> None:
    """And somebody who may hear it."""
    quality = POLICY.versions[0].quality
    assert quality is not None
    strict = ruled(quality=replace(quality, replace=(Replacement.BROKEN,)))
    with store.begin() as connection:
        add_talk(connection, 1)
        drawn(connection)
        old = load_samples(connection)[0]
        with pytest.raises(QualityError, match="found the reason private, expected one of broken"):
            replace_sample(
                connection,
                old.id,
                Replacement.PRIVATE,
                "",
                by=FREE,
                inspectors=INSPECTORS,
                policy=strict,
                now=DRAWN,
            )
        with pytest.raises(QualityError, match="found xu of agent 1001's group, expected another inspector"):
            replace_sample(
                connection,
                old.id,
                Replacement.BROKEN,
                "",
                by=NORTH,
                inspectors=INSPECTORS,
                policy=strict,
                now=DRAWN,
            )
