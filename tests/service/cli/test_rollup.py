"""`threerings rollup`."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.service.cli.running import Commands


def test_all_days_that_are_over_are_rolled_up_once(with_calls: Commands, tmp_path: Path) -> None:
    """The second time there is nothing to do; reports stay the same."""
    before = with_calls("report", "minutes", "--period", "2026-11", "--json")
    first = with_calls("rollup", "--json")
    assert (first.status, set(first.lines[0])) == (0, {"days", "seconds"})
    assert first.lines[0]["days"] >= 300
    assert with_calls("rollup", "--json").lines[0]["days"] == 0
    assert with_calls("report", "minutes", "--period", "2026-11", "--json").lines == before.lines
    spans = sqlite3.connect(tmp_path / "data" / "threerings.db").execute("SELECT span FROM rollup_spans").fetchall()
    assert (20261102,) in spans


def test_without_settings_it_says_what_is_missing(threerings: Commands) -> None:
    """In one line."""
    done = threerings("rollup")
    assert (done.status, len(done.err.splitlines())) == (2, 1)
