"""What calls, outcomes and people do to what is owed, on the small centre."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from config.followups import Result
from schedulers.errors import RefusedError
from schedulers.followups.acting import close, reopen
from schedulers.followups.hearing import hear
from schedulers.followups.records import State, What
from schedulers.followups.rules import Rules
from tests.schedulers.followups.worlds import (
    KINDS,
    Page,
    act,
    at,
    clock,
    outbound,
    policy_of,
    rules_of,
    said,
)

CALL = "pbx/2026-11-02 10:00"


# Talks and outcomes


def test_a_talk_of_ten_seconds_waits_for_the_outcome_and_one_of_less_is_an_attempt(page: Page) -> None:
    """Equality is enough; "reached?" plans no other call."""
    page.hear(outbound("2026-11-02 10:00", seconds=9.999))
    assert (page.item().reached_call, page.item().counted) == (None, 1)
    page.hear(outbound("2026-11-02 15:00", seconds=10))
    item = page.item()
    assert (item.reached_call, item.ready_at, item.counted) == ("pbx/2026-11-02 15:00", None, 2)


def test_an_outcome_after_the_talk_fulfils_it_from_the_calls_beginning(page: Page) -> None:
    """Done is recorded later than the contact."""
    page.hear(outbound("2026-11-02 10:00"))
    page.say(said("2026-11-02 10:05", page.item()))
    item = page.item()
    assert (item.state, item.call) == (State.DONE, CALL)
    assert (clock(item.fulfilled_at), clock(item.ended_at)) == ("2026-11-02 10:00:00", "2026-11-02 10:05:00")


def test_an_outcome_before_the_call_is_heard_waits_and_then_fulfils_alike(page: Page) -> None:
    """The order in which the two are told does not matter."""
    page.say(said("2026-11-02 10:05", page.item(), call=CALL))
    assert page.item().claimed_call == CALL
    assert page.item().is_open
    page.hear(outbound("2026-11-02 10:00"))
    item = page.item()
    assert (item.state, item.call, clock(item.fulfilled_at)) == (State.DONE, CALL, "2026-11-02 10:00:00")


def test_an_outcome_that_the_pbx_contradicts_is_shown_and_not_believed(page: Page) -> None:
    """In either order: nobody answered, and the agent says "reached"."""
    page.say(said("2026-11-02 10:05", page.item(), call=CALL))
    page.hear(outbound("2026-11-02 10:00", Result.NO_ANSWER))
    assert page.story()[-1] is What.DIFFERS
    page.hear(outbound("2026-11-02 15:00", Result.NO_ANSWER))
    page.say(said("2026-11-02 15:05", page.item(), call="pbx/2026-11-02 15:00"))
    assert page.story()[-1] is What.DIFFERS
    assert page.item().is_open


def test_a_mailbox_that_the_pbx_took_for_a_talk_is_what_the_agent_says(page: Page) -> None:
    """It stays one attempt, and the follow-up waits no longer."""
    for result in (Result.VOICEMAIL, Result.THIRD_PERSON):
        page.hear(outbound("2026-11-02 10:00"))
        page.say(said("2026-11-02 10:05", page.item(), result))
        (attempt,) = page.account.attempts
        assert (attempt.result, attempt.call, page.item().counted) == (result, CALL, 1)
        assert page.item().reached_call is None


def test_a_silent_line_said_afterwards_counts_no_more(page: Page) -> None:
    """What was counted as a talk becomes an attempt that did not reach him."""
    page.hear(outbound("2026-11-02 10:00"))
    page.say(said("2026-11-02 10:05", page.item(), Result.SILENT, call=CALL))
    assert (page.item().counted, page.item().uncounted) == (0, 1)


def test_the_same_outcome_twice_changes_nothing(page: Page) -> None:
    """An outcome that was sent again is that outcome."""
    page.hear(outbound("2026-11-02 10:00", Result.NO_ANSWER))
    for told in (
        said("2026-11-02 10:05", page.item(), Result.NO_ANSWER),
        said("2026-11-02 11:30", page.item(), Result.BUSY, elsewhere="mobile"),
        said("2026-11-02 15:00", page.item(), Result.THIRD_PERSON, agreed_at=at("2026-11-03 15:00")),
        said("2026-11-02 16:00", page.item(), call="pbx/unheard"),
    ):
        page.say(told)
        known = page.account
        page.say(told)
        assert page.account == known


def test_an_agent_who_may_not_do_it_leaves_an_attempt(rules: Rules, page: Page) -> None:
    """1002 is of the group, and the kind is its owner's or a leader's."""
    page.hear(outbound("2026-11-02 10:00", agent="1002"))
    assert (page.item().reached_call, page.item().counted) == (None, 1)
    with pytest.raises(RefusedError, match="1002"):
        page.say(replace(said("2026-11-02 11:00", page.item(), elsewhere="wechat"), by="1002"))
    page.hear(outbound("2026-11-02 15:00", agent="1000"))
    assert page.item().reached_call == "pbx/2026-11-02 15:00"


def test_reached_of_no_call_is_of_a_talk_of_that_day(page: Page) -> None:
    """By the centre's clock; another day's talk waits for an outcome of its own."""
    page.say(said("2026-11-02 10:05", page.item()))
    page.hear(outbound("2026-11-03 00:00"))
    assert (page.item().is_open, page.item().reached_call) == (True, "pbx/2026-11-03 00:00")
    page.say(said("2026-11-03 00:05", page.item()))
    assert page.item().call == "pbx/2026-11-03 00:00"


def test_reached_of_no_call_is_fulfilled_by_what_is_heard_later_of_that_day(page: Page) -> None:
    """Also where it was said first, to the last instant of the day."""
    page.say(said("2026-11-02 10:05", page.item()))
    page.hear(outbound("2026-11-02 23:59:50"))
    item = page.item()
    assert (item.state, item.call) == (State.DONE, "pbx/2026-11-02 23:59:50")


def test_one_talk_fulfils_several_each_by_its_own_outcome(page: Page) -> None:
    """Both were spoken of; one is done, of the other the customer did not want to hear."""
    page.arise("promise", "2026-11-02 09:30", "p-1", by="1001")
    page.hear(outbound("2026-11-02 10:00"))
    care, answer = page.item("care"), page.item("answer")
    assert (care.reached_call, answer.reached_call) == (CALL, CALL)
    page.say(said("2026-11-02 10:05", care, call=CALL))
    assert page.item("answer").is_open
    page.say(said("2026-11-02 10:06", answer, call=CALL, close="refused"))
    assert (page.item("care").state, page.item("answer").reason) == (State.DONE, "refused")


def test_a_call_that_serves_one_is_no_attempt_at_the_others(page: Page) -> None:
    """What the attempt was made for is known."""
    page.arise("promise", "2026-11-02 09:30", "p-1", by="1001")
    page.hear(outbound("2026-11-02 10:00", serves=(page.item("answer").id,)))
    assert (page.item("care").counted, page.item("answer").counted) == (0, 1)


def test_a_talk_that_began_before_it_arose_fulfils_nothing(page: Page) -> None:
    """Begun at the same instant it may."""
    page.hear(outbound("2026-11-02 08:59:59"))
    assert not page.account.attempts
    page.hear(outbound("2026-11-02 09:00"))
    assert page.item().reached_call == "pbx/2026-11-02 09:00"


def test_a_contact_elsewhere_lies_between_the_birth_and_the_word_of_it(page: Page) -> None:
    """Earlier and later ones are refused, with what was found and expected."""
    for wrong in ("2026-11-02 08:59:59", "2026-11-02 11:00:01"):
        with pytest.raises(RefusedError, match="time of the contact"):
            page.say(said("2026-11-02 11:00", page.item(), elsewhere="mobile", contact_at=at(wrong)))
    page.say(said("2026-11-02 11:00", page.item(), elsewhere="mobile", contact_at=at("2026-11-02 10:00")))
    assert page.item().elsewhere == "mobile"


def test_an_outcome_of_what_is_not_open_is_refused(page: Page) -> None:
    """The line names it and what was expected."""
    page.hear(outbound("2026-11-02 10:00"))
    told = said("2026-11-02 10:05", page.item())
    page.say(told)
    with pytest.raises(RefusedError, match="an open one of this customer"):
        page.say(told)


def test_a_promise_that_no_kind_is_for_is_refused_whole(page: Page) -> None:
    """Nothing of the outcome is taken."""
    with pytest.raises(RefusedError, match="promise"):
        page.say(said("2026-11-02 10:05", page.item(), Result.BUSY, promise="moon"))
    assert page.item().counted == 0


# Again and again, one level up


def dissatisfied(page: Page, when: str) -> None:
    """He was called and is not content."""
    page.reached(when, "care", by="1001", content=False)


def reopened(page: Page, when: str) -> None:
    """That end is undone by a person."""
    page.take(reopen(page.account, page.item("care"), page.rules, act(when)))


def test_what_arose_of_an_end_that_was_undone_arises_again_of_the_next_one(page: Page) -> None:
    """It was withdrawn with that end: the customer is dissatisfied again, and it is owed again; twice over."""
    for day in ("02", "03", "04"):
        dissatisfied(page, f"2026-11-{day} 10:00")
        (again,) = [each for each in page.account.open if each.kind == "again"]
        assert (again.after, again.level, again.owner) == (page.item("care").id, 1, "1000")
        assert again.about == ()
        reopened(page, f"2026-11-{day} 11:00")
        page.take(close(page.account, again, "withdrawn", page.rules, act(f"2026-11-{day} 11:05")))
    assert len([each for each in page.items if each.kind == "again"]) == 3


def test_what_arose_of_an_end_that_was_undone_goes_on_where_it_is_still_open(page: Page) -> None:
    """Nobody withdrew it: the next dissatisfaction is the same matter, and says why it makes nothing."""
    dissatisfied(page, "2026-11-02 10:00")
    reopened(page, "2026-11-02 11:00")
    dissatisfied(page, "2026-11-03 10:00")
    assert page.item("again").is_open
    assert page.whys() == ["goes_on"]


def test_unsatisfied_goes_up_to_the_leader_of_the_group(page: Page) -> None:
    """By the mark, or as the agent says; in the same case."""
    page.hear(outbound("2026-11-02 10:00"))
    page.say(said("2026-11-02 10:05", page.item(), answers=(("mark", 3),)))
    again = page.item("again")
    assert (again.owner, again.level, again.case) == ("1000", 1, page.item("care").id)


def test_again_and_again_it_goes_up_the_groups_and_no_further_than_the_top(tmp_path: Path) -> None:
    """Service's leader, management's, and above that the duty leader."""
    chain = KINDS.replace('trigger = "unsatisfied:care"', 'trigger = "unsatisfied:care"', 1)
    for number in (2, 3):
        before = "again" if number == 2 else "again_2"
        chain += f"""
