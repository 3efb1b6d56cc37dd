"""What the members' centre and the health centre owe (domain.md §4: C13, D), over their policies at the boundaries."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from config.calendars import OpenSpan
from config.followups import FulfilledBy, Mode
from schedulers.customers.records import Birthday
from schedulers.errors import RefusedError
from schedulers.followups.records import Obstacle
from tests.schedulers.followups.worlds import Page, at, clock, dues, outbound, page_of, said

# C13: members


def transaction(when: str = "2026-11-02 10:00", sort: str = "exchange") -> Page:
    page = page_of("members")
    page.arise("event:transaction", when, about=(("class", sort),))
    return page


def test_every_member_is_revisited_within_three_days_of_a_transaction() -> None:
    """C13: closing of the third calendar day, each transaction of the sorts that the policy names."""
    assert clock(transaction().item("transaction_revisit").due_at) == "2026-11-05 18:00:00"
    assert transaction(sort="enquiry").whys() == ["not_meant"]


def test_a_transaction_at_closing_counts_as_received_at_the_next_opening() -> None:
    """domain.md §1: 17:59:59 counts from that day, 18:00:00 from the next."""
    assert dues(transaction("2026-11-02 17:59:59"), "transaction_revisit") == ["2026-11-05"]
    assert dues(transaction("2026-11-02 18:00"), "transaction_revisit") == ["2026-11-06"]


def test_not_convenient_a_time_is_agreed_which_replaces_the_due_time() -> None:
    """C13: the plan is the agreed time, even outside the windows; what was promised at birth stays on record."""
    page = transaction()
    item = page.item("transaction_revisit")
    page.hear(outbound("2026-11-02 11:00", agent="1003"))
    call = "pbx/2026-11-02 11:00"
    page.say(said("2026-11-02 11:05", item, by="1003", call=call, agreed_at=at("2026-11-09 20:30")))
    agreed = page.item("transaction_revisit")
    assert (clock(agreed.agreed_at), clock(agreed.ready_at)) == ("2026-11-09 20:30:00", "2026-11-09 20:30:00")
    assert clock(agreed.due_at) == "2026-11-09 20:35:00"  # five minutes are punctual
    assert agreed.promised_at == item.due_at
    assert (agreed.counted, agreed.reached_call, agreed.obstacle) == (1, None, None)


def test_an_agreed_time_that_is_past_is_refused() -> None:
    """A time is agreed for later."""
    page = transaction()
    with pytest.raises(RefusedError, match="agreed time"):
        page.say(said("2026-11-02 11:05", page.item(), agreed_at=at("2026-11-02 11:05")))


# D: care after the report


def report(when: str = "2026-08-31 10:00", **who: object) -> Page:
    page = page_of("health", **who)
    page.arise("event:report_received", when)
    return page


def test_a_client_is_called_within_two_days_of_receiving_the_report() -> None:
    """D: the record is reviewed before the call."""
    page = report("2026-11-02 10:00")
    item = page.item("report_care")
    assert clock(item.due_at) == "2026-11-04 17:30:00"
    assert page.rules.kind(item).mode is Mode.PREVIEW


def test_a_report_of_31_august_is_followed_at_3_6_and_12_months_of_its_receipt() -> None:
    """D: 30 November, the last day of February, 31 August, and two days from each, or from the next opening.

    28 February is a make-up Saturday in 2026, so it is received then; in 2027 it is a Sunday.
    """
    page = report("2025-08-31 10:00")
    page.until("2026-09-30 12:00")
    assert dues(page, "report_care") == ["2025-09-03", "2025-12-03", "2026-03-02", "2026-09-02"]
    page = report()
    page.until("2027-09-30 12:00")
    assert dues(page, "report_care") == ["2026-09-02", "2026-12-02", "2027-03-03", "2027-09-02"]
    assert not any(each.next_at for each in page.series.values())


def test_a_missed_care_call_stays_an_item_of_its_own_and_shifts_nothing() -> None:
    """domain.md §4: recurrence counts from the trigger, not from the last contact."""
    page = report("2026-11-02 10:00")
    page.until("2027-05-10 12:00")
    assert [each.occurrence for each in page.items] == [0, 1, 2]
    assert dues(page, "report_care") == ["2026-11-04", "2027-02-04", "2027-05-07"]
    assert all(each.is_overdue(at("2027-05-10 12:00")) for each in page.account.open)


@pytest.mark.parametrize(
    ("asked", "ready"),
    [
        ("10:29:59", "10:30:00"),
        ("10:30:00", "10:30:00"),
        ("11:29:59", "11:29:59"),
        ("11:30:00", "15:30:00"),
        ("13:45:00", "15:30:00"),
        ("16:29:59", "16:29:59"),
    ],
)
def test_care_calls_are_near_eleven_or_four_give_or_take_half_an_hour(asked: str, ready: str) -> None:
    """D: from 10:30 and before 11:30, from 15:30 and before 16:30."""
    assert clock(report(f"2026-11-02 {asked}").item().ready_at) == f"2026-11-02 {ready}"


def test_after_half_past_four_a_care_call_waits_for_the_next_morning() -> None:
    """D: the window is open at its far end."""
    assert clock(report("2026-11-02 16:30").item().ready_at) == "2026-11-03 10:30:00"


def test_care_calls_keep_clear_of_half_an_hour_around_the_customers_own_hours() -> None:
    """D: a client who begins at 11:00 is not called between 10:30 and 11:30, nor around 16:00 if he stops then."""
    late = (OpenSpan(opens=time(11), closes=time(16)),)
    assert clock(report("2026-11-02 09:00", hours=late).item().ready_at) == ""
    short = (OpenSpan(opens=time(11), closes=time(19)),)
    assert clock(report("2026-11-02 09:00", hours=short).item().ready_at) == "2026-11-02 15:30:00"


@pytest.mark.parametrize(
    ("asked", "ready"),
    [("08:30", "09:00"), ("11:29", "11:29"), ("11:30", "14:00"), ("13:30", "14:00"), ("16:59", "16:59")],
)
def test_half_an_hour_around_the_start_the_break_and_the_end_of_work_is_quiet(asked: str, ready: str) -> None:
    """D's hours are 08:30 to 12:00 and 13:30 to 17:30; the survey of a visit has no near hours."""
    page = page_of("health")
    page.arise("event:visited", f"2026-11-02 {asked}")
    assert clock(page.item("visit_survey").ready_at) == f"2026-11-02 {ready}:00"


