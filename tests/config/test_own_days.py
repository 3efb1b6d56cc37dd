"""Tests of the file of a centre's own days: what it may say, and the one line for each mistake."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given

from config.calendars import Hours
from config.closings import MakeUp, MakeUpDay
from config.explain import LANGUAGES, explain
from config.explain_days import unannounced
from config.policy_loader import check_policy, load_policy
from tests.config.bad_policies import DAY, SPANS
from tests.config.test_properties import as_file, damaged

POLICY = """
name = "ours"
[[hours]]
mon = ["09:00-18:00"]
tue = ["09:00-17:00"]
[holidays]
country = "CN"
file = "closings.toml"
"""

OWN = """
years = [2027]
[[closed]]
day = 2027-02-05
last = 2027-02-11
[[closed]]
day = 2026-11-24
[[make_up]]
day = 2027-01-31
[[make_up]]
day = 2027-02-20
hours = "tue"
[[open]]
day = 2026-10-01
last = 2026-10-02
hours = ["10:00-11:00", "14:00-15:00"]
"""


def write(folder: Path, own: str, policy: str = POLICY) -> Path:
    """A policy's file, and beside it the file of its own days."""
    (folder / "closings.toml").write_text(own, encoding="utf-8")
    path = folder / "ours.toml"
    path.write_text(policy, encoding="utf-8")
    return path


def test_the_own_days_are_read(tmp_path: Path) -> None:
    """Closings with both ends, make-up days with or without whose hours, extra openings, years told whole."""
    closings = load_policy(write(tmp_path, OWN)).closings
    assert closings.country == "CN"
    assert closings.years == (2027,)
    assert closings.closed == (*(date(2027, 2, day) for day in range(5, 12)), date(2026, 11, 24))
    assert closings.make_up_days == (
        MakeUpDay(day=date(2027, 1, 31)),
        MakeUpDay(day=date(2027, 2, 20), hours=MakeUp.TUE),
    )
    assert [each.day for each in closings.openings] == [date(2026, 10, 1), date(2026, 10, 2)]


@pytest.mark.parametrize(
    ("at", "hours"),
    [
        ("2026-11-24T10:00", Hours.HOLIDAY),
        ("2026-10-02T10:30", Hours.IN),
        ("2026-10-02T12:00", Hours.OUT),
        ("2026-10-05T10:00", Hours.HOLIDAY),
        ("2027-01-31T17:30", Hours.IN),
        ("2027-02-20T17:30", Hours.OUT),
        ("2027-02-11T10:00", Hours.HOLIDAY),
        ("2027-05-04T10:00", Hours.IN),
    ],
)
def test_the_own_days_count(tmp_path: Path, at: str, hours: Hours) -> None:
    """The centre's own days win over the nation's, and a year told whole asks the nation nothing."""
    assert load_policy(write(tmp_path, OWN)).hours_at(datetime.fromisoformat(at + "+08:00")) is hours


@pytest.mark.parametrize(
    ("text", "line", "key", "found", "expected"),
    [
        ("[[closed]]\n", 1, "closed[1].day", "nothing", "a day"),
        ('[[closed]]\nday = "2027-01-01"\n', 2, "closed[1].day", '"2027-01-01"', DAY),
        (
            "[[closed]]\nday = 2027-01-02\nlast = 2027-01-01\n",
            3,
            "closed[1].last",
            "2027-01-01",
            "a day from 2027-01-02 on, up to 366 days later",
        ),
        (
            "[[closed]]\nday = 2027-01-02\nlast = 2199-01-01\n",
            3,
            "closed[1].last",
            "2199-01-01",
            "a day from 2027-01-02 on, up to 366 days later",
        ),
        (
            "[[closed]]\nday = 2027-01-01\nlast = 2027-01-03\n[[closed]]\nday = 2027-01-03\n",
            5,
            "closed[2].day",
            "2027-01-03 in an earlier row too",
            "each day once",
        ),
        ("[[closed]]\nday = 2027-01-01\nname = 'x'\n", 3, "closed[1].name", "an unknown key", "one of day, last"),
        ("[[make_up]]\nhours = 'mon'\n", 1, "make_up[1].day", "nothing", "a day"),
        (
            "[[make_up]]\nday = 2027-01-31\nhours = 'monday'\n",
            3,
            "make_up[1].hours",
            '"monday"',
            "one of mon, tue, wed, thu, fri, sat, sun",
        ),
        (
            "[[make_up]]\nday = 2027-01-31\n[[make_up]]\nday = 2027-01-31\n",
            4,
            "make_up[2].day",
            "2027-01-31 in an earlier row too",
            "each day once",
        ),
        ("[[open]]\nday = 2027-01-31\n", 1, "open[1].hours", "nothing", SPANS),
        ("[[open]]\nday = 2027-01-31\nhours = ['9-10']\n", 3, "open[1].hours", '"9-10" as entry 1', SPANS),
        ("years = [20270]\n", 1, "years", "a list of 1", "a list of years such as [2027]"),
        ("years = 2027\n", 1, "years", "2027", "a list of years such as [2027]"),
        ("shut = []\n", 1, "shut", "an unknown key", "one of closed, make_up, open, years"),
    ],
)
def test_a_bad_day_gives_one_line_of_its_own_file(
    tmp_path: Path, text: str, line: int, key: str, found: str, expected: str
) -> None:
    """Each mistake is one error that names the file of the days, its line, found and expected."""
    errors = check_policy(write(tmp_path, text))
    assert [(e.line, e.key, e.found, e.expected) for e in errors] == [(line, key, found, expected)]
    assert str(errors[0]).startswith(f"{tmp_path / 'closings.toml'}:{line}: {key}: found ")


