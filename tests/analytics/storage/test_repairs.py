"""Calls that the PBX's logs told, in the place of what was stored of them."""

from __future__ import annotations

from sqlalchemy import Engine

from analytics.storage.aliases import resolve
from analytics.storage.dialects import dialect_of
from analytics.storage.ingest import Ingester, ReplaceCount
from analytics.storage.repairs import Rebuilding, newest_repairs, sources_of
from telephony.calls.facts import Disposition, Fact, Known, State
from tests.analytics.factory import at, call, state, talk
from tests.analytics.stored import column, contents, store_facts


def replaced(store: Engine, facts: list[Fact], how: Rebuilding) -> ReplaceCount:
    """Rebuild calls in a transaction of their own."""
    with store.begin() as connection:
        return Ingester(dialect_of(store.dialect.name)).replace_calls(connection, facts, how)


def imported(store: Engine, facts: list[Fact], sources: str = "cel", **parts: str) -> ReplaceCount:
    """Import calls in a transaction of their own."""
    how = Rebuilding(sources=sources, parts=parts)
    with store.begin() as connection:
        return Ingester(dialect_of(store.dialect.name)).import_calls(connection, facts, how)


def half_heard() -> list[Fact]:
    """A call of which only the second channel was heard, and not its end."""
    return [
        call("pbx/1.2", known=Known.INFERRED, end=30, disposition=Disposition.INDETERMINATE),
        talk("pbx/1.2", id="pbx/1.2/talk/1", start=8, end=12),
    ]


def from_logs(call_id: str = "pbx/1.1") -> list[Fact]:
    """The same call as the logs tell it."""
    return [
        call(call_id, known=Known.REPAIRED, answered=8, end=90),
        talk(call_id, id=f"{call_id}/talk/1", start=8, end=90, hold_known=False),
    ]


def test_a_part_of_a_call_that_was_heard_goes_and_its_id_leads_to_the_whole(store: Engine) -> None:
    """A call is there once, under the id of its first channel, however it was first stored."""
    store_facts(store, half_heard())
    how = Rebuilding(sources="cel", parts={"pbx/1.1": "pbx/1.1", "pbx/1.2": "pbx/1.1"}, repaired_at=at(100))
    assert replaced(store, from_logs(), how) == ReplaceCount(new=0, replaced=1, facts=2)
    assert column(store, "calls", "id") == ["pbx/1.1"]
    assert column(store, "talks", "id") == ["pbx/1.1/talk/1"]
    assert [bool(each) for each in column(store, "talks", "hold_known")] == [False]
    with store.connect() as connection:
        assert resolve(connection, "pbx/1.2") == "pbx/1.1"


def test_what_the_stream_says_later_of_a_rebuilt_call_is_passed_over(store: Engine) -> None:
    """A restart reads the stream again; the rebuilt call stays, whatever id the stream uses."""
    store_facts(store, half_heard())
    replaced(store, from_logs(), Rebuilding(sources="cel", parts={"pbx/1.2": "pbx/1.1"}, repaired_at=at(100)))
    before = contents(store)
    store_facts(store, half_heard())
    assert contents(store) == before


def test_a_correction_is_on_record_with_what_was_known_before(store: Engine) -> None:
    """Who asks why a figure of the past changed finds the call, the time, the logs and both values."""
    store_facts(store, half_heard())
    how = Rebuilding(sources="cdr+cel", parts={"pbx/1.2": "pbx/1.1"}, repaired_at=at(100))
    replaced(store, from_logs(), how)
    replaced(store, from_logs("pbx/7.7"), how)
    with store.connect() as connection:
        found = newest_repairs(connection, ["pbx/1.1", "pbx/7.7", "pbx/other"])
    assert set(found) == {"pbx/1.1", "pbx/7.7"}
    first, second = found["pbx/1.1"], found["pbx/7.7"]
    assert (first.repaired_at, first.sources) == (at(100), "cdr+cel")
    assert (first.before_known, first.before_disposition, first.before_talk_ms) == (
        "inferred",
        "indeterminate",
        4000,
    )
    assert (first.talk_ms, second.before_known) == (82_000, None)


def test_the_same_repair_again_changes_no_call(store: Engine) -> None:
    """Rebuilding is idempotent: only the record of the correction grows."""
    how = Rebuilding(sources="cel", repaired_at=at(100))
    replaced(store, from_logs(), how)
    before = {name: rows for name, rows in contents(store).items() if name != "call_repairs"}
    replaced(store, from_logs(), how)
    assert {name: rows for name, rows in contents(store).items() if name != "call_repairs"} == before


def test_an_import_leaves_a_call_alone_that_was_heard_whole(store: Engine) -> None:
    """Nothing that logs say is better than what was heard."""
    store_facts(store, [call("pbx/1.1", answered=8, end=90), talk("pbx/1.1", start=8, end=90)])
    before = contents(store)
    assert imported(store, [*from_logs(), *from_logs("pbx/5.5")]) == ReplaceCount(new=1, kept=1, facts=2)
    after = contents(store)
    assert [row for row in after["calls"] if row in before["calls"]] == before["calls"]
    assert column(store, "calls", "id") == ["pbx/1.1", "pbx/5.5"]


def test_an_import_again_changes_nothing(store: Engine) -> None:
    """Importing is repeatable, to the last row."""
    facts = [*from_logs(), state(State.LOGGED_IN, start=1, end=9, id="pbx/in")]
    assert imported(store, facts).new == 1
    before = contents(store)
    assert imported(store, facts) == ReplaceCount(new=0, replaced=1, facts=3)
    assert contents(store) == before


def test_fewer_logs_do_not_replace_what_more_logs_told(store: Engine) -> None:
    """A call from CEL and CDR stays when queue_log alone is imported; the other way round it is replaced."""
    imported(store, from_logs(), "cdr+cel")
    before = contents(store)
    assert imported(store, [call("pbx/1.1", known=Known.INFERRED, end=5)], "cdr").kept == 1
    assert contents(store) == before
    assert imported(store, from_logs(), "cdr+cel+queue_log").replaced == 1


def test_a_call_that_was_heard_in_part_is_replaced_only_by_a_whole_one(store: Engine) -> None:
    """A thin log is not better than half a call."""
    store_facts(store, half_heard())
    thin = [call("pbx/1.2", known=Known.INFERRED, end=5)]
    assert imported(store, thin, "queue_log").kept == 1
    assert imported(store, from_logs("pbx/1.2"), "cel").replaced == 1


def test_the_names_of_logs_are_sorted() -> None:
    """The same logs in any order are the same sources."""
    assert sources_of(["queue_log", "cel", "cel"]) == "cel+queue_log"
