"""The chain of a complaint and the revisit after it (domain.md §4, §5), over the shipped policies."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from config.followups import Alarm, Result
from schedulers.errors import RefusedError
from schedulers.followups.acting import approve, close, reschedule
from schedulers.followups.records import Obstacle, State, What
from tests.schedulers.followups.worlds import Page, act, at, centre, clock, customer, inbound, outbound, said

COMPLAINT = (("class", "general"),)


def complaint(name: str = "hotline", when: str = "2026-11-02 10:00", **about: str) -> Page:
    """A customer of a centre whose complaint was received."""
    page = Page(centre(name), customer(owner="1003"))
    told = tuple(sorted({"class": "general", **about}.items()))
    page.arise("event:complaint_received", when, about=told, by="1004")
    return page


def answered(when: str = "2026-11-02 10:30", name: str = "hotline", **about: str) -> Page:
    """A complaint that was dispatched and whose unit answered in writing at an instant."""
    page = complaint(name, "2026-11-02 09:00", **about)
    page.marked("2026-11-02 09:10", "complaint_dispatch")
    page.marked(when, "unit_answer")
    return page


def test_a_complaint_is_dispatched_within_60_minutes_and_the_60th_minute_is_in_time() -> None:
    """C11: the due instant itself is in time, a microsecond later is overdue; the unit named ends it."""
    page = complaint()
    item = page.item("complaint_dispatch")
    assert clock(item.due_at) == "2026-11-02 11:00:00"
    assert not item.is_overdue(item.due_at)
    assert item.is_overdue(item.due_at + timedelta(microseconds=1))
    assert not page.marked("2026-11-02 11:00", "complaint_dispatch").is_late


@pytest.mark.parametrize("name", ["hotline", "inspection", "dealers"])
def test_a_complaint_whose_class_nobody_told_is_replied_to_as_a_general_one(name: str) -> None:
    """§5: no complaint is without a reply; the shorter of both times, which is the general one's, counts."""
    page = Page(centre(name), customer(owner="1003"))
    page.arise("event:complaint_received", "2026-11-02 09:00", by="1004")
    page.marked("2026-11-02 09:10", "complaint_dispatch")
    page.marked("2026-11-02 10:30", "unit_answer")
    assert [each.kind for each in page.account.open] == ["complaint_reply"]
    assert at("2026-11-04 17:00") <= page.item("complaint_reply").due_at <= at("2026-11-05 00:00")


def test_a_complaint_dispatched_a_second_after_the_hour_is_done_late() -> None:
    """C11: done late is a state of its own in the sum."""
    page = complaint()
    done = page.marked("2026-11-02 11:00:01", "complaint_dispatch")
    assert done.state is State.DONE
    assert done.is_late


@pytest.mark.parametrize("hour", ["23:50", "00:10"])
def test_a_complaint_at_midnight_is_dispatched_within_60_minutes_by_the_clock(hour: str) -> None:
    """Elapsed minutes run through midnight, and an act at the desk keeps to no window."""
    item = complaint(when=f"2026-11-02 {hour}").item("complaint_dispatch")
    assert item.due_at - item.born_at == timedelta(hours=1)
    assert item.obstacle is None
    assert item.ready_at == item.born_at


def test_a_complaint_belongs_to_who_was_asked_first() -> None:
    """首问负责 (C11): 1004 was asked, 1003 is the named agent."""
    assert complaint().item("complaint_dispatch").owner == "1004"


def test_the_unit_answers_in_writing_within_one_working_day_of_its_dispatch() -> None:
    """E over its own week: dispatched on Friday, due at Monday's closing; at that instant it is in time."""
    page = complaint("dealers", "2026-11-06 17:00")
    page.marked("2026-11-06 17:30", "complaint_dispatch")
    assert clock(page.item("unit_answer").due_at) == "2026-11-09 18:00:00"
    assert not page.marked("2026-11-09 18:00", "unit_answer", by="1001").is_late


def test_a_dispatch_one_second_after_closing_counts_as_received_at_the_next_opening() -> None:
    """domain.md §1: closing itself is already after hours; a minute before it the day still counts."""
    for when, due in (("2026-11-05 17:59", "2026-11-06"), ("2026-11-05 18:00:01", "2026-11-09")):
        page = complaint("dealers", "2026-11-05 17:30")
        page.marked(when, "complaint_dispatch")
        assert clock(page.item("unit_answer").due_at) == f"{due} 18:00:00"