def test_mistakes_of_both_files_are_told_together(tmp_path: Path) -> None:
    """A check tells those of the policy and those of its days; a file that is missing is one of them."""
    path = write(tmp_path, "years = 1\n", POLICY + 'make_up = "x"\n')
    assert [(Path(e.place).name, e.key) for e in check_policy(path)] == [
        ("ours.toml", "holidays.make_up"),
        ("closings.toml", "years"),
    ]
    (tmp_path / "closings.toml").unlink()
    assert "no readable file" in str(check_policy(path)[-1])


def test_days_of_the_centre_alone_need_no_nation(tmp_path: Path) -> None:
    """With observe = false the nation's closings are not kept, the centre's own are."""
    path = write(tmp_path, "[[closed]]\nday = 2026-11-24\n", POLICY + "observe = false\n")
    policy = load_policy(path)
    assert policy.hours_at(datetime.fromisoformat("2026-10-05T10:00+08:00")) is Hours.IN
    assert policy.hours_at(datetime.fromisoformat("2026-11-24T10:00+08:00")) is Hours.HOLIDAY


@pytest.mark.parametrize(
    ("today", "told"),
    [(date(2026, 10, 31), []), (date(2043, 1, 1), [2043]), (date(2043, 11, 1), [2043, 2044])],
)
def test_a_year_without_make_up_days_is_told(today: date, told: list[int]) -> None:
    """This year, and from November on the next, is told in both languages where its days are not known."""
    policy = load_policy("health")
    for words in LANGUAGES.values():
        sentences = unannounced(policy, words, today)
        assert [str(year) in sentence for year, sentence in zip(told, sentences, strict=True)] == [True] * len(told)


def test_a_year_whose_days_stand_in_the_file_is_not_told(tmp_path: Path) -> None:
    """Once the centre has written a year's make-up days down, nothing is lacking."""
    path = write(tmp_path, "[[make_up]]\nday = 2043-02-01\n")
    assert unannounced(load_policy(path), LANGUAGES["en"], date(2043, 3, 1)) == []


def test_the_days_are_explained(tmp_path: Path) -> None:
    """What is kept, whose hours make-up days have and how many own days there are stands in both languages."""
    policy = load_policy(write(tmp_path, OWN))
    english, chinese = explain(policy, "en"), explain(policy, "zh")
    assert "National closings are kept (CN)" in english
    assert "A make-up day has the hours of Monday." in english
    assert "The centre's own: 8 days closed, 2 make-up days, 2 extra openings." in english
    assert "本中心自定：放假 8 天，调休上班 2 天，加开 2 天。" in chinese
    assert "2027 年只按自定的日子，不看国家的。" in chinese


@given(damaged(OWN))
def test_damaged_days_are_read_or_refused_in_lines(values: dict[str, object]) -> None:
    """A good file with a few values replaced or taken out gives opening times, or errors of one line each."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), "")
        (Path(folder) / "closings.toml").write_bytes(as_file(values))
        errors = check_policy(path)
        assert [error for error in errors if len(str(error).splitlines()) != 1] == []
        if not errors:
            assert load_policy(path).hours_at_us(0) in set(Hours)
