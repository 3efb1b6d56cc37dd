"""What a file can tell and what it cannot: one channel, one direction, holds, music; and that pieces leave no seam."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from analytics.errors import SoundError
from analytics.recordings import Sound, listen, read_sound
from analytics.recordings.sound import Coding, playable_header
from analytics.recordings.values import Limits
from tests.analytics.recordings.test_listening import AGENT, CUSTOMER, SECONDS, features, heard, near, talk
from tests.analytics.recordings.tones import RATE, Signal, pcm16, silence, wave, write
from tests.analytics.recordings.voices import chords, mixed, noise, script


def call() -> tuple[Signal, Signal]:
    """Customer and agent by the usual script."""
    return script(SECONDS, *CUSTOMER, seed=2, hertz=210), script(SECONDS, *AGENT, seed=3)


def test_one_channel_tells_speech_and_silence_and_nothing_of_who_it_was(tmp_path: Path) -> None:
    """Both parties mixed: what needs to know the speaker is not measurable, never zero."""
    span = talk(agent_channel=None, customer_channel=None)
    told = heard(tmp_path / "a.wav", mixed(*call()), span=span).features["t"]
    assert near(told.silences, [(19.0, 24.0), (36.0, 40.0)], 50)
    assert told.speech_ms == pytest.approx(25_500, abs=400)
    assert told.stereo is False
    assert [
        told.agent_speech_ms, told.customer_speech_ms, told.overlaps, told.overlap_ms, told.responses, told.response_ms,
        told.first_words_ms, told.silent_customer, told.agent_level_cdb, told.rate,
    ] == [None] * 10  # fmt: skip


def test_a_file_of_one_direction_tells_what_its_speaker_did(tmp_path: Path) -> None:
    """The agent alone: his speech, first words, loudness and rate; nothing of the customer."""
    told = heard(tmp_path / "a.wav", call()[1], span=talk(agent_channel=0, customer_channel=None)).features["t"]
    assert told.agent_speech_ms == pytest.approx(16_200, abs=200)
    assert told.first_words_ms == pytest.approx(1200, abs=50)
    assert told.rate is not None
    assert (told.stereo, told.silent_customer, told.responses, told.overlaps) == (False, None, None, None)
    assert told.silences == ()


def test_two_channels_that_hold_the_same_are_one(tmp_path: Path) -> None:
    """As a converter makes of a file of one channel: nobody speaks at once with himself."""
    told = heard(tmp_path / "a.wav", mixed(*call()), mixed(*call()), coded=True)
    found = told.features["t"]
    assert (found.stereo, found.agent_speech_ms, found.overlaps, found.rate) == (False, None, None, None)
    assert told.marks.overlaps == ()
    assert near(found.silences, [(19.0, 24.0), (36.0, 40.0)], 50)


def test_a_channel_that_the_file_does_not_have_is_not_measurable(tmp_path: Path) -> None:
    """The settings say two channels; the file has one."""
    told = heard(tmp_path / "a.wav", call()[1], span=talk(agent_channel=1, customer_channel=0)).features["t"]
    assert (told.stereo, told.agent_speech_ms, told.rate) == (False, None, None)


def test_nothing_is_counted_across_a_hold(tmp_path: Path) -> None:
    """From 16.2 s to 23 s the customer was on hold: no silence, no answer, no speech there."""
    told = features(tmp_path / "a.wav", *call(), span=talk(holds=((16_200, 23_000),)))
    assert told.length_ms == 33_200
    assert near(told.silences, [(36.0, 40.0)], 50)
    assert told.responses == 1
    assert told.customer_speech_ms == pytest.approx(8700, abs=200)
    assert told.speech_ms + told.silence_ms + told.music_ms == told.length_ms


def test_a_span_is_measured_by_itself(tmp_path: Path) -> None:
    """A second agent from 20 s on: silence and first words count from there, and nothing beyond the file's end."""
    told = features(tmp_path / "a.wav", *call(), span=talk(start_ms=20_000, end_ms=60_000))
    assert told.length_ms == 20_000
    assert near(told.silences, [(20.0, 24.0), (36.0, 40.0)], 50)
    assert told.first_words_ms == pytest.approx(4000, abs=50)
    assert told.responses == 0
    assert told.longest_response_ms is None


def test_first_words_are_of_the_answer_alone(tmp_path: Path) -> None:
    """An earlier file has the talk's beginning: here they are not measurable."""
    assert features(tmp_path / "a.wav", *call(), span=talk(begins_talk=False)).first_words_ms is None


def test_music_over_half_of_a_channel_hides_its_party(tmp_path: Path) -> None:
    """The customer's line played music all along; of the agent all is told that needs him alone."""
    told = features(tmp_path / "a.wav", chords(SECONDS), call()[1])
    assert told.music_ms > 20_000
    assert (told.stereo, told.silent_customer, told.responses) == (False, None, None)
    assert told.agent_speech_ms == pytest.approx(16_200, abs=200)
    assert told.rate is not None


def test_loudness_is_that_of_speech_alone(tmp_path: Path) -> None:
    """Half the amplitude is six decibels less, however long it is silent."""
    customer, agent = call()
    loud, faint = (features(tmp_path / "a.wav", customer, agent * by) for by in (1.0, 0.5))
    assert loud.agent_level_cdb is not None
    assert faint.agent_level_cdb is not None
    assert loud.agent_level_cdb == pytest.approx(-2000, abs=200)
    assert loud.agent_level_cdb - faint.agent_level_cdb == pytest.approx(602, abs=120)


