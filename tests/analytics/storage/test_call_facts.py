"""Facts read back from the store are the facts that were stored."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine

from analytics.storage.call_facts import facts_of_call
from telephony.calls.facts import Fact, OfferingOutcome, State, VisitEnd
from tests.analytics.factory import (
    call,
    claim,
    digit,
    offering,
    recording,
    state,
    talk,
    transfer,
    visit,
)
from tests.analytics.stored import store_facts

ONE_OF_EACH: list[Fact] = [
    call(answered=7, end=60),
    visit(joined=1, left=7, ended=VisitEnd.ANSWERED),
    offering(ring=2, end=7, outcome=OfferingOutcome.ANSWERED),
    talk(start=7, end=60, holds=((20, 25), (30, None)), others=("138", "PJSIP/1006")),
    transfer(),
    digit(),
    recording(),
    claim(),
    state(State.TALKING, start=7, end=60, call_id="pbx/1.1"),
]


def test_every_kind_of_fact_comes_back_as_it_was(store: Engine) -> None:
    """No field is lost on the way into the store and out of it."""
    store_facts(store, ONE_OF_EACH)
    with store.connect() as connection:
        assert facts_of_call(connection, "pbx/1.1") == ONE_OF_EACH


def test_a_call_is_found_by_the_id_that_it_had_before_it_merged(store: Engine) -> None:
    """An alias resolves for ever."""
    store_facts(store, ONE_OF_EACH, [call("pbx/2.2", merged_into="pbx/1.1")])
    with store.connect() as connection:
        found = facts_of_call(connection, "pbx/2.2")
    assert found == [replace(ONE_OF_EACH[0], alias_ids=("pbx/2.2",)), *ONE_OF_EACH[1:]]


def test_of_a_call_that_was_never_told_nothing_is_found(store: Engine) -> None:
    """No facts, and no error."""
    with store.connect() as connection:
        assert facts_of_call(connection, "pbx/9.9") == []
