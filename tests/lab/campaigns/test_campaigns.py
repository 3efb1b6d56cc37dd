"""Campaigns on a real Asterisk: each attempt is told as phones, CDR and CEL have it, and nobody is called twice.

A few contacts where the lab's tests run; five hundred in each mode, and fifty faults, by `make lab-campaigns` and
`make lab-crashes`, or here with THREERINGS_LAB=all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.analytics.postgres import server_folder, skip_or_fail
from tests.lab.campaigns.faults import Fault, draw
from tests.lab.test_live import ALL, ROOT, need_lab

CONTACTS = 500 if ALL else 20
FAULTS = 50 if ALL else 2
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


@pytest.mark.lab
@pytest.mark.postgres
@pytest.mark.timeout(RUN_SECONDS)
def test_nobody_is_called_twice_or_forgotten_after_faults(tmp_path: Path) -> None:
    """Whatever was killed in the middle of a campaign, dialling goes on, and no more was dialled than is permitted."""
    need_lab()
    if server_folder() is None:
        skip_or_fail("no PostgreSQL server is installed (initdb not found)")
    few = () if ALL else ("--kinds", f"{Fault.ALL_KILLED},{Fault.PBX_KILLED}")
    contacts = str(FAULTS * 30 if ALL else 40)
    figure = course(
        tmp_path, "--modes", "progressive", "--contacts", contacts, "--faults", str(FAULTS), "--agents", "6", *few
    )
    assert figure["faults"] == FAULTS


def test_the_faults_of_a_seed_are_always_the_same_and_of_every_kind() -> None:
    """Fifty faults have each kind at least seven times."""
    plans = draw(1, 50, list(Fault))
    assert plans == draw(1, 50, list(Fault)) != draw(2, 50, list(Fault))
    assert all(sum(plan.fault is fault for plan in plans) >= 7 for fault in Fault)
