"""What our own attempts leave in an account: lost, refused, taken back, settled by a person or by the call itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.followups import Result
from schedulers.errors import RefusedError
from schedulers.followups.account import Account, HeardCall
from schedulers.followups.changing import applied
from schedulers.followups.dialled import Tried, lost, refused, settled, taken_back
from schedulers.followups.hearing import hear
from schedulers.followups.passing import replanned
from schedulers.followups.planning import cap_ends
from schedulers.followups.records import FollowUp, Obstacle, What
from schedulers.followups.rules import Rules
from tests.schedulers.followups.worlds import KINDS, MOBILE, Page, at, clock, outbound, policy_of, rules_of, said

CHANNEL = "tr-abcdefgh-1"
SECOND = timedelta(seconds=1)


def tried(page: Page, when: str = "2026-11-02 10:00", attempt: str = CHANNEL, **other: object) -> Tried:
    """Our attempt at the only follow-up, of which something is known a minute later."""
    plain = Tried(
        attempt=attempt,
        follow_ups=tuple(each.id for each in page.items),
        number=MOBILE,
        agent="1001",
        at=at(when),
        known_at=at(when) + timedelta(minutes=1),
    )
    return replace(plain, **other)  # type: ignore[arg-type]


def placed(page: Page, result: Result = Result.TALKED, **other: object) -> HeardCall:
    """The call that the attempt became: it began a second after it was committed."""
    call = outbound("2026-11-02 10:00:01", result)
    serves = tuple(each.id for each in page.items)
    return replace(call, attempt=CHANNEL, serves=serves, **other)  # type: ignore[arg-type]


def test_an_attempt_whose_end_nobody_knows_counts_and_fulfils_nothing(page: Page) -> None:
    """It is a try and a contact, with a rest after it; told again it is that one."""
    for _ in range(2):
        page.take(lost(page.account, tried(page), page.rules))
    item, (attempt,) = page.item(), page.account.attempts
    assert (item.is_open, item.counted, item.uncounted, item.tried) == (True, 1, 0, Result.INDETERMINATE)
    assert (attempt.key, attempt.result, attempt.counts) == (f"attempt:{CHANNEL}", Result.INDETERMINATE, True)
    assert page.account.contacts == (at("2026-11-02 10:00"),)
    assert clock(item.ready_at) == "2026-11-02 13:30:00"
    assert page.story() == [What.BORN, What.ATTEMPTED]


@pytest.mark.parametrize("heard", [Result.TALKED, Result.AGENT_MISSED])
def test_a_call_that_a_gap_cut_is_told_again_with_its_talk(page: Page, heard: Result) -> None:
    """The stream knew a moment of the talk, or none; the logs know all of it, and so it waits for its outcome."""
    moment = outbound("2026-11-02 10:00:01", heard, seconds=0.1)
    page.take(hear(page.account, placed(page, heard, talks=moment.talks), page.rules))
    assert page.item().reached_call is None
    for _ in range(2):
        page.take(hear(page.account, placed(page), page.rules))
    item, (attempt,) = page.item(), page.account.attempts
    assert (item.counted, item.uncounted, item.reached_call) == (1, 0, attempt.call)
    assert (attempt.result, attempt.talk) == (Result.TALKED, 60 * SECOND)
    assert page.account.contacts == (at("2026-11-02 10:00:01"),)


def test_what_the_agent_said_of_a_call_stands_when_the_logs_tell_more_of_it(page: Page) -> None:
    """It was a mailbox, however long the PBX says that they talked."""
    moment = outbound("2026-11-02 10:00:01", seconds=0.1)
    page.take(hear(page.account, placed(page, talks=moment.talks), page.rules))
    page.say(said("2026-11-02 10:05", page.item(), Result.VOICEMAIL))
    page.take(hear(page.account, placed(page), page.rules))
    item, (attempt,) = page.item(), page.account.attempts
    assert (item.counted, item.reached_call, attempt.result) == (1, None, Result.VOICEMAIL)


def test_a_call_to_nobody_in_particular_that_is_lost_counts_toward_the_caps(page: Page) -> None:
    """Nothing that is owed was tried by it."""
    page.take(lost(page.account, tried(page, follow_ups=()), page.rules))
    assert (page.item().counted, page.account.contacts) == (0, (at("2026-11-02 10:00"),))


def test_an_order_that_was_refused_is_a_try_that_does_not_count(page: Page) -> None:
    """It is certain that he was not dialled."""
    page.take(refused(page.account, tried(page), page.rules))
    item = page.item()
    assert (item.counted, item.uncounted, item.tried) == (0, 1, Result.FAILED)
    assert page.account.contacts == ()


def test_what_the_logs_do_not_know_is_taken_back(page: Page) -> None:
    """No try and no contact any more, and the story says so; the rest that it asked for is over sooner."""
    page.take(lost(page.account, tried(page), page.rules))
    rested = page.item().ready_at
    page.take(taken_back(page.account, tried(page, known_at=at("2026-11-02 10:30")), page.rules))
    item, (attempt,) = page.item(), page.account.attempts
    assert (item.counted, item.uncounted) == (0, 1)
    assert (attempt.result, attempt.counts, page.account.contacts) == (Result.FAILED, False, ())
    assert page.story()[-1] is What.TAKEN_BACK
    assert (clock(rested), clock(item.ready_at)) == ("2026-11-02 13:30:00", "2026-11-02 10:30:00")


def test_a_contact_that_is_taken_back_gives_room_under_the_cap_again(page: Page) -> None:
    """What another follow-up of his was held back for is planned sooner."""
    page.arise("promise", "2026-11-02 09:00", "p-1", by="1001")
    serves = (page.item("care").id,)
    page.hear(outbound("2026-11-02 09:45", Result.NO_ANSWER, serves=serves))
    page.take(lost(page.account, tried(page, follow_ups=serves), page.rules))
    held = page.item("answer")
    assert clock(held.ready_at) == "2026-11-03 09:45:00"
    page.take(taken_back(page.account, tried(page, follow_ups=serves), page.rules))
    assert clock(page.item("answer").ready_at) == "2026-11-02 10:01:00"
    assert page.item("answer").obstacle is not Obstacle.CAP


@pytest.mark.parametrize(
    ("result", "counted", "uncounted"), [(Result.NO_ANSWER, 1, 0), (Result.FAILED, 0, 1), (Result.TALKED, 1, 0)]
)
def test_the_call_takes_the_place_of_an_attempt_that_was_lost(
    page: Page, result: Result, counted: int, uncounted: int
) -> None:
    """One try, at the call's instant and with its result; a talk waits for the outcome as any other."""
    page.take(lost(page.account, tried(page), page.rules))
    for _ in range(2):
        page.hear(placed(page, result))
    item, (attempt,) = page.item(), page.account.attempts
    assert (item.counted, item.uncounted, item.tried) == (counted, uncounted, result)
    assert (attempt.call, attempt.result, clock(attempt.at)) == (
        "pbx/2026-11-02 10:00:01", result, "2026-11-02 10:00:01",
    )  # fmt: skip
    assert page.account.contacts == ((attempt.at,) if counted else ())
    assert (item.reached_call is not None) == (result is Result.TALKED)
    page.take(lost(page.account, tried(page), page.rules))
    assert page.item() == item


