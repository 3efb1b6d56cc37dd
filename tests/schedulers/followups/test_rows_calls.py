"""Missed calls and promised callbacks (domain.md §4), over the shipped policies at their boundaries."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from config.followups import Result
from schedulers.customers.records import DoNotCall, Number, NumberUse
from schedulers.followups.account import HeardTalk
from schedulers.followups.records import FollowUp, Obstacle, State, What
from tests.schedulers.followups.worlds import (
    HEAD,
    MOBILE,
    Page,
    at,
    centre,
    clock,
    customer,
    inbound,
    outbound,
    page_of,
    policy_of,
    rules_of,
    said,
)

CENTRES = (
    *("hotline", "health", "consulting", "members", "inspection", "ecommerce"),
    *("dealers", "repair", "installation", "retail", "securities"),
)


def missed(when: str, waited: float = 30, name: str = "dealers", **call: object) -> Page:
    """A call to a centre that nobody answered, given up after some seconds."""
    page = page_of(name)
    page.hear(inbound(when, answered=False, waited=waited, **call))
    return page


def promised(when: str = "2026-11-02 10:00", sort: str = "", name: str = "dealers", **told: object) -> Page:
    """1004 promised the customer of 1003 an answer."""
    page = page_of(name)
    page.arise(f"promise:{sort}" if sort else "promise", when, by="1004", **told)
    return page


@pytest.mark.parametrize("name", CENTRES)
def test_a_missed_call_is_called_back_by_anyone_of_the_group(name: str) -> None:
    """Every centre: one callback of that number, on a working morning within half an hour of opening time."""
    page = missed("2026-11-05 10:00", name=name)
    item = page.item("missed_call")
    assert item.number == MOBILE
    assert page.rules.kind(item).anyone
    assert clock(item.due_at) == "2026-11-05 10:30:30"  # counted from when the caller gave up


def test_a_call_missed_at_2350_or_0010_is_due_half_an_hour_after_the_next_opening() -> None:
    """E's hours begin at 09:00: opening time alone counts."""
    for when, day in (("2026-11-05 23:50", "2026-11-06"), ("2026-11-05 00:10", "2026-11-05")):
        item = missed(when).item()
        assert (clock(item.due_at), clock(item.ready_at)) == (f"{day} 09:30:00", f"{day} 09:00:00")
        assert item.obstacle is None


def test_a_call_missed_a_quarter_before_closing_is_due_a_quarter_after_the_next_opening() -> None:
    """On Friday evening that is Monday morning; closing itself is no opening time."""
    assert clock(missed("2026-11-06 17:44:30").item().due_at) == "2026-11-09 09:15:00"
    assert clock(missed("2026-11-06 17:59:30").item().due_at) == "2026-11-09 09:30:00"


def test_a_call_missed_in_the_spring_festival_waits_for_the_first_working_day_and_the_make_up_day_is_one() -> None:
    """2026: closed from 15 to 23 February; Saturday the 14th and Sunday 4 January are worked."""
    assert clock(missed("2026-02-18 10:00").item().due_at) == "2026-02-24 09:30:00"
    assert clock(missed("2026-02-14 10:00").item().due_at) == "2026-02-14 10:30:30"
    assert clock(missed("2026-01-04 10:00").item().due_at) == "2026-01-04 10:30:30"


def test_a_number_that_is_missed_again_joins_its_open_callback() -> None:
    """At most one is open, also on the next day; the due time is that of the first."""
    page = missed("2026-11-05 10:00")
    first = page.item()
    for when in ("2026-11-05 10:05", "2026-11-06 11:00"):
        page.hear(inbound(when, answered=False))
    assert (page.item().id, page.item().due_at) == (first.id, first.due_at)
    assert (page.whys(), page.story()) == (["joined", "joined"], [What.BORN, What.JOINED, What.JOINED])


def test_a_missed_call_that_is_heard_again_joins_nothing() -> None:
    """A call that is told again, in better words, was missed once."""
    page = missed("2026-11-05 10:00")
    page.hear(inbound("2026-11-05 10:05", answered=False))
    known = page.account
    page.hear(inbound("2026-11-05 10:00", answered=False))
    page.hear(inbound("2026-11-05 10:05", answered=False))
    assert page.account == known


