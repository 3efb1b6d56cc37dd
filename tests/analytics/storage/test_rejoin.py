"""Correcting the mapping of devices corrects the stored rows of the span, and of no other."""

from __future__ import annotations

from sqlalchemy import Engine

from analytics.people.devices import Assignment
from analytics.people.store import replace_mapping
from analytics.storage.rejoin import reingest_people
from telephony.clock import to_microseconds
from tests.analytics.factory import at, claim, offering, state, talk
from tests.analytics.stored import column, store_facts


def us(seconds: float) -> int:
    """The instant so many seconds after START, in microseconds."""
    return to_microseconds(at(seconds))


def test_the_person_is_named_anew_in_the_span_only(store: Engine) -> None:
    """The span is half-open, by the start of each row's interval."""
    store_facts(store, [talk(id=name, start=start) for name, start in (("a", 9), ("b", 10), ("c", 20))])
    with store.begin() as connection:
        replace_mapping(connection, [Assignment(interface="PJSIP/1004", agent="wang")])
        assert reingest_people(connection, us(10), us(20)) == 1
    assert column(store, "talks", "agent") == ["1004", "wang", "1004"]


def test_all_tables_that_name_an_agent_are_corrected(store: Engine) -> None:
    """Offerings, talks, claims and states alike; the interface wins over the device."""
    interface = "Local/1004@queue-agents/n"
    store_facts(store, [offering(interface=interface), talk(), claim(at=at(5)), state(interface="PJSIP/1004")])
    mapping = [
        Assignment(interface="PJSIP/1004", agent="wang"),
        Assignment(interface=interface, agent="li"),
    ]
    with store.begin() as connection:
        replace_mapping(connection, mapping)
        assert reingest_people(connection, us(0), us(60)) == 4
    assert column(store, "offerings", "agent") == ["li"]
    for table in ("talks", "claims", "agent_states"):
        assert column(store, table, "agent") == ["wang"]


def test_a_second_time_changes_nothing(store: Engine) -> None:
    """Only rows that differ are written."""
    store_facts(store, [talk()])
    with store.begin() as connection:
        assert reingest_people(connection, us(0), us(60)) == 0
