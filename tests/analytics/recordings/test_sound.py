"""What kind of sound a file holds: headers whole, unfinished, broken and absent."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import SoundError
from analytics.recordings.sound import Coding, Sound, playable_header, read_open
from tests.analytics.recordings.tones import pcm16, tone, wave

TONE = pcm16(tone(2, 0.5))


def read(content: bytes, ending: str = ".wav") -> Sound:
    """The format of these bytes."""
    return read_open(io.BytesIO(content), len(content), ending)


def test_a_wave_says_its_format_and_length() -> None:
    """Two channels of two seconds each, header whole."""
    sound = read(wave(pcm16(tone(2, 0.5), tone(2, 0.1)), channels=2))
    assert (sound.coding, sound.channels, sound.length_ms, sound.header_right) == (Coding.PCM16, 2, 2000, True)


@pytest.mark.parametrize("said", [0, 2**32 - 1, 10**6])
def test_a_header_that_was_never_finished_counts_what_is_there(said: int) -> None:
    """The PBX died, or writes still: length 0 or more than there is."""
    sound = read(wave(TONE, said=said))
    assert (sound.length_ms, sound.header_right) == (2000, False)


def test_a_file_of_its_header_alone_is_empty() -> None:
    """What Asterisk leaves of a call that nobody answered: 44 bytes."""
    assert read(wave(b"")).empty
    assert len(wave(b"")) == 44


@pytest.mark.parametrize(
    ("ending", "coding", "length_ms"),
    [
        (".alaw", Coding.ALAW, 4000),
        (".sln16", Coding.PCM16, 1000),
        (".gsm", Coding.GSM, 19_380),
        (".mp3", Coding.PACKED, None),
    ],
)
def test_a_file_without_a_header_is_known_by_its_ending(ending: str, coding: Coding, length_ms: int | None) -> None:
    """Bare samples of 32,000 bytes, as Asterisk writes them."""
    sound = read(TONE, ending)
    assert (sound.coding, sound.length_ms) == (coding, length_ms)


@pytest.mark.parametrize(
    ("content", "ending", "words"),
    [
        (b"", ".wav", "expected RIFF"),
        (b"<html>not found</html>", ".wav", "expected RIFF"),
        (wave(TONE)[:30], ".wav", "found a format of 10 bytes"),
        (wave(TONE)[:36], ".wav", "found no samples"),
        (wave(TONE, channels=99), ".wav", "found 99 channels"),
        (b"RIFF\0\0\0\0WAVEdata\0\0\0\0", ".wav", "before their format"),
        (TONE, ".txt", "ends in .txt"),
    ],
)
def test_a_broken_file_is_refused_in_words(content: bytes, ending: str, words: str) -> None:
    """Found and expected in one line."""
    with pytest.raises(SoundError, match=words):
        read(content, ending)


@given(st.binary(max_size=200))
def test_no_bytes_upset_the_reader(content: bytes) -> None:
    """Whatever stands there is read or refused, never a traceback."""
    for each in (content, b"RIFF\0\0\0\0WAVE" + content, wave(TONE)[:20] + content):
        with suppress(SoundError):
            assert read(each).size >= 0


@pytest.mark.parametrize("ending", [".alaw", ".ulaw", ".sln", ".wav"])
def test_a_header_can_be_made_that_players_understand(ending: str) -> None:
    """Before bare samples, or in the place of an unfinished one: what is read back is the same sound."""
    told = read(wave(TONE, said=0) if ending == ".wav" else TONE, ending)
    again = read(playable_header(told) + TONE)
    assert (again.coding, again.channels, again.rate, again.frames) == (told.coding, 1, 8000, told.frames)
    assert again.header_right
