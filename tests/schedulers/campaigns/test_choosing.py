"""Why somebody is not dialled: each reason, their order, and which number is dialled for what."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from config.followups import Result
from schedulers.campaigns.choosing import group_candidates, number_of, served, why_not, works
from schedulers.campaigns.records import Why
from schedulers.customers.records import Customer, DoNotCall, Number, NumberUse
from schedulers.followups.account import Account
from schedulers.followups.records import FollowUp, State
from schedulers.followups.rules import Rules
from tests.schedulers.campaigns.worlds import KINDS, campaign
from tests.schedulers.followups.worlds import MOBILE, at, customer, policy_of, rules_of

OFFICE = "+862012345678"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    """The small centre's rules with an offer, a care call and a visit."""
    return rules_of(policy_of(Path(tmp_path_factory.mktemp("policy")), KINDS))


def owed(identity: str = "f-1", kind: str = "offer", **other: object) -> FollowUp:
    """Something owed since August."""
    plain: dict[str, object] = {
        "id": identity, "kind": kind, "version": None, "customer": "C-1", "key": "campaign:1:C-1", "owner": "1001",
        "group": "service", "born_at": at("2026-08-03 09:00"), "open_at": at("2026-08-03 09:00"),
        "due_at": at("2026-12-01 17:00"), "promised_at": at("2026-12-01 17:00"),
    }  # fmt: skip
    return FollowUp(**plain | other)  # type: ignore[arg-type]


def account(*items: FollowUp, who: Customer | None = None, **other: object) -> Account:
    """The page of a customer who consents, with these open."""
    return Account(customer=who or customer(consent=True), open=items, **other)  # type: ignore[arg-type]


def test_reasons_come_in_their_order(rules: Rules) -> None:
    """Everything forbids a call at once; as one thing after the other is put right, the next reason is told."""
    now = at("2026-10-01 08:10")  # the National Day
    who = customer(
        do_not_call=DoNotCall(reason="asked", since=at("2026-01-01 00:00")),
        numbers=(Number(number=MOBILE, written=MOBILE, use=NumberUse.WRONG),),
    )
    told = owed(
        state=State.DONE, reached_call="p/1", counted=5, open_at=at("2026-12-01 00:00"), tried=Result.NO_ANSWER,
        tried_at=at("2026-12-01 10:00"),
    )  # fmt: skip
    page = account(told, who=who, contacts=(now - MINUTE, now - 2 * MINUTE))
    seen = [why_not(told, page, rules, now)]

    def then(item: FollowUp, on: Account, when: datetime = now) -> None:
        seen.append(why_not(item, on, rules, when))

    then(told := replace(told, state=State.OPEN), page)
    then(told := replace(told, reached_call=None), page)
    then(told, page := replace(page, customer=(who := replace(who, do_not_call=None))))
    then(told, page := replace(page, customer=(who := replace(who, consent=True))))
    then(told, page := replace(page, customer=replace(who, numbers=customer().numbers)))
    then(told := replace(told, counted=4), page)
    then(told, page := replace(page, contacts=page.contacts[:1]))
    then(told := replace(told, open_at=told.born_at), page)
    then(told := replace(told, tried_at=at("2026-09-30 10:00")), page)
    then(told, page, at("2026-10-09 08:10"))
    then(told, page, at("2026-10-09 07:59:59"))
    then(told, page, at("2026-10-09 09:00"))
    assert seen == [
        Why.NOT_OPEN,
        Why.TALKED,
        Why.DO_NOT_CALL,
        Why.NO_CONSENT,
        Why.NO_NUMBER,
        Why.MUST_DECIDE,
        Why.CAP,
        Why.NOT_YET,
        Why.RESTS,
        Why.HOLIDAY,
        Why.QUIET,
        Why.WINDOW,
        None,
    ]
    order = list(Why)
    assert [order.index(each) for each in seen if each] == sorted(order.index(each) for each in seen if each)


def test_do_not_call_a_second_before_is_seen(rules: Rules) -> None:
    """What holds at the very instant of dialling counts, and not a microsecond before it."""
    now = at("2026-11-02 10:00")
    told = owed()
    since = DoNotCall(reason="asked", since=now)
    page = account(told, who=customer(consent=True, do_not_call=since))
    assert why_not(told, page, rules, now - timedelta(microseconds=1)) is None
    assert why_not(told, page, rules, now) is Why.DO_NOT_CALL


def test_nobody_rings_a_customer_who_must_not_be_called_for_a_visit_either(rules: Rules) -> None:
    """A visit may still be made, so it is not closed; a call for it is not placed."""
    told = owed(kind="visit")
    page = account(told, who=customer(do_not_call=DoNotCall(reason="asked", since=at("2026-01-01 00:00"))))
    assert why_not(told, page, rules, at("2026-11-02 10:00")) is Why.DO_NOT_CALL