def test_the_outcome_fulfils_by_the_call_that_an_attempt_of_ours_placed(page: Page) -> None:
    """The call is named, or the one near is meant."""
    page.hear(placed(page))
    page.say(said("2026-11-02 10:05", page.item()))
    assert page.item().call == "pbx/2026-11-02 10:00:01"


def test_a_lost_attempt_of_what_is_over_is_corrected_too(page: Page) -> None:
    """The item was closed meanwhile: it stays closed, and what was tried is right."""
    page.take(lost(page.account, tried(page), page.rules))
    page.say(said("2026-11-02 11:00", page.item(), Result.REJECTED, close="refused", elsewhere="mobile"))
    assert page.item().counted == 2
    page.hear(placed(page))
    item = page.item()
    assert (item.is_open, item.counted, item.reached_call) == (False, 2, None)
    page.take(taken_back(page.account, tried(page), page.rules))
    assert page.item() == item


def test_what_the_agent_says_of_a_lost_attempt_is_said_of_it(page: Page) -> None:
    """A mailbox: one try, which the call that is heard of later does not make a talk."""
    page.take(lost(page.account, tried(page), page.rules))
    for _ in range(2):
        page.say(said("2026-11-02 10:05", page.item(), Result.VOICEMAIL))
    page.hear(placed(page))
    item, (attempt,) = page.item(), page.account.attempts
    assert (item.counted, item.reached_call) == (1, None)
    assert (attempt.result, attempt.call) == (Result.VOICEMAIL, "pbx/2026-11-02 10:00:01")


def test_an_outcome_by_the_call_before_it_is_known_whose_it_is_stays_one_try(page: Page) -> None:
    """The agent names the call while the attempt is still thought lost."""
    page.take(lost(page.account, tried(page), page.rules))
    page.say(said("2026-11-02 10:05", page.item(), Result.NO_ANSWER, call="pbx/2026-11-02 10:00:01"))
    assert page.item().counted == 2
    for _ in range(2):
        page.hear(placed(page, Result.NO_ANSWER))
    assert (page.item().counted, page.item().uncounted) == (1, 0)


def test_a_call_whose_end_becomes_known_later_is_the_same_try(page: Page) -> None:
    """A gap was mended from the logs: the call tells its end in a later revision, and is heard again."""
    unknown = outbound("2026-11-02 10:00", Result.INDETERMINATE)
    page.hear(unknown)
    assert (page.item().counted, page.item().tried) == (1, Result.INDETERMINATE)
    page.hear(replace(outbound("2026-11-02 10:00"), call=unknown.call))
    assert (page.item().counted, page.item().reached_call) == (1, unknown.call)
    page.hear(unknown)
    assert (page.item().counted, page.item().tried) == (1, Result.TALKED)


