"""What the other centres owe, and regular contacts (domain.md §4: C8, B1-B5, C12, C14, E, A), over their policies."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from config.followups import FulfilledBy, Result
from schedulers.followups.records import Obstacle, State, What
from tests.schedulers.followups.worlds import at, clock, dues, outbound, page_of, said

# C8, B4, B1: members of long standing


def test_each_client_is_asked_four_questions_every_two_months_from_the_day_he_became_one() -> None:
    """C8: of 31 December, the last of February comes, and 30 April; other customers are not asked."""
    page = page_of("inspection", sort="client", since=date(2025, 12, 31))
    page.enrol("2026-01-05 10:00")
    page.until("2026-05-20 10:00")
    assert [each.occurrence for each in page.items] == [1, 2]
    assert [clock(each.open_at)[:10] for each in page.items] == ["2026-02-28", "2026-04-30"]
    survey = page.rules.promises(page.items[0]).survey("four_questions")
    assert survey is not None
    assert [each.id for each in survey.questions] == ["accuracy", "timeliness", "attitude", "else"]
    other = page_of("inspection", sort="visitor", since=date(2025, 12, 31))
    other.enrol("2026-01-05 10:00")
    other.until("2026-05-20 10:00")
    assert not other.items


def test_five_working_days_after_the_last_of_february_2026_count_the_make_up_saturday_as_receipt() -> None:
    """C8: 28 February is worked, so it is received then, and the week of six days ends on Friday, 6 March."""
    page = page_of("inspection", sort="client", since=date(2025, 12, 31))
    page.enrol("2026-01-05 10:00")
    page.until("2026-03-01 10:00")
    assert clock(page.item("two_monthly").due_at) == "2026-03-06 18:00:00"


def test_a_core_customer_is_seen_every_two_weeks_for_15_minutes_and_told_a_day_ahead() -> None:
    """B4: a talk of 14:59.999 is an attempt, one of 15:00 may be it."""
    page = page_of("retail", tier="core", since=date(2026, 10, 19))
    page.enrol("2026-10-19 10:00")
    page.until("2026-11-02 10:00")
    item = page.item("core_contact")
    kind = page.rules.kind(item)
    assert (kind.announce, clock(item.due_at)) == (timedelta(days=1), "2026-11-04 17:30:00")
    page.hear(outbound("2026-11-02 10:00", seconds=899.999, agent="1003"))
    assert page.item("core_contact").reached_call is None
    page.hear(outbound("2026-11-03 10:00", seconds=900, agent="1003"))
    assert page.item("core_contact").reached_call == "pbx/2026-11-03 10:00"


def test_a_visit_logged_fulfils_the_contact_with_a_core_customer() -> None:
    """B4: visit or call; the contact's own instant counts, not that of its logging."""
    page = page_of("retail", tier="core", since=date(2026, 10, 19))
    page.enrol("2026-10-19 10:00")
    page.until("2026-11-02 10:00")
    visit = at("2026-11-04 17:30")
    page.say(said("2026-11-05 09:00", page.item(), by="1003", elsewhere="visit", contact_at=visit))
    item = page.item("core_contact")
    assert (item.state, item.elsewhere, item.fulfilled_at, item.is_late) == (State.DONE, "visit", visit, False)


@pytest.mark.parametrize(("how", "held"), [("mobile", True), ("wechat", True), ("visit", False), ("面谈", False)])
def test_a_contact_made_elsewhere_counts_toward_the_caps_unless_it_was_face_to_face(how: str, held: bool) -> None:
    """B4: a call by mobile and a try are the two of that day, and the core customer is contacted again on the next."""
    page = page_of("retail", tier="core", since=date(2026, 10, 19))
    page.arise("promise", "2026-11-02 09:30", "p-1", by="1003")
    page.hear(outbound("2026-11-02 10:00", Result.NO_ANSWER, agent="1003", serves=(page.item().id,)))
    page.say(said("2026-11-02 11:00", page.item(), by="1003", elsewhere=how))
    page.enrol("2026-11-02 11:30")
    page.until("2026-11-02 11:30")
    ready = page.item("core_contact").ready_at
    assert (clock(ready) >= "2026-11-03 10:00:00") is held


def test_a_contact_by_phone_is_planned_within_the_caps() -> None:
    """B4: two tries of the morning for other matters hold the call to a core customer back."""
    page = page_of("retail", tier="core", since=date(2026, 10, 19))
    page.enrol("2026-11-02 09:00")
    page.until("2026-11-02 09:00")
    page.arise("promise", "2026-11-02 09:00", "p-1", by="1003")
    for when in ("2026-11-02 10:00", "2026-11-02 10:30"):
        page.hear(outbound(when, Result.BUSY, agent="1003", serves=(page.item("promised_callback").id,)))
    item = page.item("core_contact")
    assert (clock(item.ready_at) >= "2026-11-03 10:00:00", item.obstacle) == (True, None)


