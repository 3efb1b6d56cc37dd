"""Emptying the store and filling it again gives the same rows."""

from __future__ import annotations

from sqlalchemy import Engine

from analytics.people.devices import Assignment
from analytics.people.store import load_assignments, replace_mapping
from analytics.storage.ingest import Position
from analytics.storage.queries import load_position
from analytics.storage.rebuild import clear_facts
from tests.analytics.storage.test_ingest import merging_calls
from tests.analytics.stored import contents, store_facts


def test_a_rebuilt_store_has_identical_rows(store: Engine) -> None:
    """Persons included, for the mapping stays."""
    mapping = [Assignment(interface="PJSIP/1004", agent="wang")]
    with store.begin() as connection:
        replace_mapping(connection, mapping)
    store_facts(store, merging_calls())
    before = contents(store)
    with store.begin() as connection:
        clear_facts(connection)
    assert not any(contents(store).values())
    store_facts(store, merging_calls())
    assert contents(store) == before
    with store.connect() as connection:
        assert load_assignments(connection) == mapping


def test_the_positions_go_with_the_facts(store: Engine) -> None:
    """Else the journal would not be read from its beginning."""
    store_facts(store, merging_calls(), position=Position(pbx="pbx", stored_up_to=9, reread_from=1))
    with store.begin() as connection:
        clear_facts(connection)
    with store.connect() as connection:
        assert load_position(connection, "pbx") is None
