"""What was heard of a file, into the store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select

from analytics.recordings.values import Features, Marks, Span, SpeechRate
from analytics.storage.recording_files import file, marks_of_file, spans_of_file
from analytics.storage.recording_models import recording_marks, talk_features
from analytics.storage.recording_results import forget_heard, lock_files_of, others_with, store_heard
from analytics.storage.rollup_models import changed_hours
from analytics.storage.talk_features import features_of_talks
from tests.analytics.factory import at, call
from tests.analytics.storage.recorded import put_file, put_span
from tests.analytics.stored import store_facts

TALK = "pbx/1.1/talk/PJSIP/1004"
MARKS = Marks(speech=(((0, 900),),), silences=((900, 5000),))


def heard(length_ms: int = 35_000, *, stereo: bool = False, **more: Any) -> Features:
    """The least that there is to say of a span."""
    values: dict[str, Any] = {"speech_ms": 20_000, "silence_ms": 15_000, "music_ms": 0}
    return Features(length_ms=length_ms, stereo=stereo, **(values | more))


def store_it(store: Engine, file_id: int, features: dict[str, Features], *, version: int = 1) -> None:
    """As a worker does."""
    with store.begin() as connection:
        row = file(connection, file_id)
        assert row is not None
        lock_files_of(connection, row)
        spans = spans_of_file(connection, file_id)
        store_heard(connection, row, spans, features, MARKS, version=version, now=at(100))


def teller(store: Engine, talk_id: str = TALK) -> int | None:
    """The file that tells a talk."""
    with store.connect() as connection:
        found = features_of_talks(connection, [talk_id]).get(talk_id)
    return None if found is None else found.file_id


def test_every_feature_has_its_column(store: Engine) -> None:
    """Stretches as their count and the longest; the rate as its parts."""
    file_id = put_file(store)
    put_span(store, file_id)
    rate = SpeechRate(syllables=120, turns_ms=30_000, phonation_ms=25_000, error_permille=40)
    told = heard(
        stereo=True, agent_speech_ms=1, customer_speech_ms=2, silences=((0, 4000), (9000, 14_000)), overlaps=(),
        overlap_ms=3, responses=4, response_ms=5, longest_response_ms=6, first_words_ms=7, silent_customer=False,
        agent_level_cdb=-2300, customer_level_cdb=-2500, rate=rate,
    )  # fmt: skip
    store_it(store, file_id, {TALK: told}, version=3)
    with store.connect() as connection:
        found = features_of_talks(connection, [TALK])[TALK]
        assert marks_of_file(connection, file_id) == MARKS
    assert (found.silence_count, found.longest_silence_ms, found.overlap_count, found.overlap_ms) == (2, 5000, 0, 3)
    assert (found.syllables, found.turns_ms, found.phonation_ms, found.rate_error_permille) == (
        120, 30_000, 25_000, 40,
    )  # fmt: skip
    assert (found.responses, found.response_ms, found.longest_response_ms, found.first_words_ms) == (4, 5, 6, 7)
    assert (found.agent_speech_ms, found.customer_speech_ms, found.silent_customer) == (1, 2, False)
    assert (found.agent_level_cdb, found.customer_level_cdb) == (-2300, -2500)
    assert (found.agent, found.call_id, found.version, found.measured_at) == ("1004", "pbx/1.1", 3, at(100))


def test_storing_again_replaces(store: Engine) -> None:
    """Neither the talk nor the marks are there twice, and a talk that is not heard any more goes."""
    file_id = put_file(store)
    put_span(store, file_id)
    put_span(store, file_id, "pbx/1.1/talk/2", start_ms=50_000)
    store_it(store, file_id, {TALK: heard(), "pbx/1.1/talk/2": heard()})
    store_it(store, file_id, {TALK: heard(speech_ms=1)})
    with store.connect() as connection:
        found = connection.execute(select(talk_features.c.talk_id, talk_features.c.speech_ms)).all()
        assert [tuple(each) for each in found] == [(TALK, 1)]
        assert len(connection.execute(select(recording_marks)).all()) == 1


def test_a_talk_is_told_by_the_file_that_tells_most_of_it(store: Engine) -> None:
    """Apart before mixed, both sides before one, then the longer stretch; whatever comes first."""
    ways = [
        ("said", "said", heard(90_000)),
        ("short", "mixed", heard(10_000)),
        ("long", "mixed", heard(20_000)),
        ("apart", "apart", heard(5000, stereo=True)),
    ]
    files = {path: put_file(store, path, layout=layout) for path, layout, _ in ways}
    for each in files.values():
        put_span(store, each)
    for path, _, features in ways:
        store_it(store, files[path], {TALK: features})
        assert teller(store) == files[path]
    for path, _, features in ways:
        store_it(store, files[path], {TALK: features})
        assert teller(store) == files["apart"]


def test_who_else_has_a_talk_is_found_when_its_teller_lets_go(store: Engine) -> None:
    """So that the other file is listened to."""
    first, second = put_file(store, "1.wav"), put_file(store, "2.wav")
    for each in (first, second):
        put_span(store, each)
        store_it(store, each, {TALK: heard()})
    assert teller(store) == first
    with store.begin() as connection:
        forget_heard(connection, first)
        assert others_with(connection, first, [TALK]) == [second]
        assert marks_of_file(connection, first) is None
        assert marks_of_file(connection, second) == MARKS
    assert teller(store) is None


def test_the_hours_of_the_call_are_marked(store: Engine) -> None:
    """So that a roll-up of the day is made anew."""
    store_facts(store, [call(end=60)])
    with store.begin() as connection:
        connection.execute(changed_hours.delete())
    file_id = put_file(store)
    put_span(store, file_id)
    store_it(store, file_id, {TALK: heard()})
    with store.connect() as connection:
        assert [each.pbx for each in connection.execute(select(changed_hours))] == ["pbx"]


def test_the_same_talk_may_be_in_no_span(store: Engine) -> None:
    """A file without a talk has marks alone."""
    file_id = put_file(store, call_id=None)
    store_it(store, file_id, {TALK: heard()})
    with store.connect() as connection:
        assert spans_of_file(connection, file_id) == list[Span]()
        assert marks_of_file(connection, file_id) == MARKS
    assert teller(store) is None
