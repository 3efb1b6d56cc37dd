"""Values read from the store are those that the same facts give in memory."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from analytics.facts_in_memory import FactsInMemory
from analytics.people.devices import Assignment, DeviceMap
from analytics.people.store import replace_mapping
from analytics.storage.ingest import Position
from analytics.storage.queries import LONGEST_US, StoredFacts, load_position
from analytics.values import Source
from telephony.calls.facts import Fact, OfferingOutcome, State, TransferKind, VisitEnd
from telephony.clock import to_microseconds
from tests.analytics.factory import START, at, call, offering, recording, state, talk, transfer, visit
from tests.analytics.stored import store_facts

MAPPING = [Assignment(interface="PJSIP/1004", agent="wang")]
START_US = to_microseconds(START)


def us(seconds: float) -> int:
    """The instant so many seconds after START, in microseconds."""
    return to_microseconds(at(seconds))


def some_facts() -> list[Fact]:
    """Two calls of which one was merged, one part whose call was never told, and a state."""
    return [
        call(answered=7, end=60),
        visit(joined=1, left=7, ended=VisitEnd.ANSWERED),
        offering(ring=2, end=7, outcome=OfferingOutcome.ANSWERED),
        talk(start=7, end=60, holds=((20, 25), (30, None))),
        call("pbx/2.2", start=30, merged_into="pbx/1.1"),
        offering("pbx/2.2", ring=31, device="PJSIP/1005", end=35, outcome=OfferingOutcome.BUSY),
        talk("pbx/7.7", start=40),
        state(State.WRAP_UP, start=60, end=70),
        state(State.PAUSED, start=60, end=70),
        transfer(at=at(50)),
        transfer(id="pickup", at=at(51), kind=TransferKind.PICKUP),
        recording(),
    ]


CALLS = {"pbx/1.1", "pbx/7.7"}


def everything(source: Source, start_us: int, end_us: int) -> list[object]:
    """All values of a source in a stretch."""
    return [
        list(source.calls(start_us, end_us)),
        list(source.offerings(start_us, end_us)),
        sorted(source.offerings_of(CALLS), key=repr),
        list(source.talks(start_us, end_us)),
        sorted(source.talks_of(CALLS), key=repr),
        list(source.waits(start_us, end_us)),
        sorted(source.waits_of(CALLS), key=repr),
        list(source.handed_on(start_us, end_us)),
        sorted(source.handed_on_of(CALLS), key=repr),
        list(source.states(start_us, end_us, (State.WRAP_UP,))),
    ]


@pytest.mark.parametrize(
    ("start", "end"), [(0, 100), (2, 7), (7, 31), (31, 60), (60, 70), (70, 71), (-10, 0), (50, 50)]
)
def test_the_store_and_the_memory_give_the_same_values(store: Engine, start: float, end: float) -> None:
    """A report from the database and a replay without one cannot differ."""
    with store.begin() as connection:
        replace_mapping(connection, MAPPING)
    store_facts(store, some_facts())
    memory = FactsInMemory(some_facts(), DeviceMap(MAPPING))
    with store.connect() as connection:
        stored = everything(StoredFacts(connection), us(start), us(end))
    assert stored == everything(memory, us(start), us(end))


def test_the_whole_span_holds_every_value(store: Engine) -> None:
    """The comparison above is not one of empty lists."""
    store_facts(store, some_facts())
    with store.connect() as connection:
        lengths = [len(each) for each in everything(StoredFacts(connection), us(0), us(100))]  # type: ignore[arg-type]
    assert lengths == [1, 2, 2, 2, 2, 1, 1, 1, 1, 1]


def test_a_stretch_is_closed_below_and_open_above(store: Engine) -> None:
    """What begins at its end belongs to the next one."""
    store_facts(store, [call(start=10)])
    with store.connect() as connection:
        source = StoredFacts(connection)
        assert len(list(source.calls(us(10), us(11)))) == 1
        assert list(source.calls(us(9), us(10))) == []


def test_a_talk_is_found_up_to_a_week_after_it_began(store: Engine) -> None:
    """The bound that keeps reports from reading the whole past is a week, and exact."""
    store_facts(store, [talk(start=0)])
    with store.connect() as connection:
        source = StoredFacts(connection)
        end_us = START_US + LONGEST_US + 10
        assert len(list(source.talks(START_US + LONGEST_US, end_us))) == 1
        assert list(source.talks(START_US + LONGEST_US + 1, end_us)) == []


def test_the_position_of_a_pbx_is_none_before_its_first_fact(store: Engine) -> None:
    """Nothing stored means: read from the beginning."""
    with store.connect() as connection:
        assert load_position(connection, "pbx") is None
    store_facts(store, [], position=Position(pbx="pbx", stored_up_to=9, reread_from=3))
    with store.connect() as connection:
        assert load_position(connection, "pbx") == (9, 3)
