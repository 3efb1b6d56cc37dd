"""A customer's page is read whole, in as many statements for many as for one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, Engine

from config.followups import Result
from schedulers.customers.records import Customer
from schedulers.followups.account import Account, Contact, Decision, Said
from schedulers.followups.records import What
from schedulers.storage.accounts import load_accounts
from schedulers.storage.hearing import (
    about_number,
    customers_to_wake,
    write_answers,
)
from schedulers.storage.story import load_story
from schedulers.storage.writing import write
from tests.analytics.storage.plans import statements
from tests.schedulers.storage.stories import (
    HOUR,
    START,
    attempted,
    born,
    changed,
    closed,
    decision,
    done,
    follow_up,
)

NOW = START + timedelta(days=2)


def customers(connection: Connection, ids: Collection[str]) -> dict[str, Customer]:
    """Everybody but C999999 is known."""
    return {id_: Customer(id=id_) for id_ in ids if id_ != "C999999"}


def account(store: Engine, customer: str = "C000001", **more: Collection[str]) -> Account:
    """One account."""
    with store.connect() as connection:
        return load_accounts(connection, [customer], NOW, customers, **more)[customer]


def test_an_account_has_what_is_open_with_its_attempts_and_all_recent_contacts(store: Engine) -> None:
    """What is over is left out, unless it is asked for; another customer's things never come along."""
    first, second, other = follow_up(1), follow_up(2, customer="C000001", due_at=START + HOUR), follow_up(3)
    tried = attempted(first, START + HOUR)
    over = attempted(second, START + 2 * HOUR)
    ended = closed(over.after, START + 3 * HOUR)
    with store.begin() as connection:
        write(connection, [decision(born(first), born(second), born(other), tried, over, ended)])
        old, talk = START - timedelta(days=29), START + 5 * HOUR
        whose = ("C000001", talk), ("C000001", talk), ("C000001", old), ("C000003", talk)
        write(connection, [Decision(contacts=tuple(Contact(customer=who, at=when) for who, when in whose))])
    found = account(store)
    assert found.customer == Customer(id="C000001")
    assert found.open == (tried.after,)
    assert found.attempts == (tried.attempt,)
    assert found.contacts == (START + HOUR, START + 2 * HOUR, talk)
    assert found.ended == ()
    assert account(store, with_ended=[second.id, first.id]) == replace(
        found, ended=(ended.after,), attempts=(tried.attempt, over.attempt)
    )


def test_what_is_open_comes_by_due_time(store: Engine) -> None:
    """It is the order of work, on whichever database."""
    told = [follow_up(n, customer="C000001", due_at=START + due * HOUR) for n, due in ((1, 9), (2, 3), (3, 5))]
    with store.begin() as connection:
        write(connection, [decision(*map(born, told))])
    assert [each.id for each in account(store).open] == [told[1].id, told[2].id, told[0].id]


def test_who_is_not_known_has_no_account(store: Engine) -> None:
    """The caller learns of it by the missing key."""
    with store.connect() as connection:
        assert load_accounts(connection, ["C999999"], NOW, customers) == {}


def test_many_accounts_take_no_more_statements_than_one(store: Engine) -> None:
    """A tick of 5,000 customers asks as often as one of one."""
    told = [follow_up(number) for number in range(300)]
    with store.begin() as connection:
        write(connection, [decision(born(each), attempted(each, START + HOUR)) for each in told])
    counts = []
    for some in (told[:1], told):
        with store.connect() as connection, statements(store) as sent:
            found = load_accounts(connection, [each.customer for each in some], NOW, customers)
        counts.append(len(sent))
        assert [len(each.open) for each in found.values()] == [1] * len(some)
    assert counts == [3, 3]


def test_customers_are_woken_when_their_time_has_come(store: Engine) -> None:
    """Each once, the longest waiting first; what is over wakes nobody."""
    told = [
        follow_up(1, wake_at=START + 3 * HOUR),
        follow_up(2, wake_at=START + HOUR),
        follow_up(3, wake_at=START + 2 * HOUR, customer="C000002"),
        follow_up(4, wake_at=START),
        follow_up(5, wake_at=START + 4 * HOUR),
    ]
    with store.begin() as connection:
        write(connection, [decision(*map(born, told), done(told[3], START))])
        assert customers_to_wake(connection, START + 3 * HOUR) == ("C000002", "C000001")


def test_a_missed_number_finds_its_open_callback_and_that_of_the_day(store: Engine) -> None:
    """So that a caller who tries ten times is called back once."""
    day = START - timedelta(days=1)
    about = {"kind": "callback", "number": "+861"}
    today, old, over = (
        replace(follow_up(n, kind="callback", born_at=at), number="+861")
        for n, at in ((1, START), (2, day), (3, day))
    )
    with store.begin() as connection:
        write(connection, [decision(born(today), done(today, START), born(old), born(over), done(over, START))])
        assert about_number(connection, about["kind"], about["number"], START) == (old.id, today.id)
        assert about_number(connection, "complaint", "+861", START) == ()


def test_the_story_of_a_follow_up_has_every_change_try_and_answer(store: Engine) -> None:
    """What was told to whom can be read from the first line to the last."""
    told = follow_up()
    tried = attempted(told, START + HOUR, Result.BUSY)
    handed = replace(
        changed(tried.after, What.HANDED_OVER, START + HOUR, owner="1002"), before_owner="1001", note="leave"
    )
    said = Said(
        key="outcome-1", at=START + 2 * HOUR, by="1002", follow_ups=(told.id,), result=Result.TALKED,
        answers=(("attitude", 5), ("else", "没有")),
    )  # fmt: skip
    with store.begin() as connection:
        write(connection, [decision(born(told), tried, handed)])
        write_answers(connection, said)
        write_answers(connection, said)
        story = load_story(connection, told.id)
        assert load_story(connection, "none") is None
    assert story is not None
    assert story.follow_up == handed.after
    assert [(each.what, each.owner, each.before_owner, each.note) for each in story.lines] == [
        (What.BORN, "1001", None, ""),
        (What.ATTEMPTED, "1001", None, ""),
        (What.HANDED_OVER, "1002", "1001", "leave"),
    ]
    assert [each.until for each in story.lines] == [START + HOUR, START + HOUR, None]
    assert story.attempts == (tried.attempt,)
    assert [(each.question, each.answer, each.by) for each in story.answers] == [
        ("attitude", 5, "1002"),
        ("else", "没有", "1002"),
    ]
