"""Customers after their calls, counted by hand: solved, called again, missed, spoken with since."""

from __future__ import annotations

from datetime import time
from fractions import Fraction
from typing import Any

import pytest

from analytics.metrics.periods import parse_period
from config.policies import NumberLists, PolicyVersion
from telephony.calls.facts import Direction, Disposition, Fact
from tests.analytics.factory import CUSTOMER, at, call, talk
from tests.analytics.metrics.asking import SHANGHAI, ask, policy

MICROSECOND = 0.000001
DAY = 86_400.0
LATER = at(9 * DAY)
MIDNIGHT = 15 * 3600  # seconds after START, which is 09:00
CONTACTS = ("contacts", "contacts_final", "contacts_open", "repeat_calls")
MISSED = ("missed_numbers", "missed_not_called_back", "missed_without_number")
SHARED = policy(PolicyVersion(numbers=NumberLists(switchboards=("010*",), short_codes=("95588",))))


def answered(call_id: str, start: float, end: float, **more: Any) -> list[Fact]:
    """A call in which an agent talked from five seconds on."""
    talked = [talk(call_id, start=start + 5, end=end)] if end > start + 5 else []
    return [call(call_id, start=start, answered=start + 5, end=end, **more), *talked]


def missed(call_id: str, start: float, stayed: float = 30, **more: Any) -> list[Fact]:
    """A caller who gave up."""
    given = {"disposition": Disposition.ABANDONED} | more
    return [call(call_id, start=start, end=start + stayed, **given)]


def counted(names: tuple[str, ...], *calls: list[Fact], as_of: Any = LATER, **more: Any) -> list[object]:
    """These figures of the first day."""
    facts = [fact for each in calls for fact in each]
    return list(ask(facts, *names, as_of=as_of, **more).row().values.values())


FIRST = answered("pbx/1.1", 0, 65)


def test_a_contact_after_which_the_number_does_not_call_again_is_solved() -> None:
    """One alone: solved at the first contact."""
    assert counted(CONTACTS, FIRST) == [1, 1, 0, 0]


@pytest.mark.parametrize(("after", "final"), [(MICROSECOND, 0), (DAY, 0), (DAY + MICROSECOND, 1)])
def test_who_calls_again_within_24_hours_of_the_end_was_not_served(after: float, final: int) -> None:
    """Exactly 24 hours are within; the hours begin at the customer's end, not at the beginning."""
    again = answered("pbx/2.1", 65 + after, 65 + after + 60)
    assert counted(
        CONTACTS[:2], FIRST, again, period=parse_period("2026-11-02T09:00/2026-11-02T09:01", SHANGHAI)
    ) == [
        1,
        final,
    ]


def test_a_call_that_began_during_the_first_is_not_calling_again() -> None:
    """A colleague of his on the same number did not wait for the answer; neither is a repeat."""
    beside = answered("pbx/2.1", 30, 90)
    assert counted(CONTACTS, FIRST, beside) == [2, 2, 0, 0]


def test_a_call_of_ours_and_a_call_of_another_number_are_not_calling_again() -> None:
    """Only the customer's own next call says that he was not served."""
    ours = answered("pbx/2.1", 100, 200, direction=Direction.OUTBOUND)
    other = answered("pbx/3.1", 100, 200, customer="13900139000")
    assert counted(CONTACTS, FIRST, ours, other) == [2, 2, 0, 0]


def test_a_missed_call_is_calling_again_too() -> None:
    """He wanted us once more, whether we answered or not."""
    assert counted(CONTACTS, FIRST, missed("pbx/2.1", 100)) == [1, 0, 0, 1]


def test_a_contact_is_judged_when_its_hours_are_over_and_not_before() -> None:
    """Until then it is outside the rate, which over nothing is null, and the result says so."""
    names = (*CONTACTS[:3], "first_contact_resolution")
    assert counted(names, FIRST, as_of=at(65 + DAY - MICROSECOND)) == [0, 0, 1, None]
    assert counted(names, FIRST, as_of=at(65 + DAY)) == [1, 1, 0, 1]
    early = ask(FIRST, "first_contact_resolution", as_of=at(65 + DAY - MICROSECOND))
    assert any("judged" in str(each) or "hours" in str(each) for each in early.warnings)
    again = answered("pbx/2.1", 100, 200)
    assert counted(names, FIRST, again, as_of=at(300)) == [1, 0, 1, 0]


def test_a_contact_that_goes_on_is_open_and_not_short_yet() -> None:
    """What a later revision told of its end is not known yet at that instant."""
    assert counted(CONTACTS, FIRST, as_of=at(7)) == [0, 0, 1, 0]
    assert counted(CONTACTS, [call(answered=5), talk(start=5)], as_of=at(7)) == [0, 0, 1, 0]


@pytest.mark.parametrize(("talked", "contacts"), [(4.999, 0), (5.0, 1)])
def test_a_short_call_leaves_first_contact_resolution(talked: float, contacts: int) -> None:
    """Under five seconds of talk nothing was solved, nor asked."""
    assert counted(("contacts",), answered("pbx/1.1", 0, 5 + talked)) == [contacts]