def test_the_make_up_saturday_before_the_spring_festival_is_a_working_day_and_its_week_is_none() -> None:
    """E, 2026: 14 February is worked, 15 to 23 are closed, 24 is the next."""
    page = complaint("dealers", "2026-02-13 10:00")
    page.marked("2026-02-13 10:10", "complaint_dispatch")
    assert clock(page.item("unit_answer").due_at) == "2026-02-14 18:00:00"
    page.marked("2026-02-14 17:00", "unit_answer", by="1001")
    assert clock(page.item("complaint_reply").due_at) == "2026-02-25 18:00:00"


def test_the_make_up_sunday_of_new_year_is_a_working_day() -> None:
    """E, 2026: 1 to 3 January are closed and Sunday the 4th is worked."""
    page = complaint("dealers", "2025-12-31 10:00")
    page.marked("2025-12-31 10:10", "complaint_dispatch")
    assert clock(page.item("unit_answer").due_at) == "2026-01-04 18:00:00"


def test_the_customer_has_the_reply_to_a_general_complaint_within_two_working_days() -> None:
    """E: two working days, and only the general one."""
    page = answered("2026-11-06 15:00", "dealers")
    assert clock(page.item("complaint_reply").due_at) == "2026-11-10 18:00:00"
    assert not [each for each in page.items if each.kind in {"serious_reply", "compensation"}]


@pytest.mark.parametrize("grade", ["major", "crisis"])
def test_a_serious_complaint_is_replied_to_within_seven_working_days_by_the_leader(grade: str) -> None:
    """E: 28 February is a make-up Saturday, the Spring Festival does not count."""
    page = complaint("dealers", "2026-02-13 09:00", **{"class": grade})
    page.marked("2026-02-13 09:10", "complaint_dispatch")
    page.marked("2026-02-14 10:00", "unit_answer", by="1001")
    item = page.item("serious_reply")
    assert clock(item.due_at) == "2026-03-03 18:00:00"  # 24, 25, 26, 27, 28 February, 2 and 3 March
    assert item.owner == "1001"
    assert not [each for each in page.items if each.kind == "complaint_reply"]


def test_compensation_has_a_date_set_by_hand_that_counts_after_two_approvals_of_others() -> None:
    """E: until then seven working days count; who set the date does not approve it, nor anybody twice."""
    page = answered("2026-11-02 15:00", "dealers", compensation="yes")
    item = page.item("compensation")
    assert clock(item.due_at) == "2026-11-11 18:00:00"
    page.take(reschedule(page.account, item, at("2026-12-01 12:00"), page.rules, act("2026-11-03 09:00", "1003")))
    for again in ("1003", "1001"):
        item = page.item("compensation")
        assert clock(item.due_at) == "2026-11-11 18:00:00"
        if again == "1003":
            with pytest.raises(RefusedError, match="another person"):
                approve(page.account, item, page.rules, act("2026-11-03 10:00", again))
        else:
            page.take(approve(page.account, item, page.rules, act("2026-11-03 10:00", again)))
    with pytest.raises(RefusedError, match="1001 a second time"):
        approve(page.account, page.item("compensation"), page.rules, act("2026-11-03 11:00", "1001"))
    page.take(approve(page.account, page.item("compensation"), page.rules, act("2026-11-03 12:00", "1002")))
    item = page.item("compensation")
    assert clock(item.due_at) == "2026-12-01 12:00:00"
    assert clock(item.promised_at) == "2026-11-11 18:00:00"


def test_a_business_problem_is_solved_within_three_working_days() -> None:
    """B1: received after closing on Thursday, it counts from Friday; due on Wednesday at closing."""
    page = complaint("securities", "2026-11-05 17:00:01", matter="business")
    assert clock(page.item("problem_solved").due_at) == "2026-11-11 17:00:00"


def test_other_complaints_are_no_business_problem() -> None:
    """B1's rule speaks of business problems alone, and what makes nothing says why."""
    page = complaint("securities", matter="manners")
    assert not page.items
    assert page.whys() == ["not_meant"]


@pytest.mark.parametrize("name", ["hotline", "inspection"])
def test_a_crisis_goes_to_the_duty_leader_at_once_besides_its_dispatch(name: str) -> None:
    """C11, C8: an item of its own, due in the shortest time, told to duty the moment it arises."""
    page = complaint(name, "2026-11-02 23:50", **{"class": "crisis"})
    item = page.item("crisis_report")
    assert clock(item.due_at) == "2026-11-03 00:05:00"
    assert page.rules.kind(item).at_once is Alarm.DUTY
    assert page.item("complaint_dispatch").is_open


