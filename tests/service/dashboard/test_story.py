"""A call's story: the axis, the lanes, who is credited with what, and what the PBX claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.dashboard.axis import NARROWEST, Axis, Room, text_width
from service.dashboard.story import Story, tell
from service.dashboard.story.layout import Note
from service.dashboard.words import words
from telephony.calls.facts import (
    AgentStateFact,
    Direction,
    Disposition,
    Known,
    OfferingOutcome,
    RingFrom,
    State,
    TransferFact,
    TransferKind,
)
from telephony.calls.record import CallRecord
from tests.service.dashboard.a_call import CALL, NUMBER, RECORD, START, STORY, at, going_on
from tests.service.dashboard.people import ZONE

ZH, EN = words("zh", ZONE), words("en", ZONE)


def told(record: CallRecord = RECORD) -> Story:
    """The story in Chinese."""
    return tell(replace(STORY, record=record), ZH)


def notes(story: Story, lane: str) -> list[str]:
    """The words in a lane."""
    return [note.text for each in story.picture.lanes if each.name == lane for note in each.notes]


def test_lanes_stand_in_the_order_of_first_ring() -> None:
    """Customer, menu, queue, then the agents; the recording below."""
    assert [lane.name for lane in told().picture.lanes] == [
        "客户",
        "按键菜单",
        "咨询热线",
        "王娜娜",
        "李浩然",
        "周建国",
        "录音",
    ]


def test_lanes_say_what_happened() -> None:
    """Who did not answer and after how long, who did, what was talked, and where the credit ends."""
    story = told()
    assert notes(story, "王娜娜") == ["15.0 秒，未接"]
    assert notes(story, "李浩然") == ["通话 38.2 秒", "15.5 秒", "3.0 秒，接起", "协商转接至周建国，此后不计时"]
    assert "通话 51.0 秒" in notes(story, "周建国")
    assert "接通，离队" in notes(story, "咨询热线")


def test_bells_ring_as_the_cadence_has_it() -> None:
    """Fifteen seconds of ringing hold three bells of one second, five seconds apart."""
    lane = next(each for each in told().picture.lanes if each.name == "王娜娜")
    places = [float(bell.x.rstrip("%")) for bell in lane.bells]
    length = 140.1
    assert places == [pytest.approx((11.2 + 5 * n) / length * 100, abs=0.01) for n in range(3)]


def test_credit_is_by_bridges_and_the_claim_stands_beside_it() -> None:
    """queue_log credits the first agent with the time after the transfer; we do not."""
    story = told()
    given = {each.number: each for each in story.credits}
    assert story.sources == ["queue_log"]
    assert (given["1004"].talk, given["1004"].hold) == ("38.2 s", "19.6 s")
    claims = {number: each.claims[0] for number, each in given.items()}
    assert (claims["1004"].seconds, claims["1004"].difference) == ("108 s", "+69.8 s")
    assert (given["1006"].talk, claims["1006"].seconds, claims["1006"].difference) == (
        "51.0 s",
        "无记录",
        "−51.0 s",
    )
    assert (given["1003"].talk, claims["1003"].seconds, claims["1003"].differs) == ("—", "—", False)
    assert [(rang.seconds, rang.rings, rang.late) for rang in given["1003"].rang] == [("15.0", 4, True)]


def test_each_difference_has_its_reason_in_words() -> None:
    """Time after the hand-over for the giver, nothing for the taker."""
    first, second = tell(STORY, EN).reasons
    assert "credits 李浩然 with the time after 15:20:11 too, when he handed the call on" in first
    assert second == "queue_log has nothing of 周建国: it goes on with whom the queue gave the call."


@pytest.mark.parametrize(
    ("source", "agent", "seconds", "words"),
    [
        ("cdr", "1004", 58, "counts 李浩然’s hold and consultation as talk"),
        ("cdr", "1006", 66, "counts 周建国’s consultation as talk"),
        ("cdr", "1004", 99, "counts a line from its answer to its end"),
        ("agent_complete", "1006", 140, "counts from when the PBX picked up"),
        ("queue_log", "1006", 20, "has a part of 周建国’s talk only"),
        ("queue_log", "1006", 99, "is not known; bridges count"),
    ],
)
def test_reasons_are_those_that_the_lab_found(source: str, agent: str, seconds: int, words: str) -> None:
    """Hold, consultation, a line's whole life, from the pick-up on, a part; else that it is not known."""
    claim = replace(
        RECORD.claims[0], source=source, interface=f"Local/{agent}@queue-agents/n", talk_seconds=seconds
    )
    reasons = tell(replace(STORY, record=replace(RECORD, claims=[claim])), EN).reasons
    assert any(words in each for each in reasons), reasons


