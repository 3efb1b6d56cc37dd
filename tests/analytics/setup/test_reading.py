"""Tests of analytics.setup.reading: what was seen is counted alike by both databases."""

from __future__ import annotations

from sqlalchemy import Engine

from analytics.setup.reading import load_sightings
from analytics.setup.sightings import QUARTER_US, Membership
from telephony.calls.facts import Direction, Disposition, OfferingOutcome, OfferingSource, State
from telephony.clock import to_microseconds
from tests.analytics.factory import START, at, call, offering, state, talk, visit
from tests.analytics.stored import store_facts
from tests.analytics.test_captures import CAPTURES, facts_of

HOUR = 3600


def test_calls_are_counted_by_number_queue_and_device(store: Engine) -> None:
    """Inbound calls by dialled number, visits by queue, devices by ringing and talking; the end is outside."""
    store_facts(
        store,
        [
            call("pbx/1.1", start=0, answered=10, end=60),
            call("pbx/1.2", start=60, end=90, disposition=Disposition.ABANDONED),
            call("pbx/1.3", start=120, end=150, direction=Direction.OUTBOUND, did="95588"),
            call("pbx/1.4", start=HOUR, answered=HOUR + 5, end=HOUR + 9),
            visit("pbx/1.1", joined=1, left=10),
            offering("pbx/1.1", ring=2, end=10, outcome=OfferingOutcome.ANSWERED),
            talk("pbx/1.1", start=10, end=60),
            state(State.LOGGED_IN, queue="help"),
        ],
    )
    begin = to_microseconds(START)
    with store.connect() as connection:
        seen = load_sightings(connection, begin, begin + HOUR * 1_000_000)
    assert seen.calls == 3
    assert [(each.name, each.times, each.first_us - begin, each.last_us - begin) for each in seen.dialled] == [
        ("4001234567", 2, 0, 60_000_000)
    ]
    assert [each.times for each in seen.queues] == [1]
    assert sorted(each.seen.first_us - begin for each in seen.devices) == [2_000_000, 10_000_000]
    assert seen.answered == ((to_microseconds(at(10)) // QUARTER_US, 1),)
    assert {each.queue: each.times for each in seen.memberships}["help"] == 0


def test_an_agents_own_calls_make_no_member(store: Engine) -> None:
    """A call that rang a desk directly is no membership of a queue."""
    store_facts(store, [call(), offering(ring=2, source=OfferingSource.DIRECT, queue=None)])
    begin = to_microseconds(START)
    with store.connect() as connection:
        seen = load_sightings(connection, begin, begin + 10_000_000)
    assert seen.memberships == ()
    assert len(seen.devices) == 1


def test_a_real_stream_is_seen(store: Engine) -> None:
    """The queues, members and lines of a captured PBX are those of its configuration."""
    store_facts(store, facts_of(CAPTURES[1]))
    with store.connect() as connection:
        seen = load_sightings(connection, 0, 2**60)
    assert {each.name for each in seen.queues} == {"support", "priority", "dynamic", "sales"}
    assert Membership(agent="1004", queue="sales", times=2) in seen.memberships
    assert {each.member_name for each in seen.devices} >= {"Alice Adams", "Bob Brown"}
    assert sum(each.times for each in seen.dialled) <= seen.calls
