"""Samples of each format: the same sound comes out of all, in blocks, from whole files and from unfinished ones."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from analytics.errors import SoundError
from analytics.recordings import Coding, decode, read_sound
from tests.analytics.recordings.formats import FORMATS, written
from tests.analytics.recordings.tones import Signal, pcm16, silence, tone, wave, write

SIGNAL = np.concatenate([silence(1), tone(1, 0.5), silence(1)])


def all_of(path: Path, frames: int = 1000) -> Signal:
    """Every sample of the file, by blocks."""
    blocks = list(decode(path, read_sound(path), frames))
    assert all(len(block) == frames for block in blocks[:-1])
    return np.concatenate(blocks).astype(np.float64)


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_holds_the_same_sound(tmp_path: Path, name: str) -> None:
    """A tone of half scale in the second of three seconds, within what the format's loss and delay allow."""
    ending, made = FORMATS[name]
    path = write(tmp_path / f"a{ending}", made(SIGNAL))
    sound, samples = read_sound(path), all_of(path)
    assert (sound.channels, sound.rate) == (1, 8000)
    assert abs(len(samples) - 24_000) <= 1152
    loud = np.sqrt((samples[9_000:15_000] ** 2).mean())
    assert abs(loud - 0.5 / 2**0.5) < 0.03
    assert np.abs(samples[:7_000]).max() < 0.02


@pytest.mark.parametrize("name", ["mp3", "vorbis", "opus", "adpcm", "pcm24"])
def test_channels_of_packed_sound_stay_apart(tmp_path: Path, name: str) -> None:
    """The tone is on the second channel alone."""
    ending, made = FORMATS[name]
    path = write(tmp_path / f"a{ending}", made(np.stack([silence(3), SIGNAL], axis=1)))
    samples = all_of(path)
    assert samples.shape[1] == read_sound(path).channels == 2
    assert np.abs(samples[:, 0]).max() < 0.05 < np.abs(samples[:, 1]).max()


@pytest.mark.parametrize("said", [0, 0xFFFFFFFF])
def test_a_wav49_whose_header_was_never_finished_is_read_as_far_as_it_goes(tmp_path: Path, said: int) -> None:
    """Its length says nothing, or everything: as of a PBX that writes still."""
    content = written(SIGNAL, "WAV", "GSM610")
    place = content.index(b"data") + 4
    torn = content[:place] + struct.pack("<I", said) + content[place + 4 : -1000]
    path = write(tmp_path / "a.WAV", torn)
    sound = read_sound(path)
    assert (sound.coding, sound.header_right) == (Coding.GSM, False)
    assert len(all_of(path)) == sound.frames == (len(torn) - place - 4) // 65 * 320


def test_a_file_that_got_shorter_meanwhile_ends_early(tmp_path: Path) -> None:
    """What was there at the look is not believed."""
    path = write(tmp_path / "a.wav", wave(pcm16(SIGNAL)))
    sound = read_sound(path)
    write(path, path.read_bytes()[:10_044])
    assert sum(map(len, decode(path, sound, 1000))) == 5000


def test_a_file_that_became_another_is_refused(tmp_path: Path) -> None:
    """Two channels where one was."""
    path = write(tmp_path / "a.ogg", written(SIGNAL, "OGG", "VORBIS"))
    sound = read_sound(path)
    write(path, written(np.stack([SIGNAL, SIGNAL], axis=1), "OGG", "VORBIS"))
    with pytest.raises(SoundError, match="found 2 channels at 8000 a second, expected 1 at 8000"):
        list(decode(path, sound, 1000))


@pytest.mark.parametrize("ending", [".mp3", ".ogg", ".opus", ".WAV"])
def test_what_is_no_sound_is_refused_in_words(tmp_path: Path, ending: str) -> None:
    """A page where a recording should be: found and expected in one line."""
    path = write(tmp_path / f"a{ending}", b"<html>not found</html>" * 20)
    with pytest.raises(SoundError, match=r"^found .*, expected [^\n]+$"):
        list(decode(path, read_sound(path), 1000))
