"""What an agent did of his schedule, each limit at its edge."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from analytics.people.adherence import Adherence, Deviation, StateSpan, adherence
from config.attendance import BreakLimits
from telephony.calls.facts import State

MINUTE = 60_000_000
LIMITS = BreakLimits()
SHIFT = ((480 * MINUTE, 720 * MINUTE), (780 * MINUTE, 1020 * MINUTE))  # 08:00-12:00, 13:00-17:00


def span(state: State, start: float, end: float, reason: str | None = None) -> StateSpan:
    """A state between two minutes of the day."""
    return StateSpan(state=state, start_us=round(start * MINUTE), end_us=round(end * MINUTE), reason=reason)


def limit_of(reason: str | None, at_us: int) -> int:
    """The policy's limits, as they are shipped."""
    return LIMITS.of(reason).seconds * 1_000_000


def judged(*states: StateSpan, scheduled: Any = SHIFT) -> Adherence:
    """What these states come to."""
    return adherence(scheduled, states, limit_of)


def remarks(found: Adherence) -> list[tuple[str, int, int]]:
    """Deviations with their minutes of the day."""
    return [(each.deviation.value, each.start_us // MINUTE, each.end_us // MINUTE) for each in found.remarks]


LOGGED_IN = State.LOGGED_IN


def test_who_is_there_all_the_time_adheres() -> None:
    """The break between two spans is nobody's business; who stays is there outside the schedule."""
    found = judged(span(LOGGED_IN, 480, 1020))
    assert (found.adherence, found.remarks) == (1.0, ())
    assert found.outside_ms == 60 * 60_000


def test_late_left_early_and_absent_are_told_apart() -> None:
    """By span: a span without presence is absent as a whole."""
    found = judged(span(LOGGED_IN, 485, 700))
    assert remarks(found) == [("late", 480, 485), ("left_early", 700, 720), ("absent", 780, 1020)]
    assert found.present_ms == 215 * 60_000
    assert found.adherence == 215 / 480
    assert found.deviation_ms(Deviation.ABSENT) == 240 * 60_000


def test_away_over_ten_minutes_is_remarked_and_ten_minutes_are_within() -> None:
    """Logged out in between is never presence; only longer than the limit is over it."""
    found = judged(span(LOGGED_IN, 480, 500), span(LOGGED_IN, 510, 600), span(LOGGED_IN, 611, 1020))
    assert [(each.deviation, each.over_limit) for each in found.remarks] == [
        (Deviation.AWAY, False),
        (Deviation.AWAY, True),
    ]
    assert found.present_ms == (480 - 10 - 11) * 60_000


def test_a_pause_is_presence_up_to_its_limit() -> None:
    """Ten minutes, thirty with a meal's reason; what is over is remarked, equality is not."""
    there = span(LOGGED_IN, 480, 1020)
    assert judged(there, span(State.PAUSED, 500, 510, "tea")).remarks == ()
    assert remarks(judged(there, span(State.PAUSED, 500, 512, "tea"))) == [("break_over", 510, 512)]
    assert judged(there, span(State.PAUSED, 500, 530, "Lunch")).remarks == ()
    late = judged(there, span(State.PAUSED, 500, 535, "午餐"))
    assert remarks(late) == [("break_over", 530, 535)]
    assert late.present_ms == 475 * 60_000


def test_pauses_in_several_queues_are_one() -> None:
    """They begin milliseconds apart and are counted once."""
    there = span(LOGGED_IN, 480, 1020)
    found = judged(there, span(State.PAUSED, 500, 515), span(State.PAUSED, 500.01, 515.01))
    assert found.deviation_ms(Deviation.BREAK_OVER) == round(5.01 * 60_000)


def test_a_shift_is_prolonged_while_a_customer_is_served() -> None:
    """To the end of the talk and its wrap-up, and the call that keeps him makes nobody late."""
    found = judged(
        span(LOGGED_IN, 480, 728),
        span(LOGGED_IN, 780, 1020),
        span(State.TALKING, 715, 725),
        span(State.WRAP_UP, 725, 727),
    )
    assert found.prolonged_ms == 7 * 60_000
    assert found.scheduled_ms == 487 * 60_000
    assert (found.adherence, found.remarks) == (1.0, ())


def test_a_wrap_up_alone_prolongs_nothing() -> None:
    """Nobody is served then."""
    assert judged(span(LOGGED_IN, 480, 1020), span(State.WRAP_UP, 715, 725)).prolonged_ms == 0


def test_nothing_scheduled_has_no_adherence() -> None:
    """A rate over nothing is None."""
    found = judged(span(LOGGED_IN, 480, 600), scheduled=())
    assert (found.adherence, found.scheduled_ms) == (None, 0)
    assert found.outside_ms == 120 * 60_000


STATES = st.lists(
    st.tuples(
        st.sampled_from([State.LOGGED_IN, State.PAUSED, State.TALKING, State.WRAP_UP, State.RINGING]),
        st.integers(400 * MINUTE, 1100 * MINUTE),
        st.integers(0, 200 * MINUTE),
        st.sampled_from([None, "lunch", "tea"]),
    ).map(lambda each: StateSpan(state=each[0], start_us=each[1], end_us=each[1] + each[2], reason=each[3])),
    max_size=8,
)


@given(STATES)
def test_every_scheduled_millisecond_is_in_one_class(states: list[StateSpan]) -> None:
    """Whatever he did: the parts add up to the whole, and nothing is negative."""
    found = judged(*states)
    parts = [found.present_ms, *(found.deviation_ms(each) for each in Deviation)]
    assert sum(parts) == found.scheduled_ms
    assert min(parts) >= 0
