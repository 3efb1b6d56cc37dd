"""What people, customers and the policy's versions do to what is owed, on the small centre."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.people.records import People, ShiftAssignment, ShiftPattern, ShiftSpan
from config.followups import Result
from schedulers.customers.records import DoNotCall, Number, NumberUse
from schedulers.errors import RefusedError
from schedulers.followups.account import Staff
from schedulers.followups.acting import acknowledge, hand_over, note, reopen, reschedule
from schedulers.followups.passing import replanned
from schedulers.followups.records import Obstacle, State, What
from schedulers.followups.rules import Rules
from tests.schedulers.followups.worlds import (
    HEAD,
    MOBILE,
    Page,
    act,
    at,
    clock,
    customer,
    leave,
    outbound,
    people,
    policy_of,
    rules_of,
    said,
)

# People


def test_reopening_undoes_the_end_and_keeps_the_attempts(page: Page) -> None:
    """It is owed again by its old due time; a second reopening is refused."""
    page.reached("2026-11-02 10:00", "care", by="1001")
    page.take(reopen(page.account, page.item(), page.rules, act("2026-11-02 11:00")))
    item = page.item()
    assert (item.state, item.fulfilled_at, item.call, item.counted) == (State.OPEN, None, None, 1)
    assert item.ready_at is not None
    with pytest.raises(RefusedError, match="an open one"):
        reopen(page.account, item, page.rules, act("2026-11-02 11:00"))


def test_handing_over_needs_somebody_who_works_here(page: Page) -> None:
    """The story keeps who had it before."""
    with pytest.raises(RefusedError, match="works here"):
        hand_over(page.account, page.item(), "1099", page.rules, act("2026-11-02 10:00"))
    made = page.take(hand_over(page.account, page.item(), "1002", page.rules, act("2026-11-02 10:00")))
    assert (page.item().owner, made.changes[0].before_owner) == ("1002", "1001")


def test_a_person_may_set_another_time_and_what_was_promised_stays_on_record(page: Page) -> None:
    """Not into the past."""
    born = page.item().due_at
    with pytest.raises(RefusedError, match="time"):
        reschedule(page.account, page.item(), at("2026-11-02 10:00"), page.rules, act("2026-11-02 10:00"))
    to = at("2026-11-09 17:30")
    page.take(reschedule(page.account, page.item(), to, page.rules, act("2026-11-02 10:00")))
    assert (page.item().due_at, page.item().promised_at) == (to, born)


def test_an_acknowledged_reminder_goes_no_further(rules: Rules) -> None:
    """And a sentence on record changes nothing but the story."""
    page = Page(rules)
    page.arise("promise", "2026-11-02 09:00", by="1001", promised_at=at("2026-11-02 11:00"))
    page.until("2026-11-02 10:50")
    page.take(acknowledge(page.account, page.item(), rules, act("2026-11-02 10:52")))
    page.take(note(page.account, page.item(), rules, act("2026-11-02 10:53")))
    page.until("2026-11-02 10:59")
    assert What.ESCALATED not in page.story()


def test_a_kind_with_a_fixed_due_time_agrees_none(rules: Rules) -> None:
    """The line says so."""
    page = Page(rules, customer(consent=True))
    page.arise("event:offer", "2026-11-02 09:00")
    with pytest.raises(RefusedError, match="fixed"):
        page.say(said("2026-11-02 10:00", page.item(), agreed_at=at("2026-11-09 10:00")))


def test_a_time_agreed_in_the_fifth_attempt_is_kept(page: Page) -> None:
    """The customer waits for that call: it goes before the bound; after it somebody must decide."""
    tries = ("02 10:00", "02 15:00", "03 10:00", "03 15:00")
    for each in tries:
        page.hear(outbound(f"2026-11-{each}", Result.NO_ANSWER))
    page.hear(outbound("2026-11-04 10:00"))
    page.say(said("2026-11-04 10:05", page.item(), agreed_at=at("2026-11-05 10:00")))
    assert (page.item().obstacle, clock(page.item().ready_at)) == (None, "2026-11-05 10:00:00")
    page.hear(outbound("2026-11-05 10:00", Result.NO_ANSWER))
    assert (page.item().obstacle, page.item().ready_at) == (Obstacle.MUST_DECIDE, None)


# Owners


def owners(page: Page) -> list[str]:
    """Whose the open ones are."""
    return [each.owner for each in page.account.open]


def test_a_leavers_follow_ups_go_to_somebody_of_the_group_on_the_day_he_is_gone(rules: Rules) -> None:
    """The last day is his own; the story keeps who had it."""
    page = Page(Rules(rules.policy, rules_of(rules.policy, people({"1001": date(2026, 11, 3)})).staff))
    page.arise("event:report", "2026-11-02 09:00")
    page.until("2026-11-02 23:59:59")
    assert owners(page) == ["1001"]
    page.until("2026-11-03 00:00")
    assert owners(page)[0] in {"1000", "1002", "1003"}
    assert page.decisions[-1].changes[0].before_owner == "1001"


def test_who_has_left_owns_nothing_that_arises(rules: Rules) -> None:
    """The customer's named agent is gone: who was asked, else somebody of the group."""
    page = Page(rules_of(rules.policy, people({"1001": date(2026, 11, 1)})))
    page.arise("event:report", "2026-11-02 09:00", by="1003")
    assert owners(page) == ["1003"]


