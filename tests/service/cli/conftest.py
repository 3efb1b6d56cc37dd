"""Commands run in an empty folder, so that no settings of the machine are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.cli.running import Commands


@pytest.fixture
def threerings(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Commands:
    """`threerings(…)` runs a command there."""
    monkeypatch.chdir(tmp_path)
    return Commands(capsys)
