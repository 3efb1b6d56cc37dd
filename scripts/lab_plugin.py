"""A pytest plugin for ./test: deals the lab's files out to processes, those that share a PBX's ports to the same one.

pytest-xdist's own groups (`--dist loadgroup`) put nothing together under pytest 9.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = (
    ("test_live.py", "test_voices.py", "test_scripted.py"),
    ("test_campaigns.py", "test_faults.py", "test_phones.py"),
    ("test_crashes.py",),
    ("test_acting.py", "test_dialler.py"),
)
"""The slots of their PBXs: 3 and 4; 2; 1; 0."""


def group_of(nodeid: str) -> str:
    """What runs in one process, one after the other: by the test's file."""
    path = nodeid.partition("::")[0]
    name = path.rpartition("/")[2]
    return next((files[0] for files in TOGETHER if name in files), path)


class Grouped(LoadScopeScheduling):
    """A process takes a whole group at a time."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Grouped:
    """Takes the place of `--dist`."""
    return Grouped(config, log)
