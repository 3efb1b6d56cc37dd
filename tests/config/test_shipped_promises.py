"""Each row of the rulebooks' follow-ups, and each link of the complaint chain, is in a shipped policy."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from config.followups import Due, DueKind, Every, FollowUpKind, FulfilledBy, Step, TriggerKind
from config.policy_loader import load_policy, shipped_policies


def hours(count: float) -> Due:
    """So many hours by the clock."""
    return Due(kind=DueKind.ELAPSED, span=timedelta(hours=count))


def minutes(count: int) -> Due:
    """So many minutes by the clock."""
    return Due(kind=DueKind.ELAPSED, span=timedelta(minutes=count))


def days(count: int) -> Due:
    """So many calendar days."""
    return Due(kind=DueKind.DAYS, amount=count)


def working(count: int) -> Due:
    """So many working days."""
    return Due(kind=DueKind.WORKING_DAYS, amount=count)


ON_THE_DAY, IN_THE_PERIOD = Due(kind=DueKind.ON_THE_DAY), Due(kind=DueKind.IN_THE_PERIOD)
PROMISED, BY_HAND = Due(kind=DueKind.PROMISED), Due(kind=DueKind.BY_HAND)

ROWS: list[tuple[str, str, str, Due, str]] = [
    ("hotline", "resolved_revisit", "event:complaint_resolved", hours(72), "C11"),
    ("members", "transaction_revisit", "event:transaction", days(3), "C13"),
    ("health", "report_care", "event:report_received", days(2), "D"),
    ("health", "holiday_care", "festival:major", ON_THE_DAY, "D"),
    ("inspection", "two_monthly", "member", working(5), "C8"),
    ("health", "visit_survey", "event:visited", days(3), "D"),
    ("repair", "agree_visit", "event:repair_ordered", minutes(5), "B3"),
    ("repair", "repair_score", "event:repair_finished", hours(24), "B3"),
    ("repair", "serve_again", "unsatisfied:repair_score", working(1), "B3"),
    ("installation", "agree_window", "event:installation_ordered", hours(2), "B2"),
    ("retail", "core_contact", "member", days(2), "B4"),
    ("retail", "good_contact", "period:month", IN_THE_PERIOD, "B4"),
    ("securities", "face_to_face", "period:month", IN_THE_PERIOD, "B1"),
    ("securities", "monthly_satisfaction", "period:month", IN_THE_PERIOD, "B1"),
    ("consulting", "absent_student", "event:lesson_missed", ON_THE_DAY, "B5"),
    ("health", "patient_follow_up", "event:patient_seen", working(1), "C12"),
    ("dealers", "welcome_call", "event:dealer_new", working(1), "E"),
    ("dealers", "dealer_quarter", "period:quarter", IN_THE_PERIOD, "E"),
    ("health", "top_ten", "top:month", IN_THE_PERIOD, "D"),
    ("health", "partner_quarter", "period:quarter", IN_THE_PERIOD, "D"),
    ("ecommerce", "bad_review_call", "event:bad_review_unanswered", days(2), "C14"),
    ("ecommerce", "unpaid_reminder", "event:order_unpaid", hours(24), "C14"),
    ("dealers", "birthday_sms", "birthday", ON_THE_DAY, "E"),
    ("dealers", "birthday_call", "birthday", ON_THE_DAY, "E"),
    ("health", "holiday_greeting", "festival:major", ON_THE_DAY, "D"),
    ("health", "booking_verified", "event:booking_requested", hours(2), "D"),
    ("health", "booking_sms", "done:booking_verified", minutes(30), "D"),
    ("health", "cancelling_sms", "event:booking_cancelled", minutes(30), "D"),
    ("health", "booking_clash", "event:booking_clash", Due(kind=DueKind.OPEN, span=timedelta(hours=2)), "D"),
    ("dealers", "dialect_callback", "promise:dialect", PROMISED, "E, C8, D"),
    ("hotline", "complaint_dispatch", "event:complaint_received", minutes(60), "C11"),
    ("hotline", "crisis_report", "event:complaint_received", minutes(15), "C11, C8"),
    ("hotline", "unit_answer", "done:complaint_dispatch", working(1), "E"),
    ("hotline", "complaint_reply", "done:unit_answer", working(2), "E"),
    ("hotline", "serious_reply", "done:unit_answer", working(7), "E"),
    ("hotline", "compensation", "done:unit_answer", BY_HAND, "E"),
    ("hotline", "problem_solved", "done:unit_answer", working(3), "B1"),
    ("hotline", "revisit_again", "unsatisfied:resolved_revisit", hours(72), "D"),
    ("hotline", "in_writing", "unsatisfied:revisit_again", working(1), "C11"),
]


def of(policy: str, kind: str) -> FollowUpKind:
    """A kind of a shipped policy."""
    found = load_policy(policy).versions[0].promises.kind(kind)
    assert found is not None
    return found


@pytest.mark.parametrize(("policy", "kind", "trigger", "due", "source"), ROWS, ids=[f"{r[0]}-{r[1]}" for r in ROWS])
def test_a_row_of_the_rulebooks_is_shipped(policy: str, kind: str, trigger: str, due: Due, source: str) -> None:
    """Each has its trigger, its due time and the rulebook that it comes from."""
    found = of(policy, kind)
    assert (str(found.trigger), found.due, found.source) == (trigger, due, source)


@pytest.mark.parametrize("policy", shipped_policies())
def test_every_centre_calls_back(policy: str) -> None:
    """Missed calls and promises are owed everywhere; the caller getting through fulfils both."""
    promises = load_policy(policy).versions[0].promises
    for trigger in (TriggerKind.MISSED_CALL, TriggerKind.PROMISE):
        kinds = [kind for kind in promises.kinds if kind.trigger.kind is trigger]
        assert kinds
        assert all(kind.inbound and kind.fulfilled_by is FulfilledBy.TALK for kind in kinds)
    assert [kind.one_open for kind in promises.kinds if kind.trigger.kind is TriggerKind.MISSED_CALL] == ["number"]


@pytest.mark.parametrize("policy", shipped_policies())
def test_every_kind_says_where_it_comes_from_and_what_it_asks(policy: str) -> None:
    """A source for each kind, no survey that a caller could fulfil, and a preview of every survey's call."""
    for kind in load_policy(policy).versions[0].promises.kinds:
        assert kind.source
        assert not (kind.survey and kind.inbound)
        assert kind.survey is None or kind.mode.value == "preview"


