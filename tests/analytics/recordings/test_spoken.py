"""The speech rate of a machine that speaks Mandarin: three texts at three speeds by two voices, kept in GSM.

The files are espeak-ng's (`cmn-latn-pinyin`, and `+f2`), clauses with pauses of 0.2 to 0.9 s; `make bench-speech_rate`
makes and judges many more.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analytics.recordings import decode, read_sound
from analytics.recordings.values import Limits, SpeechRate
from tests.analytics.recordings.test_listening import heard
from tests.analytics.recordings.tones import Signal
from tests.analytics.recordings.voices import mixed, noise, script

FOLDER = Path(__file__).parent / "spoken"
# Characters, and milliseconds from the first sound to the last.
SPOKEN = {
    "man-100.gsm": (28, 13_938),  # 请问您要办理什么业务，可以先报一下您的会员卡号，我来为您查询
    "man-120.gsm": (27, 11_372),  # 来的时候请带上身份证，不能由别人代领，还要记住您原来的密码
    "man-160.gsm": (26, 8540),  # 第一节课可以免费试听，觉得合适再交学费，教材由学校统一发
    "woman-100.gsm": (28, 14_149),
    "woman-120.gsm": (27, 11_573),
    "woman-160.gsm": (26, 8753),
}


def agent_of(name: str) -> Signal:
    """His samples, half a second of silence before them and a second after."""
    path = FOLDER / name
    return np.concatenate(list(decode(path, read_sound(path), 8000)))[:, 0].astype(np.float64)


def rate_of(path: Path, agent: Signal, customer: Signal) -> SpeechRate:
    """Of a call of these two."""
    told = heard(path, customer, agent, limits=Limits(rate_error_permille=0), coded=True).features["t"].rate
    assert told is not None
    return told


@pytest.mark.parametrize("name", SPOKEN)
def test_the_rate_of_mandarin_is_that_of_its_characters(tmp_path: Path, name: str) -> None:
    """Within 5 %, and within the error that is told; by the time of speech alone it is higher."""
    characters, turns_ms = SPOKEN[name]
    agent = agent_of(name)
    told = rate_of(tmp_path / "a.wav", agent, np.zeros_like(agent))
    off = told.syllables / told.turns_ms / (characters / turns_ms) - 1
    assert abs(off) <= min(0.05, told.error_permille / 1000)
    assert told.phonation_ms < told.turns_ms


@pytest.mark.slow
@pytest.mark.parametrize("below", [20, 10])
def test_noise_and_a_customer_do_not_change_the_rate(tmp_path: Path, below: int) -> None:
    """White noise so many decibels below the speech on both channels, a customer after him: 8 % on the mean."""
    offs = []
    for name, (characters, turns_ms) in SPOKEN.items():
        agent = agent_of(name)
        agent = np.concatenate([agent, np.zeros(32_000 - len(agent) % 8000)])
        seconds = len(agent) / 8000
        customer = script(seconds, (seconds - 3.2, seconds - 1), seed=3, hertz=200)
        behind = noise(seconds, 0.06 * 10 ** (-below / 20))
        told = rate_of(tmp_path / "a.wav", mixed(agent, behind), mixed(customer, behind[::-1]))
        offs.append(abs(told.syllables / told.turns_ms / (characters / turns_ms) - 1))
    assert np.mean(offs) <= 0.08
    assert max(offs) <= 0.15
