"""What a card comes to, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import QualityError
from analytics.quality.scoring import MAX_TEXT, Scores, form_digest, form_of, read_form, result_of
from config.policy_loader import load_policy
from config.quality import Criterion, Quality

HOTLINE = load_policy("hotline").versions[0].quality
assert HOTLINE is not None
NAMES = tuple(each.id for each in HOTLINE.criteria)


def scores(mark: int = 4, **others: object) -> Scores:
    """All criteria marked alike."""
    told: dict[str, object] = {"marks": dict.fromkeys(NAMES, mark), **others}
    return Scores(**told)  # type: ignore[arg-type]


def test_full_marks_are_a_hundred_and_none_is_nothing() -> None:
    """Weights add up to a hundred."""
    assert HOTLINE is not None
    assert result_of(HOTLINE, scores(5)).mark_c == 10_000
    assert result_of(HOTLINE, scores(0)).mark_c == 0


def test_the_pass_mark_itself_passes() -> None:
    """Four of five everywhere is eighty: it passes, and a mark less does not."""
    assert HOTLINE is not None
    assert result_of(HOTLINE, scores(4)).passed
    assert not result_of(HOTLINE, scores(marks={**dict.fromkeys(NAMES, 4), "tone": 3})).passed


def test_something_critical_makes_the_mark_nothing_and_keeps_the_points() -> None:
    """A card with a leak is 0 and has failed; what it would have been is kept beside."""
    assert HOTLINE is not None
    found = result_of(HOTLINE, scores(5, criticals=("leak",)))
    assert (found.mark_c, found.points_c, found.critical, found.passed) == (0, 10_000, True, False)


def test_it_is_rounded_once_and_half_up() -> None:
    """A third of fifty is 16.67; passing is judged by the exact value."""
    criteria = tuple(Criterion(id=each, name_zh=each, name_en=each, weight=50) for each in "ab")
    quality = Quality(criteria=criteria, scale=3, pass_mark=17)
    found = result_of(quality, Scores(marks={"a": 1, "b": 0}))
    assert (found.mark_c, found.passed) == (1667, False)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Scores(marks={}), "found no mark for wording, expected one from 0 to 5"),
        (scores(6), "found 6 for wording, expected a mark from 0 to 5"),
        (scores(-1), "found -1 for wording"),
        (scores(marks={**dict.fromkeys(NAMES, 4), "tone": True}), "found True for tone"),
        (
            scores(marks={**dict.fromkeys(NAMES, 4), "dress": 1}),
            "the criterion 'dress', expected one of adaptability",
        ),
        (scores(criticals=("fire",)), "the critical 'fire', expected one of leak, quarrel"),
        (scores(verdicts={"mood": True}), "the automatic item 'mood'"),
        (scores(summary="x" * (MAX_TEXT + 1)), "a text of 1001 letters, expected up to 1000"),
    ],
)
def test_what_is_not_of_the_form_is_refused(wrong: Scores, said: str) -> None:
    """Named, with what was found and expected."""
    assert HOTLINE is not None
    with pytest.raises(QualityError, match=said):
        result_of(HOTLINE, wrong)


@given(st.lists(st.integers(0, 5), min_size=5, max_size=5))
def test_a_card_means_the_same_by_the_form_that_it_keeps(marks: list[int]) -> None:
    """The form as stored gives the result that the policy gave."""
    assert HOTLINE is not None
    told = Scores(marks=dict(zip(NAMES, marks, strict=True)))
    assert result_of(read_form(form_of(HOTLINE)), told) == result_of(HOTLINE, told)


def test_another_form_has_another_version() -> None:
    """A weight that moved is another form."""
    assert HOTLINE is not None
    assert form_digest(HOTLINE) != form_digest(replace(HOTLINE, scale=4))