def test_the_care_call_has_its_hours_and_distances() -> None:
    """D: near 11:00 or 16:00, never at the edges of work, again after 3, 6 and 12 months from receipt."""
    care = of("health", "report_care")
    assert care.repeat == tuple(Step(count=count, unit=Every.MONTH) for count in (3, 6, 12))
    assert (care.windows.near, care.windows.edges, care.first) == ((time(11), time(16)), True, True)


def test_closing_as_unreachable_needs_three_to_five_attempts() -> None:
    """C11: three at least, on two days and in two windows; five at most."""
    attempts = of("hotline", "resolved_revisit").attempts
    assert (attempts.least, attempts.most, attempts.days, attempts.windows) == (3, 5, 2, 2)


def test_who_is_owed_and_how_often() -> None:
    """C8 asks every two months with four questions; B4 sees core customers every two weeks for fifteen minutes."""
    survey = load_policy("inspection").versions[0].promises.survey("four_questions")
    core = of("retail", "core_contact")
    assert survey is not None
    assert [question.id for question in survey.questions] == ["accuracy", "timeliness", "attitude", "else"]
    assert of("inspection", "two_monthly").every == Step(count=2, unit=Every.MONTH)
    assert (core.every, core.announce) == (Step(count=2, unit=Every.WEEK), timedelta(days=1))
    assert (core.min_talk, core.fulfilled_by) == (timedelta(minutes=15), FulfilledBy.CONTACT)
    assert [each.at_least for each in of("securities", "face_to_face").who] == [300_000]
    assert (of("health", "top_ten").top, of("hotline", "compensation").approvals) == (10, 2)


def test_what_is_not_accepted_goes_up() -> None:
    """D, C11: again one level up, then in writing; an emergency is told to the duty leader at once."""
    assert of("hotline", "revisit_again").level_up
    assert of("health", "revisit_third").level_up
    assert of("repair", "serve_again").level_up
    assert of("hotline", "in_writing").fulfilled_by is FulfilledBy.MARK
    assert of("hotline", "crisis_report").at_once.value == "duty"