def test_a_returning_client_goes_to_the_previous_agent(rules: Rules) -> None:
    """Found by his number, where nobody is named and nobody was asked."""
    page = Page(rules, customer(owner=None, previous="1002"))
    page.arise("event:report", "2026-11-02 09:00")
    assert owners(page) == ["1002"]


def test_an_agent_who_is_back_before_it_is_due_keeps_it_and_one_who_is_not_hands_over(rules: Rules) -> None:
    """Due on Wednesday at closing: back on Wednesday is in time, off until then is not."""
    for last, keeps in ((date(2026, 11, 3), True), (date(2026, 11, 4), False)):
        staff = people(leaves=(leave("1001", date(2026, 11, 2), last),))
        page = Page(rules_of(rules.policy, staff))
        page.arise("event:report", "2026-11-02 09:00")
        assert (owners(page) == ["1001"]) is keeps


def test_leave_taken_later_hands_over_what_is_open(rules: Rules) -> None:
    """By time passing, once; a second time nothing changes."""
    page = Page(rules)
    page.arise("event:report", "2026-11-02 09:00")
    page.rules = rules_of(rules.policy, people(leaves=(leave("1001", date(2026, 11, 3), date(2026, 11, 9)),)))
    page.until("2026-11-03 09:00")
    assert owners(page) != ["1001"]
    known = page.account
    page.until("2026-11-03 09:00")
    assert page.account == known


def test_what_is_overdue_stays_with_its_owner_over_the_night_and_not_over_his_leave(rules: Rules) -> None:
    """Due on Wednesday: by his shifts he is off until Thursday and keeps it; on leave all Thursday he does not."""
    shifts = ShiftPattern(name="day", spans=(ShiftSpan(start=8 * 60 + 30, end=17 * 60 + 30),))
    works = ShiftAssignment(agent="1001", shift="day")
    staff = replace(people(), patterns=(shifts,), assignments=(works,))
    page = Page(rules_of(rules.policy, staff))
    page.arise("event:report", "2026-11-02 09:00")
    page.until("2026-11-04 20:00")
    assert owners(page) == ["1001"]
    off = leave("1001", date(2026, 11, 5), date(2026, 11, 5))
    page.rules = rules_of(rules.policy, replace(staff, leaves=(off,)))
    page.until("2026-11-04 20:01")
    assert owners(page)[0] in {"1000", "1002", "1003"}


def test_where_nobody_of_the_group_is_here_its_leader_has_it(rules: Rules) -> None:
    """C5; with the leader gone, the one above."""
    gone = {each: date(2026, 11, 1) for each in ("1001", "1002", "1003")}
    page = Page(rules_of(rules.policy, people(gone)))
    page.arise("event:report", "2026-11-02 09:00")
    assert owners(page) == ["1000"]
    page = Page(rules_of(rules.policy, people({**gone, "1000": date(2026, 11, 1)})))
    page.arise("event:report", "2026-11-02 09:00")
    assert owners(page) == ["9000"]


def test_where_nobody_works_at_all_the_duty_leader_is_named(rules: Rules) -> None:
    """Nothing open belongs to nobody."""
    page = Page(rules_of(rules.policy, People()))
    page.arise("event:report", "2026-11-02 09:00")
    page.until("2026-11-05 09:00")
    assert owners(page) == ["9001"]


def test_who_has_not_the_skill_is_no_owner(rules: Rules) -> None:
    """A promise in Sichuanese goes to 1003, and to the leader where he is gone."""
    for left, owner in (({}, "1003"), ({"1003": date(2026, 11, 1)}, "1000")):
        page = Page(rules_of(rules.policy, people(left)))
        page.arise("promise", "2026-11-02 09:00", by="1001", skill="sichuan")
        assert owners(page) == [owner]


# Customers


def test_consent_is_asked_at_birth_and_withdrawn_later_closes_what_is_open(rules: Rules) -> None:
    """An offer needs it, an answer does not."""
    page = Page(rules, customer(consent=True))
    page.arise("event:offer", "2026-11-02 09:00")
    page.arise("promise", "2026-11-02 09:00", "p-1", by="1001")
    page.account = replace(page.account, customer=customer(consent=False))
    page.until("2026-11-02 10:00")
    assert page.item("offer").reason == "no_consent"
    assert page.item("answer").is_open
    page.arise("event:offer", "2026-11-03 09:00", "e-2")
    assert page.whys() == ["no_consent"]


def test_do_not_call_closes_calls_and_leaves_what_is_done_at_the_desk(page: Page) -> None:
    """And until it ends nothing that disturbs arises."""
    page.arise("event:complaint", "2026-11-02 09:00", "e-2")
    never = DoNotCall(reason="asked", since=at("2026-11-02 09:30"))
    page.account = replace(page.account, customer=customer(do_not_call=never))
    page.until("2026-11-02 09:40")
    assert page.item("care").reason == "do_not_call"
    assert page.item("unit").is_open
    page.arise("event:report", "2026-11-02 10:00", "e-3")
    assert page.whys() == ["do_not_call"]


def test_a_new_number_gives_a_follow_up_its_plan_back(rules: Rules) -> None:
    """A customer without a number is shown as such; only what differs is a change."""
    page = Page(rules, customer(numbers=()))
    page.arise("event:report", "2026-11-02 09:00")
    assert page.item().obstacle is Obstacle.NO_NUMBER
    page.account = replace(page.account, customer=customer(numbers=(Number(number=MOBILE, written=MOBILE),)))
    page.take(replanned(page.account, at("2026-11-02 10:00"), rules))
    assert (page.item().obstacle, clock(page.item().ready_at)) == (None, "2026-11-02 10:00:00")
    assert not replanned(page.account, at("2026-11-02 10:00"), rules).changes


def test_a_number_that_is_found_wrong_is_not_called_for_what_was_about_it(rules: Rules) -> None:
    """With a number of his own besides, that one is called."""
    wrong = Number(number="+8613900139000", written="13900139000", use=NumberUse.WRONG)
    own = Number(number=MOBILE, written="13800138000")
    for numbers, obstacle in (((wrong,), Obstacle.NO_NUMBER), ((wrong, own), None)):
        page = Page(rules, customer(numbers=numbers))
        page.arise("event:report", "2026-11-02 09:00", number=wrong.number)
        assert page.item().obstacle is obstacle