def test_limits_are_the_policys(tmp_path: Path) -> None:
    """Shorter silences, longer overlaps, and a rate that is corrected by a tenth."""
    limits = Limits(silence_ms=400, overlap_ms=2500, rate_factor_permille=1100)
    plain = features(tmp_path / "a.wav", *call())
    told = heard(tmp_path / "a.wav", *call(), limits=limits).features["t"]
    assert told.overlaps == ()
    assert told.overlap_ms == plain.overlap_ms
    assert len(told.silences) > len(plain.silences)
    assert told.rate is not None
    assert plain.rate is not None
    assert told.rate.syllables == round(plain.rate.syllables * 1.1)


@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_any_rate_tells_the_same(tmp_path: Path, rate: int) -> None:
    """The same call with more samples a second."""
    count = int(SECONDS * rate)
    spectra = [np.fft.rfft(each) for each in call()]
    finer = [np.fft.irfft(each, count) * count / (SECONDS * RATE) for each in spectra]
    path = write(tmp_path / "a.wav", wave(pcm16(*finer), channels=2, rate=rate))
    told = listen(path, read_sound(path), [talk()], Limits())
    assert near(told.marks.speech[0], list(CUSTOMER), 60)
    assert near(told.marks.speech[1], list(AGENT), 60)


def test_where_pieces_meet_is_not_heard(tmp_path: Path) -> None:
    """A file of many pieces: wherever the call lies in it, its stretches are the same but for a window of 10 ms."""
    customer, agent = call()
    first = heard(tmp_path / "a.wav", customer, agent).marks.speech
    for late in (40, 57, 70):
        moved = [np.concatenate([silence(late), each, silence(90)]) for each in (customer, agent)]
        found = heard(tmp_path / "b.wav", *moved).marks.speech
        for ones, others in zip(first, found, strict=True):
            assert np.abs(np.array(ones) + late * 1000 - np.array(others)).max() <= 10


def test_an_empty_file_and_an_instant_tell_nothing(tmp_path: Path) -> None:
    """Not one sample, and a hundredth of a second."""
    for length in (0, 80):
        told = features(tmp_path / "a.wav", np.zeros(length), np.zeros(length), span=talk(1.0))
        assert (told.speech_ms, told.silence_ms, told.rate) == (0, length * 1000 // RATE, None)


@pytest.mark.parametrize(("rate", "channels"), [(1000, 2), (384_000, 1), (8000, 3)])
def test_what_is_no_recording_of_a_call_is_refused(tmp_path: Path, rate: int, channels: int) -> None:
    """Too few or too many samples a second, a third channel: found and expected."""
    path = write(tmp_path / "a.wav", wave(bytes(600), rate=rate, channels=channels))
    with pytest.raises(SoundError, match=f"found {channels} channels at {rate} a second, expected 1 or 2, 4000 to"):
        listen(path, read_sound(path), [], Limits())


@pytest.mark.parametrize("hertz", [110.0, 210.0])
@pytest.mark.parametrize("a_minute", [120, 140, 180, 240])
def test_the_speech_rate_is_that_of_the_turns(tmp_path: Path, hertz: float, a_minute: int) -> None:
    """Synthetic syllables at a known pace with pauses of half a second, behind faint noise: within its own error."""
    agent, turns = _paced(a_minute, hertz)
    behind = noise(len(agent) / RATE, 0.002)
    limits = Limits(rate_error_permille=0)
    told = heard(tmp_path / "a.wav", behind, mixed(agent, behind), limits=limits, coded=True).features["t"]
    assert told.rate is not None
    assert told.rate.turns_ms == pytest.approx(turns * 1000, rel=0.02)
    found = told.rate.syllables * 60_000 / told.rate.turns_ms
    true = _SYLLABLES * 60 / turns
    assert abs(found / true - 1) <= told.rate.error_permille / 1000 <= 0.08


def test_the_error_of_a_rate_holds_what_is_not_known_of_live_voices(tmp_path: Path) -> None:
    """A tenth, until the centre's policy says less; and it is never less than the estimate's own."""
    told = {
        permille: heard(tmp_path / "a.wav", *call(), limits=Limits(rate_error_permille=permille)).features["t"].rate
        for permille in (0, 100, 300)
    }
    errors = [rate.error_permille for rate in told.values() if rate is not None]
    assert len(errors) == 3
    assert 45 <= errors[0] <= 80
    assert errors[1:] == [pytest.approx((errors[0] ** 2 + each**2) ** 0.5, abs=1) for each in (100, 300)]


_SYLLABLES = 60


def _paced(a_minute: int, hertz: float) -> tuple[Signal, float]:
    """Three turns of twenty syllables, each with a pause of half a second in its midst; and how long they are."""
    half = 10 * 60 / a_minute
    turns = [(1 + n * (2 * half + 2.5) + k * (half + 0.5), half) for n in range(3) for k in range(2)]
    stretches = [(start, start + long) for start, long in turns]
    return script(stretches[-1][1] + 1, *stretches, seed=8, hertz=hertz, a_minute=a_minute), 3 * (2 * half + 0.5)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Ten minutes of two channels with less than 40 MB, and half an hour with hardly more."""
    peaks = [_peak(tmp_path / "long.wav", minutes) for minutes in (10, 30)]
    assert peaks[0] < 40 << 20
    assert peaks[1] - peaks[0] < 2 << 20


def _peak(path: Path, minutes: int) -> int:
    customer, agent = call()
    body = pcm16(mixed(customer, noise(SECONDS, 0.001)), agent)
    rounds = minutes * 60 // int(SECONDS)
    sound = Sound(coding=Coding.PCM16, channels=2, rate=RATE, start=44, size=rounds * len(body), frames=None)
    with path.open("wb") as file:
        file.write(playable_header(sound))
        for _ in range(rounds):
            file.write(body)
    tracemalloc.start()
    listen(path, read_sound(path), [talk(minutes * 60)], Limits())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak
