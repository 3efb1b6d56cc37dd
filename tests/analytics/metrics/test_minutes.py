"""Phone minutes: each sentence of the definition, at its boundary."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics.cells import Group
from analytics.metrics.periods import custom_period, day_period
from config.policies import MinuteKind, MinuteRule, PolicyVersion, Rounding
from telephony.calls.facts import Fact, State, TalkKind
from tests.analytics.factory import at, call, state, talk
from tests.analytics.metrics.asking import SHANGHAI, TODAY, ask, figure, policy

MIDNIGHT = 15 * 3600  # seconds after START, which is 09:00
TOMORROW = day_period(date(2026, 11, 3), SHANGHAI)


def counting(rounding: Rounding = Rounding.EXACT, *counts: MinuteKind) -> dict[str, object]:
    """A policy that counts and rounds so."""
    rule = MinuteRule(counts=frozenset({MinuteKind.TALK, *counts}), rounding=rounding)
    return {"rules": policy(PolicyVersion(minutes=rule))}


def ms(facts: list[Fact], metric: str = "talk_minutes", **more: object) -> object:
    """A duration of 1004, in milliseconds."""
    return figure(facts, metric, key="1004", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [TalkKind.CUSTOMER, TalkKind.CONFERENCE])
def test_talk_with_a_customer_is_minutes(kind: TalkKind) -> None:
    """Alone or in a conference, in which each agent has his full time."""
    assert ms([call(), talk(start=7, end=11.01, kind=kind)]) == 4010


@pytest.mark.parametrize("kind", [TalkKind.CONSULT, TalkKind.INTERNAL, TalkKind.MONITOR])
def test_talk_with_colleagues_and_listening_in_is_no_minutes(kind: TalkKind) -> None:
    """They are durations of their own."""
    assert ms([call(), talk(start=7, end=11, kind=kind)]) == 0


def test_consultation_and_internal_talk_are_shown_apart() -> None:
    """Nothing is lost, it is only not a phone minute."""
    facts = [talk(id="a", end=10, kind=TalkKind.CONSULT), talk(id="b", end=20, kind=TalkKind.INTERNAL)]
    assert ms(facts, "consult_minutes") == 10_000
    assert ms(facts, "internal_minutes") == 20_000


def test_hold_is_cut_out_and_summed_apart() -> None:
    """Neither hears the other while one holds."""
    facts = [call(), talk(end=60, holds=((10, 15.5), (50, 55)))]
    assert ms(facts) == 49_500
    assert ms(facts, "hold_minutes") == 10_500


def test_a_policy_may_count_hold_consultation_internal_talk_and_wrap_up() -> None:
    """`minutes.counts` adds what a centre promised to count."""
    facts: list[Fact] = [
        call(),
        talk(id="a", end=60, holds=((10, 20),)),
        talk(id="b", start=60, end=65, kind=TalkKind.CONSULT),
        talk(id="c", start=70, end=73, kind=TalkKind.INTERNAL),
        state(State.WRAP_UP, start=80, end=82),
    ]
    assert ms(facts) == 50_000
    assert ms(facts, **counting(Rounding.EXACT, MinuteKind.HOLD)) == 60_000
    assert ms(facts, **counting(Rounding.EXACT, MinuteKind.CONSULT)) == 55_000
    assert ms(facts, **counting(Rounding.EXACT, MinuteKind.INTERNAL)) == 53_000
    assert ms(facts, **counting(Rounding.EXACT, MinuteKind.WRAP_UP)) == 52_000
    assert ms(facts, "exact_talk_minutes", **counting(Rounding.EXACT, *MinuteKind)) == 50_000


def test_durations_are_cut_to_whole_milliseconds() -> None:
    """Never rounded up: 999 microseconds are nothing."""
    assert ms([talk(id="a", end=1.000999), talk(id="b", end=1.000999)]) == 2000


def test_an_interval_across_midnight_is_cut_there() -> None:
    """Each day has its part, and nothing is lost between them."""
    facts = [call(start=MIDNIGHT - 30), talk(start=MIDNIGHT - 10, end=MIDNIGHT + 25)]
    assert ms(facts) == 10_000
    assert ms(facts, period=TOMORROW) == 25_000


def test_a_hold_across_midnight_is_cut_there() -> None:
    """Hold and talk alike."""
    facts = [
        call(start=MIDNIGHT - 30),
        talk(start=MIDNIGHT - 10, end=MIDNIGHT + 25, holds=((MIDNIGHT - 4, MIDNIGHT + 5),)),
    ]
    assert (ms(facts), ms(facts, "hold_minutes")) == (6_000, 4_000)
    assert (ms(facts, period=TOMORROW), ms(facts, "hold_minutes", period=TOMORROW)) == (20_000, 5_000)


def test_a_call_is_counted_on_the_day_on_which_it_began_though_its_minutes_are_on_both() -> None:
    """A count belongs to the period in which its call began."""
    facts = [call(start=MIDNIGHT - 30), talk(start=MIDNIGHT - 10, end=MIDNIGHT + 25)]
    assert ms(facts, "calls_handled") == 1
    assert ms(facts, "calls_handled", period=TOMORROW) == 0


def test_a_talk_that_goes_on_is_counted_up_to_the_as_of_instant() -> None:
    """And the result says so."""
    facts = [call(), talk(start=10, holds=((20, None),))]
    assert ms(facts, as_of=at(15)) == 5_000
    assert ms(facts, as_of=at(35)) == 10_000
    answer = ask(facts, "talk_minutes", as_of=at(35))
    assert "1 talks were still going on and are counted up to the as-of instant" in list(map(str, answer.warnings))


def test_what_began_after_the_as_of_instant_is_not_there() -> None:
    """A figure of a past instant does not know the future."""
    facts = [call(), talk(start=10, end=20)]
    assert ask(facts, "talk_minutes", as_of=at(9), groups=(Group.AGENT,)).rows == ()
    assert ms(facts, as_of=at(12)) == 2_000


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        (Rounding.EXACT, 125_500),
        (Rounding.PER_CALL_UP, 4 * 60_000),
        (Rounding.PER_CALL_HALF_UP, 2 * 60_000),
    ],
)
def test_rounding_is_of_an_agents_part_of_each_call(rounding: Rounding, expected: int) -> None:
    """Two stretches of one call are added first: 65.5 s and 60 s are rounded, not 30, 35.5 and 60."""
    facts: list[Fact] = [
        call("pbx/1.1"),
        talk("pbx/1.1", id="a", start=0, end=30),
        talk("pbx/1.1", id="b", start=100, end=135.5),
        call("pbx/2.2", start=200),
        talk("pbx/2.2", start=200, end=260),
    ]
    whole = expected if rounding is not Rounding.PER_CALL_UP else 3 * 60_000
    assert ms(facts, **counting(rounding)) == whole


def test_the_clock_subtracts_the_start_minute_from_the_end_minute() -> None:
    """As on the hand-written sheets: 09:00:59 to 09:02:00 is two minutes."""
    assert ms([call(), talk(start=59, end=120)], **counting(Rounding.CLOCK)) == 120_000
    assert ms([call(), talk(start=0, end=59)], **counting(Rounding.CLOCK)) == 0


def test_in_a_conference_each_agent_has_his_full_time_and_the_result_says_so() -> None:
    """Sums may exceed the customer's time."""
    facts: list[Fact] = [
        call(),
        talk(end=60, kind=TalkKind.CONFERENCE),
        talk(end=60, kind=TalkKind.CONFERENCE, device="PJSIP/1005"),
    ]
    answer = ask(facts, "talk_minutes")
    assert answer.row().values == {"talk_minutes": 120_000}
    assert any("conference" in str(each) for each in answer.warnings)


