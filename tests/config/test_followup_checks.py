"""Tests of config.followup_checks, kind_checks and weekly_contact: what promises must fulfil."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from config.calendars import OpenSpan
from config.followups import FulfilledBy, Windows
from config.policy_loader import check_policy, load_policy
from config.weekly_contact import weekly_gap
from tests.config.bad_followups import FOLLOWUPS, kind
from tests.config.bad_policies import HEAD


@pytest.mark.parametrize(
    ("name", "text", "line", "key", "found", "expected"), FOLLOWUPS, ids=[case[0] for case in FOLLOWUPS]
)
def test_a_bad_promise_gives_one_line(
    tmp_path: Path, name: str, text: str, line: int | None, key: str, found: str, expected: str
) -> None:
    """Each mistake is exactly one error of one line that names file, line, key, found and expected."""
    path = tmp_path / "ours.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    errors = check_policy(path)
    assert [(e.line, e.key, e.found, e.expected) for e in errors] == [(line, key, found, expected)]
    assert str(errors[0]) == f"{path}:{line}: {key}: found {found}, expected {expected}"
    assert len(str(errors[0]).splitlines()) == 1


def test_there_are_enough_kinds_of_bad_promises() -> None:
    """The table has at least sixty kinds, each under a name of its own."""
    assert len({case[0] for case in FOLLOWUPS}) == len(FOLLOWUPS) >= 60


def test_again_with_a_level_up_is_no_circle(tmp_path: Path) -> None:
    """What is not accepted may come again, one level up each time."""
    path = tmp_path / "ours.toml"
    path.write_text(HEAD + "[[version]]\n" + kind("level_up = true", trigger="unsatisfied:a"), encoding="utf-8")
    assert check_policy(path) == []


def test_a_weekday_needs_a_minute() -> None:
    """The health centre's Friday noon break leaves nothing of 11:30–14:00 with quiet edges, and a minute more does."""
    policy = load_policy("health")
    version = policy.versions[0]
    (care,) = [each for each in version.promises.kinds if each.id == "report_care"]
    noon = OpenSpan(opens=time(11, 30), closes=time(14))
    more = OpenSpan(opens=time(11, 29), closes=time(14))
    quiet = replace(care, windows=Windows(spans=(noon,), edges=True))
    assert weekly_gap(quiet, version, policy) == 0
    assert weekly_gap(replace(quiet, windows=Windows(spans=(more,), edges=True)), version, policy) is None
    assert weekly_gap(replace(quiet, fulfilled_by=FulfilledBy.MARK), version, policy) is None
    sunday = replace(care, windows=Windows(weekdays=(6,)))
    assert weekly_gap(sunday, version, policy) == 6
    assert weekly_gap(replace(sunday, windows=Windows(weekdays=(6,), closed_days=True)), version, policy) is None
