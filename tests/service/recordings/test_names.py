"""A recording as the PBX names it, and a file below the folder."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from service.recordings.names import candidates, is_before
from tests.analytics.factory import at

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_name_means_the_longest_path_first_and_a_day_s_folder_last() -> None:
    """With each ending where it has none; a name that leads away means nothing."""
    found = candidates("/spool/2026/11/02/q.wav", at(0), SHANGHAI)
    assert found[:4] == ("spool/2026/11/02/q.wav", "2026/11/02/q.wav", "11/02/q.wav", "02/q.wav")
    assert {"2026/11/01/q.wav", "2026/11/03/q.wav"} <= set(found)
    assert {"q", "q.wav", "q.WAV", "q.mp3", "2026/11/02/q.gsm"} <= set(candidates("q", at(0), SHANGHAI))
    assert candidates("../q.wav", at(0), SHANGHAI) == candidates("", at(0), SHANGHAI) == ()


@pytest.mark.parametrize(
    ("folder", "before"),
    [
        ("2025", True), ("2026", False), ("2026/10", True), ("2026/11", False), ("2026/11/19", True),
        ("2026/11/20", False), ("2026/11/20/x", False), ("queues", False), ("20261", False), ("2027/01/01", False),
    ],
)  # fmt: skip
def test_a_dated_folder_ends_with_its_last_day(folder: str, before: bool) -> None:
    """A folder of another name is never passed over."""
    assert is_before(folder, date(2026, 11, 20)) is before
