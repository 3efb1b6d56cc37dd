"""The table that closes ./test, and the status that it gives."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "closing_table.sh"
PASSED = "lint\tpassed\t1\tAll checks passed!\n"
NOT_RUN = "lab\tnot run\t\tthe PBX lab needs root (12 tests)\n"
FAILED = "types\tfailed\t7\tFound 1 error in 1 file\n"


def close(rows: str, folder: Path, require_all: str) -> tuple[int, str]:
    """The status and the text that the script gives for these rows."""
    path = folder / "table"
    path.write_text(rows, encoding="utf-8")
    environ = os.environ | {"THREERINGS_REQUIRE_ALL": require_all}
    done = subprocess.run([SCRIPT, path], capture_output=True, text=True, check=False, env=environ)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("rows", "require_all", "status"),
    [
        (PASSED, "0", 0),
        (PASSED, "1", 0),
        (PASSED + NOT_RUN, "0", 0),
        (PASSED + NOT_RUN, "1", 1),
        (PASSED + FAILED, "0", 1),
        (FAILED + PASSED, "1", 1),
        ("", "0", 1),
    ],
)
def test_what_fails_a_run(rows: str, require_all: str, status: int, tmp_path: Path) -> None:
    """A failure always does; what was not run does where everything is required; nothing at all does."""
    assert close(rows, tmp_path, require_all)[0] == status


def test_what_was_not_run_stands_there_with_its_reason(tmp_path: Path) -> None:
    """A part that was not run has a line of its own, which says why."""
    _, text = close(PASSED + NOT_RUN, tmp_path, "0")
    assert [line.split() for line in text.splitlines() if line.startswith("lab")] == [
        ["lab", "not", "run", "the", "PBX", "lab", "needs", "root", "(12", "tests)"]
    ]