def test_every_link_of_a_chain_is_in_the_case_of_the_first() -> None:
    """A complaint is a chain: the case is the first one's id, and each names the one before."""
    page = answered()
    first, second, third = (page.item(each) for each in ("complaint_dispatch", "unit_answer", "complaint_reply"))
    assert {first.case, second.case, third.case} == {first.id}
    assert (second.after, third.after) == (first.id, second.id)
    assert third.about == COMPLAINT


def resolved(when: str = "2026-11-02 10:00", name: str = "hotline") -> Page:
    """A customer whose matter was resolved."""
    page = Page(centre(name), customer(owner="1003"))
    page.arise("event:complaint_resolved", when)
    return page


def test_every_resolved_complaint_is_revisited_within_72_hours_of_the_units_result() -> None:
    """C11: by the clock, over the week-end and a festival alike; the very hour is in time."""
    page = resolved("2026-02-14 10:00")
    item = page.item("resolved_revisit")
    assert clock(item.due_at) == "2026-02-17 10:00:00"
    assert not page.reached("2026-02-17 10:00", "resolved_revisit").is_late


def test_a_revisit_begun_a_second_after_72_hours_is_late() -> None:
    """C11: counted from the unit's result to the beginning of the contact."""
    page = resolved()
    assert page.reached("2026-11-05 10:00:01", "resolved_revisit").is_late


def test_a_revisit_that_arises_at_night_is_called_from_eight_on() -> None:
    """The hotline never closes, and nobody is called outside 08:00 to 21:00 by his own clock."""
    for when, ready in (("23:50", "2026-11-03 08:00:00"), ("00:10", "2026-11-02 08:00:00")):
        assert clock(resolved(f"2026-11-02 {when}").item("resolved_revisit").ready_at) == ready


def test_a_centre_that_is_closed_for_all_of_72_hours_says_at_once_that_it_cannot_be_met() -> None:
    """D in the Spring Festival week: the due time stays, and the item says so when it is created."""
    item = resolved("2026-02-16 10:00", "health").item("resolved_revisit")
    assert clock(item.due_at) == "2026-02-19 10:00:00"
    assert item.obstacle is Obstacle.NO_WINDOW
    assert clock(item.ready_at) == "2026-02-24 08:30:00"


def missed_tries(page: Page, *whens: str, result: Result = Result.NO_ANSWER) -> None:
    for when in whens:
        page.hear(outbound(when, result, agent="1003"))


def shut(page: Page, when: str, reason: str = "unreachable") -> None:
    page.take(close(page.account, page.item("resolved_revisit"), reason, page.rules, act(when)))


def test_unreachable_needs_three_attempts() -> None:
    """C11: two are refused, and the line says what was found and expected."""
    page = resolved()
    missed_tries(page, "2026-11-02 11:00", "2026-11-03 15:00")
    with pytest.raises(RefusedError, match=r"2 attempts .* at least 3"):
        shut(page, "2026-11-03 16:00")


def test_unreachable_needs_two_days() -> None:
    """Three attempts on one day are not enough."""
    page = resolved()
    missed_tries(page, "2026-11-02 11:00", "2026-11-02 15:00", "2026-11-02 19:00")
    with pytest.raises(RefusedError, match=r"1 day.*2 days"):
        shut(page, "2026-11-02 20:00")


def test_unreachable_needs_two_parts_of_the_day() -> None:
    """Three mornings are not enough: 11:59 is the morning and noon the afternoon."""
    page = resolved()
    missed_tries(page, "2026-11-02 11:00", "2026-11-03 09:00", "2026-11-04 11:59")
    with pytest.raises(RefusedError, match=r"1 part of the day.*2 parts"):
        shut(page, "2026-11-04 12:30")
    missed_tries(page, "2026-11-05 12:00")
    shut(page, "2026-11-05 12:30")
    assert page.item("resolved_revisit").reason == "unreachable"


def test_attempts_that_did_not_reach_the_network_do_not_count() -> None:
    """Trunk failures are no attempts at the customer; five of them must be decided by a person."""
    page = resolved()
    missed_tries(page, "2026-11-02 11:00", "2026-11-03 15:00")
    missed_tries(page, *(f"2026-11-03 16:{each}0" for each in range(4)), result=Result.FAILED)
    item = page.item("resolved_revisit")
    assert (item.counted, item.uncounted, item.obstacle) == (2, 4, None)
    with pytest.raises(RefusedError, match="2 attempts"):
        shut(page, "2026-11-03 17:00")
    missed_tries(page, "2026-11-03 17:10", result=Result.SILENT)
    assert page.item("resolved_revisit").obstacle is Obstacle.MUST_DECIDE


