"""Breaks recordings of every format on purpose and listens to them: a SoundError or a result comes of it, nothing else.

    python -m tests.analytics.recordings.fuzz --seed 1 --inputs 1000

Each few hundred inputs are a process of their own: one that dies (libsndfile is C), takes longer than ten seconds
over one input or more than 300 MB is told by its number. Prints how many were read and refused; ends with status 1 if
any failed.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np

from analytics.errors import SoundError
from analytics.recordings import draw, listen, read_sound
from analytics.recordings.values import Features, Limits, Span
from tests.analytics.recordings.formats import FORMATS
from tests.analytics.recordings.voices import script

MOST_SECONDS, MOST_BYTES = 10, 300 << 20
AT_ONCE = 400
_STEREO = ("pcm24", "adpcm", "mp3", "vorbis", "opus")
SPAN = Span(
    talk_id="t", agent="1", start_ms=100, end_ms=1500, holds=((400, 600),), agent_channel=1, customer_channel=0
)


@cache
def whole(name: str, channels: int) -> tuple[str, bytes]:
    """The ending and bytes of a right file: a voice on its first channel."""
    ending, made = FORMATS[name]
    voice = script(1.6, (0.2, 1.3))
    return ending, made(voice if channels == 1 else np.stack([voice, voice[::-1]], axis=1))


def damaged(number: int, seed: int) -> tuple[str, bytes]:
    """Ending and bytes: cut, struck by wrong bits and bytes, with holes, spliced with another format, misnamed."""
    chance = random.Random(seed * 1_000_003 + number)
    name = list(FORMATS)[number % len(FORMATS)]
    ending, content = whole(name, chance.choice((1, 2)) if name in _STEREO else 1)
    data = bytearray(content)
    for _ in range(chance.choice((0, 1, 1, 4, 30))):
        _strike(data, chance)
    if chance.random() < 0.1:
        data[chance.randrange(len(data) + 1) :] = whole(chance.choice(list(FORMATS)), 1)[1]
    if chance.random() < 0.3:
        del data[chance.randrange(len(data) + 1) :]
    if chance.random() < 0.05:
        ending = chance.choice([each for each, _ in FORMATS.values()])
    return ending, bytes(data)


def _strike(data: bytearray, chance: random.Random) -> None:
    """One fault; every other one in the first hundred bytes, where headers are."""
    if not data:
        return
    place = chance.randrange(min(len(data), 100) if chance.random() < 0.5 else len(data))
    match chance.randrange(4):
        case 0:
            data[place] ^= 1 << chance.randrange(8)
        case 1:
            data[place : place + 4] = chance.choice(
                (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\x80", b"\xff\xff\xff\x7f")
            )
        case 2:
            del data[place : place + chance.randrange(1, 300)]
        case _:
            data[place:place] = chance.randbytes(chance.randrange(1, 50))


def check(ending: str, data: bytes, folder: Path) -> bool:
    """Listen to it; whether it was read. Raises AssertionError for a result that cannot be."""
    path = folder / f"a{ending}"
    path.write_bytes(data)
    try:
        sound = read_sound(path)
        picture = draw(path, sound)
        heard = listen(path, sound, [SPAN], Limits())
    except SoundError as error:
        words = str(error)
        assert re.fullmatch(r"found [^\n]*, expected [^\n]*", words), words
        return False
    assert picture.length_ms == heard.length_ms
    possible(heard.features["t"])
    return True


def possible(told: Features) -> None:
    """What adds up, and lies within its bounds."""
    assert told.speech_ms + told.silence_ms + told.music_ms == told.length_ms <= 1200
    assert min(told.speech_ms, told.silence_ms, told.music_ms) >= 0
    if told.rate is not None:
        assert 0 < told.rate.phonation_ms <= told.rate.turns_ms <= told.length_ms
    if told.overlap_ms is not None and told.agent_speech_ms is not None and told.customer_speech_ms is not None:
        assert told.overlap_ms <= min(told.agent_speech_ms, told.customer_speech_ms)


def run(seed: int, first: int, last: int) -> tuple[Counter[bool], int]:
    """These inputs in this process: how many were read and refused, and how many failed."""
    counts: Counter[bool] = Counter()
    failed, before = 0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, last):
            ending, data = damaged(number, seed)
            try:
                counts[check(ending, data, Path(folder))] += 1
                taken = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
                assert taken < MOST_BYTES, f"{taken >> 20} MB"
            except Exception:
                failed += 1
                print(f"seed {seed}, input {number}, {ending}:")
                traceback.print_exc(file=sys.stdout)
    return counts, failed


def _child(seed: int, first: int, last: int) -> int:
    """One input after the other; the number of each goes to stderr first, so that a death can be told."""
    counts: Counter[bool] = Counter()
    failed = 0
    for number in range(first, last):
        print(f"@{number}", file=sys.stderr, flush=True)
        signal.alarm(MOST_SECONDS)
        found, wrong = run(seed, number, number + 1)
        counts, failed = counts + found, failed + wrong
    print(f"read {counts[True]} refused {counts[False]} failed {failed}")
    return 1 if failed else 0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--inputs", type=int, default=1000)
    options.add_argument("--first", type=int, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.first is not None:
        return _child(given.seed, given.first, given.first + given.inputs)
    began, counts = time.monotonic(), Counter[str]()
    for first in range(0, given.inputs, AT_ONCE):
        many = min(AT_ONCE, given.inputs - first)
        order = [sys.executable, "-m", "tests.analytics.recordings.fuzz", "--seed", str(given.seed)]
        ran = subprocess.run([*order, "--inputs", str(many), "--first", str(first)], capture_output=True, text=True)
        *told, last = ran.stdout.splitlines() or [""]
        print("\n".join(told), end="\n" if told else "")
        words = last.split()
        if ran.returncode < 0 or len(words) != 6:
            place = [line for line in ran.stderr.splitlines() if line.startswith("@")][-1:]
            print(f"seed {given.seed}, input {''.join(place)[1:] or '?'}: the process ended with {ran.returncode}")
            counts["failed"] += 1
        else:
            counts.update({name: int(number) for name, number in zip(words[::2], words[1::2], strict=True)})
    print(
        f"{given.inputs} inputs in {time.monotonic() - began:.0f} s: {counts['read']} read, "
        f"{counts['refused']} refused, {counts['failed']} failed"
    )
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
