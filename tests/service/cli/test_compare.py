"""`threerings compare`, on a captured run that was imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.cli.running import Commands
from tests.telephony.calls.streams import CAPTURES
from tests.telephony.pbxlogs.captured import log_of

FOLDER = CAPTURES / "plain-22"
SETTINGS = """data_dir = "data"
database_url = "sqlite:///{folder}/facts.db"
zone = "Asia/Shanghai"
[pbx.lab]
host = "127.0.0.1"
user = "reader"
secret_env = "SECRET"
"""


@pytest.fixture
def imported(threerings: Commands, tmp_path: Path) -> Commands:
    """The command in a folder whose database holds the run."""
    (tmp_path / "threerings.toml").write_text(SETTINGS.format(folder=tmp_path))
    arguments = ["import", "--cel", "cel", "--cdr", "cdr", "--queue-log", "queue_log", "--yes", "--json"]
    done = threerings(
        *(str(log_of(FOLDER, each)) if each in ("cel", "cdr", "queue_log") else each for each in arguments)
    )
    assert done.status == 0, done.err
    return threerings


def test_each_agent_s_minutes_stand_beside_the_pbx_s_claims(imported: Commands) -> None:
    """1004 handed a call on after six seconds; queue_log claims nine, to the end of the call."""
    done = imported("compare", "--from", "2026-11-22", "--to", "2026-11-23", "--json")
    agents = {each["agent"]: each for each in done.lines}
    told = agents["1004"]
    assert told["claimed"]["agent_complete"] is None
    assert told["claimed"]["queue_log"]["talk_seconds"] > told["claimed"]["queue_log"]["agreeing"] > 0
    (handed_on,) = [each for each in told["disagreements"] if each["source"] == "queue_log"]
    assert (handed_on["why"], handed_on["claimed_seconds"]) == ("transfer", 9.0)
    assert handed_on["talk_seconds"] == pytest.approx(6.0, abs=0.2)


def test_who_took_a_call_over_has_minutes_that_no_queue_claims(imported: Commands) -> None:
    """The second agent is in no row of queue_log."""
    done = imported("compare", "--from", "2026-11-22", "--agent", "1006", "--json")
    (told,) = done.lines
    whys = {each["why"] for each in told["disagreements"] if each["source"] == "queue_log"}
    assert whys == {"not_counted"}
    assert told["talk_seconds"] > told["claimed"]["queue_log"]["talk_seconds"]


def test_a_queue_log_beside_the_database_adds_nothing_to_what_is_stored(imported: Commands) -> None:
    """Its claims are there already: they do not count twice."""
    plain = imported("compare", "--from", "2026-11-22", "--json").lines
    beside = imported("compare", "--from", "2026-11-22", "--queue-log", str(FOLDER / "queue_log"), "--json").lines
    assert beside == plain


def test_people_get_sentences_in_their_language(imported: Commands) -> None:
    """Each disagreement names call, claim, ours and why."""
    chinese = imported("compare", "--from", "2026-11-22", "--lang", "zh")
    english = imported("compare", "--from", "2026-11-22", "--lang", "en")
    assert "转接之后的时间仍算给本坐席" in chinese.out
    assert "the claim goes on after the call was handed over" in english.out


def test_days_that_make_no_sense_are_refused(imported: Commands) -> None:
    """One line: what was found and expected."""
    done = imported("compare", "--from", "2026-13-01")
    assert (done.status, done.out) == (2, "")
    assert "2026-13-01" in done.err