def test_an_outbound_cdr_counts_from_the_agents_own_line() -> None:
    """He was up before the customer was."""
    claim = replace(RECORD.claims[0], source="cdr", interface="Local/1006@queue-agents/n", talk_seconds=80)
    call = replace(CALL, direction=Direction.OUTBOUND, caller="1006", called=NUMBER)
    reasons = tell(replace(STORY, record=replace(RECORD, call=call, claims=[claim])), EN).reasons
    assert any("from when 周建国’s own line was answered" in each for each in reasons), reasons


def test_a_difference_below_a_second_is_whole_seconds_and_no_reproach() -> None:
    """38 s claimed of 38.2 s."""
    claim = replace(RECORD.claims[0], talk_seconds=38)
    story = told(replace(RECORD, claims=[claim], transfers=[]))
    assert [each.claims[0].differs for each in story.credits if each.number == "1004"] == [False]


def test_wrap_up_stands_in_the_table() -> None:
    """Of the phone that it followed."""
    wrap = AgentStateFact(
        id="w", revision=1, call_id=CALL.id, at=at(160), pbx="hq", interface="PJSIP/1006", member_name=None,
        state=State.WRAP_UP, reason=None, queue=None, started_at=at(140.1), ended_at=at(152.1),
    )  # fmt: skip
    given = {each.number: each.wrap for each in tell(replace(STORY, wraps=(wrap,)), ZH).credits}
    assert given == {"1003": "—", "1004": "—", "1006": "12.0 s"}


def test_a_transfer_joins_the_lanes_of_giver_and_taker() -> None:
    """One line, at its instant, from lane to lane."""
    story = told()
    (line,) = story.picture.links
    assert (line.text, line.y1, line.y2, line.down) == ("协商转接至周建国", 4 * 42 + 36, 5 * 42 + 8, True)
    assert story.passings[0].to == "周建国"


def test_numbers_are_masked_everywhere_in_the_story() -> None:
    """In heading, lanes, sentence and facts; the recording's name, which holds it, is not shown."""
    assert NUMBER not in repr(told())


def test_a_call_in_progress_ends_at_now() -> None:
    """Its axis ends at the as-of instant, its disposition is open."""
    story = tell(going_on(600), ZH)
    assert story.open
    assert story.disposition.text == "进行中"
    assert "通话 510.9 秒" in notes(story, "周建国")


def test_a_call_without_parts_has_one_lane_and_no_credits() -> None:
    """A caller who hung up in the menu."""
    story = told(CallRecord(call=replace(CALL, ended_at=at(0.2), customer_left_at=at(0.2))))
    assert [lane.name for lane in story.picture.lanes] == ["客户"]
    assert (story.credits, story.picture.links, len(story.picture.ticks)) == ([], [], 2)
    assert story.sentence.startswith("15:18:42，139****2214 呼叫 4008200110。")


def test_an_outbound_call_is_from_the_agent_to_the_customer() -> None:
    """The dialled number is the customer's and so masked."""
    call = replace(CALL, direction=Direction.OUTBOUND, caller="1004", called=NUMBER, did=None)
    story = told(replace(RECORD, call=call, visits=[]))
    assert story.title == "李浩然 → 139****2214"
    assert ("被叫号码", "139****2214") in story.facts


