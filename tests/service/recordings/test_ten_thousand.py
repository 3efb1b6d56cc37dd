"""Ten thousand files, one in a hundred of which is none: all others are heard, and each of these is named.

./test has two thousand.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from analytics.recordings.companding import ALAW
from analytics.storage.recording_models import recording_marks, recording_work
from service.recordings.crew import Crew
from service.recordings.taking import Taken
from service.recordings.working import Outcome
from telephony.calls.facts import Fact
from telephony.clock import to_microseconds
from tests import extent
from tests.analytics.factory import at
from tests.analytics.recordings.tones import encoded, tone, wave, write
from tests.analytics.stored import store_facts
from tests.service.recordings.laid import NOW, a_call, finding, sound, stored

FILES = 10_000 if extent.WHOLE else 2000
EVERY = 100
WHOLE = wave(encoded(tone(1.5, 0.5), ALAW), tag=6, bits=8)
FAULTS: tuple[tuple[str, bytes], ...] = (
    ("wav", WHOLE[:30]),  # cut in its header
    ("wav", b""),
    ("wav", b"RIFX" + WHOLE[4:]),
    ("wav", "您好，这里不是录音。".encode() * 50),
    ("mp3", bytes(range(256)) * 8),
    ("WAV", wave(b"", tag=0x31, bits=0)[:38]),  # GSM, cut before its sound
    ("wav", wave(b"\x55" * 4000, rate=3, tag=6, bits=8)),
    ("wav", wave(b"\x55" * 4000, rate=0, tag=6, bits=8)),
    ("wav", sound(0)),  # a header alone
    ("wav", WHOLE[:12] + WHOLE[36:]),  # its format is not told
)


def _lay(root: Path) -> Iterator[tuple[str, str]]:
    """The files, those that are whole under many names of one; which calls they belong to."""
    whole = write(root / "one", WHOLE)
    when = to_microseconds(at(65)) * 1000
    os.utime(whole, ns=(when, when))
    for number in range(FILES):
        faulty = number % EVERY == EVERY // 2
        ending, content = FAULTS[number // EVERY % len(FAULTS)] if faulty else ("wav", WHOLE)
        path = f"2026/11/{number % 20 + 1:02}/1795294392.{number}.{ending}"
        made = root / path
        made.parent.mkdir(parents=True, exist_ok=True)
        if faulty:
            made.write_bytes(content)
            os.utime(made, ns=(when, when))
        else:
            os.link(whole, made)
        yield f"pbx/1795294392.{number}", path


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_ten_thousand_files_with_a_hundred_bad_ones(store: Engine, tmp_path: Path) -> None:
    """9,900 are done; 100 stand there with what was found and expected; the queue is empty."""
    root = tmp_path / "root"
    facts: list[Fact] = [fact for call_id, path in _lay(root) for fact in a_call(call_id, path)]
    store_facts(store, *(facts[first : first + 3000] for first in range(0, len(facts), 3000)))
    begun = time.monotonic()
    with finding(store, root) as finder:
        found = finder.scan("pbx").taken
    scanned = time.monotonic()
    crew = Crew(store.url.render_as_string(hide_password=False), {"pbx": root}, 2, lambda: NOW, until_empty=True)
    try:
        crew.start()
        crew.wait(1700)
        outcomes = crew.tally.outcomes
    finally:
        crew.stop(10)
    seconds = time.monotonic() - scanned
    speed = outcomes[Outcome.DONE] / seconds
    print(f"\nfound in {scanned - begun:.1f} s, listened to in {seconds:.1f} s: {speed:.0f} files/s")
    bad = [each for each in stored(store) if each.condition.value != "ready"]
    assert found == Taken(files=FILES, linked=FILES, queued=found.queued, broken=found.broken)
    assert outcomes[Outcome.DONE] == FILES - FILES // EVERY
    assert len(bad) == FILES // EVERY
    assert all(each.detail.startswith("found ") and ", expected " in each.detail for each in bad)
    conditions = Counter(each.condition.value for each in bad)
    # Of ten faults two are of an empty file, which is no broken one.
    assert conditions["broken"] + conditions["unplayable"] == len(bad) * 8 // 10
    assert conditions["empty"] == len(bad) * 2 // 10
    with store.connect() as connection:
        assert connection.execute(select(recording_work)).all() == []
        assert len(connection.execute(select(recording_marks.c.file_id)).all()) == FILES - FILES // EVERY
