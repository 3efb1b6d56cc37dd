"""Numbers as people read them."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.dashboard import numerals
from tests.service.dashboard.people import NOW


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "—"),
        (Fraction(1), "100"),
        (Fraction(0), "0"),
        (Fraction(398, 412), "96.6"),
        (Fraction(9999, 10_000), "99.9"),
        (Fraction(1, 10_000), "0.1"),
        (Fraction(1, 2), "50.0"),
    ],
)
def test_a_share_shows_100_and_0_only_when_they_are_exact(value: Fraction | None, shown: str) -> None:
    """Nothing missing shows as 100, and nothing there as 0."""
    assert numerals.percent(value) == shown


@given(st.integers(0, 100_000), st.integers(1, 100_000))
def test_a_share_never_says_all_or_nothing_of_a_part(part: int, rest: int) -> None:
    """Whatever the counts, a real part is between 0.1 and 99.9."""
    shown = numerals.percent(Fraction(part + 1, part + 1 + rest))
    assert 0.1 <= float(shown) <= 99.9


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812346021", "138****6021"),
        ("+8613812346021", "+861****6021"),
        ("05745551118", "057****1118"),
        ("82345678", "82****78"),
        ("1003", "1003"),
        ("95588", "95588"),
        ("alice@example.net", "al****"),
        (None, "—"),
        ("", "—"),
    ],
)
def test_a_persons_number_hides_its_middle(number: str | None, shown: str) -> None:
    """Extensions and service numbers show, all others are masked."""
    assert numerals.mask(number) == shown


@given(st.text("0123456789", min_size=7, max_size=20))
def test_a_mask_leaves_at_least_four_digits_out(number: str) -> None:
    """However long a number is, four of its digits or more are not on the page."""
    shown = numerals.mask(number)
    assert len(shown.replace("*", "")) <= max(len(number) - 4, 0)
    assert number not in shown


@pytest.mark.parametrize(("digits", "shown"), [("1", "1"), ("12", "12"), ("6222021234", "••••")])
def test_what_a_customer_typed_shows_only_as_a_choice(digits: str, shown: str) -> None:
    """More than two digits may be an account."""
    assert numerals.mask_digits(digits) == shown


@pytest.mark.parametrize(
    ("ms", "shown"), [(8_000, "0:08"), (64_999, "1:04"), (3_753_000, "1:02:33"), (-5, "0:00"), (None, "—")]
)
def test_running_times_read_like_a_clock(ms: int | None, shown: str) -> None:
    """Seconds are cut, not rounded: a clock never shows what is not over."""
    assert numerals.clock(ms) == shown


@pytest.mark.parametrize(
    ("ms", "shown"), [(90_000, "2"), (150_000, "2"), (148_260_000, "2,471"), (0, "0"), (None, "—")]
)
def test_minutes_round_half_to_even(ms: int | None, shown: str) -> None:
    """Only here, where they are shown."""
    assert numerals.minutes(ms) == shown


def test_differences_carry_their_sign_and_a_true_minus() -> None:
    """+70, −51 and a plain 0."""
    assert numerals.signed_seconds(69_800) == "+69.8"
    assert numerals.signed_seconds(-51_000) == "−51.0"
    assert numerals.signed_seconds(20) == "0"
    assert numerals.signed_minutes(-420_000) == "−7"
    assert numerals.signed_minutes(None) == "—"


def test_elapsed_time_is_never_negative() -> None:
    """An instant of the future, by a skewed clock, has waited nothing."""
    assert numerals.elapsed_ms(NOW + timedelta(seconds=3), NOW) == 0
    assert numerals.elapsed_ms(NOW, NOW + timedelta(microseconds=1500)) == 1
