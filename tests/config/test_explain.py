"""Tests of config.explain: a policy in sentences, in both languages."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from config.errors import ConfigMisuseError
from config.explain import LANGUAGES, explain, span
from config.minutes import MinuteKind, Rounding
from config.policies import ServiceLevelFormula
from config.policy_loader import load_policy, shipped_policies
from config.rings import Boundary


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", shipped_policies())
def test_every_shipped_policy_can_be_explained(name: str, language: str) -> None:
    """The text names the policy and its limit, and leaves no brace unfilled."""
    text = explain(load_policy(name), language)
    assert name in text
    assert "15" in text
    assert "{" not in text


def test_the_tiers_are_told_in_both_languages() -> None:
    """Centre A's quota is told in the language asked for, with the assigned codes."""
    policy = load_policy("consulting")
    assert "一级客服主任：每月 2000–5000 分钟；代号 510、520。" in explain(policy, "zh").splitlines()
    assert "Level 1 director: 2000 to 5000 minutes a month; codes 510, 520." in explain(policy, "en").splitlines()


def test_what_staffing_is_to_reach_is_told() -> None:
    """The service level's target and the greatest occupancy, in the language asked for."""
    policy = load_policy("default")
    assert "建议坐席数以服务水平 80%、占用率不超过 85% 为目标。" in explain(policy, "zh").splitlines()
    told = "Suggested agents reach a service level of 80 % and are busy at most 85 % of the time."
    assert told in explain(policy, "en").splitlines()


def test_versions_trunks_seconds_and_hours_are_told(tmp_path: Path) -> None:
    """Each version is headed by its local day; trunks and plain seconds have sentences of their own."""
    path = tmp_path / "ours.toml"
    path.write_text(
        'name = "ours"\n[[version]]\n[version.ring]\nboundary = "tone_end"\n'
        '[[version.ring.trunk]]\nmatch = "[u]s"\ncadence = "us"\n'
        '[[version]]\nfrom = 2026-03-01\nring.boundary = "seconds"\nring.seconds = 12.5\n'
        '[[hours]]\nsat = ["09:00-24:00"]\n',
        encoding="utf-8",
    )
    text = explain(load_policy(path), "en")
    assert "Within 3 rings: under 11 s (before the last tone ends; 11 s is late; on/off 1/4)." in text
    assert "Calls by trunk [u]s: under 14 s of ringing (a ring each 6 s)." in text
    assert "From 2026-03-01 00:00:" in text
    assert "Answered under 12.5 s of ringing, whatever the tone; 12.5 s is late." in text
    assert "Saturday: 09:00–24:00." in text
    assert "Sunday: closed." in text


def test_both_languages_have_a_word_for_everything() -> None:
    """No member of an enum that a policy may hold is without its sentence."""
    for words in LANGUAGES.values():
        assert set(words.boundaries) == set(Boundary)
        assert set(words.kinds) == set(MinuteKind)
        assert set(words.roundings) == set(Rounding)
        assert set(words.formulas) == set(ServiceLevelFormula)


def test_another_language_is_a_mistake_of_the_caller() -> None:
    """Only zh and en are spoken."""
    with pytest.raises(ConfigMisuseError):
        explain(load_policy("default"), "de")


@pytest.mark.parametrize(
    ("ms", "shown"), [(0, "0"), (400, "0.4"), (12_500, "12.5"), (15_001, "15.001"), (10_000, "10")]
)
def test_seconds_are_shown_exactly(ms: int, shown: str) -> None:
    """No zero too many, no digit too few."""
    assert span(timedelta(milliseconds=ms)) == shown


def test_lines_queues_and_days_off_are_told(tmp_path: Path) -> None:
    """Branches, queues, the business day's start and days off in turn have their sentences."""
    path = tmp_path / "ours.toml"
    path.write_text(
        'name = "ours"\nday_start = "06:00"\n[[version]]\n'
        '[[version.line]]\ndid = "4008*"\nname = "hotline"\nbranch = "east"\n'
        '[[version.queue]]\nqueue = "sales"\nname = "Sales"\n'
        '[[hours]]\nfrom = 2026-01-05\ndays_off = ["sat", "sun"]\n[holidays]\nobserve = false\n',
        encoding="utf-8",
    )
    text = explain(load_policy(path), "en").splitlines()
    assert "Line 4008* (hotline): not set, of branch east." in text
    assert "Queue sales (Sales): not set." in text
    assert "A day begins at 06:00." in text
    assert "One day off a week, in turn: Saturday, Sunday." in text
    assert "National closings are not kept." in text
    assert "队列 sales（Sales）：未定。" in explain(load_policy(path), "zh").splitlines()
