"""What is known of recordings, from the store: as from plain values, in roll-ups, and through every change."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from analytics.facts_in_memory import FactsInMemory
from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.definitions import Value
from analytics.metrics.periods import clock_of, day_period, month_period
from analytics.metrics.query import Query, run
from analytics.recordings.sounded import Sounded
from analytics.storage.changes import mark_calls
from analytics.storage.notes import NoteField, note_call
from analytics.storage.queries import StoredFacts
from analytics.storage.recording_models import recording_files, recording_spans, talk_features
from telephony.calls.facts import Fact, TalkFact
from tests.analytics.factory import START, call, talk
from tests.analytics.metrics.asking import SHANGHAI, TODAY, policy
from tests.analytics.recordings.talks_heard import TALK, heard, mono, put, sounded
from tests.analytics.storage.test_rollups import NOW, asked, both, days_of_calls, every, roll_up, rules
from tests.analytics.stored import store_facts

pytestmark = pytest.mark.slow

AS_OF = TODAY.end + timedelta(days=2)
SILENCE = ("silent_calls", "calls_handled", "average_talk", "handled", "contacts")


def figures(store: Engine, *metrics: str) -> tuple[Value, ...]:
    """Some figures of the day, from the store's facts."""
    with store.connect() as connection:
        query = Query(metrics=metrics, period=TODAY, as_of=AS_OF)
        return tuple(run(query, StoredFacts(connection), policy()).row().values.values())


def a_call() -> list[Fact]:
    """A call of a minute."""
    return [call(answered=10, end=70), talk(start=10, end=70)]


def drawn_sounds(facts: list[Fact], seed: int) -> list[tuple[Sounded, str]]:
    """Something of most talks, and the call of each."""
    rng = random.Random(seed)
    found = []
    for each in (fact for fact in facts if isinstance(fact, TalkFact)):
        if rng.random() < 0.8:
            told = rng.choice((heard(syllables=rng.randrange(90), silence_count=rng.randrange(3)), mono(), None))
            silent = told._replace(silent_customer=rng.random() < 0.2) if told and told.apart else told
            made = sounded(each.id, silent, playable=rng.random() < 0.9, apart=bool(told and told.apart))
            found.append((made._replace(destroyed=not made.playable and rng.random() < 0.5), each.call_id))
    return found


def test_the_store_tells_of_sounds_what_plain_values_tell(store: Engine) -> None:
    """For every metric, by agent, queue and call: a minute of calls told to both."""
    facts = days_of_calls(11, days=3)
    sounds = drawn_sounds(facts, 12)
    store_facts(store, facts)
    for each, call_id in sounds:
        put(store, each, call_id)
    how, memory = policy(), FactsInMemory(facts, sounds=[each for each, _ in sounds])
    for groups in ((), (Group.AGENT,), (Group.QUEUE, Group.DAY), (Group.CALL,)):
        query = every(month_period(2026, 10, SHANGHAI), *groups)
        with store.connect() as connection:
            told, plain = run(query, StoredFacts(connection), how), run(query, memory, how)
        assert told.rows == plain.rows, groups
    assert any(
        value for value in figures_of_month(store, "talks_silent", "speech_rate_undecided", "talks_destroyed")
    )


def figures_of_month(store: Engine, *metrics: str) -> tuple[Value, ...]:
    """From roll-ups where there are any."""
    query = Query(metrics=metrics, period=month_period(2026, 10, SHANGHAI), as_of=NOW)
    how = rules()
    return tuple(asked(store, query, how, clock_of(how)).row().values.values())


def test_roll_ups_hold_what_was_heard(store: Engine) -> None:
    """Months and days from sums are those from the facts, for all metrics of recordings and for silent calls."""
    facts = days_of_calls(13, days=4)
    store_facts(store, facts)
    for each, call_id in drawn_sounds(facts, 14):
        put(store, each, call_id)
    how = rules()
    roll_up(store, store, how, NOW)
    for groups in ((), (Group.AGENT,), (Group.QUEUE,), (Group.DAY,), (Group.AGENT, Group.CODE)):
        rolled, plain = both(store, every(month_period(2026, 10, SHANGHAI), *groups), how)
        assert rolled.rows == plain.rows, groups
        assert rolled.from_facts == 0