def test_a_meeting_face_to_face_is_no_call() -> None:
    """B1: a talk on the phone is not the month's meeting, no cap holds it back, and a visit that is logged is it."""
    page = page_of("securities", figures=(("assets", 300_000),), since=date(2026, 1, 1))
    page.enrol("2026-11-01 10:00")
    page.until("2026-11-02 09:00")
    for hour in ("10:00", "10:30", "11:00"):
        page.hear(outbound(f"2026-11-02 {hour}", agent="1003", seconds=900))
    item = page.item("face_to_face")
    assert (item.counted, item.reached_call, item.obstacle) == (0, None, None)
    assert clock(item.ready_at) <= "2026-11-02 11:00:00"
    page.say(said("2026-11-02 15:00", item, by="1003", elsewhere="visit"))
    assert page.item("face_to_face").state is State.DONE


def test_a_good_customer_is_owed_a_contact_in_each_month_on_whose_first_day_he_was_one() -> None:
    """B4: who becomes one on the second is owed from the next month on; the month's last instant is in time."""
    page = page_of("retail", tier="good", since=date(2026, 11, 2))
    page.enrol("2026-11-02 10:00")
    page.until("2027-02-10 10:00")
    assert dues(page, "good_contact") == ["2026-12-31", "2027-01-31", "2027-02-28"]


@pytest.mark.parametrize(
    ("assets", "kinds"),
    [
        (299_999, set()),
        (300_000, {"face_to_face"}),
        (999_999, {"face_to_face"}),
        (1_000_000, {"face_to_face", "monthly_satisfaction"}),
    ],
)
def test_clients_by_assets_are_met_each_month_and_great_ones_asked(assets: int, kinds: set[str]) -> None:
    """B1: from 300,000 and from 1,000,000 on, the very sums inside."""
    page = page_of("securities", figures=(("assets", assets),), since=date(2026, 1, 1))
    page.enrol("2026-11-01 10:00")
    page.until("2026-11-20 10:00")
    assert {each.kind for each in page.items} == kinds


# B3, B2, B5, C12, C14, E, A


def test_a_repair_order_is_phoned_about_within_five_minutes() -> None:
    """B3: by the clock; dialled at the fifth minute is in time."""
    page = page_of("repair")
    page.arise("event:repair_ordered", "2026-11-02 10:00")
    assert clock(page.item("agree_visit").due_at) == "2026-11-02 10:05:00"
    assert not page.reached("2026-11-02 10:05", "agree_visit").is_late


def test_a_repair_order_at_night_says_that_five_minutes_cannot_be_met() -> None:
    """B3: 23:50 and 00:10 are outside every window; the due time stays."""
    for hour, day in (("23:50", "2026-11-03"), ("00:10", "2026-11-02")):
        page = page_of("repair")
        page.arise("event:repair_ordered", f"2026-11-02 {hour}")
        item = page.item("agree_visit")
        assert (item.obstacle, clock(item.ready_at)) == (Obstacle.NO_WINDOW, f"{day} 08:00:00")


def test_a_finished_repair_is_scored_within_a_day_and_served_again_until_he_is_satisfied() -> None:
    """B3: each new repair_finished is asked about again."""
    page = page_of("repair")
    for number, mark in enumerate((2, 3, 5), start=2):
        day = f"2026-11-0{number}"
        page.arise("event:repair_finished", f"{day} 10:00", f"repair-{number}")
        (score,) = [each for each in page.account.open if each.kind == "repair_score"]
        assert score.due_at - score.born_at == timedelta(hours=24)
        call = outbound(f"{day} 11:00", agent="1003", serves=(score.id,))
        page.hear(call)
        page.say(said(f"{day} 11:05", score, by="1003", call=call.call, answers=(("mark", mark),)))
    again = [each for each in page.items if each.kind == "serve_again"]
    assert [each.owner for each in again] == ["1002", "1002"]


def test_an_installation_window_is_agreed_within_two_hours_and_opens_with_may_we_speak_now() -> None:
    """B2: by the clock, over the noon break."""
    page = page_of("installation")
    page.arise("event:installation_ordered", "2026-11-02 11:30")
    item = page.item("agree_window")
    assert clock(item.due_at) == "2026-11-02 13:30:00"
    assert page.rules.kind(item).script_en.startswith("May we speak now?")


def test_an_absent_student_is_phoned_that_day() -> None:
    """B5: until midnight; the lesson of 23:50 and that of 00:10 are two days."""
    for when, due in (("2026-11-02 23:50", "2026-11-02"), ("2026-11-03 00:10", "2026-11-03")):
        page = page_of("consulting")
        page.arise("event:lesson_missed", when)
        assert clock(page.item("absent_student").due_at) == f"{due} 23:59:59"


