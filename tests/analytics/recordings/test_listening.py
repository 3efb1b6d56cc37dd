"""Calls of two channels by a script: what is heard is what was said, within a tenth of a second at each edge."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from analytics.recordings import Heard, listen, read_sound
from analytics.recordings.companding import ALAW
from analytics.recordings.values import Features, Limits, Span, Stretch
from tests.analytics.recordings.tones import Signal, encoded, pcm16, silence, wave, write
from tests.analytics.recordings.voices import hum, mixed, noise, script

SECONDS = 40.0
AGENT = ((1.2, 4.0), (9.0, 13.0), (13.6, 16.0), (24.0, 31.0))
CUSTOMER = ((5.0, 8.2), (16.4, 19.0), (29.0, 32.5), (34.0, 36.0))


def talk(length: float = SECONDS, **changes: object) -> Span:
    """The whole file as one talk, the agent on the second channel."""
    told = {
        "talk_id": "t",
        "agent": "1001",
        "start_ms": 0,
        "end_ms": int(length * 1000),
        "agent_channel": 1,
        "customer_channel": 0,
    }
    return Span(**(told | changes))  # type: ignore[arg-type]


def heard(
    path: Path, *channels: Signal, span: Span | None = None, limits: Limits | None = None, coded: bool = False
) -> Heard:
    """What is heard in a WAVE of these channels, A-law where asked for."""
    body = encoded(np.stack(channels, axis=1).ravel(), ALAW) if coded else pcm16(*channels)
    write(path, wave(body, channels=len(channels), tag=6 if coded else 1, bits=8 if coded else 16))
    return listen(path, read_sound(path), [span or talk(len(channels[0]) / 8000)], limits or Limits())


def features(path: Path, *channels: Signal, span: Span | None = None, coded: bool = False) -> Features:
    """Of the one talk."""
    return heard(path, *channels, span=span, coded=coded).features["t"]


def near(found: tuple[Stretch, ...] | None, expected: list[tuple[float, float]], edge_ms: int) -> bool:
    """Whether these are the stretches, in seconds, each edge near enough."""
    edges = zip(chain.from_iterable(found or ()), chain.from_iterable(expected), strict=True)
    return all(abs(milliseconds - seconds * 1000) <= edge_ms for milliseconds, seconds in edges)


CONDITIONS: dict[str, tuple[Callable[[], Signal], int]] = {
    "clean": (lambda: silence(SECONDS), 50),
    "comfort noise": (lambda: noise(SECONDS, 0.001), 50),
    "noise at 20 dB": (lambda: noise(SECONDS, 0.01), 70),
    "noise at 10 dB": (lambda: noise(SECONDS, 0.1 * 10**-0.5), 90),
    "hum": (lambda: hum(SECONDS, 0.03), 70),
}
"""What lies behind both voices, and how near each edge is found: noise covers the breath before a vowel."""


@pytest.mark.parametrize("coded", [False, True], ids=["linear", "alaw"])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_call_by_script_is_heard_as_it_was_said(tmp_path: Path, condition: str, coded: bool) -> None:
    """Speech of each, mutual silence, talking at once, answers and first words."""
    behind, edge = CONDITIONS[condition]
    customer = mixed(script(SECONDS, *CUSTOMER, seed=2, hertz=210), behind())
    agent = mixed(script(SECONDS, *AGENT, seed=3), behind()[::-1])
    told = heard(tmp_path / "a.wav", customer, agent, coded=coded)
    found = told.features["t"]
    assert near(told.marks.speech[0], list(CUSTOMER), edge)
    assert near(told.marks.speech[1], list(AGENT), edge)
    assert near(found.silences, [(19.0, 24.0), (36.0, 40.0)], edge)
    assert near(found.overlaps, [(29.0, 31.0)], edge)
    assert found.agent_speech_ms == pytest.approx(16_200, abs=5 * edge)
    assert found.customer_speech_ms == pytest.approx(11_300, abs=5 * edge)
    assert found.overlap_ms == pytest.approx(2000, abs=2 * edge)
    assert found.responses == 2
    assert found.response_ms == pytest.approx(800 + 5000, abs=5 * edge)
    assert found.longest_response_ms == pytest.approx(5000, abs=2 * edge)
    assert found.first_words_ms == pytest.approx(1200, abs=edge)
    assert found.silent_customer is False
    assert (found.stereo, found.length_ms, found.music_ms) == (True, 40_000, 0)
    assert found.speech_ms + found.silence_ms == found.length_ms