@pytest.mark.parametrize("outcome", list(OfferingOutcome))
def test_every_outcome_of_a_ringing_has_words(outcome: OfferingOutcome) -> None:
    """In the lane and in the table."""
    first = replace(RECORD.offerings[1], outcome=outcome)
    story = told(replace(RECORD, offerings=[first], talks=[], claims=[], transfers=[]))
    assert story.credits[0].rang[0].outcome.text in notes(story, "李浩然")[0]
    assert "李浩然" in story.sentence


@pytest.mark.parametrize("said", [ZH, EN])
@given(lengths=st.lists(st.floats(0.05, 3000), min_size=4, max_size=4))
def test_words_never_cover_each_other(said: object, lengths: list[float]) -> None:
    """However a call is stretched, two notes of a lane keep apart at the narrowest width."""
    ends = [sum(lengths[: n + 1]) for n in range(4)]
    offering = replace(RECORD.offerings[1], ring_at=at(ends[0]), offered_at=at(ends[0]), ended_at=at(ends[1]))
    talk = replace(RECORD.talks[0], started_at=at(ends[1]), ended_at=at(ends[2]), holds=())
    call = replace(CALL, ended_at=at(ends[3]), customer_left_at=at(ends[3]))
    record = replace(RECORD, call=call, offerings=[offering], talks=[talk], visits=[], transfers=[], claims=[])
    story = tell(replace(STORY, record=record), said)  # type: ignore[arg-type]
    for lane in story.picture.lanes:
        spans = sorted(_span(note) for note in lane.notes)
        assert all(right <= left + 1 for (_, right), (left, _) in pairwise(spans))


def _span(note: Note) -> tuple[float, float]:
    place = float(note.x.rstrip("%")) / 100 * NARROWEST + note.dx
    width = text_width(note.text)
    return (place - width, place) if note.anchor == "end" else (place, place + width)


@given(st.integers(0, 6 * 3600 * 1000))
def test_ticks_are_round_and_never_touch(length_ms: int) -> None:
    """From a call that failed at once to one of six hours."""
    axis = Axis(start=START, end=START + timedelta(milliseconds=length_ms))
    places = [float(tick.x.rstrip("%")) / 100 * NARROWEST for tick in axis.ticks(EN)]
    assert 1 <= len(places) <= 10
    assert all(b - a >= 60 for a, b in pairwise(places))


def test_words_stand_in_the_bar_where_nothing_else_is_free() -> None:
    """A phone that rang from the call's start: the seconds stand between its last bell and the answer."""
    offering = replace(RECORD.offerings[1], ring_at=START, offered_at=START, ended_at=at(2.5))
    talk = replace(RECORD.talks[0], started_at=at(2.5), ended_at=at(6.5), holds=())
    call = replace(CALL, ended_at=at(6.5), customer_left_at=at(6.5))
    record = replace(RECORD, call=call, offerings=[offering], talks=[talk], visits=[], transfers=[], claims=[])
    assert "2.5 秒，接起" in notes(told(record), "李浩然")


def test_room_is_taken_once() -> None:
    """What touches is free; what overlaps or leaves the axis is not."""
    room = Room()
    room.take(10, 20)
    assert room.free(20, 30)
    assert not room.free(15, 25)
    assert not room.free(-1, 5)
    assert not room.free(NARROWEST - 5, NARROWEST + 1)


def test_the_sentence_tells_the_whole_call_in_both_languages() -> None:
    """In the order of time, masked, each sentence with its stop."""
    assert told().sentence == (
        "15:18:42，139****2214 呼叫 4008200110。来电者按键 1。在咨询热线排队 21.9 秒：接通，离队。"
        "王娜娜振铃 15.0 秒未接。"
        "李浩然振铃 3.0 秒接起。李浩然与客户通话 38.2 秒，另保持 19.6 秒。周建国振铃 4.1 秒接起。"
        "李浩然咨询周建国 15.5 秒。"
        "李浩然把电话转给周建国（协商转接）。周建国与客户通话 51.0 秒。15:21:02 结束：已接通，客户挂断。"
    )
    english = tell(STORY, EN).sentence
    assert english.startswith("At 15:18:42 139****2214 called 4008200110. The caller pressed 1. The caller waited")
    assert english.endswith("Over at 15:21:02: answered, ended by the customer.")