def test_at_five_attempts_somebody_must_decide() -> None:
    """C11: it is not called a sixth time by itself; it stays owed, and may be closed."""
    page = resolved()
    missed_tries(page, *("2026-11-02 11:00", "2026-11-02 15:00", "2026-11-03 10:00", "2026-11-03 18:30"))
    assert page.item("resolved_revisit").ready_at is not None
    missed_tries(page, "2026-11-04 11:00")
    item = page.item("resolved_revisit")
    assert (item.obstacle, item.ready_at, item.state) == (Obstacle.MUST_DECIDE, None, State.OPEN)
    shut(page, "2026-11-04 12:00")
    assert page.item("resolved_revisit").state is State.CLOSED


def test_wrong_contact_data_close_a_revisit_without_three_attempts() -> None:
    """C11: wrong contact data is a reason of its own; an unknown reason is refused with those that are."""
    page = resolved()
    shut(page, "2026-11-02 11:00", "wrong_contact")
    assert page.item("resolved_revisit").reason == "wrong_contact"
    with pytest.raises(RefusedError, match="one of unreachable, wrong_contact, refused"):
        shut(resolved(), "2026-11-02 11:00", "bored")


def test_a_customer_who_does_not_accept_is_revisited_again_one_level_up_and_then_in_writing() -> None:
    """D, C11: first the group's leader, then the leader above; still unsolved goes there in writing."""
    page = resolved()
    page.reached("2026-11-02 11:00", "resolved_revisit", content=False)
    again = page.item("revisit_again")
    assert (again.owner, again.level, clock(again.due_at)) == ("1002", 1, "2026-11-05 11:00:00")
    page.reached("2026-11-03 11:00", "revisit_again", by="1002", content=False)
    writing = page.item("in_writing")
    assert (writing.owner, writing.level) == ("1001", 2)
    assert clock(writing.due_at) == "2026-11-05 00:00:00"  # the hotline closes with its day
    assert writing.case == page.item("resolved_revisit").id


def test_health_goes_up_until_the_customer_accepts() -> None:
    """D: closed only when the customer accepts; content ends the chain."""
    page = resolved(name="health")
    page.reached("2026-11-02 11:00", "resolved_revisit", answers=(("mark", 3),))
    page.reached("2026-11-03 11:00", "revisit_again", by="1002", answers=(("mark", 2),))
    third = page.item("revisit_third")
    assert (third.owner, third.level) == ("1001", 2)
    page.reached("2026-11-04 11:00", "revisit_third", by="1001", answers=(("mark", 5),))
    assert not page.account.open


def test_a_mark_of_four_is_content_and_of_three_is_not() -> None:
    """C11's survey: content from 4 of 5; without a mark nobody knows."""
    for mark, content in ((3, False), (4, True)):
        page = resolved()
        assert page.reached("2026-11-02 11:00", "resolved_revisit", answers=(("mark", mark),)).content is content
    assert resolved().reached("2026-11-02 11:00", "resolved_revisit").content is None


def test_an_inbound_call_fulfils_no_survey() -> None:
    """domain.md §4: a talk that the customer began fulfils a callback, never a survey."""
    page = resolved()
    page.hear(inbound("2026-11-02 11:00", answered=True, agent="1003"))
    item = page.item("resolved_revisit")
    assert (item.reached_call, item.counted, What.REACHED in page.story()) == (None, 0, False)


def test_the_same_resolution_told_ten_times_is_revisited_once() -> None:
    """The same trigger arriving again names the same follow-up."""
    page = resolved()
    first = page.item("resolved_revisit")
    for _ in range(10):
        page.arise("event:complaint_resolved", "2026-11-02 10:00")
    assert page.items == (first,)


def test_a_refusal_is_recorded_with_its_reason() -> None:
    """D: not interested or refused, with the talk as an attempt."""
    page = resolved()
    item = page.item("resolved_revisit")
    page.hear(outbound("2026-11-02 11:00", agent="1003"))
    page.say(said("2026-11-02 11:10", item, by="1003", call="pbx/2026-11-02 11:00", close="refused"))
    item = page.item("resolved_revisit")
    assert (item.state, item.reason, item.counted) == (State.CLOSED, "refused", 1)


def test_a_complaint_of_a_customer_of_yesterday_is_owed_to_him_all_the_same() -> None:
    """Who has left is still owed the answer to his complaint: it is no membership."""
    page = Page(centre("hotline"), customer(until=date(2026, 11, 1)))
    page.arise("event:complaint_resolved", "2026-11-02 10:00")
    page.until("2026-11-02 12:00")
    assert page.item("resolved_revisit").is_open
