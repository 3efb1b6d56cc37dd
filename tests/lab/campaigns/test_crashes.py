"""Campaigns on a real Asterisk through faults: nobody is called twice, and nobody is forgotten.

Two faults where the lab's tests run; fifty by `make lab-crashes`, or here with THREERINGS_LAB=all.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analytics.postgres import server_folder, skip_or_fail
from tests.lab.campaigns.faults import Fault, draw
from tests.lab.campaigns.test_campaigns import RUN_SECONDS, course
from tests.lab.test_live import ALL, need_lab

FAULTS = 50 if ALL else 2
SLOT = "1"


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
    whole = [
        "--slot",
        SLOT,
        "--modes",
        "progressive",
        "--agents",
        "6",
        "--contacts",
        contacts,
        "--faults",
        str(FAULTS),
    ]
    figure = course(tmp_path, *whole, *few)
    assert figure["faults"] == FAULTS


def test_the_faults_of_a_seed_are_always_the_same_and_of_every_kind() -> None:
    """Fifty faults have each kind at least seven times."""
    plans = draw(1, 50, list(Fault))
    assert plans == draw(1, 50, list(Fault)) != draw(2, 50, list(Fault))
    assert all(sum(plan.fault is fault for plan in plans) >= 7 for fault in Fault)
