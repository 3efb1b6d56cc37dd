"""The documents of config tell the truth: every key and value is told, and the errors shown are real."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from config.attendance import Prorate
from config.closings import MakeUp
from config.festival_names import FESTIVAL_NAMES
from config.followups import REASONS, Alarm, Basis, FulfilledBy, Mode, OwnerRule, Result, TriggerKind
from config.loader import check_settings
from config.minutes import MinuteKind, Rounding
from config.overrides import OVERRIDES
from config.people import TierCounts
from config.policies import ServiceLevelFormula
from config.policy_loader import check_policy, shipped_policies
from config.quality import Automatic, Replacement, Stratum
from config.rings import CADENCES, Boundary
from config.settings import Language
from tests.config.test_own_days import OWN
from tests.config.test_properties import WHOLE_POLICY, WHOLE_SETTINGS

ROOT = Path(__file__).parents[2]
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
POLICIES = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")


def keys(value: object) -> Iterator[str]:
    """Every key of a structure, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    if isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def test_every_setting_is_documented() -> None:
    """Every key that a settings file may have stands in docs/settings.md."""
    told = {key for key in keys(tomllib.loads(WHOLE_SETTINGS)) if key in SETTINGS}
    assert told == set(keys(tomllib.loads(WHOLE_SETTINGS)))
    assert all(f"`{name}` | `{'.'.join(map(str, path))}`" in SETTINGS for name, path in OVERRIDES.items())


def test_every_key_of_a_policy_is_documented() -> None:
    """Every key that a policy may have stands in docs/policies.md."""
    known = set(keys(tomllib.loads(WHOLE_POLICY))) | set(keys(tomllib.loads(OWN)))
    assert {key for key in known if key in POLICIES} == known


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Boundary, POLICIES),
        (Rounding, POLICIES),
        (MinuteKind, POLICIES),
        (ServiceLevelFormula, POLICIES),
        (TierCounts, POLICIES),
        (MakeUp, POLICIES),
        (Prorate, POLICIES),
        (Alarm, POLICIES),
        (Basis, POLICIES),
        (FulfilledBy, POLICIES),
        (Mode, POLICIES),
        (OwnerRule, POLICIES),
        (Result, POLICIES),
        (Stratum, POLICIES),
        (Replacement, POLICIES),
        (Automatic, POLICIES),
        (Language, SETTINGS),
    ],
)
def test_every_choice_is_documented(kind: type[StrEnum], text: str) -> None:
    """Each value that may be chosen stands in the document as code."""
    assert [member.value for member in kind if f"`{member.value}`" not in text] == []


def test_cadences_and_shipped_policies_are_documented() -> None:
    """Each cadence and each shipped policy stands in docs/policies.md."""
    assert [name for name in (*CADENCES, *shipped_policies()) if f"`{name}`" not in POLICIES] == []


def test_festivals_and_reasons_are_documented() -> None:
    """Each festival and each reason of every policy stands in docs/policies.md."""
    names = (*FESTIVAL_NAMES, *(reason.id for reason in REASONS))
    assert [name for name in names if f"`{name}`" not in POLICIES] == []


def test_every_trigger_is_documented() -> None:
    """Each thing that may make a follow-up arise begins a name in docs/policies.md."""
    assert [kind.value for kind in TriggerKind if f"`{kind.value}" not in POLICIES] == []


def test_the_whole_examples_are_good(tmp_path: Path) -> None:
    """The structures that the documents are compared with are themselves accepted."""
    (tmp_path / "s.toml").write_text(WHOLE_SETTINGS, encoding="utf-8")
    (tmp_path / "p.toml").write_text(WHOLE_POLICY, encoding="utf-8")
    assert check_settings(tmp_path / "s.toml", {}) == []
    assert check_policy(tmp_path / "p.toml") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[http]\nport = "8333"\n', 'http.port: found "8333", expected a whole number from 0 to 65535'),
        ('[pbx.main]\nhots = "a"\n', "pbx.main.hots: found an unknown key, expected host"),
    ],
)
def test_the_errors_shown_for_settings_are_real(tmp_path: Path, text: str, told: str) -> None:
    """An error that the document shows is what the reader says."""
    path = tmp_path / "threerings.toml"
    path.write_text(text, encoding="utf-8")
    assert told in SETTINGS
    assert any(str(error).endswith(told) for error in check_settings(path, {}))


def test_the_example_of_own_days_is_good(tmp_path: Path) -> None:
    """The file of own days that the document shows is accepted beside a policy that names it."""
    example = POLICIES.partition("```toml\n# closings.toml")[2].partition("```")[0]
    assert "[[make_up]]" in example
    (tmp_path / "closings.toml").write_text(example, encoding="utf-8")
    path = tmp_path / "p.toml"
    path.write_text('name = "p"\n[holidays]\nfile = "closings.toml"\n', encoding="utf-8")
    assert check_policy(path) == []
