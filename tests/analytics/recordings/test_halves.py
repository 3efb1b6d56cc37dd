"""Two files of one direction each are heard as one of two channels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analytics.recordings import listen, read_sound
from analytics.recordings.halves import NEAR_MS, Half, decode_both, fit, spans_of_both
from analytics.recordings.listening import listen_both
from analytics.recordings.values import Limits, Span
from tests.analytics.recordings.test_listening import AGENT, CUSTOMER, SECONDS, talk
from tests.analytics.recordings.tones import Signal, pcm16, wave, write
from tests.analytics.recordings.voices import noise, script

LIMITS = Limits()


def half(path: Path, *channels: Signal, rate: int = 8000) -> Half:
    """A WAVE of these channels."""
    write(path, wave(pcm16(*channels), channels=len(channels), rate=rate))
    return Half(path=path, sound=read_sound(path))


def parties() -> tuple[Signal, Signal]:
    """Customer and agent by the script, with a little noise on either."""
    customer = script(SECONDS, *CUSTOMER, seed=2, hertz=210) + noise(SECONDS, 0.001)
    return customer, script(SECONDS, *AGENT, seed=3) + noise(SECONDS, 0.001, seed=8)


def test_two_files_tell_what_one_of_two_channels_tells(tmp_path: Path) -> None:
    """Every feature is the same; marks are of the file that is asked for, whose one lane is that of its voice."""
    customer, agent = parties()
    whole = half(tmp_path / "whole.wav", customer, agent)
    heard, said = half(tmp_path / "a-in.wav", customer), half(tmp_path / "a-out.wav", agent)
    expected = listen(whole.path, whole.sound, [talk()], LIMITS)
    found = listen_both(heard, said, [talk()], LIMITS, marks_of_heard=True)
    assert found.features == expected.features
    assert found.features["t"].overlaps
    for lane, of_heard in enumerate((True, False)):
        marks = listen_both(heard, said, [talk()], LIMITS, marks_of_heard=of_heard).marks
        assert (marks.speech, marks.overlaps) == ((expected.marks.speech[lane],), ())


@pytest.mark.parametrize("shorter", [0, 1])
def test_the_shorter_one_is_filled_up(tmp_path: Path, shorter: int) -> None:
    """Block by block, also where it ends a block earlier; no sound of the longer one is lost."""
    lengths = [800, 800]
    lengths[shorter] = 300
    halves = [half(tmp_path / f"{n}.wav", np.full(length, 0.5)) for n, length in enumerate(lengths)]
    blocks = list(decode_both(halves[0], halves[1], 250))
    samples = np.concatenate(blocks)
    assert [len(each) for each in blocks] == [250, 250, 250, 50]
    assert [int((samples[:, n] > 0.4).sum()) for n in (0, 1)] == lengths


def test_only_what_fits_is_one_recording(tmp_path: Path) -> None:
    """Two channels, another rate and another length are other recordings, whatever their names say."""
    sound = half(tmp_path / "a.wav", np.zeros(8000)).sound
    near, far = (half(tmp_path / f"{n}.wav", np.zeros(8000 + 8 * n)).sound for n in (NEAR_MS, NEAR_MS + 1))
    assert fit(sound, near)
    assert fit(near, sound)
    assert not fit(sound, far)
    assert not fit(sound, replace(sound, channels=2))
    assert not fit(sound, replace(sound, rate=16_000))


@pytest.mark.parametrize(
    ("heard", "said", "both"),
    [
        ((None, 0), (0, None), (1, 0)),  # the customer's channel was recorded
        ((0, None), (None, 0), (0, 1)),  # the agent's
        ((0, None), (None, None), (0, None)),  # and he spoke with several
        ((None, None), (None, None), (None, None)),
    ],
)
def test_whoever_is_alone_in_one_file_has_its_channel(
    heard: tuple[int | None, int | None], said: tuple[int | None, int | None], both: tuple[int | None, int | None]
) -> None:
    """Agent and customer; a talk that only one of the files has is not of both."""

    def span(channels: tuple[int | None, int | None], name: str = "t") -> Span:
        return talk(talk_id=name, agent_channel=channels[0], customer_channel=channels[1])

    (found,) = spans_of_both([span(heard), span(heard, "other")], [span(said)])
    assert (found.talk_id, found.agent_channel, found.customer_channel) == ("t", *both)