def test_a_number_has_at_most_one_callback_a_day_of_the_centre() -> None:
    """Called back at ten and missed again at noon opens none; the day after it opens one."""
    page = missed("2026-11-05 09:10")
    page.reached("2026-11-05 09:20", "missed_call")
    page.hear(inbound("2026-11-05 23:50", answered=False))
    assert (len(page.items), page.whys()) == (1, ["once_a_day"])
    page.hear(inbound("2026-11-06 00:10", answered=False))
    assert len(page.account.open) == 1


def test_the_caller_getting_through_closes_his_callback_whoever_answers_him() -> None:
    """No outcome is asked for; the talk's beginning is when it was fulfilled."""
    page = missed("2026-11-05 10:00")
    page.hear(inbound("2026-11-05 10:20", answered=True, agent="1001"))
    item = page.item()
    assert (item.state, clock(item.fulfilled_at), item.is_late) == (State.DONE, "2026-11-05 10:20:30", False)


def test_a_caller_who_gets_through_for_nine_seconds_is_still_owed_his_callback() -> None:
    """The talk must be of ten seconds, as any other."""
    page = missed("2026-11-05 10:00")
    short = HeardTalk(agent="1003", began_at=at("2026-11-05 10:20:30"), length=timedelta(seconds=9.999))
    page.hear(inbound("2026-11-05 10:20", answered=True, talks=(short,)))
    assert page.item().is_open


@pytest.mark.parametrize(("waited", "why"), [(4.999, ["short"]), (5, [])])
def test_who_gives_up_within_five_seconds_is_not_called_back(waited: float, why: list[str]) -> None:
    """A short abandon is under five seconds; five are none."""
    page = missed("2026-11-05 10:00", waited)
    assert (page.whys(), len(page.items)) == (why, 1 - len(why))


def test_a_withheld_number_is_counted_as_not_to_be_called_back() -> None:
    """Nothing is forgotten in silence."""
    assert missed("2026-11-05 10:00", number=None, withheld=True).whys() == ["withheld"]


@pytest.mark.parametrize("number", ["95588", "12345", "10086"])
def test_a_short_code_is_counted_as_not_to_be_called_back(number: str) -> None:
    """Known lists: no subscriber's number."""
    assert missed("2026-11-05 10:00", number=number).whys() == ["shared"]


def test_a_customers_switchboard_is_not_called_back() -> None:
    """Many people stand behind it, as the register says."""
    board = Number(number="+862188886666", written="021-88886666", use=NumberUse.SHARED)
    page = Page(centre("dealers"), customer(numbers=(board,)))
    page.hear(inbound("2026-11-05 10:00", answered=False, number=board.number))
    assert page.whys() == ["shared"]


def test_test_and_nuisance_numbers_open_none_in_whatever_form_they_are_listed(tmp_path: Path) -> None:
    """The policy may list a number as it is written; a call tells it in E.164."""
    kind = '\n[[version.followup]]\nkind = "missed"\nname_zh = "未接"\nname_en = "Missed"\n'
    kind += 'trigger = "missed_call"\ndue = "1 hour"\n'
    for listed in (MOBILE, "138001380??"):
        lists = f'[version.numbers]\ntest = ["{listed}"]\n'
        page = Page(rules_of(policy_of(tmp_path, lists + kind, HEAD)))
        page.hear(inbound("2026-11-05 10:00", answered=False))
        assert page.whys() == ["left_out"]


def test_a_customer_who_must_not_be_called_is_not_called_back() -> None:
    """Until the very instant at which that ends."""
    until = DoNotCall(reason="asked", since=at("2026-11-01 00:00"), until=at("2026-11-05 10:00:30"))
    for when, why in (("2026-11-05 09:59:59", ["do_not_call"]), ("2026-11-05 10:00", [])):
        page = Page(centre("dealers"), customer(do_not_call=until))
        page.hear(inbound(when, answered=False))
        assert page.whys() == why


def test_a_promised_time_is_the_due_time_and_five_minutes_are_punctual() -> None:
    """E, C8, D: whatever the windows say, it is the customer's wish; a second later is late."""
    promise = at("2026-11-02 21:30")
    for when, late in (("2026-11-02 21:35", False), ("2026-11-02 21:35:01", True)):
        page = promised(promised_at=promise)
        item = page.item()
        assert (item.agreed_at, item.ready_at, clock(item.due_at)) == (promise, promise, "2026-11-02 21:35:00")
        assert page.reached(when, "promised_callback", by="1004").is_late is late


