"""The same sound in each format that is read, for the tests; made by soundfile, or by hand where Asterisk differs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable

import numpy as np
import soundfile

from analytics.recordings.companding import ALAW, ULAW
from tests.analytics.recordings.tones import Signal, encoded, pcm16, wave


def written(signal: Signal, form: str, subtype: str) -> bytes:
    """By libsndfile. `signal` has a row a frame, and a column a channel where there are several."""
    with tempfile.NamedTemporaryFile() as file:
        soundfile.write(file.name, signal.astype(np.float32), 8000, format=form, subtype=subtype)
        return file.read()


def pcm8(signal: Signal) -> bytes:
    """A WAVE of unsigned octets."""
    return wave((signal * 127 + 128).astype(np.uint8).tobytes(), bits=8)


FORMATS: dict[str, tuple[str, Callable[[Signal], bytes]]] = {
    "pcm8": (".wav", pcm8),
    "pcm16": (".wav", lambda signal: wave(pcm16(signal))),
    "pcm24": (".wav", lambda signal: written(signal, "WAV", "PCM_24")),
    "adpcm": (".wav", lambda signal: written(signal, "WAV", "IMA_ADPCM")),
    "alaw in a wave": (".wav", lambda signal: wave(encoded(signal, ALAW), tag=6, bits=8)),
    "ulaw in a wave": (".wav", lambda signal: wave(encoded(signal, ULAW), tag=7, bits=8)),
    "wav49": (".WAV", lambda signal: written(signal, "WAV", "GSM610")),
    "gsm": (".gsm", lambda signal: written(signal, "RAW", "GSM610")),
    "alaw": (".alaw", lambda signal: encoded(signal, ALAW)),
    "ulaw": (".ulaw", lambda signal: encoded(signal, ULAW)),
    "sln": (".sln", lambda signal: pcm16(signal)),
    "mp3": (".mp3", lambda signal: written(signal, "MP3", "MPEG_LAYER_III")),
    "vorbis": (".ogg", lambda signal: written(signal, "OGG", "VORBIS")),
    "opus": (".opus", lambda signal: written(signal, "OGG", "OPUS")),
}
"""By name: the file's ending, and its bytes of a signal of 8,000 frames a second."""
