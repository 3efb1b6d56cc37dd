"""Scorecards on record, on both databases: fixed on submit, corrected by a new card, appealed against, decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, delete, update
from sqlalchemy.exc import DatabaseError

from analytics.errors import QualityError
from analytics.quality.appeals import answer, decide, load_replies, open_appeals
from analytics.quality.assigning import Inspector
from analytics.quality.cards import calibrate, correct, load_cards, submit
from analytics.quality.models import quality_cards, quality_items
from analytics.quality.records import AppealState, Card, CardKind, ReplyKind, Sample, SampleState, final_of
from analytics.quality.samples import (
    add_note,
    load_draft,
    load_notes,
    load_sample,
    load_samples,
    save_draft,
    take_over,
    withdraw_note,
)
from analytics.quality.scoring import Scores
from config.recordings import Band, RecordingRules, SoundTargets
from tests.analytics.quality.house import (
    DRAWN,
    FREE,
    NORTH,
    OTHER,
    POLICY,
    add_features,
    add_talk,
    drawn,
    hand,
    scores,
)

LEADER = Inspector(login="leader", agent="1002", groups=frozenset({"north"}))


def sampled(connection: Connection) -> Sample:
    """One open sample of agent 1001."""
    add_talk(connection, 1)
    drawn(connection)
    return load_samples(connection)[0]


def carded(connection: Connection, mark: int = 3) -> Card:
    """Its card."""
    return submit(connection, sampled(connection).id, scores(mark), hand())


def test_a_submitted_card_has_its_form_and_its_proposals(store: Engine) -> None:
    """What was marked, by which form, what the machine proposed and what the inspector said to that."""
    with store.begin() as connection:
        sample = sampled(connection)
        add_features(connection, sample.talk_id, first_words_ms=1200, syllables=300, turns_ms=60_000)
        told = scores(4, remarks={"tone": "稍急"}, verdicts={"speech_rate": True}, summary="整体不错。")
        card = submit(connection, sample.id, told, hand())
        assert (card.mark_c, card.passed, card.summary, card.inspector) == (8000, True, "整体不错。", "wen")
        tone = card.line("tone")
        assert tone is not None
        assert (tone.mark, tone.weight, tone.remark) == (4, 15, "稍急")
        said = [(each.item.value, each.verdict.value, each.figure, each.holds) for each in card.automatic]
        assert said == [
            ("first_words", "kept", 1200, None), ("speech_rate", "missed", 3000, True), ("silences", "kept", 0, None),
        ]  # fmt: skip
        assert load_sample(connection, sample.id).state is SampleState.SCORED
        assert [each.scale for each in (card.form,)] == [5]


def test_a_talk_is_judged_by_the_rules_of_its_day(store: Engine) -> None:
    """A band that was changed before the card is submitted is not that of the talk."""
    slow = RecordingRules(targets=SoundTargets(speech_rate=Band(low=60, high=100)))
    then = POLICY.versions[0]
    changed = replace(POLICY, versions=(then, replace(then, start=DRAWN, recordings=slow)))
    with store.begin() as connection:
        sample = sampled(connection)
        add_features(connection, sample.talk_id, first_words_ms=1200, syllables=130, turns_ms=60_000)
        card = submit(connection, sample.id, scores(4), hand(policy=changed))
    assert {each.item.value: each.verdict.value for each in card.automatic}["speech_rate"] == "kept"


def test_the_machine_s_verdict_changes_no_mark(store: Engine) -> None:
    """All proposals missed and all marks full is a hundred."""
    with store.begin() as connection:
        sample = sampled(connection)
        add_features(connection, sample.talk_id, first_words_ms=9000, silence_count=9, longest_silence_ms=9000)
        assert submit(connection, sample.id, scores(5), hand()).mark_c == 10_000


def test_the_database_refuses_to_change_a_card(store: Engine) -> None:
    """Neither a mark nor a line can be changed or deleted, by whatever program."""
    with store.begin() as connection:
        carded(connection)
    for statement in (
        update(quality_cards).values(mark_c=1), delete(quality_cards), update(quality_items).values(mark=1),
        delete(quality_items),
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="on record"), store.begin() as connection:
            connection.execute(statement)


def test_a_sample_has_one_card_and_only_a_correction_takes_its_place(store: Engine) -> None:
    """The first stays; the newest counts; a card that was corrected is not corrected again."""
    with store.begin() as connection:
        first = carded(connection)
        with pytest.raises(QualityError, match="found it scored, expected it open"):
            submit(connection, first.sample_id, scores(5), hand())
        second = correct(connection, first.id, scores(4), hand())
        assert (second.kind, second.corrects, second.mark_c) == (CardKind.CORRECTION, first.id, 8000)
        assert second.form_digest == first.form_digest
        cards = load_cards(connection, (first.sample_id,))
        assert [each.id for each in cards] == [first.id, second.id]
        assert final_of(cards) == second
        with pytest.raises(
            QualityError, match=f"found card {second.id} in its place, expected the one that counts"
        ):
            correct(connection, first.id, scores(5), hand())


def test_nobody_marks_his_own_group_or_himself(store: Engine) -> None:
    """Whoever was given it, and by whatever way he came to it."""
    with store.begin() as connection:
        sample = sampled(connection)
        himself = Inspector(login="fang", agent="1001")
        for one in (NORTH, himself):
            with pytest.raises(QualityError, match="expected another inspector"):
                submit(connection, sample.id, scores(), hand(one))
            with pytest.raises(QualityError, match="expected another inspector"):
                take_over(connection, sample.id, one)
        assert take_over(connection, sample.id, OTHER).inspector == "qian"


def test_two_inspectors_of_one_call_are_compared_and_the_mark_stays(store: Engine) -> None:
    """A calibration is a card that counts for nothing; each inspector has one, and there is something to compare."""
    with store.begin() as connection:
        sample = sampled(connection)
        with pytest.raises(QualityError, match="found no card, expected one to compare with"):
            calibrate(connection, sample.id, scores(2), hand(OTHER))
        first = submit(connection, sample.id, scores(4), hand())
        with pytest.raises(QualityError, match="found a card of wen, expected another inspector"):
            calibrate(connection, sample.id, scores(2), hand())
        second = calibrate(connection, sample.id, scores(2), hand(OTHER))
        assert second.kind is CardKind.CALIBRATION
        assert final_of(load_cards(connection, (sample.id,))) == first


def test_an_agent_replies_and_appeals_once_each_and_in_time(store: Engine) -> None:
    """Three days for a reply and five for an appeal, to the end of the last day by the centre's clocks."""
    with store.begin() as connection:
        card = carded(connection)
        assert (card.reply_until - DRAWN, card.appeal_until - DRAWN) == (
            timedelta(days=3, hours=16), timedelta(days=5, hours=16),
        )  # fmt: skip
        with pytest.raises(QualityError, match="found agent 1002, expected 1001, whose card it is"):
            answer(connection, card.id, ReplyKind.REPLY, "不对", agent="1002", by="ming", now=DRAWN)
        late = card.reply_until
        with pytest.raises(QualityError, match="found the reply at 2026-11-19T16:00:00"):
            answer(connection, card.id, ReplyKind.REPLY, "不对", agent="1001", by="fang", now=late)
        with pytest.raises(QualityError, match="found nothing, expected a text"):
            answer(connection, card.id, ReplyKind.REPLY, " ", agent="1001", by="fang", now=DRAWN)
        answer(connection, card.id, ReplyKind.REPLY, "会改进", agent="1001", by="fang", now=DRAWN)
        answer(connection, card.id, ReplyKind.APPEAL, "客户先骂人", agent="1001", by="fang", now=late)
        with pytest.raises(QualityError, match="found its appeal already, expected one at most"):
            answer(connection, card.id, ReplyKind.APPEAL, "再说一次", agent="1001", by="fang", now=late)
        assert [each.state for each in load_replies(connection, (card.id,))] == [None, AppealState.OPEN]


