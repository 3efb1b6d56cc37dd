"""Killed at any moment and started again, the service stores what a replay of its journal tells."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.end_to_end.processes import Installation, scripted_pbx, stop, wait_for
from tests.extent import WHOLE

SPEED = 20.0
COPIES = 4
ONE, TWO = ("run",), ("listen", "analyse")
DRAWN = [(ONE, 2, 10), (TWO, 3, 10), (ONE, 3, 10), (TWO, 2, 10), (ONE, 1, 2), (TWO, 1, 2)]
"""In one process and in two: which seed, and how often they are killed."""


@pytest.mark.timeout(300)
@pytest.mark.slow
@pytest.mark.parametrize(("commands", "seed", "kills"), DRAWN if WHOLE else DRAWN[:2])
def test_killed_at_seeded_moments_of_a_live_stream(
    tmp_path: Path, commands: tuple[str, ...], seed: int, kills: int
) -> None:
    """The PBX goes on sending; each kill is one gap, no fact is doubled, and stored facts equal the replay."""
    moments = random.Random(seed)
    with scripted_pbx(SPEED, COPIES) as port:
        here = Installation(tmp_path, port)
        for _ in range(kills):
            wanted = here.last_seq() + moments.randrange(50, 900)
            with here.running(*commands):
                wait_for(lambda wanted=wanted: here.last_seq() >= wanted, f"number {wanted}")
        wanted = here.last_seq() + 300
        with here.running(*commands) as processes:
            wait_for(lambda: here.last_seq() >= wanted, f"number {wanted}")
            assert all(stop(process) < 5.0 for process in processes)
            assert [process.returncode for process in processes] == [0] * len(processes)
    # An end in order does not wait for an analyser that has far to go: it goes on with the next start.
    with here.running("analyse") as (analyser,):
        wait_for(lambda: here.stored_up_to() == here.last_seq(), "all facts stored")
        assert stop(analyser) < 5.0
    stored = here.stored()
    assert len(stored) > 100
    assert len(stored) == len(set(stored))
    assert set(stored) == here.replayed()
    gaps = [gap for gap in here.told("gaps") if gap["to"] is not None]
    assert [gap["why"] for gap in gaps] == ["crashed"] * kills
