"""Callbacks owed: of missed calls and promises alone, overdue and due soon at their edges, by whom a look sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from config.policy_loader import load_policy
from schedulers.followups.records import FollowUp
from schedulers.storage.writing import write
from service.auth.rights import Seen
from service.dashboard.board import Callbacks
from service.dashboard.look import WHOLE, Look
from service.live.callbacks import SOON, OwedCallbacks, callback_kinds
from tests.schedulers.storage.stories import START, born, decision, done, follow_up

NOW = START + timedelta(hours=5)
POLICY = load_policy("default")


def due(number: int, after: timedelta, kind: str = "missed_call", **more: object) -> FollowUp:
    """One that is due so long after now."""
    return follow_up(number, kind=kind, due_at=NOW + after, promised_at=NOW + after, **more)


@pytest.fixture
def callbacks(store: Engine) -> OwedCallbacks:
    """A store with some callbacks, and what is none of them."""
    tick = timedelta(microseconds=1)
    told = [
        due(1, -tick),
        due(2, timedelta()),
        due(3, SOON, kind="promised_callback", owner="1002", group="sales"),
        due(4, SOON + tick),
        due(5, -tick, kind="outreach"),
        due(6, -tick, open_at=NOW + tick),
    ]
    finished = due(7, -tick)
    with store.begin() as connection:
        write(connection, [decision(born(each)) for each in told])
        write(connection, [decision(born(finished), done(finished, NOW))])
    found = OwedCallbacks(store, lambda: POLICY)
    assert found.of(WHOLE) is None
    found.refresh(NOW)
    return found


def test_the_kinds_are_those_that_arise_of_missed_calls_and_promises() -> None:
    """Whatever they are called in a policy."""
    assert callback_kinds(POLICY) == ("missed_call", "promised_callback")


def test_the_due_instant_itself_is_in_time(callbacks: OwedCallbacks) -> None:
    """A microsecond later it is overdue; half an hour ahead is soon, equality included; what is not open yet waits."""
    assert callbacks.of(WHOLE) == Callbacks(open=4, overdue=1, soon=2)


def test_a_leader_sees_what_his_people_owe(callbacks: OwedCallbacks) -> None:
    """By owner where sight is bounded, by group where one is chosen; queues choose nothing here."""
    hers = Look(seen=Seen(agents=frozenset({"1002"})))
    assert callbacks.of(hers) == Callbacks(open=1, overdue=0, soon=1)
    assert callbacks.of(Look(groups=frozenset({"service"}))) == Callbacks(open=3, overdue=1, soon=1)
    assert callbacks.of(Look(queues=frozenset({"x"}))) == callbacks.of(WHOLE)
