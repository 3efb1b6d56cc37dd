"""The dialplan lines that are printed are those that the lab's real Asterisks run."""

from __future__ import annotations

from pathlib import Path

import pytest

from telephony.dialling.dialplan import context_lines

LAB = Path(__file__).parents[2] / "lab"


@pytest.mark.parametrize("conf", ["conf", "conf-freepbx"])
def test_the_lab_runs_the_very_lines_that_are_printed(conf: str) -> None:
    """So that what was seen on 16 and 22 was seen of these."""
    assert "\n".join(context_lines()) + "\n" in (LAB / conf / "extensions.conf").read_text(encoding="utf-8")
