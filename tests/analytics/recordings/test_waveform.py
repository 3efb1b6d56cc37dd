"""The picture of a recording against known tones: loudness, places, channels, quiet stretches."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from analytics.recordings import Waveform, draw, read_sound
from analytics.recordings.companding import ALAW, ULAW
from tests.analytics.recordings.formats import written
from tests.analytics.recordings.tones import Table, encoded, pcm16, silence, tone, wave, write


def drawn(path: Path, content: bytes) -> Waveform:
    """The picture of these bytes."""
    write(path, content)
    return draw(path, read_sound(path))


def test_bars_are_as_loud_as_the_tone_where_it_sounds(tmp_path: Path) -> None:
    """A tone of half scale in the second quarter of four seconds; nothing elsewhere."""
    signal = np.concatenate([silence(1), tone(1, 0.5), silence(2)])
    (bars,) = drawn(tmp_path / "a.wav", wave(pcm16(signal))).peaks
    quarter = len(bars) // 4
    assert max(bars[:quarter]) == max(bars[2 * quarter :]) == 0
    assert all(abs(bar - 128) <= 2 for bar in bars[quarter : 2 * quarter])


def test_channels_are_drawn_apart(tmp_path: Path) -> None:
    """Left speaks, then right: each in its own lane."""
    left, right = np.concatenate([tone(1, 0.8), silence(1)]), np.concatenate([silence(1), tone(1, 0.2)])
    one, other = drawn(tmp_path / "b.wav", wave(pcm16(left, right), channels=2)).peaks
    half = len(one) // 2
    assert (max(one[half:]), max(other[:half])) == (0, 0)
    assert abs(max(one) - 204) <= 2
    assert abs(max(other) - 51) <= 2


def test_quiet_stretches_are_those_in_which_nobody_speaks(tmp_path: Path) -> None:
    """Both silent from 2 s to 5 s; one channel's pause is none; half a second is too short."""
    one = np.concatenate([tone(2, 0.5), silence(3), tone(1, 0.5), silence(0.5), tone(1.5, 0.5)])
    other = np.concatenate([silence(2), silence(3), silence(3)])
    found = drawn(tmp_path / "c.wav", wave(pcm16(one, other), channels=2))
    assert found.quiet == ((2000, 5000),)
    assert found.length_ms == 8000


@pytest.mark.parametrize(("name", "table", "tag"), [("d.alaw", ALAW, 6), ("d.ulaw", ULAW, 7)])
def test_companded_samples_are_as_loud_as_linear_ones(tmp_path: Path, name: str, table: Table, tag: int) -> None:
    """A-law and µ-law, bare and in a WAVE, against the same tone as PCM."""
    signal = np.concatenate([tone(1, 0.5), tone(1, 0.05)])
    linear = drawn(tmp_path / "d.wav", wave(pcm16(signal)))
    octets = encoded(signal, table)
    for found in (drawn(tmp_path / name, octets), drawn(tmp_path / "e.wav", wave(octets, tag=tag, bits=8))):
        pairs = zip(found.peaks[0], linear.peaks[0], strict=True)
        assert max(abs(a - b) for a, b in pairs) <= 4


def test_a_truncated_file_is_drawn_as_far_as_it_goes(tmp_path: Path) -> None:
    """Cut within a sample: what is whole counts."""
    found = drawn(tmp_path / "f.wav", wave(pcm16(tone(2, 0.5)))[:16_045])
    assert found.length_ms == 1000


def test_packed_samples_are_drawn_too(tmp_path: Path) -> None:
    """GSM: the same bars as of the linear samples, within its loss."""
    signal = np.concatenate([tone(2, 0.5), silence(2)])
    (bars,) = drawn(tmp_path / "g.gsm", written(signal, "RAW", "GSM610")).peaks
    half = len(bars) // 2
    assert abs(int(np.median(list(bars[:half]))) - 128) <= 8
    assert max(bars[half + 16 :]) <= 4


def test_memory_stays_flat_over_an_hour(tmp_path: Path) -> None:
    """An hour of two channels, 115 MB, is read with less than 24 MB at once."""
    path = tmp_path / "hour.wav"
    body = pcm16(tone(60, 0.3), tone(60, 0.1))
    with path.open("wb") as file:
        file.write(wave(b"", channels=2, said=60 * len(body)))
        for _ in range(60):
            file.write(body)
    sound = read_sound(path)
    tracemalloc.start()
    found = draw(path, sound)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.length_ms == 3_600_000
    assert peak < 24 << 20