def test_without_a_time_the_customer_has_the_answer_within_one_working_day() -> None:
    """E, C8, D: asked on Friday after closing it is received on Monday and due on Tuesday at closing."""
    assert clock(promised("2026-11-06 17:59").item().due_at) == "2026-11-09 18:00:00"
    assert clock(promised("2026-11-06 18:00").item().due_at) == "2026-11-10 18:00:00"


def test_who_was_asked_first_answers() -> None:
    """首问负责 (C11): 1004 was asked, though 1003 is the named agent."""
    assert promised().item().owner == "1004"


@pytest.mark.parametrize("name", ["dealers", "inspection"])
def test_a_question_in_dialect_is_answered_by_who_speaks_it(name: str) -> None:
    """E, C8: 1005 speaks Sichuanese; a talk with another of the group is an attempt alone."""
    page = promised(sort="dialect", name=name)
    assert page.item().owner == "1005"
    page.hear(outbound("2026-11-02 10:30", agent="1004"))
    assert (page.item().reached_call, page.item().counted) == (None, 1)
    page.hear(outbound("2026-11-02 15:00", agent="1005"))
    assert page.item().reached_call == "pbx/2026-11-02 15:00"


def test_a_customer_who_calls_again_is_answered_by_that_call_once_the_agent_says_so() -> None:
    """An inbound talk fulfils a promised callback: "reached?" first, then done, in time though said later."""
    page = promised("2026-11-05 10:00", promised_at=at("2026-11-05 15:00"))
    page.hear(inbound("2026-11-05 14:59", answered=True, agent="1004"))
    item = page.item()
    assert (item.reached_call, item.ready_at, item.counted) == ("pbx/2026-11-05 14:59", None, 0)
    page.say(said("2026-11-05 15:20", item, by="1004"))
    item = page.item()
    assert (item.state, clock(item.fulfilled_at), item.is_late) == (State.DONE, "2026-11-05 14:59:30", False)


def test_the_owner_is_reminded_of_a_promised_time_and_unacknowledged_his_leader_is() -> None:
    """Ten minutes before, and five later; each once; what is acknowledged goes no further."""
    page = promised("2026-11-05 10:00", promised_at=at("2026-11-05 15:00"))
    assert clock(page.item().wake_at) == "2026-11-05 14:50:00"
    for when in ("14:49:59", "14:50", "14:50", "14:54:59", "14:55", "14:55"):
        page.until(f"2026-11-05 {when}")
    assert page.story()[1:] == [What.NUDGED, What.ESCALATED]


def test_an_overdue_promise_is_told_once() -> None:
    """At the due instant it is in time; a second later it is overdue, and said so once."""
    page = promised()
    assert page.item().wake_at == page.item().due_at
    for when in ("2026-11-03 18:00", "2026-11-03 18:00:01", "2026-11-04 10:00"):
        page.until(when)
    assert page.story() == [What.BORN, What.OVERDUE]


def test_a_new_question_becomes_a_follow_up_until_it_is_solved() -> None:
    """D: raised in a care call, owed to the same customer by who was asked, and the care call is done."""
    page = page_of("health")
    page.arise("event:report_received", "2026-11-02 10:00")
    page.reached("2026-11-02 10:40", "report_care", promise="", promise_at=at("2026-11-03 11:00"))
    assert page.item("report_care").state is State.DONE
    asked: FollowUp = page.item("promised_callback")
    assert (asked.owner, clock(asked.agreed_at)) == ("1003", "2026-11-03 11:00:00")


def test_a_wrong_number_is_told_and_leaves_nothing_to_call() -> None:
    """The attempt counts; with no other number the item says that there is none."""
    page = missed("2026-11-05 10:00")
    page.hear(outbound("2026-11-05 10:10", agent="1003"))
    made = page.say(said("2026-11-05 10:12", page.item(), Result.WRONG_NUMBER, by="1003"))
    assert (made.wrong_numbers, page.item().counted) == ((MOBILE,), 1)
    wrong = Number(number=MOBILE, written="13800138000", use=NumberUse.WRONG)
    other = Page(page.rules, customer(numbers=(wrong,)))
    other.hear(inbound("2026-11-05 10:00", answered=False, number="+8613900139000"))
    assert other.item().obstacle is None
    nobody = Page(page.rules, customer(numbers=(wrong,), since=date(2026, 1, 1)))
    nobody.arise("event:dealer_new", "2026-11-05 10:00")
    assert (nobody.item().obstacle, nobody.item().ready_at) == (Obstacle.NO_NUMBER, None)
