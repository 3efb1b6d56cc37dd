"""Whose channel a file is named after, and whose talk lies where in it."""

from __future__ import annotations

import pytest

from analytics.recordings.values import Layout
from service.recordings.placing import channel_of_file_name


@pytest.mark.parametrize(
    ("path", "channel", "layout"),
    [
        ("2026/11/21/1795294392.0.wav", "1795294392.0", None),
        ("1795294741.167-in.wav", "1795294741.167", Layout.HEARD),
        ("1795294741.167-out.WAV", "1795294741.167", Layout.SAID),
        ("2026/11/21/q-600-4420-20261121-205442-1795294482.32.wav", "1795294482.32", None),
        ("rg-700-+8613800138000-20261121-205442-hq-pbx-1795294482.32.mp3", "hq-pbx-1795294482.32", None),
        ("out-9013800138000-1001-20261121-205442-1795294482.32.gsm", "1795294482.32", None),
    ],
)
def test_the_channel_stands_at_the_end_of_the_name(path: str, channel: str, layout: Layout | None) -> None:
    """Plain and as FreePBX writes it, with and without a system's name."""
    found = channel_of_file_name(path)
    assert (found.channels[0], found.layout) == (channel, layout)
