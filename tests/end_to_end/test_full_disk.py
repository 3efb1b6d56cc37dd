"""A full disk stops nothing but the writing: one alarm, and when there is room again nothing is lost."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.end_to_end.processes import Installation, scripted_pbx, stop, wait_for
from tests.filesystems import filled, small_filesystem

SPEED = 20.0
COPIES = 4
MEGABYTES = 48
FULL_FOR = 4.0


@pytest.mark.timeout(180)
@pytest.mark.slow
@pytest.mark.parametrize("commands", [("run",), ("listen", "analyse")], ids=["run", "listen+analyse"])
def test_twice_full_under_a_live_stream_it_loses_nothing(tmp_path: Path, commands: tuple[str, ...]) -> None:
    """Each time the alarm is raised once and cleared once; no gap, and stored facts equal the replay."""
    with scripted_pbx(SPEED, COPIES) as port, small_filesystem(tmp_path / "data", MEGABYTES):
        here = Installation(tmp_path, port)
        with here.running(*commands) as processes:
            for times in (1, 2):
                wanted = here.last_seq() + 300
                wait_for(lambda wanted=wanted: here.last_seq() >= wanted, f"number {wanted}")
                with filled(tmp_path / "data"):
                    wait_for(lambda times=times: here.logged("journal.failing") == times, "the alarm")
                    stands = here.last_seq()
                    time.sleep(FULL_FOR)
                    assert here.last_seq() == stands
                    assert all(process.poll() is None for process in processes)
                wait_for(lambda times=times: here.logged("journal.writes_again") == times, "its end")
                wait_for(lambda stands=stands: here.last_seq() >= stands + 300, "what came meanwhile and after")
            assert all(stop(process) < 5.0 for process in processes)
            assert [process.returncode for process in processes] == [0] * len(processes)
        with here.running("analyse") as (analyser,):
            wait_for(lambda: here.stored_up_to() == here.last_seq(), "all facts stored")
            stop(analyser)
        assert here.logged("journal.failing") == here.logged("journal.writes_again") == 2
        stored = here.stored()
        assert len(stored) > 100
        assert len(stored) == len(set(stored))
        assert set(stored) == here.replayed()
        assert [gap for gap in here.told("gaps") if gap["to"] is not None] == []