def test_another_person_decides_an_appeal_with_a_reason(store: Engine) -> None:
    """Neither who gave the mark nor the agent; upheld, the decider's card counts. A leader may, of his own group."""
    with store.begin() as connection:
        card = carded(connection, mark=3)
        appeal = answer(connection, card.id, ReplyKind.APPEAL, "客户先骂人", agent="1001", by="fang", now=DRAWN)
        assert open_appeals(connection) == (appeal,)
        with pytest.raises(QualityError, match="found wen, who gave the mark, expected another person"):
            decide(connection, appeal.id, "x", scores(5), hand(FREE))
        with pytest.raises(QualityError, match="whose card it is, expected another person"):
            decide(connection, appeal.id, "x", scores(5), hand(Inspector(login="f2", agent="1001")))
        with pytest.raises(QualityError, match="reason: found nothing"):
            decide(connection, appeal.id, "", scores(5), hand(LEADER))
        done = decide(connection, appeal.id, "录音证实", scores(5), hand(LEADER))
        assert (done.state, done.decided_by, done.decision) == (AppealState.UPHELD, "leader", "录音证实")
        final = final_of(load_cards(connection, (card.sample_id,)))
        assert final is not None
        assert (final.id, final.mark_c, final.inspector) == (done.decided_card, 10_000, "leader")
        with pytest.raises(QualityError, match="found it upheld, expected it open"):
            decide(connection, appeal.id, "x", None, hand(OTHER))
        assert open_appeals(connection) == ()