def test_a_person_settles_what_nobody_knows(page: Page) -> None:
    """With a result that fulfils nothing; the logs say nothing against it afterwards."""
    page.take(lost(page.account, tried(page), page.rules))
    page.take(settled(page.account, tried(page), Result.BUSY, page.rules, "1000"))
    item = page.item()
    assert (item.counted, item.tried, page.decisions[-1].changes[0].by) == (1, Result.BUSY, "1000")
    page.take(taken_back(page.account, tried(page), page.rules))
    assert page.item() == item


def test_a_talk_is_no_way_to_settle_an_attempt(page: Page) -> None:
    """It is an outcome, and recorded as one."""
    with pytest.raises(RefusedError, match="recorded as the follow-up's outcome"):
        settled(page.account, tried(page), Result.TALKED, page.rules, "1000")


@pytest.mark.parametrize("result", [Result.AGENT_MISSED, Result.SILENT])
def test_who_was_disturbed_though_nobody_talked_was_contacted(page: Page, result: Result) -> None:
    """It counts toward the caps, and not toward the three to five tries."""
    page.hear(placed(page, result, disturbed=True))
    assert (page.item().counted, page.item().uncounted) == (0, 1)
    assert page.account.contacts == (at("2026-11-02 10:00:01"),)
    page.hear(outbound("2026-11-02 11:00", result))
    assert len(page.account.contacts) == 1


# Whatever is told, in whatever order


def _rules() -> Rules:
    with TemporaryDirectory() as folder:
        return rules_of(policy_of(Path(folder), KINDS))


RULES = _rules()
TELL = st.sampled_from(("lost", "taken back", "heard"))
ATTEMPTS = 3


def _page() -> Page:
    page = Page(RULES)
    page.arise("event:report", "2026-11-02 09:00")
    page.arise("promise", "2026-11-02 09:00", "p-1", by="1001")
    return page


def _tell(page: Page, number: int, what: str, result: Result) -> None:
    """Something of the attempt of this number, made an hour after the one before."""
    when = f"2026-11-02 1{number}:00"
    told = tried(page, when, f"tr-abcdefgh-{number}", follow_ups=tuple(sorted(each.id for each in page.items)))
    tell: dict[str, Callable[[Account, Tried, Rules], object]] = {"lost": lost, "taken back": taken_back}
    if what == "heard":
        call = outbound(when, result, attempt=told.attempt, serves=told.follow_ups)
        page.take(hear(page.account, replace(call, began_at=call.began_at + SECOND), RULES))
    else:
        page.take(tell[what](page.account, told, RULES))  # type: ignore[arg-type]


def _stands(page: Page) -> object:
    """What an account says, planned as of one instant, without how often and when it was written."""
    now = at("2026-11-02 18:00")
    planned = applied(page.account, replanned(page.account, now, RULES))
    return (
        {each.id: _plain(each, now) for each in (*planned.open, *planned.ended)},
        {(each.follow_up, each.key): each for each in planned.attempts},
        planned.contacts,
    )


def _plain(item: FollowUp, now: datetime) -> FollowUp:
    return replace(item, revision=0, last_chance_at=None, ready_at=item.ready_at and max(item.ready_at, now))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, ATTEMPTS - 1), TELL), max_size=12),
    st.lists(st.sampled_from((Result.NO_ANSWER, Result.FAILED, Result.SILENT)), min_size=3, max_size=3),
    st.randoms(use_true_random=False),
)
def test_in_any_order_and_however_often_the_same_is_known_in_the_end(
    told: list[tuple[int, str]], results: list[Result], shuffle: object
) -> None:
    """The best that is known of each attempt stands, and nothing counts twice."""
    first, second = _page(), _page()
    for number, what in told:
        _tell(first, number, what, results[number])
    again = [*told, *told]
    shuffle.shuffle(again)  # type: ignore[attr-defined]
    for number, what in again:
        _tell(second, number, what, results[number])
    assert _stands(first) == _stands(second)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, ATTEMPTS - 1), TELL, st.sampled_from(tuple(Result))), max_size=12))
def test_the_tries_are_what_is_on_record_and_the_plan_keeps_within_the_caps(
    told: list[tuple[int, str, Result]],
) -> None:
    """Also where the same attempt is told of with different results."""
    page = _page()
    for number, what, result in told:
        _tell(page, number, what, result)
        counting = {each.at for each in page.account.attempts if each.counts}
        assert counting <= set(page.account.contacts)
        for each in page.account.open:
            mine = [row for row in page.account.attempts if row.follow_up == each.id and row.window]
            assert (each.counted, each.uncounted) == (
                sum(row.counts for row in mine),
                sum(not row.counts for row in mine),
            )
            if each.ready_at is not None:
                assert cap_ends(page.account.contacts, each, RULES, each.ready_at) == each.ready_at
