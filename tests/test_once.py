"""What folders share is made once and ends with the tests: in a real run of pytest over two small folders."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = """
from contextlib import contextmanager
import pytest
from tests.once import once

KEY = pytest.StashKey[object]()

@contextmanager
def make():
    print("made")
    yield object()
    print("ended")

@pytest.fixture(scope="session")
def shared(request):
    return once(request.session, KEY, make)
"""
TEST = "def test_it(shared, request): print('used by', request.node.path.parent.name)\n"


def test_two_folders_that_import_a_fixture_share_what_is_behind_it(tmp_path: Path) -> None:
    """It is made for the first, used by both, and ended after the last test."""
    (tmp_path / "shared_by_two.py").write_text(SHARED, encoding="utf-8")
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "conftest.py").write_text("from shared_by_two import shared\n", encoding="utf-8")
        (folder / f"test_{name}.py").write_text(TEST, encoding="utf-8")
    environ = os.environ | {"PYTHONPATH": f"{ROOT}:{tmp_path}", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-s", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    done = subprocess.run([*command, str(tmp_path)], env=environ, capture_output=True, text=True, check=True)
    told = [
        word for word in done.stdout.replace(".", "\n").splitlines() if word.startswith(("made", "used", "ended"))
    ]
    assert told == ["made", "used by one", "used by two", "ended"]
