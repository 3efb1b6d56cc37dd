"""The keeper over a real store: calls that were heard become attempts, callbacks and talks that wait for a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text, update

from analytics.storage.models import calls, talks
from config.followups import Result
from schedulers.book import Book
from schedulers.customers.records import Birthday, Customer, DoNotCall, Number, NumberUse
from schedulers.followups.records import FollowUp, State
from schedulers.keeper import Keeper
from schedulers.storage.accounts import load_follow_ups
from schedulers.storage.customer_writing import Origin, Write, merge
from schedulers.storage.customer_writing import write as write_customers
from schedulers.storage.customers import count, load
from schedulers.storage.followup_models import follow_up_triggers, follow_ups
from schedulers.storage.marks import mark, set_mark
from service.migrations import upgrade
from telephony.clock import to_microseconds
from tests.schedulers.followups.worlds import at, customer, happened, people, policy_of, rules_of, said

KINDS = """
[[version.followup]]
kind = "missed"
name_zh = "未接来电"
name_en = "Missed call"
trigger = "missed_call"
due = "30 open minutes"
one_open = "number"
owner = "group"
group = "service"
anyone = true
inbound = true
[[version.followup]]
kind = "care"
name_zh = "关怀"
name_en = "Care"
trigger = "event:report"
due = "2 days"
repeat = ["3 months"]
group = "service"
anyone = true
[[version.followup]]
kind = "birthday"
name_zh = "生日"
name_en = "Birthday"
trigger = "birthday"
due = "on the day"
group = "service"
[[version.followup]]
kind = "quarter"
name_zh = "季度访问"
name_en = "Quarterly call"
trigger = "period:quarter"
due = "in the period"
who = { sort = ["dealer"] }
group = "service"
"""


@pytest.fixture
def keeper(store: Engine, tmp_path: Path) -> Keeper:
    """A keeper of a centre with three kinds, and one customer, who is new to it."""
    book = Book(engine=store, rules=rules_of(policy_of(tmp_path, KINDS)))
    register(store, customer(birthday=Birthday(month=11, day=5)))
    return Keeper(book=book, country="CN")


def register(store: Engine, who: Customer) -> None:
    """As an import does."""
    with store.begin() as connection:
        origin = Origin(by="test", at=at("2026-11-01 09:00"))
        write_customers(connection, [Write(before=None, after=who, origin=origin)])


def heard(
    store: Engine,
    when: str,
    *,
    inbound: bool,
    talk_seconds: int = 0,
    number: str = "13800138000",
    **other: object,
) -> str:
    """A call in the facts, as the tracker stores it."""
    began = to_microseconds(at(when))
    id_ = f"pbx/{began}"
    ended = began + max(talk_seconds, 20) * 1_000_000
    row = {
        "id": id_,
        "revision": 1,
        "at_us": ended,
        "pbx": "pbx",
        "linkedid": id_,
        "known": "observed",
        "direction": "inbound" if inbound else "outbound",
        "customer": number,
        "customer_withheld": False,
        "started_us": began,
        "answered_us": began + 1 if talk_seconds else None,
        "ended_us": ended,
        "disposition": "answered" if talk_seconds else "abandoned" if inbound else "no_answer",
    }
    talk = {
        "id": f"{id_}-t",
        "revision": 1,
        "at_us": ended,
        "call_id": id_,
        "interface": "PJSIP/1001",
        "device": "PJSIP/1001",
        "agent": "1001",
        "kind": "customer",
        "started_us": began + 1,
        "ended_us": ended,
        "others": "[]",
        "hold_known": True,
    }
    with store.begin() as connection:
        connection.execute(calls.insert().values(**row | other))
        if talk_seconds:
            connection.execute(talks.insert().values(**talk))
    return id_


def stored(store: Engine, kind: str) -> list[FollowUp]:
    """The follow-ups of a kind, by birth."""
    with store.connect() as connection:
        ids = connection.execute(select(follow_ups.c.id).where(follow_ups.c.kind == kind)).scalars().all()
        return sorted(load_follow_ups(connection, ids).values(), key=lambda each: each.born_at)


def test_a_missed_caller_is_owed_a_callback_and_getting_through_closes_it(store: Engine, keeper: Keeper) -> None:
    """Two missed calls are one callback; the call that is answered fulfils it; ticks in between change nothing."""
    heard(store, "2026-11-02 10:00", inbound=True)
    heard(store, "2026-11-02 10:05", inbound=True)
    keeper.tick(at("2026-11-02 10:06"))
    (owed,) = stored(store, "missed")
    assert (owed.state, owed.number, owed.customer) == (State.OPEN, "+8613800138000", "C-1")
    assert keeper.tick(at("2026-11-02 10:07")) == 0
    call = heard(store, "2026-11-02 10:10", inbound=True, talk_seconds=60)
    keeper.tick(at("2026-11-02 10:12"))
    (owed,) = stored(store, "missed")
    assert (owed.state, owed.call, owed.is_late) == (State.DONE, call, False)


def test_a_missed_caller_of_no_register_is_known_by_his_number(store: Engine, keeper: Keeper) -> None:
    """The callback is owed to `tel:` and the number; he is enrolled in nothing."""
    heard(store, "2026-11-02 10:00", inbound=True, number="13900139000")
    keeper.tick(at("2026-11-02 10:06"))
    (owed,) = stored(store, "missed")
    assert owed.customer == "tel:+8613900139000"
    assert [each.customer for each in stored(store, "birthday")] == []


def test_a_corrected_call_is_heard_again_and_the_same_revision_is_not(store: Engine, keeper: Keeper) -> None:
    """The stream knew no talk; the PBX's log did: the callback that was owed is closed by it."""
    call = heard(store, "2026-11-02 10:00", inbound=True)
    keeper.tick(at("2026-11-02 10:06"))
    assert keeper.book.hear(at("2026-11-02 00:00"), "CN") == ((), 0)
    with store.begin() as connection:
        connection.execute(calls.update().where(calls.c.id == call).values(revision=2))
    assert keeper.book.hear(at("2026-11-02 00:00"), "CN") == ((), 1)


