"""Broken recordings of every format, drawn by a seed; `make fuzz` draws many more."""

from __future__ import annotations

from tests.analytics.recordings.formats import FORMATS
from tests.analytics.recordings.fuzz import run


def test_broken_recordings_are_read_or_refused() -> None:
    """Cut, struck and misnamed files of each format: a SoundError in one line or a result that adds up."""
    counts, failed = run(20, 0, 8 * len(FORMATS))
    assert failed == 0
    assert min(counts[True], counts[False]) > 0