def test_a_rejected_appeal_leaves_the_mark(store: Engine) -> None:
    """With its reason on record."""
    with store.begin() as connection:
        card = carded(connection)
        appeal = answer(connection, card.id, ReplyKind.APPEAL, "不服", agent="1001", by="fang", now=DRAWN)
        done = decide(connection, appeal.id, "评分有据", None, hand(OTHER))
        assert (done.state, done.decided_card) == (AppealState.REJECTED, None)
        assert final_of(load_cards(connection, (card.sample_id,))) == card


def test_notes_are_pinned_to_the_file_and_taken_back_before_the_card(store: Engine) -> None:
    """In the order of the file; only one's own, and not once the card is fixed."""
    with store.begin() as connection:
        sample = sampled(connection)
        later = add_note(connection, sample.id, 97_000, "抢话", by="wen", now=DRAWN, criterion="grasp")
        first = add_note(connection, sample.id, 12_000, "开场清楚", by="wen", now=DRAWN)
        assert load_notes(connection, (sample.id,)) == (first, later)
        with pytest.raises(QualityError, match="found none of qian's"):
            withdraw_note(connection, sample.id, first.id, by="qian", now=DRAWN)
        withdraw_note(connection, sample.id, first.id, by="wen", now=DRAWN)
        assert load_notes(connection, (sample.id,)) == (later,)
        submit(connection, sample.id, scores(), hand())
        with pytest.raises(QualityError, match="found its card submitted"):
            withdraw_note(connection, sample.id, later.id, by="wen", now=DRAWN)
        with pytest.raises(QualityError, match="found the instant -1 ms"):
            add_note(connection, sample.id, -1, "x", by="wen", now=DRAWN)


def test_a_draft_need_not_be_whole_and_goes_with_the_card(store: Engine) -> None:
    """It is kept for each inspector, replaced as it grows, and gone once the card is submitted."""
    with store.begin() as connection:
        sample = sampled(connection)
        for marks in ({"tone": 3}, {"tone": 4, "grasp": 2}):
            save_draft(connection, sample.id, "wen", Scores(marks=marks, criticals=("leak",)), DRAWN)
        draft = load_draft(connection, sample.id, "wen")
        assert draft is not None
        assert (draft.marks, draft.criticals) == ({"tone": 4, "grasp": 2}, ("leak",))
        assert load_draft(connection, sample.id, "qian") is None
        submit(connection, sample.id, scores(), hand())
        assert load_draft(connection, sample.id, "wen") is None
