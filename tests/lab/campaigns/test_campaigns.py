"""Campaigns on a real Asterisk: each attempt is told as phones, CDR and CEL have it.

A few contacts where the lab's tests run; five hundred in each mode by `make lab-campaigns`, or with THREERINGS_LAB=all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.lab.test_live import ALL, ROOT, need_lab

CONTACTS = 500 if ALL else 20
RUN_SECONDS = 5400 if ALL else 600


def course(tmp_path: Path, *options: str) -> dict[str, Any]:
    """One run to its end: its figure. Fails with its whole report where it was not clean."""
    command = [sys.executable, "-m", "tests.lab.campaigns", "--out", str(tmp_path / "run"), *options]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0, done.stdout
    figure: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figure


@pytest.mark.lab
@pytest.mark.timeout(RUN_SECONDS)
def test_every_attempt_of_both_modes_is_told_as_it_was(tmp_path: Path) -> None:
    """Customers and agents of every behaviour, over SQLite in one process."""
    need_lab()
    figure = course(tmp_path, "--contacts", str(CONTACTS))
    assert figure["contacts"] == 2 * CONTACTS
    assert figure["attempts"] >= figure["contacts"]
    assert figure["answered"] > 0 < figure["not_answered"]
