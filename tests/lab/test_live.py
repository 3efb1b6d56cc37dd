"""A real Asterisk is driven through calls, and ``threerings replay`` must tell what happened.

A few scenarios on both versions side by side; all of them with THREERINGS_LAB=all (half an hour).
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.compare import compare, load_calls, load_truth

ROOT = Path(__file__).resolve().parents[2]
LAB_ROOT = Path(os.environ.get("LAB_ROOT", "/var/cache/pbx-lab"))
FEW = (
    "direct_answered,queue_ring_no_answer_then_second,transfer_attended_local_member,"
    "hold_unhold,queue_abandoned_ringing,campaign_busy"
)
ALL = os.environ.get("THREERINGS_LAB") == "all"
# Suite and dialplan, each on ports of its own; the FreePBX shape only where all is asked for.
SLOTS = {("forky", "plain"): 3, ("bullseye", "plain"): 4}
if ALL:
    SLOTS |= {("forky", "freepbx"): 1, ("bullseye", "freepbx"): 2}
HALF_AN_HOUR = 1800


def need_lab() -> None:
    """Skip, or fail where everything is required, if a real Asterisk cannot be run here."""
    missing = [suite for suite in ("forky", "bullseye") if not (LAB_ROOT / suite / ".lab-complete").exists()]
    reason = ""
    if missing:
        reason = f"no Asterisk in {LAB_ROOT} for {', '.join(missing)}: run 'make lab' (tests/lab/lab install)"
    elif os.geteuid() != 0:
        reason = "the lab needs root (chroot, mount namespace)"
    elif importlib.util.find_spec("service.__main__") is None:
        reason = "the threerings command is not installed"
    if not reason:
        return
    if os.environ.get("THREERINGS_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def start_recording(suite: str, flavour: str, out: Path) -> subprocess.Popen[bytes]:
    slot = SLOTS[suite, flavour]
    command = [sys.executable, "-m", "tests.lab.run", "--suite", suite, "--flavour", flavour]
    command += ["--slot", str(slot), "--out", str(out)]
    if not ALL:
        command += ["--only", FEW]
    return subprocess.Popen(command, cwd=ROOT)


@pytest.fixture(scope="module")
def captures(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """All Asterisks, side by side; a capture each."""
    need_lab()
    folders = {run: tmp_path_factory.mktemp("-".join(run)) for run in SLOTS}
    runs = {run: start_recording(*run, folder) for run, folder in folders.items()}
    for run, process in runs.items():
        assert process.wait(HALF_AN_HOUR) == 0, f"{run}: a scenario did not take its course"
    return folders


@pytest.mark.lab
@pytest.mark.timeout(HALF_AN_HOUR)
@pytest.mark.parametrize("run", SLOTS, ids="-".join)
@pytest.mark.parametrize("stream", ["ami.jsonl", "limited.raw"])
def test_replay_tells_what_the_phones_did(
    captures: dict[tuple[str, str], Path], run: tuple[str, str], stream: str, tmp_path: Path
) -> None:
    """Every call of the scenarios is one record that agrees with the phones, from either manager user."""
    folder = captures[run]
    calls = tmp_path / "calls.jsonl"
    command = [sys.executable, "-m", "service", "replay", str(folder / stream), "--calls", "--json"]
    with calls.open("wb") as out:
        subprocess.run(command, cwd=ROOT, stdout=out, check=True)
    comparison = compare(load_calls(calls), load_truth(folder), limited=stream == "limited.raw")
    print(f"{'-'.join(run)} {stream}: {len(comparison.pairs)} calls, {len(comparison.discrepancies)} differences")
    assert not comparison.discrepancies, "\n".join(map(str, comparison.discrepancies))
