"""Facts read back from the store are the facts that were stored."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from analytics.storage import call_facts
from analytics.storage.call_facts import facts_of_call, facts_of_calls
from telephony.calls.facts import (
    Fact,
    Interval,
    Joined,
    Muted,
    OfferingOutcome,
    RecordingPart,
    State,
    VisitEnd,
)
from tests.analytics.factory import (
    at,
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
    recording(
        part=RecordingPart.SAID,
        options="bt",
        started_at=at(6),
        stopped=(Interval(start=at(30), end=at(31)),),
        joined=(
            Joined(start=at(7), end=at(20), heard=("1.1",), said=("1.2", "1.3")),
            Joined(start=at(20), heard=("1.1",)),
        ),
        muted=(Muted(start=at(8), end=at(9), direction="read"), Muted(start=at(40), direction="write")),
    ),
    recording(id="pbx/1.1/recording/2", at=at(6)),
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


def test_many_calls_are_read_in_few_questions_as_each_by_itself(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With holds and aliases each to its own, also where they do not fit one question; of none, nothing."""
    monkeypatch.setattr(call_facts, "AT_ONCE", 2)
    others = [
        fact
        for number in (2, 3)
        for fact in (call(f"pbx/{number}.1"), talk(f"pbx/{number}.1", start=7, holds=((number, 9),)))
    ]
    store_facts(store, ONE_OF_EACH, [*others, call("pbx/8.8", merged_into="pbx/3.1")])
    ids = ["pbx/1.1", "pbx/2.1", "pbx/3.1", "pbx/9.9"]
    with store.connect() as connection:
        alone = [fact for call_id in ids for fact in facts_of_call(connection, call_id)]
        together = facts_of_calls(connection, ids)
    assert sorted(map(repr, together)) == sorted(map(repr, alone))
    assert len(together) == len(ONE_OF_EACH) + len(others)
