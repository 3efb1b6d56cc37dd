"""Who may be dialled now is who the planner says is ready now: for every shipped policy, kind, zone and hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from config.calendars import OpenSpan
from config.followups import FollowUpKind, Result
from config.policy_loader import shipped_policies
from schedulers.campaigns.choosing import number_of, why_not
from schedulers.campaigns.records import Why
from schedulers.customers.records import Customer, DoNotCall, Number, NumberUse
from schedulers.followups.account import Account
from schedulers.followups.planning import planned
from schedulers.followups.records import FollowUp, Obstacle, State, altered
from schedulers.followups.rules import Rules
from schedulers.followups.stopping import must_close
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


Page = tuple[Rules, Account, FollowUp, datetime]


@st.composite
def pages(draw: st.DrawFn, *, plain: bool) -> Page:
    """A follow-up of a shipped policy, its customer, and an instant. Plain: nothing but time stands against it."""
    rules = centre(draw(st.sampled_from(shipped_policies())))
    kind = draw(st.sampled_from(rules.policy.versions[-1].promises.kinds))
    now = draw(INSTANTS)
    near = MINUTES.map(lambda off: now + off)
    born = now - timedelta(days=draw(st.integers(0, 3)))
    item = FollowUp(
        id="f", kind=kind.id, version=rules.policy.versions[-1].start, customer="C", key="k", owner="1003",
        group=kind.group, born_at=born, open_at=born, due_at=draw(near), promised_at=now,
    )  # fmt: skip
    if not plain or draw(st.integers(0, 3)) == 0:
        tried = draw(st.sampled_from(Result))
        item = altered(item, tried=tried, tried_at=draw(near), counted=1, open_at=max(born, draw(near)))
    contacts: tuple[datetime, ...] = ()
    if not plain:
        item = altered(item, **draw(troubles(kind, now)))
        contacts = tuple(sorted(draw(st.lists(near, max_size=3))))
    customer = draw(customers(now, plain=plain))
    return rules, Account(customer=customer, open=(item,), contacts=contacts), item, now


def troubles(kind: FollowUpKind, now: datetime) -> st.SearchStrategy[dict[str, object]]:
    """What may have become of it."""
    return st.fixed_dictionaries({
        "agreed_at": st.one_of(st.none(), st.just(now), MINUTES.map(lambda off: now + off)),
        "number": st.one_of(st.none(), st.sampled_from(NUMBERS)),
        "state": st.sampled_from((State.OPEN,) * 5 + (State.DONE,)),
        "obstacle": st.one_of(st.none(), st.sampled_from(Obstacle)),
        "reached_call": st.sampled_from((None,) * 5 + ("pbx/1",)),
        "counted": st.sampled_from((0, 1, 1, kind.attempts.most)),
        "uncounted": st.integers(0, 5),
    })  # fmt: skip


@st.composite
def customers(draw: st.DrawFn, now: datetime, *, plain: bool) -> Customer:
    """A customer somewhere, who may be called or not."""
    who = Customer(
        id="C",
        numbers=(Number(number=NUMBERS[0], written=NUMBERS[0]),),
        zone=draw(st.sampled_from(ZONES)),
        hours=draw(st.sampled_from(HOURS)),
        consent=True,
    )
    if plain:
        return who
    numbers = draw(st.lists(st.sampled_from(NUMBERS), unique=True, max_size=2))
    since = now + draw(st.sampled_from((timedelta(), timedelta(seconds=1), timedelta(days=-9))))
    return replace(
        who,
        numbers=tuple(Number(number=n, written=n, use=draw(st.sampled_from(NumberUse))) for n in numbers),
        consent=draw(st.sampled_from((True, True, False, None))),
        do_not_call=draw(st.sampled_from((None, None, None, DoNotCall(reason="asked", since=since)))),
        until=draw(st.sampled_from((None, None, date(2026, 6, 1)))),
    )


PAGES = st.booleans().flatmap(lambda plain: pages(plain=plain))


@settings(max_examples=600, deadline=None)
@given(PAGES)
def test_nobody_is_dialled_but_who_is_ready(page: Page) -> None:
    """No reason against it is the same as: planned now it is ready now, need not be closed, and may be called."""
    rules, account, item, now = page
    ready_at = planned(item, account, rules, now).ready_at
    blocked = account.customer.do_not_call is not None and account.customer.do_not_call.holds(now)
    is_ready = ready_at is not None and ready_at <= now
    permitted = is_ready and not blocked and must_close(item, account.customer, rules, now) is None
    assert (why_not(item, account, rules, now) is None) is permitted


@settings(max_examples=200, deadline=None)
@given(PAGES)
def test_a_number_is_wanting_where_the_planner_says_so(page: Page) -> None:
    """There is a number to dial exactly where the planner sees one; and it is none where others answer."""
    rules, account, item, now = page
    number = number_of(item, account.customer)
    told = why_not(item, account, rules, now)
    assert number is None or told is not Why.NO_NUMBER
    if planned(item, account, rules, now).obstacle is Obstacle.NO_NUMBER:
        assert number is None
    uses = {each.number: each.use for each in account.customer.numbers}
    assert number is None or uses.get(number, NumberUse.OWN) is NumberUse.OWN
