"""Marks: when the board warns and when a promise is broken, at their very edges; and what a pause may last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from config.marks import Mark, Reached
from config.policies import Policy, PolicyVersion
from config.policy_loader import load_policy

NOW = datetime(2026, 11, 20, tzinfo=UTC)
OWN = """
name = "own"
[[version]]
service_level.target = 90
breaks.allowed = { "培训" = 5400, Meal = 60 }
[version.marks]
three_rings = { warn = 96, breach = 92 }
abandonment = {}
[[version.queue]]
queue = "dealers"
marks = { longest_wait = { warn = 45 }, service_level = { breach = 50 } }
"""


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    """A policy with marks of its own."""
    file = tmp_path / "own.toml"
    file.write_text(OWN, encoding="utf-8")
    return load_policy(str(file))


@pytest.mark.parametrize(
    ("mark", "value", "reached"),
    [
        (Mark(warn=30, breach=60), Fraction(29_999, 1000), Reached.GOOD),
        (Mark(warn=30, breach=60), 30, Reached.WARN),
        (Mark(warn=30, breach=60), Fraction(59_999, 1000), Reached.WARN),
        (Mark(warn=30, breach=60), 60, Reached.BREACH),
        (Mark(warn=30), 9000, Reached.WARN),
        (Mark(breach=60), 59, Reached.GOOD),
        (Mark(warn=30, breach=60), None, Reached.NOTHING),
        (Mark(), 60, Reached.NOTHING),
    ],
)
def test_a_wait_reaches_its_mark_by_equality(mark: Mark, value: int | Fraction | None, reached: Reached) -> None:
    """At the very second; without a figure or a mark there is nothing to say."""
    assert mark.rising(value) is reached


@pytest.mark.parametrize(
    ("share", "reached"),
    [
        (Fraction(95, 100), Reached.GOOD),
        (Fraction(94_999, 100_000), Reached.WARN),
        (Fraction(90, 100), Reached.WARN),
        (Fraction(89_999, 100_000), Reached.BREACH),
        (Fraction(0), Reached.BREACH),
        (None, Reached.NOTHING),
    ],
)
def test_a_share_falls_below_its_mark(share: Fraction | None, reached: Reached) -> None:
    """The goal itself is kept; the exact share is compared, never the rounded one."""
    assert Mark(warn=95, breach=90).falling(share) is reached


def test_a_queue_differs_key_by_key(policy: Policy) -> None:
    """What it does not say is the centre's, and the centre's service level is what staffing aims at."""
    rules = policy.resolve(NOW)
    centre, dealers = rules.marks_of(), rules.marks_of("dealers")
    assert (centre.three_rings, centre.service_level) == (Mark(warn=96, breach=92), Mark(warn=90, breach=80))
    assert (centre.abandonment.is_set, centre.longest_wait) == (False, Mark(warn=30, breach=60))
    assert (dealers.three_rings, dealers.service_level) == (centre.three_rings, Mark(breach=50))
    assert (dealers.longest_wait, dealers.longest_wait.goal) == (Mark(warn=45), 45)
    assert rules.marks_of("nobody") == centre


def test_marks_and_breaks_change_no_roll_up(policy: Policy) -> None:
    """What only colours a board leaves the sums of past years alone."""
    plain = PolicyVersion(service_level=policy.resolve(NOW).service_level)
    unmarked = Policy(name="own", zone=policy.zone, country=policy.country, versions=(plain,))
    assert PolicyVersion().marks != policy.resolve(NOW).marks
    assert unmarked.digest() == Policy(
        name="x", zone=policy.zone, country=policy.country,
        versions=(PolicyVersion(service_level=plain.service_level, marks=policy.resolve(NOW).marks,
                                breaks=policy.resolve(NOW).breaks),),
    ).digest()  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "seconds"), [("培训", 5400), ("meal", 60), ("MEAL ", 60), ("lunch", 1800), ("", 600), (None, 600)]
)
def test_a_named_reason_goes_before_meals(policy: Policy, reason: str | None, seconds: int) -> None:
    """In small or capital letters; what is not named is a meal or away."""
    assert policy.resolve(NOW).breaks.of(reason) == timedelta(seconds=seconds)
