"""Every phone of the lab has a voice of its own; each must be in the recordings where the service says, to 0.1 s.

Four calls on both versions side by side; every transfer, hold, conference and way to record with THREERINGS_LAB=all.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from analytics.recordings.values import Axis, Layout
from tests.lab.test_live import ALL, HALF_AN_HOUR, ROOT, SLOTS, need_lab
from tests.lab.voices.checking import WITHIN_MS, check
from tests.lab.voices.scenarios import FEW, MANY

LOSING = "forky"
"""22.10 leaves the second agent's voice out of some files after a transfer, though the customer hears it."""


def start_recording(suite: str, flavour: str, out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.lab.run", "--voices", "--suite", suite, "--flavour", flavour]
    command += ["--slot", str(SLOTS[suite, flavour]), "--out", str(out)]
    return subprocess.Popen([*command, "--only", ",".join(MANY[flavour] if ALL else FEW)], cwd=ROOT)


@pytest.fixture(scope="module")
def captures(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """All Asterisks, side by side; a capture each, with its recordings."""
    need_lab()
    folders = {run: tmp_path_factory.mktemp("voices-" + "-".join(run)) for run in SLOTS}
    runs = {run: start_recording(*run, folder) for run, folder in folders.items()}
    for run, process in runs.items():
        assert process.wait(HALF_AN_HOUR) == 0, f"{run}: a scenario did not take its course"
    return folders


@pytest.mark.lab
@pytest.mark.timeout(HALF_AN_HOUR)
@pytest.mark.parametrize("run", SLOTS, ids="-".join)
def test_each_agents_voice_is_where_his_talk_lies(
    captures: dict[tuple[str, str], Path], run: tuple[str, str]
) -> None:
    """Every edge of every stretch of every agent in every file."""
    rows = check(captures[run])
    wrong = [row for row in rows if not row.right and not (run[0] == LOSING and row.lost)]
    assert not wrong, "\n".join(map(str, wrong))
    assert sum(not row.lost for row in rows) >= len(FEW)
    assert all(row.axis is not Axis.UNKNOWN for row in rows)


@pytest.mark.lab
@pytest.mark.timeout(HALF_AN_HOUR)
@pytest.mark.parametrize("run", [run for run in SLOTS if run[1] == "plain"], ids="-".join)
def test_both_axes_and_a_muted_file_are_among_them(
    captures: dict[tuple[str, str], Path], run: tuple[str, str]
) -> None:
    """So that what is right is right of each way to record."""
    rows = {row.scenario: row for row in check(captures[run]) if row.layout is Layout.MIXED}
    assert rows["recording_whole"].axis is Axis.WHOLE
    assert rows["recording_continued"].axis is Axis.JOINED
    assert len(rows["recording_muted"].measured) == 3
    assert abs(rows["recording_whole"].off_ms) <= WITHIN_MS
