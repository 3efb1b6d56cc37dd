"""Exemptions: asked with a reason, decided by a second person, found by the figures."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from analytics.closing.exemptions import ask, decide, load_exempted, load_exemptions, withdraw
from analytics.closing.records import Exemption, Kind, Reason
from analytics.closing.states import ExemptionState
from analytics.errors import ClosingError
from analytics.people.devices import Assignment
from analytics.people.store import replace_mapping
from analytics.storage.dialects import dialect_of
from analytics.storage.ingest import Ingester
from analytics.storage.repairs import Rebuilding
from telephony.calls.facts import Known, OfferingOutcome
from telephony.clock import to_microseconds
from tests.analytics.factory import START, at, call, offering
from tests.analytics.stored import store_facts

MANY = 6
NOW = START + timedelta(days=1)
RANG = offering(end=20, outcome=OfferingOutcome.NO_ANSWER)
NONE: frozenset[str] = frozenset()


@pytest.fixture
def facts(store: Engine) -> Engine:
    """A store with one call that was offered once."""
    store_facts(store, [call(end=60), RANG])
    return store


def asked(store: Engine, kind: Kind = Kind.OFFERING, target: str = RANG.id, **more: Any) -> Exemption:
    """Ask for an exemption."""
    values: dict[str, Any] = {"reason": Reason.PHONE_FAULT, "text": "no ringtone", "by": "1004", "at": NOW}
    with store.begin() as connection:
        return ask(connection, kind=kind, target_id=target, **(values | more))


def approved(store: Engine, exemption: Exemption) -> Exemption:
    """Have it approved by a second person."""
    with store.begin() as connection:
        return decide(connection, exemption.id, approve=True, by="王主管", at=NOW)


def exempted(store: Engine, start: datetime = START, end: datetime = NOW) -> tuple[frozenset[str], frozenset[str]]:
    """What is exempted in a stretch."""
    with store.connect() as connection:
        return load_exempted(connection, to_microseconds(start), to_microseconds(end))


def test_it_is_in_force_from_the_approval_to_the_withdrawal(facts: Engine) -> None:
    """Who asked, who decided and who took it back stays on record."""
    found = asked(facts)
    assert (found.state, found.target_at, found.asked_by) == (ExemptionState.ASKED, START, "1004")
    assert exempted(facts) == (NONE, NONE)
    assert approved(facts, found).state is ExemptionState.APPROVED
    assert exempted(facts) == ({RANG.id}, NONE)
    with facts.begin() as connection:
        last = withdraw(connection, found.id, by="张主任", at=NOW)
    assert (last.state, last.decided_by, last.withdrawn_by) == (ExemptionState.WITHDRAWN, "王主管", "张主任")
    assert exempted(facts) == (NONE, NONE)


def test_what_was_refused_is_never_in_force(facts: Engine) -> None:
    """It can be asked for again."""
    found = asked(facts)
    with facts.begin() as connection:
        assert decide(connection, found.id, approve=False, by="王主管", at=NOW).state is ExemptionState.REFUSED
    assert exempted(facts) == (NONE, NONE)
    assert asked(facts).id != found.id


def test_nobody_decides_what_he_asked_for(facts: Engine) -> None:
    """Nor under his name where he asked by his id."""
    with facts.begin() as connection:
        replace_mapping(connection, [Assignment(interface="PJSIP/1004", agent="1004", name="王娜娜")])
    found = asked(facts)
    for by in ("1004", "王娜娜"):
        with pytest.raises(ClosingError, match=f"found {by}, expected another"), facts.begin() as connection:
            decide(connection, found.id, approve=True, by=by, at=NOW)


def test_of_two_who_decide_the_second_is_refused(facts: Engine) -> None:
    """The first decision stands."""
    found = approved(facts, asked(facts))
    with (
        pytest.raises(ClosingError, match="found approved, expected asked to refuse it"),
        facts.begin() as connection,
    ):
        decide(connection, found.id, approve=False, by="张主任", at=NOW)
    assert exempted(facts) == ({RANG.id}, NONE)


def test_of_many_who_decide_at_once_one_decides(facts: Engine) -> None:
    """The others are told what it is now; the one decision is whole."""
    found = asked(facts)
    together = Barrier(MANY)

    def one(number: int) -> str:
        together.wait()
        try:
            with facts.begin() as connection:
                decide(connection, found.id, approve=number % 2 == 0, by=f"{number}", at=NOW)
        except ClosingError as error:
            return str(error)
        return f"{number}"

    with ThreadPoolExecutor(MANY) as pool:
        told = list(pool.map(one, range(MANY)))
    (winner,) = [each for each in told if each.isdigit()]
    assert sum("expected asked to" in each for each in told) == MANY - 1
    with facts.connect() as connection:
        (last,) = load_exemptions(connection)
    expected = ExemptionState.REFUSED if int(winner) % 2 else ExemptionState.APPROVED
    assert (last.decided_by, last.state) == (winner, expected)


def test_one_target_has_one_exemption_at_a_time(facts: Engine) -> None:
    """Its call may have another."""
    asked(facts)
    with pytest.raises(ClosingError, match="found asked, expected no exemption of it yet"):
        asked(facts)
    assert asked(facts, Kind.CALL, "pbx/1.1", reason=Reason.TEST).id == 2


def test_of_many_who_ask_at_once_one_asks(facts: Engine) -> None:
    """The others are told that there is one."""
    together = Barrier(MANY)

    def one(number: int) -> str:
        together.wait()
        try:
            return f"{asked(facts, by=f'{number}').id}"
        except ClosingError as error:
            return str(error)

    with ThreadPoolExecutor(MANY) as pool:
        told = list(pool.map(one, range(MANY)))
    assert sum(each.isdigit() for each in told) == 1
    assert sum("expected no exemption of it yet" in each for each in told) == MANY - 1


def test_a_target_that_is_not_stored_is_refused(facts: Engine) -> None:
    """Also an offering's id where a call is meant."""
    with pytest.raises(ClosingError, match=r"call: found none of the id 'pbx/9\.9', expected one that is stored"):
        asked(facts, Kind.CALL, "pbx/9.9")
    with pytest.raises(ClosingError, match="call: found none of the id"):
        asked(facts, Kind.CALL, RANG.id)