def test_who_is_no_customer_any_more_is_not_dialled_for_it(tmp_path: Path) -> None:
    """What a customer is owed for being one is as good as closed on the day after he left."""
    rules = rules_of(policy_of(tmp_path, KINDS.replace('"event:report"', '"member"')))
    told = owed(kind="care")
    now = at("2026-11-03 10:00")
    gone = customer(until=now.date())
    assert why_not(told, account(told, who=gone), rules, now) is Why.NOT_OPEN
    assert why_not(told, account(told), rules, now) is None


def test_an_agreed_time_goes_before_windows_and_caps(rules: Rules) -> None:
    """The customer's own wish: not before it, and then at any hour until it was tried."""
    agreed = at("2026-10-01 23:30")
    told = owed(agreed_at=agreed, counted=9)
    page = account(told, contacts=(agreed - MINUTE, agreed - 2 * MINUTE))
    assert why_not(told, page, rules, agreed - MINUTE) is Why.NOT_YET
    assert why_not(told, page, rules, agreed) is None
    tried = replace(told, tried_at=agreed, tried=Result.NO_ANSWER)
    assert why_not(tried, account(tried), rules, agreed + MINUTE) is Why.MUST_DECIDE


@pytest.mark.parametrize(
    ("about", "numbers", "dialled"),
    [
        (None, (MOBILE, OFFICE), MOBILE),
        (OFFICE, (MOBILE, OFFICE), OFFICE),
        ("+8613900139000", (MOBILE,), MOBILE),
        ("+8613900139000", (), "+8613900139000"),
        (None, (), None),
    ],
)
def test_the_number_that_it_is_about_is_dialled_while_it_is_his(
    about: str | None, numbers: tuple[str, ...], dialled: str | None
) -> None:
    """A missed caller is rung where he rang from; a number that he has no more only if he has no other."""
    who = customer(numbers=tuple(Number(number=each, written=each) for each in numbers))
    assert number_of(owed(number=about), who) == dialled


def test_a_number_where_others_answer_is_not_dialled() -> None:
    """A wrong number and a switchboard are none, though the follow-up be about them."""
    for use in (NumberUse.WRONG, NumberUse.SHARED):
        who = customer(numbers=(Number(number=OFFICE, written=OFFICE, use=use),))
        assert number_of(owed(number=OFFICE), who) is None


def test_a_customer_is_one_candidate_with_the_most_pressing_first(rules: Rules) -> None:
    """Agreed, then due first; what may not be dialled now is told with its reason; other kinds are not looked at."""
    now = at("2026-11-02 10:00")
    late = owed("late", due_at=at("2026-12-03 17:00"))
    soon = owed("soon", due_at=at("2026-11-03 17:00"), group="service", owner="1002")
    agreed = owed("agreed", agreed_at=now, owner="1003", due_at=at("2026-12-09 17:00"))
    later = owed("later", agreed_at=now + MINUTE)
    other = owed("other", kind="care")
    found = group_candidates(campaign(), [account(late, later, soon, agreed, other)], rules, now)
    (only,) = found.candidates
    assert only.follow_ups == ("agreed", "soon", "late")
    assert (only.owner, only.agreed_at, only.due_at, only.number) == ("1003", now, agreed.due_at, MOBILE)
    assert only.anyone
    assert found.whys == {"later": Why.NOT_YET}


def test_a_visit_without_a_number_is_no_candidate(rules: Rules) -> None:
    """The planner needs no number for a visit; a call does."""
    told = owed(kind="visit")
    page = account(told, who=customer(numbers=()))
    assert why_not(told, page, rules, at("2026-11-02 10:00")) is None
    found = group_candidates(campaign(kinds=("visit",)), [page], rules, at("2026-11-02 10:00"))
    assert (found.candidates, found.whys) == ((), {"f-1": Why.NO_NUMBER})


def test_a_campaign_works_its_own_kinds_and_groups_only() -> None:
    """Other kinds and other groups' are left alone; the members of a list are found by the store."""
    mine = owed()
    assert works(campaign(), mine)
    assert works(campaign(groups=("service",)), mine)
    assert not works(campaign(groups=("sales",)), mine)
    assert not works(campaign(kinds=("care",)), mine)


def test_a_call_serves_what_its_agent_may_do_and_what_still_stands(rules: Rules) -> None:
    """1002 may do what anyone may, not what is 1001's alone; asked again later, what has ended is gone."""
    now = at("2026-11-02 10:00")
    mine, anyones = owed("mine", kind="care"), owed("anyones")
    page = account(mine, anyones)
    (only,) = group_candidates(campaign(kinds=("care", "offer")), [page], rules, now).candidates
    assert served(only, "1001", page, rules, now) == ("anyones", "mine")
    assert served(only, "1002", page, rules, now) == ("anyones",)
    assert served(only, "1001", account(replace(anyones, reached_call="p/1")), rules, now) == ()
    assert served(only, "1001", account(mine), rules, at("2026-11-02 22:00")) == ()


def test_every_reason_is_documented() -> None:
    """Each reason that may be on record stands in docs/follow-ups.md."""
    told = (Path(__file__).parents[3] / "docs" / "follow-ups.md").read_text(encoding="utf-8")
    assert [each.value for each in Why if f"`{each.value}`" not in told] == []
