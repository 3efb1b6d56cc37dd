"""The command of the missed callers: rows as JSON, CSV and a table by the centre's clocks."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.storage.engine import open_store
from telephony.calls.facts import Disposition
from tests.analytics.factory import call
from tests.analytics.stored import store_facts
from tests.service.cli.running import Commands

MISSED = ("report", "missed", "--period", "2026-11")
AGAIN = "13800138000"


@pytest.fixture
def here(with_calls: Commands, tmp_path: Path) -> Commands:
    """A customer whom 1005 and 1004 have served is missed afterwards, and a stranger is."""
    engine = open_store(f"sqlite:///{tmp_path}/data/threerings.db")
    lost = {"disposition": Disposition.ABANDONED}
    store_facts(
        engine,
        [call("pbx/3.1", start=500, end=530, **lost), call("pbx/4.1", start=600, end=620, customer="777", **lost)],
    )
    engine.dispose()
    return with_calls


def test_who_is_to_be_called_back(here: Commands) -> None:
    """The latest first, with who spoke with him last."""
    stranger, known = here(*MISSED, "--json").lines
    assert (stranger["number"], stranger["last_agent"], stranger["wait_seconds"]) == ("777", None, 20.0)
    assert (known["number"], known["times"], known["last_agent"]) == (AGAIN, 1, "1005")
    assert known["last_agent_at"] == "2026-11-02T01:01:40.000+00:00"


def test_people_see_the_centres_clock_and_their_words(here: Commands) -> None:
    """09:10 in Shanghai; the disposition in words."""
    shown = here(*MISSED, "--lang", "zh").out
    assert "11-02 09:10:00" in shown
    assert "已放弃" in shown
    assert "上次接待" in shown


def test_the_same_columns_with_and_without_rows(here: Commands) -> None:
    """CSV names them even where nobody is owed a call."""
    full = here(*MISSED, "--csv").out.splitlines()
    empty = here("report", "missed", "--period", "2026-10", "--csv").out.splitlines()
    assert full[0] == empty[0] == ",".join(here(*MISSED, "--json").lines[0])
    assert (len(full), len(empty)) == (3, 1)


def test_the_count_is_that_of_the_metric(here: Commands) -> None:
    """As known within the hours that the policy gives for it."""
    asked = ("--period", "2026-11-02", "--as-of", "2026-11-02T20:00", "--json")
    counted = here("report", "figures", "--metrics", "missed_not_called_back", *asked).lines[0]["rows"][0]["values"]
    assert counted["missed_not_called_back"] == len(here("report", "missed", *asked).lines) == 2


def test_before_the_calls_nobody_was_missed(here: Commands) -> None:
    """--as-of goes back; what is no time is refused in one line."""
    assert here(*MISSED, "--as-of", "2026-11-02T09:05", "--json").lines == []
    refused = here(*MISSED, "--as-of", "soon")
    assert (refused.status, refused.err.count("\n")) == (2, 1)
    assert "--as-of: found 'soon', expected a time" in refused.err
