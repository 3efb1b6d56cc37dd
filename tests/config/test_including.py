"""Tests of config.including: what shared files give to a policy, and how their mistakes are told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.policies import Policy
from config.policy_loader import check_policy, load_policy

SHARED = """[holidays]
file = "closings.toml"
[[hours]]
mon = ["09:00-12:00"]
[numbers]
test = ["1"]
nuisance = ["2"]
[contact]
nudge = "7 minutes"
duty = ["9"]
[[reason]]
id = "moved"
name_zh = "已搬走"
name_en = "moved"
[[survey]]
id = "s"
[[survey.question]]
id = "q"
text_zh = "问"
text_en = "Q"
"""


def write(folder: Path, policy: str, shared: str = SHARED) -> Path:
    """A policy beside a folder with a shared file and its closings."""
    (folder / "shared").mkdir(exist_ok=True)
    (folder / "shared" / "all.toml").write_text(shared, encoding="utf-8")
    (folder / "shared" / "closings.toml").write_text("[[closed]]\nday = 2026-11-02\n", encoding="utf-8")
    path = folder / "ours.toml"
    path.write_text('name = "ours"\n' + policy, encoding="utf-8")
    return path


def load(folder: Path, policy: str) -> Policy:
    """The policy that includes the shared file."""
    return load_policy(write(folder, 'include = ["shared/all.toml"]\n' + policy))


def test_a_policy_that_says_nothing_takes_all(tmp_path: Path) -> None:
    """Closings with the file beside the shared one, hours, numbers, contact, reasons and surveys."""
    policy = load(tmp_path, "")
    (version,) = policy.versions
    assert policy.closings.country == "CN"
    assert policy.closings.closed == (date(2026, 11, 2),)
    assert len(policy.hours) == 1
    assert (version.numbers.test, version.promises.duty) == (("1",), ("9",))
    assert version.promises.reason("moved") is not None
    assert version.promises.survey("s") is not None


def test_the_policys_own_word_wins(tmp_path: Path) -> None:
    """Key by key in numbers and contact; the whole of holidays, hours, surveys and reasons."""
    own = (
        "[[version]]\nnumbers.test = ['5']\ncontact.duty = ['8']\n"
        "[[version]]\nfrom = 2026-01-01\n[holidays]\nobserve = false\n[[hours]]\ntue = ['09:00-12:00']\n"
    )
    policy = load(tmp_path, own)
    first, second = policy.versions
    assert (first.numbers.test, first.numbers.nuisance) == (("5",), ("2",))
    assert (first.promises.duty, second.promises.duty) == (("8",), ("9",))
    assert first.promises.contact.nudge == second.promises.contact.nudge
    assert (policy.closings.country, policy.closings.closed) == (None, ())
    assert policy.hours[0].days[0] == ()


def test_the_earlier_file_wins(tmp_path: Path) -> None:
    """Of two files that say the same, the one that is named first is heard; the other adds what it lacks."""
    path = write(tmp_path, 'include = ["shared/all.toml", "china"]\n')
    numbers = load_policy(path).versions[0].numbers
    assert numbers.test == ("1",)
    assert numbers.is_shared("95588")


@pytest.mark.parametrize(
    ("shared", "told"),
    [
        ("[numbers]\ntests = []\n", ":2: numbers.tests: found an unknown key, expected test"),
        (
            "include = ['china']\n",
            ":1: include: found an include, expected none: an included file includes nothing",
        ),
        ("[contact]\ncaps = 2\n", ":2: contact.caps: found 2, expected "),
        ("[[hours]]\nmon = 5\n", ":2: hours[1].mon: found 5, expected "),
        ("[holidays]\nmake_up = 5\n", ":2: holidays.make_up: found 5, expected "),
        ("[[survey]]\nid = 's'\n", ":1: survey[1].question: found nothing, expected a question at least"),
        ("[version]\n", ":1: version: found an unknown key, expected "),
        ("a = \n", ":1: found what is not TOML"),
    ],
)
def test_a_mistake_is_told_with_the_included_file(tmp_path: Path, shared: str, told: str) -> None:
    """One line that names the included file and its line, and no other error beside it."""
    path = write(tmp_path, 'include = ["shared/all.toml"]\n', shared)
    (error,) = check_policy(path)
    assert str(error).startswith(f"{tmp_path / 'shared' / 'all.toml'}{told}")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """A path that leads nowhere is one error that names it."""
    (error,) = check_policy(write(tmp_path, 'include = ["shared/none.toml"]\n'))
    assert str(error).startswith(f"{tmp_path / 'shared' / 'none.toml'}: found no readable file")
