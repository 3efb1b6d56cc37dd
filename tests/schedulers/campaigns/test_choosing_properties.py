"""Who may be dialled now is who the planner says is ready now: for every shipped policy, kind, zone and hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from config.calendars import OpenSpan
from config.followups import Result
from config.policy_loader import shipped_policies
from schedulers.campaigns.choosing import number_of, why_not
from schedulers.campaigns.records import Why
from schedulers.customers.records import Customer, DoNotCall, Number, NumberUse
from schedulers.followups.account import Account
from schedulers.followups.passing import must_close
from schedulers.followups.planning import planned
from schedulers.followups.records import FollowUp, Obstacle, State
from schedulers.followups.rules import Rules
from tests.schedulers.followups.worlds import centre

ZONES = (
    None,
    *map(ZoneInfo, ("Asia/Kolkata", "Asia/Kathmandu", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns")),
)
"""The centre's own; half and quarter hours; an hour's and half an hour's change of the clock."""
HOURS = (
    (),
    (OpenSpan(opens=time(8), closes=time(12)), OpenSpan(opens=time(13), closes=time(17))),
    (OpenSpan(opens=time(22), closes=None),),
)
NUMBERS = ("+8613800138000", "+862012345678", "+8613900139000")
START = datetime(2026, 1, 1, tzinfo=UTC)
CHANGES = tuple(datetime(2026, *each, tzinfo=UTC) for each in ((3, 29, 1), (10, 25, 1), (4, 4, 15)))
"""Berlin's two of 2026, and one of Lord Howe Island."""
MINUTES = st.integers(-2000, 2000).map(lambda minutes: timedelta(minutes=minutes))
INSTANTS = st.one_of(
    st.integers(0, 365 * 24 * 4 - 1).map(lambda quarters: START + quarters * timedelta(minutes=15)),
    st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-90, 90)
    ),
)


@st.composite
def pages(draw: st.DrawFn) -> tuple[Rules, Account, FollowUp, datetime]:
    """A follow-up of a shipped policy, whatever happened to it, its customer, and an instant."""
    rules = centre(draw(st.sampled_from(shipped_policies())))
    kind = draw(st.sampled_from(rules.policy.versions[-1].promises.kinds))
    now = draw(INSTANTS)
    near = MINUTES.map(lambda off: now + off)
    tried = draw(st.one_of(st.none(), st.sampled_from(Result)))
    born = now - timedelta(days=draw(st.integers(0, 3)))
    item = FollowUp(
        id="f", kind=kind.id, version=rules.policy.versions[-1].start, customer="C", key="k", owner="1003",
        group=kind.group, born_at=born, open_at=max(born, draw(st.one_of(st.just(born), near))), due_at=draw(near),
        promised_at=now, agreed_at=draw(st.one_of(st.none(), st.just(now), near)),
        number=draw(st.one_of(st.none(), st.sampled_from(NUMBERS))),
        state=draw(st.sampled_from((State.OPEN, State.OPEN, State.OPEN, State.DONE))),
        obstacle=draw(st.one_of(st.none(), st.sampled_from(Obstacle))),
        reached_call=draw(st.sampled_from((None, None, None, "pbx/1"))),
        counted=draw(st.sampled_from((0, 1, kind.attempts.most))), uncounted=draw(st.integers(0, 5)),
        tried=tried, tried_at=None if tried is None else draw(near),
    )  # fmt: skip
    contacts = tuple(sorted(draw(st.lists(near, max_size=3))))
    return rules, Account(customer=draw(customers(now)), open=(item,), contacts=contacts), item, now


@st.composite
def customers(draw: st.DrawFn, now: datetime) -> Customer:
    """A customer somewhere, who may be called or not."""
    numbers = draw(st.lists(st.sampled_from(NUMBERS), unique=True, max_size=2))
    since = now + draw(st.sampled_from((timedelta(), timedelta(seconds=1), timedelta(days=-9))))
    return Customer(
        id="C",
        numbers=tuple(Number(number=n, written=n, use=draw(st.sampled_from(NumberUse))) for n in numbers),
        zone=draw(st.sampled_from(ZONES)),
        hours=draw(st.sampled_from(HOURS)),
        consent=draw(st.sampled_from((True, True, False, None))),
        do_not_call=draw(st.sampled_from((None, None, None, DoNotCall(reason="asked", since=since)))),
        until=draw(st.sampled_from((None, None, date(2026, 6, 1)))),
    )


@settings(max_examples=1500, deadline=None)
@given(pages())
def test_nobody_is_dialled_but_who_is_ready(page: tuple[Rules, Account, FollowUp, datetime]) -> None:
    """No reason against it is the same as: planned now it is ready now, need not be closed, and may be called."""
    rules, account, item, now = page
    ready_at = planned(item, account, rules, now).ready_at
    blocked = account.customer.do_not_call is not None and account.customer.do_not_call.holds(now)
    is_ready = ready_at is not None and ready_at <= now
    permitted = is_ready and not blocked and must_close(account, item, now, rules) is None
    assert (why_not(item, account, rules, now) is None) is permitted


@settings(max_examples=500, deadline=None)
@given(pages())
def test_a_number_is_wanting_where_the_planner_says_so(page: tuple[Rules, Account, FollowUp, datetime]) -> None:
    """There is a number to dial exactly where the planner sees one; and it is none where others answer."""
    rules, account, item, now = page
    number = number_of(item, account.customer)
    told = why_not(item, account, rules, now)
    assert number is None or told is not Why.NO_NUMBER
    if planned(item, account, rules, now).obstacle is Obstacle.NO_NUMBER:
        assert number is None
    uses = {each.number: each.use for each in account.customer.numbers}
    assert number is None or uses.get(number, NumberUse.OWN) is NumberUse.OWN