@pytest.mark.parametrize("kind", list(TransferKind))
@pytest.mark.parametrize("completed", [True, False])
def test_every_kind_of_hand_over_has_words(kind: TransferKind, completed: bool) -> None:
    """In the sentence and the table, whether anybody took it or not."""
    transfer = replace(RECORD.transfers[0], kind=kind, completed=completed)
    for words_of in (ZH, EN):
        story = tell(replace(STORY, record=replace(RECORD, transfers=[transfer])), words_of)
        assert story.passings[0].completed is completed
        assert "周建国" in story.sentence or "李浩然" in story.sentence


def test_a_hand_over_to_outside_names_the_masked_number_and_has_no_line() -> None:
    """Nobody's lane is there to lead to."""
    away = TransferFact(
        id="x", revision=1, call_id=CALL.id, at=at(89.1), kind=TransferKind.BLIND, by="PJSIP/1004", to="13812345678",
        completed=True,
    )  # fmt: skip
    story = told(replace(RECORD, transfers=[away]))
    assert story.picture.links == []
    assert "盲转至138****5678，此后不计时" in notes(story, "李浩然")


def test_how_it_is_known_is_said_with_its_reason() -> None:
    """Repaired with what was known before; inferred; merged; an end that was not heard; ringing from dialling."""
    repaired = " ".join(tell(STORY, EN).knowing)
    assert "rebuilt whole from CEL" in repaired
    assert "Before the repair: Inferred, Indeterminate, 61.1 s of talk." in repaired
    assert "The PBX was not heard from 15:20:34 to 15:20:41." in repaired
    call = replace(
        CALL, known=Known.INFERRED, disposition=Disposition.INDETERMINATE, alias_ids=("hq/1795189150.9",)
    )
    offering = replace(RECORD.offerings[0], ring_from=RingFrom.DIAL)
    talk = replace(RECORD.talks[0], hold_known=False)
    record = replace(RECORD, call=call, offerings=[offering], talks=[talk])
    other = " ".join(tell(replace(STORY, record=record, repair=None), EN).knowing)
    for said in ("what was missed is not guessed", "neither answered nor lost", "hq/1795189150.9 leads here",
                 "王娜娜: nothing told that the phone rang", "knows no hold"):  # fmt: skip
        assert said in other
    assert "Its end was not heard" in tell(replace(STORY, record=record), EN).sentence


def test_a_gap_is_hatched_through_all_lanes_and_named() -> None:
    """By how long it was, and from which logs the call was told."""
    (gap,) = told().picture.gaps
    assert gap.name == gap.title == "失联 7.0 秒，依 CEL 补录"
    assert float(gap.x.rstrip("%")) == pytest.approx(112 / 140.1 * 100, abs=0.01)


def test_who_may_see_numbers_sees_them_but_in_the_title_of_the_page() -> None:
    """The title of a page stands in the history of a browser."""
    story = tell(STORY, ZH, lambda number: number or "—")
    assert story.title.startswith(NUMBER)
    assert NUMBER not in story.plain_title
    assert NUMBER in story.sentence


def test_the_focus_goes_in_the_order_of_time_and_the_table_says_the_same() -> None:
    """Each stretch once as a bar with what, from, to and length; and as a row."""
    picture = told().picture
    assert [bar.start for bar in picture.bars] == sorted(bar.start for bar in picture.bars)
    assert any("通话 51.0 秒 · 15:20:11–15:21:02 · 51.0 秒" in bar.title for bar in picture.bars)
    assert ("周建国", "通话 51.0 秒", "51.0 s") in {(line.who, line.what, line.length) for line in picture.lines}


def test_keys_that_may_be_an_account_are_hidden() -> None:
    """A choice of a menu shows; six digits are dots, in lane, sentence and facts."""
    digits = [replace(RECORD.digits[0], id=f"d{n}", digit=str(n), at=at(3 + n)) for n in range(1, 7)]
    story = told(replace(RECORD, digits=digits))
    keys = [key.text for lane in story.picture.lanes for key in lane.keys]
    assert keys
    assert set(keys) == {"•"}
    assert "123456" not in repr(story)
