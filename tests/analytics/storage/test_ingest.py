"""Storing facts: once or twice, in order or not, the rows are the same."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from analytics.people.devices import Assignment
from analytics.people.store import replace_mapping
from analytics.storage.dialects import dialect_of
from analytics.storage.ingest import Ingester, Position, ingest
from analytics.storage.models import positions
from analytics.storage.repairs import Rebuilding
from telephony.calls.facts import Disposition, Fact, OfferingOutcome, State, VisitEnd
from telephony.clock import to_microseconds
from tests.analytics.factory import (
    START,
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
from tests.analytics.stored import column, contents, store_facts, wipe


def whole_call(call_id: str = "pbx/1.1") -> list[Fact]:
    """One fact of each kind, all revisions as a tracker would tell them."""
    return [
        call(call_id),
        visit(call_id, joined=1),
        offering(call_id, ring=2),
        offering(call_id, ring=2, end=7, outcome=OfferingOutcome.ANSWERED, revision=2),
        visit(call_id, joined=1, left=7, ended=VisitEnd.ANSWERED, revision=2),
        call(call_id, answered=7, revision=2),
        talk(call_id, start=7),
        talk(call_id, start=7, holds=((20, None),), revision=2),
        talk(call_id, start=7, holds=((20, 25),), revision=3),
        talk(call_id, start=7, end=60, holds=((20, 25), (30, 31)), revision=4),
        transfer(call_id),
        digit(call_id),
        recording(call_id),
        claim(call_id),
        state(State.TALKING, start=7, call_id=call_id, id=f"{call_id}/talking"),
        state(State.TALKING, start=7, end=60, call_id=call_id, id=f"{call_id}/talking", revision=2),
        state(State.PAUSED, start=61, id=f"{call_id}/paused"),
        call(call_id, answered=7, end=60, revision=3),
    ]


def merging_calls() -> list[Fact]:
    """Three calls of which the third goes into the second and that into the first."""
    return [
        *whole_call("pbx/1.1"),
        *whole_call("pbx/2.2"),
        *whole_call("pbx/3.3"),
        call("pbx/3.3", revision=4, merged_into="pbx/2.2"),
        call("pbx/2.2", revision=4, alias_ids=("pbx/3.3",)),
        call("pbx/2.2", revision=5, merged_into="pbx/1.1"),
        call("pbx/1.1", answered=7, end=60, revision=4, alias_ids=("pbx/2.2", "pbx/3.3")),
        talk("pbx/2.2", id="pbx/2.2/late", start=70, end=75),
    ]


def test_every_kind_of_fact_has_its_row(store: Engine) -> None:
    """Each table holds what the newest revision said."""
    store_facts(store, whole_call())
    stored = contents(store)
    assert {name: len(rows) for name, rows in stored.items()} == {
        "calls": 1,
        "call_aliases": 0,
        "holds": 2,
        "queue_visits": 1,
        "offerings": 1,
        "talks": 1,
        "transfers": 1,
        "digits": 1,
        "recordings": 1,
        "claims": 1,
        "agent_states": 2,
    }
    assert column(store, "calls", "ended_us") == [to_microseconds(at(60))]
    assert column(store, "calls", "disposition") == ["answered"]
    assert column(store, "offerings", "outcome") == ["answered"]
    assert column(store, "talks", "others") == ['["13800138000"]']


def test_an_instant_keeps_its_microseconds(store: Engine) -> None:
    """No instant is rounded on its way to the database."""
    odd = START.replace(microsecond=123457)
    store_facts(store, [call(start=odd)])
    assert column(store, "calls", "started_us") == [to_microseconds(odd)]


def test_applying_the_same_facts_twice_changes_nothing(store: Engine) -> None:
    """Ingest is idempotent."""
    store_facts(store, whole_call())
    once = contents(store)
    store_facts(store, whole_call())
    assert contents(store) == once


def test_an_older_revision_never_replaces_a_newer_one(store: Engine) -> None:
    """The guard holds across batches."""
    store_facts(store, [call(end=60, revision=3)], [call(revision=2)])
    assert column(store, "calls", "revision") == [3]
    assert column(store, "calls", "disposition") == ["answered"]


def test_the_same_revision_told_differently_changes_nothing(store: Engine) -> None:
    """Only a later revision replaces."""
    store_facts(store, [call(end=60)], [call(end=60, disposition=Disposition.FAILED)])
    assert column(store, "calls", "disposition") == ["answered"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_with_duplicates_in_any_batches_gives_the_same_rows(store: Engine, data: st.DataObject) -> None:
    """The rows depend on the facts, not on how they arrived: merges, holds and revisions included."""
    facts = merging_calls()
    wipe(store)
    store_facts(store, facts)
    expected = contents(store)
    wipe(store)
    order = data.draw(st.permutations(range(len(facts))))
    again = data.draw(st.lists(st.sampled_from(range(len(facts))), max_size=10))
    arriving = [facts[each] for each in [*order, *again]]
    size = data.draw(st.integers(1, len(arriving)))
    store_facts(store, *(arriving[start : start + size] for start in range(0, len(arriving), size)))
    assert contents(store) == expected


def test_a_merged_call_leaves_an_alias_and_its_facts_go_to_the_survivor(store: Engine) -> None:
    """Chains are resolved to their end."""
    store_facts(store, merging_calls())
    stored = contents(store)
    assert stored["call_aliases"] == [("pbx/2.2", "pbx/1.1"), ("pbx/3.3", "pbx/1.1")]
    assert column(store, "calls", "id") == ["pbx/1.1"]
    for table in ("queue_visits", "offerings", "talks", "transfers", "digits", "recordings", "claims"):
        assert set(column(store, table, "call_id")) == {"pbx/1.1"}


def test_an_old_word_of_a_merged_call_does_not_bring_it_back(store: Engine) -> None:
    """Calls merge and never split."""
    store_facts(store, [call("pbx/2.2", revision=2, merged_into="pbx/1.1")], [call("pbx/2.2")])
    assert column(store, "calls", "id") == []


def test_a_dropped_hold_goes_with_the_revision_that_told_it(store: Engine) -> None:
    """A later revision replaces the earlier one whole."""
    store_facts(store, [talk(holds=((10, 12), (20, 22)))], [talk(holds=((20, 22),), revision=2)])
    assert column(store, "holds", "start_us") == [to_microseconds(at(20))]


def test_the_position_is_stored_with_the_facts(store: Engine) -> None:
    """Both are in one transaction: without its commit, neither is there."""
    position = Position(pbx="pbx", stored_up_to=10, reread_from=4)
    ingester = Ingester(dialect_of(store.dialect.name))
    with store.connect() as connection:
        ingester.ingest(connection, whole_call(), position)
        connection.rollback()
    assert column(store, "positions", "stored_up_to_seq") == []
    assert column(store, "calls", "id") == []
    store_facts(store, whole_call(), position=position)
    assert column(store, "positions", "reread_from_seq") == [4]


def test_the_position_never_goes_back(store: Engine) -> None:
    """A batch that is applied again leaves the later position."""
    store_facts(store, [], position=Position(pbx="pbx", stored_up_to=10, reread_from=4))
    store_facts(store, [], position=Position(pbx="pbx", stored_up_to=8, reread_from=2))
    store_facts(store, [], position=Position(pbx="other", stored_up_to=1, reread_from=1))
    with store.connect() as connection:
        stored = connection.execute(select(positions).order_by(positions.c.pbx)).all()
    assert [tuple(each) for each in stored] == [("other", 1, 1), ("pbx", 10, 4)]


def test_the_person_is_who_sat_there_when_the_interval_began(store: Engine) -> None:
    """The mapping is half-open: at the instant of a change the new person counts."""
    mapping = [
        Assignment(interface="PJSIP/1004", agent="wang", valid_to=at(10)),
        Assignment(interface="PJSIP/1004", agent="li", valid_from=at(10)),
    ]
    with store.begin() as connection:
        replace_mapping(connection, mapping)
    before = talk(id="a", start=9.999999, end=20)
    after = talk(id="b", start=10, end=20)
    store_facts(store, [before, after, offering(ring=3), state(start=12), claim(at=at(15))])
    assert column(store, "talks", "agent") == ["wang", "li"]
    assert column(store, "offerings", "agent") == ["wang"]
    assert column(store, "agent_states", "agent") == ["li"]
    assert column(store, "claims", "agent") == ["li"]


def test_a_correction_of_the_mapping_holds_from_the_next_batch(store: Engine) -> None:
    """A writer that keeps the mapping in memory sees that it changed."""
    ingester = Ingester(dialect_of(store.dialect.name))
    with store.begin() as connection:
        ingester.ingest(connection, [talk(id="a")])
    with store.begin() as connection:
        replace_mapping(connection, [Assignment(interface="PJSIP/1004", agent="wang")])
    with store.begin() as connection:
        ingester.ingest(connection, [talk(id="b")])
    assert column(store, "talks", "agent") == ["1004", "wang"]


def test_a_name_that_is_no_unicode_is_stored_with_replacement_characters(store: Engine) -> None:
    """Bytes that were not UTF-8 are in the journal; a database takes none of them, and nothing breaks."""
    store_facts(store, [call(caller_name="caf\udce9"), call("pbx/2.2")])
    assert column(store, "calls", "caller_name") == ["caf\ufffd", "王小明"]


def test_a_nul_in_a_name_breaks_nothing(store: Engine) -> None:
    """PostgreSQL takes none, so it gets a replacement character; the rest of the batch is stored."""
    store_facts(store, [call(caller_name="a\0b"), call("pbx/2.2")])
    expected = "a\0b" if store.dialect.name == "sqlite" else "a\ufffdb"
    assert column(store, "calls", "caller_name") == [expected, "王小明"]


def test_a_call_rebuilt_from_the_logs_replaces_what_the_stream_said(store: Engine) -> None:
    """Facts that the logs do not know are gone, and the stream is not believed again."""
    store_facts(store, whole_call("pbx/1.1"), whole_call("pbx/2.2"))
    before = contents(store)
    rebuilt = [call(end=90), talk(start=8, end=90, id="pbx/1.1/from-cel")]
    ingester = Ingester(dialect_of(store.dialect.name))
    with store.begin() as connection:
        ingester.replace_calls(connection, rebuilt, Rebuilding(sources="cel"))
    store_facts(store, whole_call("pbx/1.1"))
    assert column(store, "talks", "id") == ["pbx/1.1/from-cel", "pbx/2.2/talk/PJSIP/1004"]
    assert column(store, "offerings", "call_id") == ["pbx/2.2"]
    assert column(store, "calls", "ended_us")[0] == to_microseconds(at(90))
    assert contents(store)["calls"][1] == before["calls"][1]


def test_one_batch_can_be_stored_without_an_ingester(store: Engine) -> None:
    """The plain function does the same."""
    with store.begin() as connection:
        assert ingest(connection, whole_call()) == 10
    assert column(store, "calls", "id") == ["pbx/1.1"]