def test_two_contacts_a_day_are_the_cap_for_all_kinds_together(page: Page) -> None:
    """The rolling day ends 24 hours after the first of the two."""
    page.arise("promise", "2026-11-02 09:00", "p-1", by="1001")
    answer = page.item("answer")
    for when in ("2026-11-02 10:00", "2026-11-02 11:00"):
        page.hear(outbound(when, Result.BUSY, serves=(answer.id,)))
    assert clock(page.item("care").ready_at) == "2026-11-03 10:00:00"
    assert page.item("care").obstacle is None


# The policy's versions


def test_a_follow_up_keeps_the_version_that_it_was_born_under(tmp_path: Path) -> None:
    """From 3 November a care call has an hour's rest after no answer, and is owed within a week."""
    second = HEAD[HEAD.index("[[version]]") :].replace("[[version]]", "[[version]]\nfrom = 2026-11-03")
    attempts = '[version.followup.attempts]\nmost = 9\nno_answer = "1 hour"\n'
    care = '\n[[version.followup]]\nkind = "care"\nname_zh = "关怀"\nname_en = "Care"\ntrigger = "event:report"\n'
    text = care + 'due = "2 days"\n' + second + care + 'due = "7 days"\n' + attempts
    page = Page(rules_of(policy_of(tmp_path, text)))
    page.arise("event:report", "2026-11-02 23:50", "e-1")
    page.arise("event:report", "2026-11-03 00:10", "e-2")
    old, new = page.items
    assert (old.version, clock(new.version)) == (None, "2026-11-03 00:00:00")
    assert (clock(old.due_at), clock(new.due_at)) == ("2026-11-05 17:30:00", "2026-11-10 17:30:00")
    page.hear(outbound("2026-11-04 09:00", Result.NO_ANSWER))
    assert [clock(each.ready_at) for each in page.items] == ["2026-11-04 11:00:00", "2026-11-04 10:00:00"]


def test_what_recurs_with_the_customer_goes_by_the_version_in_force(tmp_path: Path) -> None:
    """A quarterly survey is owed by the new version from its start on."""
    second = HEAD[HEAD.index("[[version]]") :].replace("[[version]]", "[[version]]\nfrom = 2026-11-03")
    month = '\n[[version.followup]]\nkind = "month"\nname_zh = "月访"\nname_en = "Month"\n'
    month += 'trigger = "period:month"\ndue = "in the period"\n'
    page = Page(rules_of(policy_of(tmp_path, month + second + month)), customer(since=date(2026, 1, 1)))
    page.enrol("2026-11-01 09:00")
    page.until("2026-12-02 09:00")
    assert [clock(each.version) for each in page.items] == ["", "2026-11-03 00:00:00"]


def test_the_people_of_the_store_are_staff(rules: Rules) -> None:
    """What the rules ask for is what the store's people answer."""
    staff: Staff = rules.staff
    assert staff.members("service", at("2026-11-02 10:00")) == ("1000", "1001", "1002", "1003")
    assert timedelta() < rules.longest_cap()


def test_who_is_here_is_told_apart_by_group_skill_and_time(rules: Rules) -> None:
    """Asked of a hundred stretches, more than are kept, and of the first again: leave, skill and leaver each count."""
    off = leave("1002", date(2026, 11, 2), date(2026, 11, 3))
    asked = rules_of(rules.policy, people({"1001": date(2026, 11, 4)}, leaves=(off,)))
    start, end = at("2026-11-02 10:00"), at("2026-11-03 10:00")
    for _ in range(2):
        assert asked.here("service", None, start, end) == ("1000", "1001", "1003")
        assert asked.here("service", "sichuan", start, end) == ("1003",)
        assert asked.here("management", None, start, end) == ("9000", "9001")
        assert asked.here(None, None, start, end) == ("1000", "1001", "1003", "9000", "9001")
        for hours in range(1, 101):
            back = start + timedelta(hours=hours) > at("2026-11-04 00:00")
            expected = ("1000", "1001", "1002", "1003") if back else ("1000", "1001", "1003")
            assert asked.here("service", None, start, start + timedelta(hours=hours)) == expected
        assert asked.here("service", None, at("2026-11-04 10:00"), at("2026-11-04 11:00")) == (
            "1000",
            "1002",
            "1003",
        )
