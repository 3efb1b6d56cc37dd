"""A call's story: the axis, the lanes, who is credited with what, and what the PBX claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.dashboard.axis import NARROWEST, Axis, Room, text_width
from service.dashboard.lanes import Note
from service.dashboard.story import Story, tell
from service.dashboard.words import words
from telephony.calls.facts import Direction, OfferingOutcome
from telephony.calls.record import CallRecord
from tests.service.dashboard.a_call import CALL, NUMBER, RECORD, START, STORY, at, going_on
from tests.service.dashboard.people import ZONE

ZH, EN = words("zh", ZONE), words("en", ZONE)


def told(record: CallRecord = RECORD) -> Story:
    """The story in Chinese."""
    return tell(replace(STORY, record=record), ZH)


def notes(story: Story, lane: str) -> list[str]:
    """The words in a lane."""
    return [note.text for each in story.lanes if each.name == lane for note in each.notes]


def test_lanes_stand_in_the_order_of_first_ring() -> None:
    """Customer, queue, then the agents."""
    assert [lane.name for lane in told().lanes] == ["客户", "咨询热线", "王娜娜", "李浩然", "周建国"]


def test_lanes_say_what_happened() -> None:
    """Who did not answer and after how long, who did, what was talked, and where the credit ends."""
    story = told()
    assert notes(story, "王娜娜") == ["15.0 秒，未接"]
    assert notes(story, "李浩然") == ["3.0 秒，接起", "通话 38.2 秒", "转出后不再计时"]
    assert "通话 51.0 秒" in notes(story, "周建国")
    assert "接通，离队" in notes(story, "咨询热线")


def test_bells_ring_as_the_cadence_has_it() -> None:
    """Fifteen seconds of ringing hold three bells of one second, five seconds apart."""
    lane = next(each for each in told().lanes if each.name == "王娜娜")
    places = [float(bell.x.rstrip("%")) for bell in lane.bells]
    length = 140.1
    assert places == [pytest.approx((11.2 + 5 * n) / length * 100, abs=0.01) for n in range(3)]


def test_credit_is_by_bridges_and_the_claim_stands_beside_it() -> None:
    """queue_log credits the first agent with the time after the transfer; we do not."""
    given = {each.number: each for each in told().credits}
    assert (given["1004"].talk, given["1004"].hold) == ("38.2 s", "19.6 s")
    assert (given["1004"].claimed, given["1004"].difference) == ("108 s · queue_log", "+69.8 s")
    assert (given["1006"].talk, given["1006"].claimed, given["1006"].difference) == (
        "51.0 s",
        "无记录",
        "−51.0 s",
    )
    assert (given["1003"].talk, given["1003"].difference) == ("—", "—")
    assert [(rang.seconds, rang.rings) for rang in given["1003"].rang] == [("15.0", 4)]


def test_a_transfer_joins_the_lanes_of_giver_and_taker() -> None:
    """One line, at its instant, from lane to lane."""
    story = told()
    (line,) = story.handovers
    assert (line.text, line.y1, line.y2) == ("协商转接", 3 * 42 + 36, 4 * 42 + 8)
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
    assert [lane.name for lane in story.lanes] == ["客户"]
    assert (story.credits, story.handovers, len(story.ticks)) == ([], [], 2)


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
    for lane in story.lanes:
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
