"""Tests of config.policy_loader: what a policy may say, and the one line for each mistake."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.errors import PolicyError
from config.policies import Boundary, PolicyVersion, Rounding, TierCounts
from config.policy_loader import check_policy, load_policy, shipped_policies, shipped_text
from tests.config.bad_policies import CASES, HEAD

AT = datetime(2026, 11, 2, 2, tzinfo=UTC)


def write(folder: Path, text: str) -> Path:
    """A policy's file with this text."""
    path = folder / "ours.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "text", "line", "key", "found", "expected"), CASES, ids=[c[0] for c in CASES])
def test_a_bad_policy_gives_one_line(
    tmp_path: Path, name: str, text: str, line: int | None, key: str, found: str, expected: str
) -> None:
    """Each mistake is exactly one error of one line that names file, line, key, found and expected."""
    path = write(tmp_path, HEAD + text)
    errors = check_policy(path)
    assert [(e.line, e.key, e.found, e.expected) for e in errors] == [(line, key, found, expected)]
    assert len(str(errors[0]).splitlines()) == 1
    assert str(errors[0]).startswith(f"{path}:{line}: {key}: found ")
    with pytest.raises(PolicyError):
        load_policy(path)


def test_there_are_enough_kinds_of_bad_policies() -> None:
    """The table has at least sixty kinds, each under a name of its own."""
    assert len({case[0] for case in CASES}) == len(CASES) >= 60


def test_a_policy_without_a_name_is_refused(tmp_path: Path) -> None:
    """The name is the one key that every policy must have."""
    (error,) = check_policy(write(tmp_path, ""))
    assert (error.key, error.found) == ("name", "nothing")


@pytest.mark.parametrize("name", shipped_policies())
def test_a_shipped_policy_is_good_and_named_as_its_file(name: str) -> None:
    """Every shipped policy is read without a mistake, and is called what its file is called."""
    assert check_policy(name) == []
    assert load_policy(name).name == name


def test_the_shipped_policies_are_these() -> None:
    """The eleven centres and the plain one are shipped; what they share is none of them."""
    centres = "consulting dealers default ecommerce health hotline inspection installation members repair retail"
    assert shipped_policies() == (*centres.split(), "securities")


@pytest.mark.parametrize("name", ["hotlin", "", "DEFAULT", "\n", "a\\b"])
def test_an_unknown_name_is_one_error(name: str) -> None:
    """A name that is not shipped is refused with the names that are."""
    with pytest.raises(
        PolicyError, match=r"one of consulting, dealers, default, .*, securities, or a file's path"
    ) as raised:
        load_policy(name)
    assert len(str(raised.value).splitlines()) == 1
    assert [str(error) for error in check_policy(name)] == [str(raised.value)]


def test_a_copy_of_a_shipped_policy_can_be_loaded_by_its_path(tmp_path: Path) -> None:
    """A path is taken from the given folder, and the copy means the same."""
    write(tmp_path, shipped_text("consulting"))
    assert load_policy("ours.toml", tmp_path) == load_policy("consulting")


def test_the_default_policy_is_the_plain_version() -> None:
    """default.toml says what an unsaid version means, and the short codes."""
    (version,) = load_policy("default").versions
    plain = PolicyVersion()
    assert (version.ring, version.minutes, version.service_level) == (
        plain.ring,
        plain.minutes,
        plain.service_level,
    )
    assert (version.limits, version.tiers) == (plain.limits, ())
    assert version.numbers.is_shared("95588", None)
    assert not version.numbers.is_shared("13800138000", "+8613800138000")


@pytest.mark.parametrize(
    ("tier_id", "floor", "target", "codes"),
    [
        ("level_3", 5000, 10000, "520 521 621 622 633 721 821 921"),
        ("level_2", 600, 2000, "510 520 521 621"),
        ("level_1", 2000, 5000, "510 520"),
        ("assistant", None, None, "510"),
    ],
)
def test_centre_a_has_its_tiers(tier_id: str, floor: int | None, target: int | None, codes: str) -> None:
    """The consulting centre's floors, targets and assigned codes are those of its rulebook."""
    tier = load_policy("consulting").resolve(AT).tier(tier_id)
    assert tier is not None
    assert (tier.floor_minutes, tier.target_minutes) == (floor, target)
    assert " ".join(tier.codes) == codes


def test_centre_a_counts_minutes_as_its_sheets_and_transfers_for_assistants() -> None:
    """Minutes are end minute less start minute; level 2's certificates are fewer than its codes."""
    version = load_policy("consulting").resolve(AT)
    level_2, assistant = version.tier("level_2"), version.tier("assistant")
    assert level_2 is not None
    assert assistant is not None
    assert version.minutes.rounding is Rounding.CLOCK
    assert level_2.certified == ("510", "520")
    assert assistant.counts is TierCounts.TRANSFERS


def test_the_hotline_has_its_lines_and_three_rings() -> None:
    """The hotline's numbers lead to three skills; three rings end at 15 s, handling at 180 s."""
    version = load_policy("hotline").resolve(AT)
    skills = [line.skill if (line := version.line_of(did)) else None for did in ("189", "180", "96123", "1")]
    assert skills == ["junior", "intermediate", "senior", None]
    assert (version.limit(), version.limits.handled_within) == (timedelta(seconds=15), timedelta(seconds=180))


def test_a_trunk_and_a_pattern_are_read(tmp_path: Path) -> None:
    """A cadence may be seconds with decimals, for all calls or by trunk."""
    text = (
        "[[version]]\n[version.ring]\npattern = [0.4, 0.2, 0.4, 3]\nboundary = 'tone_end'\n"
        "[[version.ring.trunk]]\nmatch = 'us-*'\ncadence = 'us'\n"
    )
    version = load_policy(write(tmp_path, HEAD + text)).resolve(AT)
    assert version.ring.boundary is Boundary.TONE_END
    assert version.limit() == timedelta(seconds=9)
    assert version.limit("us-east") == timedelta(seconds=14)
    assert version.limit("eu-us-1") == timedelta(seconds=9)


def test_an_unsaid_key_has_its_default_not_the_former_version(tmp_path: Path) -> None:
    """A version is whole: it does not go on with what the one before it said."""
    text = "[[version]]\nring.rings = 5\n[[version]]\nfrom = 2026-01-01\n"
    first, second = load_policy(write(tmp_path, HEAD + text)).versions
    assert (first.ring.rings, second.ring.rings) == (5, 3)


def test_all_mistakes_are_told_in_order(tmp_path: Path) -> None:
    """check_policy tells every mistake, in the order of the lines."""
    path = write(tmp_path, "[[version]]\nring.rings = 0\nlimits.wrap_up = true\n[[hours]]\nmon = 5\n")
    assert [(error.line, error.key) for error in check_policy(path)] == [
        (None, "name"),
        (2, "version[1].ring.rings"),
        (3, "version[1].limits.wrap_up"),
        (5, "hours[1].mon"),
    ]
