"""Campaigns at the desk: whose list, whom it would call, what agents do, who is refused, and what a person settles."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from config.followups import Result
from schedulers.campaigns.changes import CampaignChange, Turn
from schedulers.campaigns.records import CampaignState, DialMode, Evidence, Phase, Why
from schedulers.errors import RefusedError, StaleError
from schedulers.storage import campaigns as stored
from schedulers.storage.customer_query import CustomerQuery, Order
from schedulers.storage.dial_asking import SKIPPED_FOR
from schedulers.storage.dial_attempts import Ending, settle
from schedulers.storage.dial_reading import load_attempts
from service.desk import campaign_lists, campaign_making, campaigns, previewing
from service.desk.campaign_making import Wish
from service.desk.campaign_outlook import contacts_page, outlook
from service.desk.campaigns import ran
from service.desk.clicking import Click, call
from service.desk.desk import Desk
from service.desk.settling import settle_by_person
from tests.service.desk.calling import FORBIDDEN, NOW, NUMBERS, SILENT, by, desk_of, furnish, outreach


@pytest.fixture
def desk(store: Engine) -> Desk:
    """The members' centre."""
    furnish(store)
    return desk_of(store)


def test_a_list_makes_what_is_owed_and_says_who_is_left_out(desk: Desk) -> None:
    """Without consent or against his wish nothing arises; the same list again adds nobody."""
    made = outreach(desk, running=False)
    again = campaign_making.add_customers(desk, made.id, tuple(NUMBERS), by())
    assert (again.new, again.known) == (0, 2)
    assert again.left_out == {SILENT: "no_consent", FORBIDDEN: "do_not_call"}
    rules = desk.rules
    with desk.engine.connect() as connection:
        found = outlook(connection, again.campaign, rules, NOW)
        assert (found.contacts, found.ready, found.why_not) == (2, 2, {})
        night = outlook(connection, again.campaign, rules, NOW + timedelta(hours=12))
        assert night.why_not == {Why.WINDOW: 2}
        assert night.next_at is not None
        page, following = contacts_page(connection, again.campaign, rules, NOW, limit=1)
        rest, end = contacts_page(connection, again.campaign, rules, NOW, after=following or "", limit=1)
    assert {each.number for each in (*page, *rest)} == {NUMBERS["M-1"], NUMBERS["M-2"]}
    assert end is None


def test_customers_are_chosen_by_what_is_known_of_them(desk: Desk) -> None:
    """By tier, in an order, so many; numbers and ids name them as well, and nobody's is refused."""
    assert campaign_lists.of_query(desk, CustomerQuery(tier="gold", order=Order.LAST_CONTACT)) == ("M-1", "M-2")
    assert campaign_lists.of_query(desk, CustomerQuery(quiet_since=NOW, order=Order.SPEND, limit=1)) == ("M-1",)
    assert campaign_lists.of_names(desk, ["13800138002", "M-1", "M-2"]) == ("M-2", "M-1")
    with pytest.raises(RefusedError, match="'13900139000', expected a customer's id"):
        campaign_lists.of_names(desk, ["13900139000"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kinds": ("nothing",)}, "kinds: found 'nothing', expected one of"),
        (
            {"mode": DialMode.PROGRESSIVE, "kinds": ("transaction_revisit",), "listed": False},
            "mode: found progressive",
        ),
        ({"pbx": "other"}, "campaign: pbx: found 'other', expected one of main"),
        ({"trunk": "other"}, "campaign: trunk: found 'other', expected one of telecom"),
        ({"deadline_at": NOW}, "deadline: found 2026-11-27T02:30:00"),
        ({"agents": ("9999",)}, "agents: found '9999', expected an agent who works here"),
    ],
)
def test_what_cannot_be_a_campaign_is_refused_in_a_line(
    desk: Desk, changes: dict[str, object], message: str
) -> None:
    """Nothing is made of it."""
    plain: dict[str, object] = {
        "name": "N",
        "mode": DialMode.PREVIEW,
        "kinds": ("outreach",),
        "listed": True,
        "by": "1",
    }
    with pytest.raises(RefusedError, match=message):
        campaign_making.create(desk, Wish(**{**plain, **changes}), NOW)  # type: ignore[arg-type]
    with desk.engine.connect() as connection:
        assert campaigns.listed(connection) == ()


def test_an_agent_looks_at_a_record_and_dials_or_leaves_it(desk: Desk) -> None:
    """One record at a time; what he left rests, and nobody takes another's."""
    made = outreach(desk)
    first = previewing.next_record(desk, "1002", NOW)
    assert first is not None
    assert previewing.next_record(desk, "1002", NOW) == first
    other = previewing.next_record(desk, "1003", NOW)
    assert other is not None
    assert other.customer != first.customer
    with pytest.raises(RefusedError, match="none of this agent's"):
        previewing.dial(desk, first.id, "1003", NOW)
    left = previewing.skip(desk, first.id, "1002", "要先查积分", NOW)
    assert (left.phase, left.why, left.note) == (Phase.DROPPED, Why.SKIPPED, "要先查积分")
    assert previewing.next_record(desk, "1002", NOW) is None
    assert previewing.next_record(desk, "1002", NOW + SKIPPED_FOR) is not None
    assert previewing.dial(desk, other.id, "1003", NOW).dial_at == NOW
    campaigns.turn(desk, made.id, Turn.PAUSED, by())
    assert previewing.next_record(desk, "1001", NOW) is None


