"""What a policy says of recordings: bands at their very edges, reading, versions in time, and its sentences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.explain import explain
from config.policies import Policy, PolicyVersion
from config.policy_loader import load_policy
from config.recordings import Band, RecordingRules, SoundTargets, Within

BAND = Band(low=120, high=140)
OWN = """
name = "own"
[[version]]
[version.recordings]
silence = 4.5
rate_factor = 1.05
rate_error = 4
coverage = 0
[version.recordings.targets]
talk_share = [40, 60]
response = 1.5
[[version]]
from = 2026-11-01
[version.recordings]
stereo_coverage = 80
[version.recordings.targets]
speech_rate = []
mutual_silence = 15
overlaps = 5
"""


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    """A policy that says other things of recordings since November."""
    file = tmp_path / "own.toml"
    file.write_text(OWN, encoding="utf-8")
    return load_policy(str(file))


@pytest.mark.parametrize(
    ("rate", "error", "within"),
    [
        (120, 0, Within.IN),
        (140, 0, Within.IN),
        (Fraction(11_999, 100), 0, Within.BELOW),
        (Fraction(14_001, 100), 0, Within.ABOVE),
        (130, 10, Within.IN),
        (130, Fraction(10_001, 1000), Within.UNDECIDED),
        (115, 5, Within.UNDECIDED),
        (115, Fraction(4_999, 1000), Within.BELOW),
        (145, 5, Within.UNDECIDED),
        (145, Fraction(4_999, 1000), Within.ABOVE),
        (130, 60, Within.UNDECIDED),
    ],
)
def test_a_rate_within_its_error_of_an_edge_is_undecided(
    rate: int | Fraction, error: int | Fraction, within: Within
) -> None:
    """Domain §1: the band is a target, and within the error of an edge it is undecided; the edges are inside."""
    assert BAND.holds(Fraction(rate), Fraction(error)) is within


@given(st.fractions(min_value=0, max_value=400), st.fractions(min_value=0, max_value=100), st.fractions(-1, 1))
def test_what_is_decided_holds_for_every_true_value(value: Fraction, error: Fraction, place: Fraction) -> None:
    """Whatever the true value within the error is, a verdict other than undecided is its verdict too."""
    told = BAND.holds(value, error)
    assert told is Within.UNDECIDED or BAND.holds(value + error * place) is told


def test_what_was_heard_is_judged_by_the_version_of_its_time(policy: Policy) -> None:
    """Each version stands by itself: what it does not say has its default."""
    before = policy.resolve(datetime(2026, 10, 31, tzinfo=UTC)).recordings
    after = policy.resolve(datetime(2026, 11, 2, tzinfo=UTC)).recordings
    assert (before.silence, before.rate_factor, before.rate_error) == (timedelta(seconds=4.5), 1050, 4)
    assert before.coverage == 0
    assert before.targets.talk_share == Band(low=40, high=60)
    assert (before.targets.speech_rate, before.targets.response) == (BAND, timedelta(seconds=1.5))
    assert after == RecordingRules(
        stereo_coverage=80, targets=SoundTargets(speech_rate=None, mutual_silence=15, overlaps=5)
    )


def test_targets_that_are_counted_make_roll_ups_anew(policy: Policy) -> None:
    """Another band or another limit of first words counts talks otherwise; an alarm or a limit of hearing does not."""

    def digest(rules: RecordingRules) -> str:
        versions = (PolicyVersion(recordings=rules),)
        return Policy(name="x", zone=policy.zone, country="CN", versions=versions).digest()

    plain = digest(RecordingRules())
    assert digest(RecordingRules(coverage=90, stereo_coverage=80, silence=timedelta(seconds=5))) == plain
    assert digest(RecordingRules(targets=SoundTargets(talk_share=BAND, mutual_silence=3, overlaps=2))) == plain
    assert digest(RecordingRules(targets=SoundTargets(speech_rate=None))) != plain
    assert digest(RecordingRules(targets=SoundTargets(first_words=timedelta(seconds=3)))) != plain


def test_what_is_asked_of_recordings_is_told_in_both_languages(policy: Policy) -> None:
    """A sentence for each rule, and none for what is not asked."""
    chinese, english = explain(policy, "zh").splitlines(), explain(policy, "en").splitlines()
    assert "语速目标：每分钟 120–140 字；误差触及边界时不判定，不达不算违规。" in chinese
    assert "语速估计值按校准系数 1.05 折算。" in chinese
    assert "某队列前一日双声道录音的覆盖率低于 80% 即告警。" in chinese
    assert english.count("First words within 2 s of the answer; equality is in time.") == 2
    assert "Mutual silence, target: at most 15 % of the talk." in english
    assert "Speaking at once, target: at most 5 in ten talks." in english
    assert "Response delay, target: at most 1.5 s on average." in english
    assert sum("Speech rate, target" in each for each in english) == 1
    assert sum("playable recording" in each for each in english) == 1


def test_the_hotline_has_the_rates_of_its_rulebook() -> None:
    """C1: 120 to 140 characters a minute, and the first words within two seconds."""
    targets = load_policy("hotline").versions[0].recordings.targets
    assert (targets.speech_rate, targets.first_words) == (BAND, timedelta(seconds=2))
