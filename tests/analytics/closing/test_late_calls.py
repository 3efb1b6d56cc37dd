"""Calls of a real stream that come in after the issue: the restatement's difference sheet shows just them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import cache

import pytest
from sqlalchemy import Engine

from analytics.closing.difference import Line, difference
from analytics.closing.issues import faults, load_frozen
from analytics.facts_in_memory import FactsInMemory
from analytics.reports.minutes import minutes_report
from telephony.calls.facts import AgentStateFact, CallFact, Fact, TalkKind
from telephony.calls.record import fold
from tests.analytics.closing.issuing import ISSUED_AT, NOVEMBER, RULES, issue_live
from tests.analytics.stored import store_facts
from tests.analytics.test_captures import CAPTURES, facts_of

SHOWN = Decimal("0.0001")
"""A minute has four decimals in the report: a difference of two rounded sums may be off by so much."""

TRIED = 5


@cache
def heard() -> list[Fact]:
    """What a real stream told."""
    return facts_of(CAPTURES[0])


def talked() -> list[str]:
    """Some calls with minutes, of which no part has another id."""
    merged = {fact.merged_into for fact in heard() if isinstance(fact, CallFact)}
    found = [
        record.call.id
        for record in fold(heard())
        if record.call.id not in merged and any(talk.kind is TalkKind.CUSTOMER for talk in record.talks)
    ]
    return found[:: len(found) // TRIED][:TRIED]


def of_call(fact: Fact, call_id: str) -> bool:
    """Whether a fact tells of this call."""
    return fact.call_id == call_id and not isinstance(fact, AgentStateFact)


def minutes_of(call_id: str) -> dict[str, Decimal]:
    """Each agent's minutes in this call alone."""
    alone = FactsInMemory([fact for fact in heard() if of_call(fact, call_id)])
    rows = minutes_report(alone, RULES, NOVEMBER, ISSUED_AT).rows
    return {str(row["agent"]): Decimal(str(row["talk_minutes"])) for row in rows}


def minutes_in(lines: tuple[Line, ...]) -> dict[str, Decimal]:
    """Each agent's minutes in a difference sheet."""
    return {
        line.key[0]: Decimal(line.difference or line.after or "0")
        for line in lines
        if line.column == "talk_minutes"
    }


@pytest.mark.parametrize("place", range(TRIED))
def test_a_real_call_that_comes_late_is_all_that_a_restatement_differs_by(store: Engine, place: int) -> None:
    """The issued report stays as it was; the sheet has the minutes of this call, of the agents who were in it."""
    late = talked()[place]
    store_facts(store, [fact for fact in heard() if not of_call(fact, late)])
    first = issue_live(store)
    store_facts(store, [fact for fact in heard() if of_call(fact, late)])
    second = issue_live(store, at=ISSUED_AT + timedelta(days=1), reason="a late log")
    with store.connect() as connection:
        before, after = load_frozen(connection, first.id), load_frozen(connection, second.id)
    assert faults(before) == faults(after) == ()
    found, expected = minutes_in(difference(before.figures, after.figures).lines), minutes_of(late)
    assert set(found) == set(expected)
    assert all(abs(found[agent] - expected[agent]) <= SHOWN for agent in found)
    assert any(found.values())
