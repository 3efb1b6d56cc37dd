"""Commands run in an empty folder, so that no settings of the machine are found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analytics.storage.engine import open_store
from telephony.calls.facts import Known, OfferingOutcome
from tests.analytics.factory import call, offering, talk
from tests.analytics.stored import store_facts
from tests.service.cli.closing import SETTINGS
from tests.service.cli.running import Commands


@pytest.fixture
def threerings(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Commands:
    """`threerings(…)` runs a command there."""
    monkeypatch.chdir(tmp_path)
    return Commands(capsys)


@pytest.fixture
def with_calls(threerings: Commands, tmp_path: Path, migrated_file: Path) -> Commands:
    """Commands in the folder of an installation with two calls of November 2026, one of them inferred."""
    (tmp_path / "threerings.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "data").mkdir()
    shutil.copy(migrated_file, tmp_path / "data" / "threerings.db")
    engine = open_store(f"sqlite:///{tmp_path}/data/threerings.db")
    store_facts(
        engine,
        [call(end=60, known=Known.INFERRED), talk(end=60), offering(end=20, outcome=OfferingOutcome.NO_ANSWER)],
        [call("pbx/2.1", start=100, end=190), talk("pbx/2.1", start=100, end=190, device="PJSIP/1005")],
    )
    engine.dispose()
    return threerings