def test_an_agents_next_record_is_of_the_list_whatever_made_it(desk: Desk) -> None:
    """What another campaign's list made is on this one's too once it is added, and nothing that is not."""
    theirs, mine = outreach(desk, running=False), outreach(desk, "M-1", running=False)
    with desk.engine.connect() as connection:
        found, _ = contacts_page(connection, theirs, desk.rules, NOW)
    (added,) = (each.follow_up for each in found if each.follow_up.customer == "M-2")
    with desk.engine.begin() as connection:
        stored.add_members(connection, mine, [added.id], by())
    campaigns.turn(desk, mine.id, Turn.STARTED, by())
    looked = {
        each.customer: each for agent in ("1002", "1003") if (each := previewing.next_record(desk, agent, NOW))
    }
    assert {each.campaign for each in looked.values()} == {mine.id}
    assert looked["M-2"].follow_ups == (added.id,)
    assert len(looked["M-1"].follow_ups) == 1
    assert previewing.next_record(desk, "1001", NOW) is None


def test_a_click_calls_whom_it_may_and_says_why_not(desk: Desk) -> None:
    """By number, customer or follow-up; who wished not to be called is not, and a second call to one is none."""
    made = call(desk, Click(agent="1002", by="1002", number="13800138001"), NOW)
    assert (made.customer, made.mode, made.device, made.dial_at) == ("M-1", DialMode.CLICK, "PJSIP/1002", NOW)
    stranger = call(desk, Click(agent="1003", by="1003", number="075512345678"), NOW)
    assert (stranger.customer, stranger.number) == ("tel:+8675512345678", "+8675512345678")
    for click, message in (
        (Click(agent="1001", by="1001", customer=FORBIDDEN), "do_not_call: asked for it"),
        (Click(agent="1001", by="1001", number=NUMBERS[FORBIDDEN]), "do_not_call"),
        (Click(agent="1001", by="1001", customer="M-1"), "alive: this customer"),
        (Click(agent="1001", by="1001", follow_up="none"), "follow-up: found 'none'"),
        (Click(agent="7777", by="7777", customer="M-2"), "agent: found '7777'"),
        (Click(agent="1001", by="1001"), "found 0 of number, customer and follow-up"),
    ):
        with pytest.raises(RefusedError, match=message):
            call(desk, click, NOW)


def test_whose_end_nobody_knows_is_settled_by_a_person_once(desk: Desk) -> None:
    """It counts as what he says; a talk is no such thing, and what is settled stays."""
    outreach(desk)
    found = previewing.next_record(desk, "1002", NOW)
    assert found is not None
    _lose(desk, found.id)
    with pytest.raises(RefusedError, match="a talk is recorded as an outcome"):
        settle_by_person(desk, found.id, Result.TALKED, "1001", NOW)
    settled = settle_by_person(desk, found.id, Result.BUSY, "1001", NOW, "客户说占线")
    assert (settled.phase, settled.evidence, settled.result) == (Phase.NOT_ANSWERED, Evidence.PERSON, Result.BUSY)
    rules = desk.rules
    with desk.engine.connect() as connection:
        page, _ = contacts_page(connection, stored.require(connection, 1), rules, NOW)
    assert [each.follow_up.counted for each in page if each.follow_up.id in found.follow_ups] == [1]
    with pytest.raises(RefusedError, match="found one that is not_answered"):
        settle_by_person(desk, found.id, Result.FAILED, "1001", NOW)


def _lose(desk: Desk, attempt: int) -> None:
    """It was committed, and nothing was heard of it: as its scheduler would write it."""
    from schedulers.storage.campaign_models import dial_attempts

    with desk.engine.begin() as connection:
        committed = dial_attempts.update().where(dial_attempts.c.id == attempt)
        connection.execute(committed.values(phase="committed", committed_us=1))
        (found,) = load_attempts(connection, [attempt])
        assert settle(connection, found, Ending(phase=Phase.INDETERMINATE, at=NOW, evidence=Evidence.LATE))


def test_a_campaign_is_changed_upon_what_was_seen_of_it(desk: Desk) -> None:
    """A newer revision refuses an older view; each turn is a line of its story, and what cannot be is refused."""
    made = outreach(desk, "M-1")
    changed = campaign_making.change(desk, made.id, {"priority": 5}, by(), made.revision)
    assert changed.priority == 5
    with pytest.raises(StaleError):
        campaign_making.change(desk, made.id, {"priority": 6}, by(), made.revision)
    assert campaigns.resume_anyway(desk, made.id, by()).state is CampaignState.RUNNING
    campaigns.turn(desk, made.id, Turn.STOPPED, by())
    with pytest.raises(RefusedError, match="found one that is stopped"):
        campaigns.resume_anyway(desk, made.id, by())
    with desk.engine.connect() as connection:
        found = campaigns.standing(connection, made.id, desk.rules, NOW)
        answered_for = stored.answered_for(connection)
    assert found is not None
    assert [line.what for line in found.story] == [
        Turn.MADE, Turn.MEMBERS, Turn.STARTED, Turn.CHANGED, Turn.ANYWAY, Turn.STOPPED,
    ]  # fmt: skip
    assert answered_for == {"main": NOW}
    contacts = found.progress.contacts
    assert (contacts.all, contacts.waiting, found.forecast.remaining, found.forecast.finish_at) == (1, 1, 1, None)


def test_when_it_ran_is_told_by_its_story() -> None:
    """From each start to the next rest; a running one until now."""

    def line(minutes: int, what: Turn) -> CampaignChange:
        return CampaignChange(campaign=1, revision=minutes, at=NOW + timedelta(minutes=minutes), by="1", what=what)

    told = [line(0, Turn.MADE), line(1, Turn.STARTED), line(3, Turn.PAUSED), line(5, Turn.RESUMED)]
    spans = ran(told, NOW + timedelta(minutes=9))
    assert [(start - NOW, end - NOW) for start, end in spans] == [
        (timedelta(minutes=1), timedelta(minutes=3)),
        (timedelta(minutes=5), timedelta(minutes=9)),
    ]
