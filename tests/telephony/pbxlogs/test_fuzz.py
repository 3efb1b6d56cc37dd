"""A few hundred broken logs; the long run is `python -m tests.telephony.pbxlogs.fuzz`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.telephony.pbxlogs import fuzz_road
from tests.telephony.pbxlogs.fuzz import LOGS, captured, check, content, damaged

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", LOGS)
def test_nothing_comes_of_a_broken_log_but_rows_and_quarantine(name: str, tmp_path: Path) -> None:
    """Every line counts once, and every line that is as it was is a row."""
    logs = [content(path) for path in captured(name)]
    lines = sum(check(LOGS[name], name, damaged(logs, seed), tmp_path) for seed in range(60))
    assert lines > 1000


def test_broken_logs_of_all_kinds_give_calls_and_every_row_is_accounted_for(tmp_path: Path) -> None:
    """Cut, doubled, shuffled and struck, all three at once: used + repeated + quarantined + irrelevant = rows in."""
    rows = sum(fuzz_road.check(seed, tmp_path)[0] for seed in range(40))
    assert rows > 5000