@pytest.mark.parametrize(("after", "repeats"), [(DAY, 1), (DAY + MICROSECOND, 0)])
def test_a_repeat_call_begins_within_24_hours_of_the_end_of_an_answered_one(after: float, repeats: int) -> None:
    """Counted where the second call began."""
    second = answered("pbx/2.1", 65 + after, 65 + after + 60)
    tomorrow = parse_period("2026-11-03", SHANGHAI)
    assert counted(("repeat_calls",), FIRST, second, period=tomorrow) == [repeats]


def test_a_call_after_one_that_was_missed_is_no_repeat() -> None:
    """He was not answered before, so nothing was to be solved then."""
    assert counted(CONTACTS, missed("pbx/1.1", 0), answered("pbx/2.1", 100, 200)) == [1, 1, 0, 0]


@pytest.mark.parametrize("customer", [None, "95588", "01012345678"])
def test_a_withheld_or_shared_number_is_no_contact_and_cannot_be_called_back(customer: str | None) -> None:
    """Behind a switchboard or a short code there are many people."""
    again = answered("pbx/2.1", 100, 200, customer=customer)
    calls = (answered("pbx/1.1", 0, 65, customer=customer), again, missed("pbx/3.1", 300, customer=customer))
    assert counted(CONTACTS, *calls, rules=SHARED) == [0, 0, 0, 0]
    assert counted(MISSED, *calls, rules=SHARED) == [0, 0, 1]


@pytest.mark.parametrize(("stayed", "expected"), [(4.999999, 0), (5.0, 1)])
def test_a_short_abandon_owes_no_callback(stayed: float, expected: int) -> None:
    """Under five seconds; at five it does."""
    assert counted(MISSED, missed("pbx/1.1", 0, stayed)) == [expected, expected, 0]
    assert counted(MISSED, missed("pbx/1.1", 0, stayed, customer=None)) == [0, 0, expected]


@pytest.mark.parametrize("disposition", Disposition)
def test_a_number_is_missed_where_its_call_wanted_a_human_and_reached_none(disposition: Disposition) -> None:
    """Abandoned, no answer, busy, failed, voicemail; one served by the menu alone is not."""
    wanted = {"abandoned", "no_answer", "busy", "failed", "voicemail"}
    facts = missed("pbx/1.1", 0, disposition=disposition)
    assert counted(MISSED, facts) == [int(disposition.value in wanted)] * 2 + [0]


def test_a_number_is_missed_once_a_day_however_often_it_called() -> None:
    """And by each number once; the next day it is missed anew."""
    calls = (missed("pbx/1.1", 0), missed("pbx/2.1", 60), missed("pbx/3.1", 120, customer="13900139000"))
    next_day = missed("pbx/4.1", DAY)
    assert counted(MISSED, *calls, next_day) == [2, 2, 0]
    tomorrow = parse_period("2026-11-03", SHANGHAI)
    assert counted(MISSED, *calls, next_day, period=tomorrow) == [1, 1, 0]


def test_the_day_of_a_missed_number_is_the_centres_business_day() -> None:
    """Where that begins at six, 23:00 and 01:00 are one day; by midnight they are two."""
    calls = (missed("pbx/1.1", MIDNIGHT - 3600), missed("pbx/2.1", MIDNIGHT + 3600))
    both = "2026-11-02/2026-11-04"
    late = policy(day_start=time(6))
    assert counted(MISSED[:1], *calls, period=parse_period(both, SHANGHAI)) == [2]
    assert counted(MISSED[:1], *calls, period=parse_period(both, SHANGHAI, time(6)), rules=late) == [1]


@pytest.mark.parametrize("direction", [Direction.INBOUND, Direction.OUTBOUND])
@pytest.mark.parametrize(("after", "left"), [(DAY - 5, 0), (DAY - 5 + MICROSECOND, 1)])
def test_a_missed_number_was_spoken_with_in_either_direction(direction: Direction, after: float, left: int) -> None:
    """Within 24 hours of the missed call somebody talked with it; exactly 24 hours are within."""
    spoken = answered("pbx/2.1", after, after + 60, direction=direction)
    assert counted(MISSED, missed("pbx/1.1", 0), spoken) == [1, left, 0]


def test_a_call_back_that_was_not_answered_and_a_talk_before_do_not_count() -> None:
    """Nobody spoke with him since."""
    tried = [call("pbx/2.1", start=100, end=130, direction=Direction.OUTBOUND, disposition=Disposition.NO_ANSWER)]
    assert counted(MISSED, answered("pbx/0.1", 0, 60), missed("pbx/1.1", 80), tried) == [1, 1, 0]


def test_the_called_back_rate_is_known_as_of_any_instant() -> None:
    """Before the talk the number is owed, afterwards it is not; over nothing it is null."""
    calls = (missed("pbx/1.1", 0), missed("pbx/2.1", 50, customer="13900139000"), answered("pbx/3.1", 200, 260))
    assert counted(("called_back_rate",), *calls, as_of=at(204.999)) == [0]
    assert counted(("called_back_rate",), *calls, as_of=at(205)) == [Fraction(1, 2)]
    assert counted(("called_back_rate",), FIRST) == [None]


def test_test_numbers_are_nobodys_customers() -> None:
    """Neither contacts nor missed."""
    rules = policy(PolicyVersion(numbers=NumberLists(test=(CUSTOMER,))))
    calls = (FIRST, missed("pbx/2.1", 100))
    assert counted((*CONTACTS, *MISSED), *calls, rules=rules) == [0] * 7