def test_a_call_handled_twice_by_one_agent_is_one_call() -> None:
    """Back from a colleague, it is the same call."""
    facts = [call(), talk(id="a", end=10), talk(id="b", start=20, end=30)]
    assert ms(facts, "calls_handled") == 1
    assert ms(facts, "average_talk") == 20_000


def test_short_calls_are_handled_and_leave_the_averages() -> None:
    """Talk under five seconds, over all stretches of the call; at five it counts."""
    facts: list[Fact] = [call(), talk(end=60, holds=((10, 20),)), state(State.WRAP_UP, start=60, end=66)]
    short = [call("pbx/2.2"), talk("pbx/2.2", end=4.999)]
    assert ms([*facts, *short], "calls_handled") == 2
    assert ms([*facts, *short], "average_talk") == 50_000
    assert ms([*facts, *short], "average_handle_time") == 66_000
    split = [call("pbx/2.2"), talk("pbx/2.2", id="a", end=3), talk("pbx/2.2", id="b", start=9, end=11)]
    assert ms([*facts, *split], "average_talk") == 27_500


def test_an_average_over_no_call_is_null() -> None:
    """Never 0."""
    assert ms([talk(kind=TalkKind.INTERNAL, end=9)], "average_talk") is None
    assert figure([], "average_talk") is None


@given(
    start=st.integers(0, 10**9),
    length=st.integers(0, 10**9),
    cuts=st.lists(st.integers(0, 2 * 10**9), max_size=5),
)
def test_periods_that_follow_each_other_lose_less_than_a_millisecond_each(
    start: int, length: int, cuts: list[int]
) -> None:
    """However a stretch is divided into periods, the parts make the whole."""
    facts = [call(), talk(start=at(start / 1e6), end=at((start + length) / 1e6))]
    edges = [TODAY.start, *(at(each / 1e6) for each in sorted(cuts)), TODAY.end]
    parts = [ms(facts, period=custom_period(one, other, SHANGHAI)) for one, other in pairwise(edges)]
    whole = length // 1000
    assert whole - len(parts) < sum(part for part in parts if isinstance(part, int)) <= whole
