"""The plugin that sorts tests by their need: in real runs of pytest over small test files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
INI = "[pytest]\nmarkers =\n    lab: x\n    browser: x\n    postgres: x\n    slow: x\n"
TESTS = """
import pytest

def test_plain(): pass

def test_wrong(): assert False

@pytest.mark.xfail
def test_known(): assert False

@pytest.mark.lab
@pytest.mark.slow
def test_call(): pass

@pytest.mark.slow
def test_long(): pytest.skip("no patience")

@pytest.fixture
def broken(): raise OSError

@pytest.mark.postgres
def test_stored(broken): pass
"""


def parts(folder: Path, *arguments: str, left_out: str = "", elsewhere: str = "") -> list[list[str]]:
    """The rows that the plugin wrote, without the seconds."""
    (folder / "pytest.ini").write_text(INI, encoding="utf-8")
    (folder / "test_sample.py").write_text(TESTS, encoding="utf-8")
    environ = os.environ | {
        "PYTHONPATH": str(SCRIPTS),
        "THREERINGS_PARTS_FILE": str(folder / "parts"),
        "THREERINGS_LEFT_OUT": left_out,
        "THREERINGS_ELSEWHERE": elsewhere,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # none of them has a part in this, and they take a second to load
    }
    command = [sys.executable, "-m", "pytest", "-p", "parts_plugin", "-p", "no:cacheprovider", *arguments]
    subprocess.run(command, cwd=folder, env=environ, capture_output=True, check=False)
    rows = [line.split("\t") for line in (folder / "parts").read_text(encoding="utf-8").splitlines()]
    return [[row[0], row[1], row[3]] if len(row) == 4 else row for row in rows]


IN_PROCESSES = ("-p", "xdist.plugin", "-n", "2", "--dist", "worksteal")


@pytest.mark.parametrize("processes", [(), IN_PROCESSES], ids=["one process", "two processes"])
def test_each_part_is_counted_by_its_costliest_need(tmp_path: Path, processes: tuple[str, ...]) -> None:
    """A failed set-up is a failure, a skip has a row of its own, an expected failure is neither."""
    assert parts(tmp_path, *processes) == [
        ["lab", "passed", "1 passed"],
        ["postgres", "failed", "1 failed"],
        ["slow", "not run", "1 skipped"],
        ["tests", "failed", "1 expected failures, 1 failed, 1 passed"],
        ["1 skipped", "not run", "no patience"],
    ]


@pytest.mark.parametrize("processes", [(), IN_PROCESSES], ids=["one process", "two processes"])
def test_what_is_left_out_is_told_with_its_reason(tmp_path: Path, processes: tuple[str, ...]) -> None:
    """Tests of a part that cannot run are counted as not run; those of other parts still run."""
    rows = parts(tmp_path, *processes, "-k", "plain or call", left_out="|lab=needs root|browser=no Chromium")
    assert rows == [["tests", "passed", "1 passed"], ["lab", "not run", "needs root (1 tests)"]]


def test_what_runs_elsewhere_is_told_there_alone(tmp_path: Path) -> None:
    """Two runs that share the parts between them tell each part once, also one that is left out."""
    chosen = ("-k", "plain or call or long")
    shared = parts(tmp_path, *IN_PROCESSES, *chosen, left_out="|slow=no time", elsewhere="lab")
    alone = parts(tmp_path, *chosen, left_out="|slow=no time", elsewhere="postgres|slow|tests")
    assert shared == [["tests", "passed", "1 passed"], ["slow", "not run", "no time (1 tests)"]]
    assert alone == [["lab", "passed", "1 passed"]]


def test_a_process_that_dies_is_a_failure(tmp_path: Path) -> None:
    """The test that it died in has failed, and the others are counted as they went."""
    (tmp_path / "test_dying.py").write_text("import os\n\ndef test_death(): os._exit(1)\n", encoding="utf-8")
    rows = parts(tmp_path, *IN_PROCESSES, "-k", "plain or death")
    assert rows == [["tests", "failed", "1 failed, 1 passed"]]


def test_collecting_tells_which_needs_there_are(tmp_path: Path) -> None:
    """With --collect-only the file names the parts of the chosen tests, and nothing is run."""
    assert parts(tmp_path, "--collect-only", "-k", "call or plain") == [["lab"], ["tests"]]
