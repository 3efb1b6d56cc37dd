"""What a policy says of listening to samples: the shipped one, its sentences, and what a mark comes to."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from config.explain import explain
from config.policies import Policy
from config.policy_loader import load_policy, shipped_policies
from config.quality import WHOLE, Criterion, Quality


def test_only_the_hotline_samples() -> None:
    """A rulebook that is silent samples nothing; the hotline's criteria are its rulebook's five."""
    found = {name for name in shipped_policies() if load_policy(name).versions[0].quality}
    assert found == {"hotline"}
    quality = load_policy("hotline").versions[0].quality
    assert quality is not None
    assert [each.name_zh for each in quality.criteria] == ["用语", "态度", "语气", "理解需求", "应变"]
    assert sum(each.weight for each in quality.criteria) == WHOLE
    assert quality.at_least == 2


def test_it_is_told_in_both_languages() -> None:
    """`policy explain` says how many, when, by what, and what fails a card."""
    hotline = load_policy("hotline")
    zh, en = explain(hotline, "zh"), explain(hotline, "en")
    assert "质检：每人每月至少抽听 2 通，通话不短于 30 秒；每周一 08:00 抽上一周的，种子事先公布承诺。" in zh
    assert "一票否决：泄露客户信息、与客户争执，有一项即记 0 分。" in zh
    assert "Scorecard: Wording 20, Attitude 20, Tone 15, Grasp of the need 25, Adaptability 20;" in en
    assert "质检" not in explain(load_policy("default"), "zh")


def test_it_changes_no_figure() -> None:
    """Two policies that differ in what is sampled have one digest: roll-ups outlive a new scorecard."""
    hotline = load_policy("hotline")
    version = hotline.versions[0]
    without = Policy(
        name=hotline.name, zone=hotline.zone, country=hotline.country, versions=(replace(version, quality=None),),
        closings=hotline.closings, hours=hotline.hours,
    )  # fmt: skip
    assert without.digest() == hotline.digest()


def test_a_mark_is_exact() -> None:
    """Weights times marks over the scale, never a float: a third stays a third."""
    criteria = tuple(Criterion(id=each, name_zh=each, name_en=each, weight=50) for each in "ab")
    quality = Quality(criteria=criteria, scale=3)
    assert quality.points({"a": 3, "b": 3}) == WHOLE
    assert quality.points({"a": 1, "b": 0}) == Fraction(50, 3)