def test_a_patient_of_the_day_is_called_within_a_working_day() -> None:
    """C12, over a week-end."""
    page = page_of("health")
    page.arise("event:patient_seen", "2026-11-06 10:00")
    assert clock(page.item("patient_follow_up").due_at) == "2026-11-09 17:30:00"


def test_a_new_dealer_is_welcomed_within_one_working_day() -> None:
    """E: at closing time of the next working day, and a microsecond later is late."""
    page = page_of("dealers")
    page.arise("event:dealer_new", "2026-11-06 17:59:59")
    item = page.item("welcome_call")
    assert clock(item.due_at) == "2026-11-09 18:00:00"
    assert item.is_overdue(item.due_at + timedelta(microseconds=1))


def test_every_dealer_is_surveyed_each_quarter() -> None:
    """E: once in each quarter on whose first day he was a dealer, until he is none."""
    page = page_of("dealers", sort="dealer", since=date(2026, 1, 1), until=date(2026, 7, 1))
    page.enrol("2026-01-05 10:00")
    page.until("2026-12-01 10:00")
    assert dues(page, "dealer_quarter") == ["2026-03-31", "2026-06-30"]
    assert {each.reason for each in page.items if each.kind == "dealer_quarter"} == {"customer_left"}


@pytest.mark.parametrize(
    ("told", "ready"), [("09:00", "09:30"), ("10:29", "10:29"), ("10:30", "16:00"), ("19:59", "19:59")]
)
def test_a_severe_bad_review_is_called_about_around_ten_or_after_four(told: str, ready: str) -> None:
    """C14: the shop tells it when 48 hours brought no reply."""
    page = page_of("ecommerce")
    page.arise("event:bad_review_unanswered", f"2026-11-05 {told}", about=(("severity", "severe"),))
    assert clock(page.item("bad_review_call").ready_at) == f"2026-11-05 {ready}:00"


def test_a_mild_bad_review_is_not_called_about() -> None:
    """C14: severe ones only."""
    page = page_of("ecommerce")
    page.arise("event:bad_review_unanswered", "2026-11-05 09:00", about=(("severity", "mild"),))
    assert not page.items


def test_an_unpaid_order_is_reminded_of_once_by_message_at_four() -> None:
    """C14: told at 16:59 it goes at once, at 17:00 the next day; told again it makes none."""
    for told, ready in (("15:59", "05 16:00"), ("16:59", "05 16:59"), ("17:00", "06 16:00")):
        page = page_of("ecommerce")
        for _ in range(2):
            page.arise("event:order_unpaid", f"2026-11-05 {told}", "order-7")
        item = page.item("unpaid_reminder")
        assert (clock(item.ready_at), item.obstacle) == (f"2026-11-{ready}:00", None)
        assert page.rules.kind(item).fulfilled_by is FulfilledBy.MESSAGE


def test_a_quotation_is_followed_up_within_two_working_days() -> None:
    """A over a centre without hours: days end at midnight, closings of the nation do not count."""
    page = page_of("consulting")
    page.arise("event:quotation_sent", "2026-02-13 10:00")
    assert clock(page.item("quotation_follow_up").due_at) == "2026-02-25 00:00:00"  # 14 is worked, then 24


def test_the_cap_per_customer_wins_over_the_due_time_and_the_item_says_so() -> None:
    """domain.md §4, of all kinds: two contacts a day were had, the revisit is due before a third is permitted."""
    page = page_of("repair")
    page.arise("event:repair_finished", "2026-11-02 11:00")
    other = page.item()
    page.arise("event:repair_ordered", "2026-11-02 11:30", "order-1")
    ordered = page.item("agree_visit")
    for when in ("2026-11-02 11:31", "2026-11-02 12:00"):
        page.hear(outbound(when, Result.BUSY, agent="1003", serves=(ordered.id,)))
    held = page.item("repair_score")
    assert (held.obstacle, clock(held.ready_at)) == (Obstacle.CAP, "2026-11-03 11:31:00")
    assert held.due_at == other.due_at == at("2026-11-03 11:00")
    assert What.PLANNED in page.story()


def test_a_cap_that_outlasts_the_last_window_is_named_though_it_ends_before_the_due_time() -> None:
    """Due at six in the morning: what takes the evening's window away is the cap, not the calendar."""
    page = page_of("repair")
    page.arise("event:repair_ordered", "2026-11-02 21:00", "order-1")
    ordered = page.item("agree_visit")
    page.arise("event:repair_finished", "2026-11-03 06:00")
    assert page.item("repair_score").obstacle is None
    for when in ("2026-11-02 22:00", "2026-11-03 08:10"):
        page.hear(outbound(when, Result.BUSY, agent="1003", serves=(ordered.id,)))
    held = page.item("repair_score")
    assert (held.obstacle, clock(held.ready_at)) == (Obstacle.CAP, "2026-11-04 08:00:00")
