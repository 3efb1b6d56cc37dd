"""Notes of calls: the newest word counts in figures and roll-ups, and every change leaves a trace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from analytics.errors import NoteError
from analytics.metrics.cells import Group
from analytics.metrics.definitions import Value
from analytics.metrics.periods import clock_of, day_period
from analytics.metrics.query import Query, Result, run
from analytics.storage.notes import CallNote, NoteField, Said, load_note, load_note_changes, note_call
from analytics.storage.queries import StoredFacts
from analytics.storage.rolling import roll_up
from config.people import Line
from config.policies import PolicyVersion
from telephony.calls.facts import State
from tests.analytics.factory import START, call, state, talk
from tests.analytics.metrics.asking import TODAY, policy
from tests.analytics.stored import store_facts

pytestmark = pytest.mark.slow

LATER = START + timedelta(days=9)
MIDNIGHT = 15 * 3600  # seconds after START, which is 09:00
RULES = policy(PolicyVersion(lines=(Line(did="4001234567", name="sales", branch=None, code="510"),)))


@pytest.fixture
def facts(store: Engine) -> Engine:
    """A store with two calls of the line whose code is 510."""
    second = [call("pbx/2.1", start=100, answered=105, end=165), talk("pbx/2.1", start=105, end=165)]
    store_facts(store, [call(answered=5, end=65), talk(start=5, end=65)], second)
    return store


def noted(store: Engine, field: NoteField, value: Said, call_id: str = "pbx/1.1", **more: Any) -> CallNote:
    """Say something of a call, by 王主管 unless told otherwise."""
    with store.begin() as connection:
        return note_call(connection, call_id, field, value, **({"by": "王主管", "at": LATER} | more))


def answer(store: Engine, *metrics: str, groups: tuple[Group, ...] = (), rolled: bool = False) -> Result:
    """The figures of the day, from roll-ups if told so."""
    query = Query(metrics=metrics, period=TODAY, as_of=LATER, groups=groups)
    with store.connect() as connection:
        return run(query, StoredFacts(connection, clock_of(RULES) if rolled else None), RULES)


def by_code(store: Engine, metric: str, **more: Any) -> dict[str, Value]:
    """A metric by service code."""
    return {row.key[0]: row.values[metric] for row in answer(store, metric, groups=(Group.CODE,), **more).rows}


def test_a_corrected_service_code_changes_the_figures_by_code_and_leaves_a_trace(facts: Engine) -> None:
    """Calls and minutes move from the line's code to the one that somebody chose."""
    assert by_code(facts, "calls") == {"510": 2}
    noted(facts, NoteField.CODE, "520", by="1004", reason="asked for the quotation")
    assert by_code(facts, "calls") == {"510": 1, "520": 1}
    assert by_code(facts, "talk_minutes") == {"510": 60_000, "520": 60_000}
    noted(facts, NoteField.CODE, "621", at=LATER + timedelta(hours=1))
    assert by_code(facts, "calls") == {"510": 1, "621": 1}
    noted(facts, NoteField.CODE, None, at=LATER + timedelta(hours=2))
    assert by_code(facts, "calls") == {"510": 2}
    with facts.connect() as connection:
        trace = load_note_changes(connection, "pbx/1.1")
    assert [(each.before, each.after, each.by, each.reason) for each in trace] == [
        (None, "520", "1004", "asked for the quotation"),
        ("520", "621", "王主管", None),
        ("621", None, "王主管", None),
    ]
    assert trace[0].at == LATER


def test_a_silent_call_leaves_the_averages_and_stays_in_offered_and_answered(facts: Engine) -> None:
    """As the agent records it; taken back, it counts again."""
    names = ("calls", "inbound_answered", "calls_handled", "calls_handled_silent", "handled", "silent_calls")
    assert list(answer(facts, *names).row().values.values()) == [2, 2, 2, 0, 2, 0]
    noted(facts, NoteField.SILENT, True)
    assert list(answer(facts, *names).row().values.values()) == [2, 2, 2, 1, 1, 1]
    noted(facts, NoteField.SILENT, False)
    assert list(answer(facts, *names).row().values.values()) == [2, 2, 2, 0, 2, 0]


def test_a_recorded_outcome_makes_the_call_complete(facts: Engine) -> None:
    """What telephony did stays as it is: outcome and disposition are never one field."""
    assert answer(facts, "calls_without_outcome").row().values == {"calls_without_outcome": 2}
    noted(facts, NoteField.OUTCOME, "  report  sent ")
    names = ("calls_without_outcome", "customer_talks", "inbound_answered")
    assert list(answer(facts, *names).row().values.values()) == [1, 2, 2]
    with facts.connect() as connection:
        assert load_note(connection, "pbx/1.1") == CallNote(call_id="pbx/1.1", outcome="report sent")