def test_a_call_is_found_by_any_id_that_it_ever_had(store: Engine) -> None:
    """Asked by an alias, or merged after it was exempted: the figures get the id of today."""
    store_facts(store, [call("pbx/1.1"), call("pbx/2.1", start=5, end=60), call("pbx/3.1", start=9, end=60)])
    approved(store, asked(store, Kind.CALL, "pbx/2.1"))
    store_facts(store, [call("pbx/2.1", start=5, end=60, revision=2, merged_into="pbx/1.1")])
    assert exempted(store) == (NONE, {"pbx/1.1"})
    with pytest.raises(ClosingError, match="one that is stored"):
        asked(store, Kind.OFFERING, "pbx/2.1")
    store_facts(store, [call("pbx/3.1", start=9, end=60, revision=2, merged_into="pbx/1.1")])
    assert asked(store, Kind.CALL, "pbx/3.1").target_id == "pbx/1.1"


def test_an_offering_that_a_repair_replaced_is_told(facts: Engine) -> None:
    """The exemption of a call goes on; that of an offering has lost its target, and says so."""
    approved(facts, asked(facts))
    approved(facts, asked(facts, Kind.CALL, "pbx/1.1"))
    with facts.begin() as connection:
        rebuilt = [call(end=60, known=Known.REPAIRED), offering(end=20, id="pbx/1.1/rebuilt")]
        Ingester(dialect_of(facts.dialect.name)).replace_calls(connection, rebuilt, Rebuilding(sources="cel"))
        assert [(each.kind, each.stored) for each in load_exemptions(connection)] == [
            (Kind.OFFERING, False),
            (Kind.CALL, True),
        ]


def test_only_what_may_touch_the_stretch_is_loaded(facts: Engine) -> None:
    """A week on each side is taken along, since a call's offerings may begin after it; a month later is not."""
    approved(facts, asked(facts))
    assert exempted(facts, at(86_400), at(2 * 86_400)) == ({RANG.id}, NONE)
    assert exempted(facts, at(30 * 86_400), at(31 * 86_400)) == (NONE, NONE)
    with facts.connect() as connection:
        assert len(load_exemptions(connection, START, NOW)) == 1
        assert load_exemptions(connection, NOW, NOW + timedelta(days=1)) == ()


def test_exempted_ids_are_found_by_an_index(store: Engine) -> None:
    """Not by reading all exemptions that there ever were."""
    plan = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}[store.dialect.name]
    told: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if "FROM exemptions" in statement and not statement.startswith("EXPLAIN"):
            rows = connection.exec_driver_sql(plan + statement, parameters)
            told.extend(str(row) for row in rows)

    with store.connect() as connection:
        if store.dialect.name == "postgresql":
            connection.execute(text("SET enable_seqscan = off"))  # the table is empty here
        event.listen(store, "before_cursor_execute", explain)
        load_exempted(connection, 0, 1)
    event.remove(store, "before_cursor_execute", explain)
    assert any("exemptions_in_force" in line for line in told), told