[[version.followup]]
kind = "again_{number}"
name_zh = "再{number}"
name_en = "Again {number}"
trigger = "unsatisfied:{before}"
due = "1 day"
group = "service"
level_up = true
"""
    page = Page(rules_of(policy_of(tmp_path, chain)))
    page.arise("event:report", "2026-11-02 09:00")
    for kind, by, when in (
        ("care", "1001", "2026-11-02 10:00"),
        ("again", "1000", "2026-11-03 10:00"),
        ("again_2", "9000", "2026-11-04 10:00"),
    ):
        page.reached(when, kind, by=by, content=False)
    owners = [(each.kind, each.owner, each.level) for each in page.items]
    assert owners == [("care", "1001", 0), ("again", "1000", 1), ("again_2", "9000", 2), ("again_3", "9001", 3)]


def test_a_call_counts_toward_the_caps_though_what_it_was_for_has_ended(tmp_path: Path) -> None:
    """The caller got through himself before our own call to him was heard of: it was a contact nevertheless."""
    rules = rules_of(policy_of(tmp_path, KINDS))
    page = Page(rules)
    call = outbound("2026-11-02 10:00", Result.NO_ANSWER)
    page.take(hear(page.account, call, rules))
    assert page.account.contacts == (call.began_at,)
    page.take(hear(page.account, call, rules))
    assert page.account.contacts == (call.began_at,)
