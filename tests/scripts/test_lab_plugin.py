"""The lab's files are dealt out so that no two PBXs on the same ports are up at once."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("lab_plugin", ROOT / "scripts" / "lab_plugin.py")
assert spec is not None
assert spec.loader is not None
lab_plugin = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lab_plugin)


def test_every_file_of_the_lab_is_in_one_group() -> None:
    """Those that start a PBX; each is named once."""
    named = [name for files in lab_plugin.TOGETHER for name in files]
    marked = {
        path.name
        for path in (ROOT / "tests" / "lab").rglob("test_*.py")
        if "@pytest.mark.lab" in path.read_text(encoding="utf-8")
    }
    assert len(named) == len(set(named))
    assert set(named) == marked
    assert lab_plugin.group_of("tests/lab/test_voices.py::test_a[b/c::d]") == "test_live.py"


@pytest.mark.slow
def test_a_group_is_one_process(tmp_path: Path) -> None:
    """Both files of a group tell the same process, though another one is idle."""
    code = "import os, pytest\n\n@pytest.mark.parametrize('n', range(4))\ndef test_it(n, record_property):\n"
    for name in ("test_live.py", "test_voices.py", "test_crashes.py"):
        (tmp_path / name).write_text(
            f"{code}    open('{tmp_path}/{name[5:-3]}', 'a').write(os.environ['PYTEST_XDIST_WORKER'] + '\\n')\n"
        )
    command = [sys.executable, "-m", "pytest", "-p", "lab_plugin", "-n", "2", "-p", "no:cacheprovider"]
    environ = {"PYTHONPATH": str(ROOT / "scripts"), "PATH": ""}
    assert subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, check=False).returncode == 0
    live, voices, crashes = (
        (tmp_path / name).read_text(encoding="utf-8").split() for name in ("live", "voices", "crashes")
    )
    assert len(set(live + voices)) == 1
    assert len(set(crashes)) == 1
    assert set(live) != set(crashes)