def test_a_note_makes_the_days_roll_ups_stale_until_they_are_made_again(facts: Engine) -> None:
    """In between the figures come from the facts; saying the same again changes nothing."""
    roll_up(facts, facts, RULES, LATER, source_of=StoredFacts)
    assert answer(facts, "calls", rolled=True).from_facts == 0
    noted(facts, NoteField.CODE, "520")
    changed = answer(facts, "calls", groups=(Group.CODE,), rolled=True)
    assert (by_code(facts, "calls", rolled=True), changed.from_facts) == ({"510": 1, "520": 1}, 1)
    assert (
        roll_up(facts, facts, RULES, LATER, source_of=StoredFacts) == 5
    )  # with the days whose customers may have called again on it
    noted(facts, NoteField.CODE, "520")
    again = answer(facts, "calls", groups=(Group.CODE,), rolled=True)
    assert (by_code(facts, "calls", rolled=True), again.from_facts) == ({"510": 1, "520": 1}, 0)
    with facts.connect() as connection:
        assert len(load_note_changes(connection, "pbx/1.1")) == 1


def test_a_note_reaches_the_wrap_up_after_midnight(store: Engine) -> None:
    """The next day's roll-up holds it under the code of the call of the day before."""
    end = MIDNIGHT - 4000
    store_facts(
        store,
        [
            call(start=end - 60, answered=end - 60, end=end),
            talk(start=end - 60, end=end),
            state(State.WRAP_UP, start=end, end=MIDNIGHT + 30, call_id="pbx/1.1"),
        ],
    )
    roll_up(store, store, RULES, LATER, source_of=StoredFacts)
    noted(store, NoteField.CODE, "520")
    next_day = day_period((START + timedelta(days=1)).date(), RULES.zone)
    tomorrow = Query(metrics=("wrap_up_minutes",), period=next_day, as_of=LATER, groups=(Group.CODE,))
    with store.connect() as connection:
        found = run(tomorrow, StoredFacts(connection, clock_of(RULES)), RULES)
    assert {row.key: row.values["wrap_up_minutes"] for row in found.rows} == {("520",): 30_000}


@pytest.mark.parametrize("older_said", [False, True])
def test_a_note_goes_with_its_call_when_that_is_merged(facts: Engine, older_said: bool) -> None:
    """What was said of the older call wins; what was said of the younger alone is kept, and its trace too."""
    noted(facts, NoteField.CODE, "520", "pbx/2.1")
    noted(facts, NoteField.SILENT, True, "pbx/2.1")
    if older_said:
        noted(facts, NoteField.CODE, "621")
    store_facts(facts, [call("pbx/2.1", start=100, merged_into="pbx/1.1", revision=2)])
    with facts.connect() as connection:
        found = load_note(connection, "pbx/2.1")
        trace = load_note_changes(connection, "pbx/1.1")
    assert found == CallNote(call_id="pbx/1.1", code="621" if older_said else "520", silent=True)
    assert len(trace) == 2 + older_said
    noted(facts, NoteField.CODE, "721", "pbx/2.1")
    with facts.connect() as connection:
        assert load_note(connection, "pbx/1.1").code == "721"


@pytest.mark.parametrize(
    ("call_id", "field", "value", "by", "told"),
    [
        ("pbx/9.9", NoteField.CODE, "520", "1004", "call: found none of the id 'pbx/9.9', expected one that is"),
        ("pbx/1.1", NoteField.CODE, " ", "1004", "code: found ' ', expected a text"),
        ("pbx/1.1", NoteField.OUTCOME, True, "1004", "outcome: found True, expected a text"),
        ("pbx/1.1", NoteField.SILENT, "yes", "1004", "silent: found 'yes', expected yes or no"),
        ("pbx/1.1", NoteField.SILENT, True, "", "by: found '', expected a text"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(
    facts: Engine, call_id: str, field: NoteField, value: Said, by: str, told: str
) -> None:
    """With what was found and what was expected."""
    with pytest.raises(NoteError, match=told):
        noted(facts, field, value, call_id, by=by)
    with facts.connect() as connection:
        assert load_note(connection, "pbx/1.1") == CallNote(call_id="pbx/1.1")
        assert load_note_changes(connection, "pbx/1.1") == ()