def test_a_report_received_before_the_spring_festival_says_that_it_cannot_be_met() -> None:
    """D: received on the make-up Saturday after the last window, due in the closings: said at creation."""
    page = report("2026-02-14 16:45")
    item = page.item()
    assert clock(item.due_at) == "2026-02-17 00:00:00"  # the end of the 16th, a day without hours
    assert (item.obstacle, clock(item.ready_at)) == (Obstacle.NO_WINDOW, "2026-02-24 10:30:00")
    met = report("2026-02-14 09:00").item()
    assert (met.obstacle, clock(met.ready_at)) == (None, "2026-02-14 10:30:00")


def test_the_due_time_is_never_moved_by_a_closing() -> None:
    """domain.md §4: the last permitted window before it is the plan."""
    item = report("2026-02-13 10:00").item()
    assert clock(item.due_at) == "2026-02-16 00:00:00"  # the end of the 15th, the first of the closings
    assert clock(item.last_chance_at) == "2026-02-14 16:30:00"


# D: holidays, visits, top ten, partners, birthdays, bookings


def test_clients_are_cared_for_on_major_holidays_also_when_the_centre_is_closed() -> None:
    """D: on the day itself, near eleven or four, with consent."""
    page = page_of("health", sort="client", consent=True, since=date(2026, 1, 1))
    page.enrol("2026-02-01 10:00")
    page.until("2026-02-17 09:00")
    item = page.item("holiday_care")
    assert (clock(item.due_at), clock(item.ready_at)) == ("2026-02-17 23:59:59", "2026-02-17 10:30:00")
    assert item.obstacle is None
    assert clock(page.item("holiday_greeting").ready_at) == "2026-02-17 09:00:00"


