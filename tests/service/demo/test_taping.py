"""The demo's recordings lie where the played PBX named them, as long as its axis says, with voices in the talks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from analytics.recordings import listen, read_sound
from analytics.recordings.axis import expected, length_of
from analytics.recordings.companding import ULAW
from analytics.recordings.linking import place
from analytics.recordings.values import Layout, Limits, Span
from analytics.storage.engine import open_store
from service.demo.taping import AGENT, CUSTOMER, Taper, _spoken, _write
from service.demo.voices import RATE, to_ulaw
from service.migrations import upgrade
from telephony.calls.facts import CallFact, Fact, RecordingFact, TalkFact
from tests.analytics.stored import store_facts
from tests.analytics.test_captures import CAPTURES, facts_of

SINCE = datetime(2026, 11, 21, tzinfo=UTC)
PLAIN = next(each for each in CAPTURES if each.name == "22.10")


@pytest.fixture(scope="module")
def facts() -> list[Fact]:
    """Of a captured stream."""
    return facts_of(PLAIN)


@pytest.fixture
def engine(tmp_path: Path, facts: list[Fact]) -> Iterator[Engine]:
    """A store with them."""
    found = open_store(f"sqlite:///{tmp_path}/facts.db")
    upgrade(found)
    store_facts(found, facts)
    yield found
    found.dispose()


def test_each_named_recording_of_the_newest_calls_gets_its_file_once(
    engine: Engine, facts: list[Fact], tmp_path: Path
) -> None:
    """Two channels, of the length that its axis makes it; a second time nothing is left to do."""
    pbx = next(fact.pbx for fact in facts if isinstance(fact, CallFact))
    taper = Taper(engine=engine, folders={pbx: tmp_path / "spool"})
    assert taper.tape(SINCE) > 5
    assert taper.tape(SINCE) == 0
    newest = {fact.id: fact for fact in facts if isinstance(fact, RecordingFact)}
    calls = {fact.id: fact for fact in facts if isinstance(fact, CallFact)}
    talks = list({fact.id: fact for fact in facts if isinstance(fact, TalkFact)}.values())
    made = 0
    for recording in newest.values():
        path = tmp_path / "spool" / recording.file
        if not path.is_file():
            continue
        made += 1
        sound, call = read_sound(path), calls[recording.call_id]
        assert sound.channels == 2
        assert sound.length_ms == length_of(expected(recording, call.ended_at))
        placed = place(
            recording, [t for t in talks if t.call_id == call.id], call, sound.length_ms, Layout.APART, {}
        )
        samples = ULAW[np.frombuffer(path.read_bytes()[sound.start :], dtype=np.uint8)].reshape(-1, 2)
        for span in placed.spans:
            if span.end_ms - span.start_ms > 2800:
                said = samples[span.start_ms * RATE // 1000 : span.end_ms * RATE // 1000]
                assert np.abs(said[:, AGENT]).max() > 0.05
    assert made > 5


def test_a_voice_is_heard_on_its_own_channel_alone(engine: Engine, facts: list[Fact], tmp_path: Path) -> None:
    """While one speaks the other is only a hum, but for the few moments in which both do."""
    pbx = next(fact.pbx for fact in facts if isinstance(fact, CallFact))
    Taper(engine=engine, folders={pbx: tmp_path / "spool"}).tape(SINCE)
    both = either = 0
    for path in (tmp_path / "spool").rglob("*.wav"):
        samples = np.abs(ULAW[np.frombuffer(path.read_bytes()[read_sound(path).start :], dtype=np.uint8)])
        frames = samples[: len(samples) // 320 * 320].reshape(-1, 160, 2).max(axis=1) > 0.02
        both += int((frames[:, CUSTOMER] & frames[:, AGENT]).sum())
        either += int((frames[:, CUSTOMER] | frames[:, AGENT]).sum())
    assert either > 500
    assert both < either / 5


def test_mu_law_is_that_of_the_standard() -> None:
    """What is written is read again within a step of its size."""
    samples = np.linspace(-0.99, 0.99, 4001, dtype=np.float32)
    again = ULAW[np.frombuffer(to_ulaw(samples), dtype=np.uint8)]
    assert np.all(np.abs(again - samples) <= np.abs(samples) / 16 + 0.0003)


@pytest.mark.parametrize("seed", range(3))
def test_after_music_the_first_words_are_the_second_agents(tmp_path: Path, seed: int) -> None:
    """What ends with the hold is not what he says: his first words come when he speaks."""
    talks = (
        Span(talk_id="a", agent="1", start_ms=0, end_ms=45_000, holds=((28_000, 45_000),), agent_channel=AGENT),
        Span(
            talk_id="b", agent="2", start_ms=45_000, end_ms=90_000, agent_channel=AGENT, customer_channel=CUSTOMER
        ),
    )
    _write(tmp_path / "q.wav", _spoken(talks, 90_000, seed), None)
    heard = listen(tmp_path / "q.wav", read_sound(tmp_path / "q.wav"), talks, Limits())
    first = heard.features["b"].first_words_ms
    assert first is not None
    assert 400 <= first <= 2800
