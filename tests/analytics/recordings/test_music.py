"""What is no voice: music, ringback, busy, beeps, fax, noise, an echo; and voices that must not be taken for such."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analytics.recordings.values import Features
from tests.analytics.recordings.test_listening import features, heard, near
from tests.analytics.recordings.tones import RATE, Signal, silence
from tests.analytics.recordings.voices import (
    arpeggio,
    chord,
    chords,
    drums,
    hum,
    mixed,
    noise,
    script,
    signal,
    speak,
)

LONG = 30.0


def alone(path: Path, customer: Signal, *, coded: bool = True) -> Features:
    """Of a call in which only the customer's channel sounds."""
    return features(path, customer, silence(len(customer) / RATE), coded=coded)


MUSIC: dict[str, Callable[[], Signal]] = {
    "chords": lambda: chords(LONG),
    "arpeggio": lambda: arpeggio(LONG),
    "chords with drums": lambda: mixed(chords(LONG), drums(LONG)),
    "arpeggio with drums": lambda: mixed(arpeggio(LONG), drums(LONG)),
    "one chord that goes on": lambda: chord(LONG, 220, 277.2, 329.6),
    "faint chords": lambda: chords(LONG) * 0.35,
    "chords behind noise": lambda: mixed(chords(LONG), noise(LONG, 0.01)),
}


@pytest.mark.parametrize("name", MUSIC)
def test_music_is_no_speech(tmp_path: Path, name: str) -> None:
    """Half a minute of it: next to nothing is said, and most is called music; or nothing, where it stands still."""
    told = alone(tmp_path / "a.wav", MUSIC[name]())
    assert told.speech_ms <= 600
    if name != "one chord that goes on":
        assert told.music_ms >= 25_000
        assert told.silences == ()


MACHINES: dict[str, Callable[[], Signal]] = {
    "ringback in China": lambda: signal(LONG, 450, on=1, off=4),
    "ringback in the US": lambda: signal(LONG, 440, 480, on=2, off=4),
    "ringback in the UK": lambda: signal(LONG, 400, 450, on=0.4, off=0.2),
    "busy in China": lambda: signal(LONG, 450, on=0.35, off=0.35),
    "busy in the US": lambda: signal(LONG, 480, 620, on=0.5, off=0.5),
    "fax that calls": lambda: signal(LONG, 1100, on=0.5, off=3),
    "fax that answers": lambda: signal(LONG, 2100, on=3, off=0.5),
    "beeps": lambda: signal(LONG, 1400, on=0.2, off=5),
    "short beeps": lambda: signal(LONG, 1400, on=0.1, off=2),
    "keys": lambda: signal(LONG, 770, 1336, on=0.15, off=0.4),
    "drums": lambda: drums(LONG),
    "noise": lambda: noise(LONG, 0.02),
    "noise that comes and goes": lambda: noise(LONG, 0.02) * (np.arange(int(LONG * RATE)) // RATE % 3 == 0),
    "hum": lambda: hum(LONG, 0.1),
    "nothing": lambda: silence(LONG),
}


@pytest.mark.parametrize("behind", [0.0, 0.001], ids=["clean", "on a line"])
@pytest.mark.parametrize("name", MACHINES)
def test_machines_and_noise_say_nothing(tmp_path: Path, name: str, behind: float) -> None:
    """A customer of whom nothing else is heard is silent."""
    told = alone(tmp_path / "a.wav", mixed(MACHINES[name](), noise(LONG, behind)))
    assert told.silent_customer is True
    assert told.customer_speech_ms == 0


def test_speech_between_music_is_heard(tmp_path: Path) -> None:
    """The customer is on hold for twelve seconds that nobody named; before and after he speaks."""
    customer = np.concatenate([speak(8, 1, 200), silence(0.5), arpeggio(12), silence(0.5), speak(8, 2, 200)])
    told = heard(tmp_path / "a.wav", customer, silence(29), coded=True)
    (first, second), (music,) = told.marks.speech[0], told.marks.music
    assert first == pytest.approx((0, 8000), abs=60)
    assert second == pytest.approx((21_000, 29_000), abs=60)
    assert music == pytest.approx((8500, 20_500), abs=1300)
    assert told.marks.silences == ()


@pytest.mark.parametrize("level", [0.002, 0.01, 0.03])
def test_a_line_that_comes_in_with_its_noise_is_no_voice(tmp_path: Path, level: float) -> None:
    """Nothing for three seconds, then a noisy line; three seconds later words, and again nothing before the end."""
    there = (np.arange(int(LONG * RATE)) > 3 * RATE) & (np.arange(int(LONG * RATE)) < 24 * RATE)
    customer = mixed(script(LONG, (6, 10), (13, 20), seed=5), noise(LONG, level) * there)
    told = heard(tmp_path / "a.wav", customer, silence(LONG), coded=True)
    assert near(told.marks.speech[0], [(6.0, 10.0), (13.0, 20.0)], 100)


@pytest.mark.parametrize("below", [20.0, 25.0, 30.0])
@pytest.mark.parametrize("delay_ms", [0, 60, 200])
def test_an_echo_is_not_the_other_speaking(tmp_path: Path, below: float, delay_ms: int) -> None:
    """The agent's own voice on the customer's channel, so much fainter and so much later."""
    agent = script(LONG, (1, 12), (15, 28), seed=5)
    late = np.roll(agent, delay_ms * RATE // 1000) * 10 ** (-below / 20)
    told = features(tmp_path / "a.wav", mixed(late, noise(LONG, 0.0005)), agent, coded=True)
    assert told.silent_customer is True
    assert told.overlap_ms == 0
    assert told.agent_speech_ms == pytest.approx(24_000, abs=200)


def test_a_faint_customer_is_heard_beside_a_loud_agent(tmp_path: Path) -> None:
    """Eighteen decibels below, also while the agent speaks: usual on a bad line, and no echo."""
    agent = script(LONG, (1, 8), (16, 22), seed=5, level=0.12)
    customer = script(LONG, (9, 15), (20, 26), seed=6, hertz=210, level=0.12 * 10 ** (-18 / 20))
    told = features(tmp_path / "a.wav", customer, agent, coded=True)
    assert told.customer_speech_ms == pytest.approx(12_000, abs=250)
    assert told.overlap_ms == pytest.approx(2000, abs=250)


@pytest.mark.parametrize("hertz", [85.0, 110.0, 160.0, 230.0, 300.0])
def test_voices_of_any_pitch_are_heard_whole(tmp_path: Path, hertz: float) -> None:
    """From a deep voice to a child's."""
    told = alone(tmp_path / "a.wav", script(LONG, (1, 26), seed=4, hertz=hertz))
    assert told.customer_speech_ms == pytest.approx(25_000, abs=250)
    assert told.music_ms == 0