def test_nobody_is_greeted_without_consent() -> None:
    """Greetings are no service that he bought: without consent there is none, and that is counted."""
    page = page_of("health", sort="client", since=date(2026, 1, 1))
    page.enrol("2026-02-01 10:00")
    page.until("2026-02-17 09:00")
    assert not page.items
    assert page.whys().count("no_consent") == 2  # the call and the message; he is no partner either


def test_each_visit_to_a_branch_is_surveyed() -> None:
    """D: two visits make two, the same visit told twice makes one."""
    page = page_of("health")
    for key in ("visit-1", "visit-2", "visit-1"):
        page.arise("event:visited", "2026-11-02 10:00", key, about=(("branch", "east"),))
    assert dues(page, "visit_survey") == ["2026-11-05", "2026-11-05"]


def test_the_ten_best_of_a_branch_are_called_within_the_month_by_the_leader() -> None:
    """D: due at the last microsecond of the month."""
    page = page_of("health")
    page.arise("top:month", "2026-11-01 00:10", "top:month:2026-10:C-1")
    item = page.item("top_ten")
    assert item.due_at == at("2026-12-01 00:00") - timedelta(microseconds=1)
    assert item.owner == "1002"
    assert page.rules.kind(item).top == 10


def test_partner_institutions_are_owed_once_a_quarter_if_they_were_partners_on_its_first_day() -> None:
    """D: who becomes one on 2 October is first owed in January."""
    for since, first in ((date(2026, 10, 1), "2026-12-31"), (date(2026, 10, 2), "2027-03-31")):
        page = page_of("health", sort="partner", since=since)
        page.enrol("2026-10-02 10:00")
        page.until("2027-01-05 10:00")
        assert dues(page, "partner_quarter")[0] == first
        assert clock(page.items[0].due_at)[11:] == "23:59:59"


def test_a_birthday_by_the_moon_is_greeted_on_its_day_by_message() -> None:
    """D: the first of the eighth month of 2026 is 11 September."""
    page = page_of("health", birthday=Birthday(month=8, day=1, lunar=True), consent=True, since=date(2026, 1, 1))
    page.enrol("2026-09-01 10:00")
    page.until("2026-09-11 12:00")
    item = page.item("birthday_greeting")
    assert clock(item.due_at) == "2026-09-11 23:59:59"
    assert page.rules.kind(item).fulfilled_by is FulfilledBy.MESSAGE


def test_a_dealer_has_a_message_and_a_call_on_his_birthday_and_29_february_is_kept_on_the_28th() -> None:
    """E: both that day, also on a Sunday."""
    page = page_of("dealers", sort="dealer", birthday=Birthday(month=2, day=29), since=date(2025, 1, 1))
    page.enrol("2027-02-01 10:00")
    page.until("2027-02-28 10:00")
    call, message = page.item("birthday_call"), page.item("birthday_sms")
    assert clock(call.due_at) == clock(message.due_at) == "2027-02-28 23:59:59"
    assert clock(call.ready_at) == "2027-02-28 09:00:00"


def test_a_web_booking_is_verified_within_two_hours_and_then_told_by_message() -> None:
    """D: at 23:50 the two hours run by the clock; verifying it makes the message."""
    page = page_of("health")
    page.arise("event:booking_requested", "2026-11-02 23:50")
    assert clock(page.item("booking_verified").due_at) == "2026-11-03 01:50:00"
    page.marked("2026-11-03 01:50", "booking_verified")
    assert not page.item("booking_verified").is_late
    sms = page.item("booking_sms")
    assert page.rules.kind(sms).fulfilled_by is FulfilledBy.MESSAGE
    assert clock(sms.due_at) == "2026-11-03 02:20:00"


def test_cancelling_a_booking_is_told_by_message_and_a_clash_needs_a_call() -> None:
    """D: two open hours run over the noon break."""
    page = page_of("health")
    page.arise("event:booking_cancelled", "2026-11-02 11:00")
    page.arise("event:booking_clash", "2026-11-02 11:00")
    assert page.rules.kind(page.item("cancelling_sms")).fulfilled_by is FulfilledBy.MESSAGE
    clash = page.item("booking_clash")
    assert page.rules.kind(clash).fulfilled_by is FulfilledBy.TALK
    assert clock(clash.due_at) == "2026-11-02 14:30:00"
