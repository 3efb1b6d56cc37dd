"""How long recordings are kept: by the first rule that fits, to the end of a day of the centre, or for good."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.explain import explain
from config.policies import PolicyVersion
from config.policy_loader import load_policy
from config.retention import Retention, Traits, kept_until

OWN = """
name = "own"
[[version]]
[version.retention]
days = 180
[[version.retention.rule]]
queue = "complaints"
direction = "inbound"
keep = true
[[version.retention.rule]]
code = "520"
days = 30
[[version]]
from = 2026-11-01T00:00:00+08:00
"""


def own(folder: Path) -> Retention:
    """What the first version of a policy of our own says."""
    file = folder / "own.toml"
    file.write_text(OWN, encoding="utf-8")
    return load_policy(str(file)).versions[0].retention


def test_without_a_word_recordings_are_kept_for_good() -> None:
    """Nothing is due for destruction unless a policy names it."""
    assert PolicyVersion().retention.days_of(Traits(direction="inbound")) is None


def test_the_first_rule_that_fits_speaks_and_it_must_fit_whole(tmp_path: Path) -> None:
    """Queue and direction together keep for good; the code alone has its days; all others those of the centre."""
    rules = own(tmp_path)
    complaint = Traits(queues=frozenset({"sales", "complaints"}), direction="inbound", code="520")
    assert rules.days_of(complaint) is None
    assert rules.days_of(Traits(queues=frozenset({"complaints"}), direction="outbound", code="520")) == 30
    assert rules.days_of(Traits()) == 180


def test_the_rule_is_that_of_the_version_in_which_the_call_began(tmp_path: Path) -> None:
    """A later version without the table keeps for good what begins in it, and nothing else."""
    own(tmp_path)
    policy = load_policy(str(tmp_path / "own.toml"))
    before, after = datetime(2026, 10, 31, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
    assert policy.resolve(before).retention.days_of(Traits()) == 180
    assert policy.resolve(after).retention.days_of(Traits()) is None


def test_a_recording_is_kept_to_the_end_of_its_last_day() -> None:
    """Days are the centre's, in summer time too."""
    began = datetime(2026, 3, 27, 23, 30, tzinfo=UTC)
    assert kept_until(began, 1, ZoneInfo("Asia/Shanghai")) == datetime(2026, 3, 29, 16, tzinfo=UTC)
    assert kept_until(began, 2, ZoneInfo("Europe/Berlin")) == datetime(2026, 3, 30, 22, tzinfo=UTC)


def test_a_policy_says_in_words_how_long_it_keeps(tmp_path: Path) -> None:
    """In both languages, and nothing where it does not speak of it."""
    own(tmp_path)
    policy = load_policy(str(tmp_path / "own.toml"))
    assert "其中队列 complaints、方向 inbound的录音长期保存。" in explain(policy, "zh")
    assert "Those of the service code 520 are kept for 30 days." in explain(policy, "en")
    assert "kept for" not in explain(load_policy("default"), "en")
