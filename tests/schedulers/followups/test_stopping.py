"""What time alone forbids is found when it does: nobody is offered or called meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedulers.customers.records import DoNotCall
from schedulers.followups.account import Account
from schedulers.followups.arising import arise
from schedulers.followups.changing import applied
from schedulers.followups.passing import pass_time, replanned
from schedulers.followups.planning import planned
from schedulers.followups.records import What
from schedulers.followups.rules import Rules
from schedulers.followups.stopping import must_close
from tests.schedulers.followups.worlds import Page, at, centre, clock, customer, happened, page_of

MONDAY = "2026-11-02 09:00"
DEALERS = centre("dealers")


@pytest.fixture
def rules() -> Rules:
    """Dealers: an annual visit, a quarterly call and a callback are owed."""
    return DEALERS


def asked(since: str, until: str | None = None) -> DoNotCall:
    """He asked not to be called, by the centre's clock."""
    return DoNotCall(reason="asked", since=at(since), until=None if until is None else at(until))


def test_a_call_heard_of_late_is_closed_by_what_he_asked_meanwhile(rules: Rules) -> None:
    """It arises as of its own instant, at which he might be called; the next look ends it, not its due time."""
    page = Page(rules, customer(do_not_call=asked("2026-11-02 09:20")))
    page.arise("missed_call", MONDAY, number="+8613800138000")
    born = page.item()
    assert (clock(born.wake_at), clock(born.due_at)) == ("2026-11-02 09:20:00", "2026-11-02 09:30:00")
    page.until("2026-11-02 09:21")
    assert (page.item().reason, page.item().wake_at) == ("do_not_call", None)


def test_a_customer_who_leaves_on_a_day_said_before_is_owed_nothing_from_its_midnight_on() -> None:
    """What is promised to members ends; a question of his own is still answered."""
    page = page_of("dealers", sort="dealer", since=date(2020, 1, 1), until=date(2026, 11, 5))
    page.enrol("2026-09-15 09:00")
    page.until("2026-11-02 09:00")
    page.arise("missed_call", "2026-11-04 23:00", number="+8613800138000")
    quarters = {each.id for each in page.account.open if each.kind == "dealer_quarter"}
    assert {clock(each.wake_at) for each in page.account.open if each.id in quarters} == {"2026-11-05 00:00:00"}
    page.until("2026-11-04 23:59:59")
    assert quarters <= {each.id for each in page.account.open}
    page.until("2026-11-05 00:00")
    assert {each.reason for each in page.items if each.id in quarters} == {"customer_left"}
    assert page.item("missed_call").is_open


def test_what_he_asked_for_a_while_that_nobody_saw_is_forgotten_once(rules: Rules) -> None:
    """It began and ended while nothing ran: the follow-up goes on, and is not looked at for it again and again."""
    page = Page(rules, customer(do_not_call=asked("2026-11-02 09:10", "2026-11-02 09:20")))
    page.arise("missed_call", MONDAY, number="+8613800138000")
    assert clock(page.item().wake_at) == "2026-11-02 09:10:00"
    now = at("2026-11-02 09:25")
    (change,) = page.take(pass_time(page.account, now, rules)).changes
    assert (change.what, change.after.wake_at) == (What.PLANNED, page.item().due_at)
    assert not pass_time(page.account, now, rules).changes


HOURS = st.integers(-200, 400).map(lambda hours: timedelta(hours=hours))
TRIGGERS = st.sampled_from(sorted({str(kind.trigger) for kind in DEALERS.version_at(at(MONDAY)).promises.kinds}))


@settings(max_examples=400, deadline=None)
@given(TRIGGERS, HOURS, st.none() | HOURS, st.none() | HOURS, st.lists(HOURS, min_size=1, max_size=4))
def test_whatever_must_close_was_to_be_looked_at_by_then(
    trigger: str,
    since: timedelta,
    until: timedelta | None,
    leaves: timedelta | None,
    looks: list[timedelta],
) -> None:
    """At every instant: what is forbidden by then has its look behind it, and a look is not asked for again."""
    start = at(MONDAY)
    wish = DoNotCall(reason="asked", since=start + since, until=None if until is None else start + until)
    left = None if leaves is None else (start + leaves).date()
    account = Account(customer=customer(do_not_call=wish, until=left))
    thing = happened(trigger, MONDAY, number="+8613800138000")
    account = applied(account, arise(account, thing, DEALERS))
    for now in sorted(start + abs(each) for each in looks):
        for each in account.open:
            if must_close(each, account.customer, DEALERS, now) is not None:
                assert each.wake_at is not None
                assert each.wake_at <= now
        account = applied(account, pass_time(account, now, DEALERS))
        assert not pass_time(account, now, DEALERS).changes
        assert all(_waits(each.wake_at, now) for each in account.open)


def _waits(wake: datetime | None, now: datetime) -> bool:
    """Nothing is to be looked at again at once; a due time is passed the instant after it."""
    return wake is None or wake >= now


def test_a_customer_who_says_so_ahead_is_looked_at_when_it_begins(rules: Rules) -> None:
    """Told today that he may not be called from tomorrow on, what is open is called today only."""
    page = Page(rules)
    page.arise("missed_call", MONDAY, number="+8613800138000")
    page.account = replace(page.account, customer=customer(do_not_call=asked("2026-11-02 09:05")))
    page.take(replanned(page.account, at("2026-11-02 09:01"), rules))
    assert clock(page.item().wake_at) == "2026-11-02 09:05:00"
    assert planned(page.item(), page.account, rules, at("2026-11-02 09:01")) == page.item()