def test_what_is_measured_later_is_counted_from_the_moment_its_call_is_marked(store: Engine) -> None:
    """A day that was rolled up before its files were listened to is summed anew."""
    how, day = policy(), day_period(START.astimezone(SHANGHAI).date(), SHANGHAI)
    store_facts(store, a_call())
    roll_up(store, store, how, NOW)
    query = Query(metrics=("recording_coverage", "speech_rate", *SILENCE), period=day, as_of=NOW)

    def told() -> tuple[list[Value], int]:
        found = asked(store, query, how, clock_of(how))
        return list(found.row().values.values()), found.from_facts

    assert told() == ([0, None, 0, 1, 60_000, 1, 1], 0)
    put(store, sounded(told=heard(silent_customer=True)))
    with store.begin() as connection:
        mark_calls(connection, ["pbx/1.1"])
    rate = heard().rate
    assert rate is not None
    anew = [1, rate / 60_000, 1, 1, None, 0, 0]
    assert told() == (anew, 1)
    roll_up(store, store, how, NOW)
    assert told() == (anew, 0)


def test_the_word_of_a_person_goes_before_that_of_the_audio(store: Engine) -> None:
    """Either makes a silent call; who says that the customer was heard is believed, until it is taken back."""
    store_facts(store, a_call())
    put(store, sounded(told=heard(silent_customer=True)))
    assert figures(store, *SILENCE) == (1, 1, None, 0, 0)
    for said, silent in ((False, 0), (True, 1), (None, 1)):
        with store.begin() as connection:
            note_call(connection, "pbx/1.1", NoteField.SILENT, said, by="wang", at=AS_OF)
        assert figures(store, "silent_calls") == (silent,)
    with store.begin() as connection:
        connection.execute(update(talk_features).values(silent_customer=False))
    assert figures(store, *SILENCE) == (0, 1, 60_000, 1, 1)


def test_a_call_that_was_merged_takes_what_was_heard_of_it_along(store: Engine) -> None:
    """Its files, spans and features are the older call's."""
    store_facts(
        store, [*a_call(), call("pbx/2.1", start=80, answered=90, end=150), talk("pbx/2.1", start=90, end=150)]
    )
    put(store, sounded("pbx/2.1/talk/PJSIP/1004", heard()), "pbx/2.1")
    merged = call(answered=10, end=150, revision=2, alias_ids=("pbx/2.1",))
    store_facts(store, [merged])
    with store.connect() as connection:
        tables = (recording_files, recording_spans, talk_features)
        assert [connection.execute(select(each.c.call_id)).scalars().all() for each in tables] == [["pbx/1.1"]] * 3
    assert figures(store, "talks_ended", "talks_recorded", "talks_measured") == (2, 1, 1)


def test_a_side_in_each_of_two_files_is_stereo_and_a_file_that_is_none_is_nothing(store: Engine) -> None:
    """MixMonitor's separate directions; what is broken, empty, growing or missing cannot be played."""
    store_facts(store, a_call())
    put(store, sounded(apart=False))
    put_side(store, "said.wav", agent_channel=0)
    assert figures(store, "recording_coverage", "stereo_coverage") == (1, 0)
    put_side(store, "heard.wav", customer_channel=0)
    assert figures(store, "stereo_coverage") == (1,)
    for condition in ("growing", "empty", "broken", "unplayable", "missing"):
        with store.begin() as connection:
            connection.execute(update(recording_files).values(condition=condition))
        assert figures(store, "recording_coverage", "talks_unrecorded") == (0, 1)
    with store.begin() as connection:
        connection.execute(delete(recording_spans))
    assert figures(store, "recording_coverage") == (0,)


def put_side(store: Engine, path: str, **channels: int) -> None:
    """A playable file of one direction of 1004's talk."""
    told = {
        "pbx": "pbx",
        "path": path,
        "size": 1,
        "stamp": "1",
        "found_us": 0,
        "changed_us": 0,
        "condition": "ready",
    }
    with store.begin() as connection:
        made = connection.execute(
            insert(recording_files).values(told | {"call_id": "pbx/1.1"})
        ).inserted_primary_key
        assert made is not None
        span = {"file_id": made[0], "talk_id": TALK, "call_id": "pbx/1.1", "agent": "1004", "begins_talk": True}
        connection.execute(insert(recording_spans).values(span | {"start_ms": 0, "end_ms": 1} | channels))


def test_every_metric_of_recordings_can_be_told_apart_by_agent_queue_and_day() -> None:
    """Coverage per queue and day, and all else as figures of agents are."""
    wanted = {Group.AGENT, Group.QUEUE, Group.DAY, Group.CALL, Group.GROUP}
    told = [name for name, each in METRICS.items() if each.chapter == "recordings" and name != "recordings_named"]
    assert [name for name in told if not wanted <= METRICS[name].groups] == []