def test_who_cannot_be_called_back_is_counted_and_nobody_is_registered(store: Engine, keeper: Keeper) -> None:
    """A switchboard of a customer, and a second miss after the day's callback was done: both are on record."""
    shared = Number(number="+8613700137000", written="13700137000", use=NumberUse.SHARED)
    register(store, replace(customer(), id="C-3", numbers=(shared,)))
    heard(store, "2026-11-02 09:00", inbound=True, number="13700137000")
    heard(store, "2026-11-02 10:00", inbound=True)
    heard(store, "2026-11-02 10:10", inbound=True, talk_seconds=60)
    keeper.tick(at("2026-11-02 10:12"))
    heard(store, "2026-11-02 15:00", inbound=True)
    keeper.tick(at("2026-11-02 15:01"))
    assert [each.state for each in stored(store, "missed")] == [State.DONE]
    with store.connect() as connection:
        whys = connection.execute(select(follow_up_triggers.c.why).where(follow_up_triggers.c.kind == "missed"))
        assert sorted(filter(None, whys.scalars())) == ["once_a_day", "shared"]
        assert count(connection) == 2


def test_a_trigger_that_arrives_ten_times_makes_one_and_its_series_recurs(store: Engine, keeper: Keeper) -> None:
    """The report is received once; three months later the next care call arises, by itself."""
    report = happened("event:report", "2026-11-02 10:00", key="report-1")
    for _ in range(10):
        keeper.book.happened([("C-1", report)])
    keeper.tick(at("2026-11-02 10:06"))
    assert [each.occurrence for each in stored(store, "care")] == [0]
    keeper.tick(at("2027-02-02 10:00"))
    assert [each.occurrence for each in stored(store, "care")] == [0, 1]
    with store.connect() as connection:
        whys = connection.execute(select(follow_up_triggers.c.why).where(follow_up_triggers.c.kind == "care"))
        assert list(whys.scalars()) == [None, None]


def test_a_talk_waits_for_the_agents_word_and_then_is_done(store: Engine, keeper: Keeper) -> None:
    """The PBX shows the talk, the agent says reached: both together fulfil, with the call as proof."""
    keeper.book.happened([("C-1", happened("event:report", "2026-11-02 10:00"))])
    call = heard(store, "2026-11-02 14:00", inbound=False, talk_seconds=60)
    keeper.tick(at("2026-11-02 14:02"))
    (owed,) = stored(store, "care")
    assert (owed.state, owed.reached_call) == (State.OPEN, call)
    keeper.book.say("C-1", said("2026-11-02 14:03", owed, Result.TALKED))
    (owed,) = stored(store, "care")
    assert (owed.state, owed.call) == (State.DONE, call)


def test_a_birthday_arises_on_its_day_and_what_passes_is_overdue(store: Engine, keeper: Keeper) -> None:
    """A customer who was imported is enrolled; the day after, the greeting that nobody made is overdue."""
    keeper.tick(at("2026-11-02 10:00"))
    assert stored(store, "birthday") == []
    keeper.tick(at("2026-11-05 08:00"))
    (owed,) = stored(store, "birthday")
    assert owed.is_open
    keeper.tick(at("2026-11-06 00:00"))
    (owed,) = stored(store, "birthday")
    assert owed.overdue_told


def test_what_belongs_to_a_leaver_is_handed_over_the_same_day(store: Engine, keeper: Keeper) -> None:
    """His leader or his group has it, and nothing open belongs to him."""
    keeper.book.happened([("C-1", happened("event:report", "2026-11-02 10:00"))])
    keeper.tick(at("2026-11-02 10:01"))
    (before,) = stored(store, "care")
    gone = at("2026-11-03 00:00").date()
    rules = rules_of(keeper.book.rules.policy, people(left={before.owner: gone}))
    later = Keeper(book=replace(keeper.book, rules=rules), country="CN")
    later.tick(at("2026-11-03 09:00"))
    (after,) = stored(store, "care")
    assert after.owner != before.owner
    assert rules.staff.works_here(after.owner, at("2026-11-03 09:00"))


