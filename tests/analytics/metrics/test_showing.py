"""Rounding: once, half up, where a value is shown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from analytics.metrics.catalogue import METRICS
from analytics.metrics.showing import as_number, minutes, seconds, shown


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "0.00"), (299, "0.00"), (300, "0.01"), (60_000, "1.00"), (5_040_000, "84.00")]
)
def test_minutes_are_rounded_half_up(ms: int, text: str) -> None:
    """300 ms are half of a hundredth of a minute."""
    assert str(minutes(ms)) == text


def test_seconds_of_an_average_are_rounded_once() -> None:
    """From the exact ratio, not from a rounded one."""
    assert str(seconds(Fraction(10_000, 3))) == "3.333"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("calls", 3, 3),
        ("talk_minutes", 4010, Decimal("0.07")),
        ("three_ring_rate", Fraction(2, 3), Decimal("0.6667")),
        ("three_ring_rate", None, None),
        ("average_wait", Fraction(10_000, 3), Decimal("3.3")),
    ],
)
def test_each_unit_has_its_decimals(name: str, value: Fraction | int | None, expected: object) -> None:
    """Counts none, minutes two, rates four, seconds one; nothing stays nothing."""
    assert shown(METRICS[name], value) == expected


def test_json_gets_plain_numbers() -> None:
    """And null for nothing."""
    assert [as_number(each) for each in (3, Fraction(1, 4), Decimal("1.50"), None)] == [3, 0.25, 1.5, None]