def test_a_call_heard_of_late_is_owed_no_callback_once_he_asked_for_none(store: Engine, keeper: Keeper) -> None:
    """He called at ten, asked at five past not to be called, and the call is told after that."""
    keeper.tick(at("2026-11-02 10:06"))
    asked = DoNotCall(reason="asked", since=at("2026-11-02 10:05"))
    with store.begin() as connection:
        before = load(connection, ["C-1"])["C-1"]
        origin = Origin(by="test", at=at("2026-11-02 10:05"))
        write_customers(connection, [Write(before=before, after=replace(before, do_not_call=asked), origin=origin)])
    keeper.tick(at("2026-11-02 10:07"))
    heard(store, "2026-11-02 10:00", inbound=True)
    keeper.tick(at("2026-11-02 10:08"))
    (owed,) = stored(store, "missed")
    assert (owed.state, owed.reason) == (State.CLOSED, "do_not_call")


def leaving(store: Engine, day: str) -> None:
    """A dealer who is to be called each quarter, and is known to leave on a day."""
    register(store, replace(customer(sort="dealer", until=date.fromisoformat(day)), id="C-3", numbers=()))


def test_a_member_who_leaves_today_is_owed_no_more_of_it(store: Engine, keeper: Keeper) -> None:
    """His last day was said long before: nothing else tells the keeper on that midnight."""
    leaving(store, "2027-01-06")
    keeper.tick(at("2026-12-20 08:00"))
    keeper.tick(at("2027-01-05 23:59"))
    assert {each.state for each in stored(store, "quarter")} == {State.OPEN}
    keeper.tick(at("2027-01-06 00:00"))
    assert {each.reason for each in stored(store, "quarter")} == {"customer_left"}


def test_what_an_earlier_version_planned_is_looked_at_once(store: Engine, keeper: Keeper) -> None:
    """It knew of due times alone; after the migration it knows the day on which he leaves, and is told so once."""
    leaving(store, "2027-01-06")
    keeper.tick(at("2026-12-20 08:00"))
    keeper.tick(at("2027-01-02 08:00"))
    with store.begin() as connection:
        connection.execute(update(follow_ups).values(wake_us=follow_ups.c.due_us))
        connection.execute(text("UPDATE alembic_version SET version_num = '0021'"))
    upgrade(store)
    assert keeper.tick(at("2027-01-02 08:01")) == len(stored(store, "quarter"))
    assert keeper.tick(at("2027-01-02 08:02")) == 0
    assert {each.wake_at for each in stored(store, "quarter")} == {at("2027-01-06 00:00")}


def test_a_tick_is_cut_off_anywhere_and_done_again(store: Engine, keeper: Keeper) -> None:
    """Stopped after each single transaction and begun anew, it comes to the same as in one go."""
    heard(store, "2026-11-02 10:00", inbound=True)
    keeper.book.happened([("C-1", happened("event:report", "2026-11-02 10:00"))])
    now = at("2026-11-05 08:00")
    for _ in range(20):
        Keeper(book=keeper.book, country="CN").tick(now, stopping=lambda: True)
    keeper.tick(now)
    found = {kind: len(stored(store, kind)) for kind in ("missed", "care", "birthday")}
    assert found == {"missed": 1, "care": 1, "birthday": 1}
    assert keeper.tick(now + timedelta(seconds=1)) == 0


def test_what_is_owed_to_a_merged_customer_is_owed_to_the_other(store: Engine, keeper: Keeper) -> None:
    """Items, further occurrences and contacts go with him; his birthday is not owed twice."""
    register(store, replace(customer(birthday=Birthday(month=11, day=5)), id="C-2", numbers=()))
    keeper.book.happened([("C-1", happened("event:report", "2026-11-02 10:00"))])
    keeper.tick(at("2026-11-02 10:01"))
    with store.begin() as connection:
        merge(connection, "C-1", "C-2", Origin(by="test", at=at("2026-11-02 11:00")))
    keeper.tick(at("2026-11-05 08:00"))
    keeper.tick(at("2027-02-02 10:00"))
    assert {each.customer for kind in ("care", "birthday") for each in stored(store, kind)} == {"C-2"}
    assert (len(stored(store, "care")), len(stored(store, "birthday"))) == (2, 1)


def test_a_mark_is_kept(store: Engine) -> None:
    """Set twice it has the second value; never set it is nothing."""
    with store.begin() as connection:
        assert mark(connection, "a") == 0
        set_mark(connection, "a", 3)
        set_mark(connection, "a", 5)
        assert mark(connection, "a") == 5
