"""Values as people and JSON see them: rounded here, once, and nowhere else."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from analytics.metrics.definitions import Metric, Unit, Value

_MINUTE_MS = 60_000
_SECOND_MS = 1000


def minutes(ms: int, places: int = 2) -> Decimal:
    """Milliseconds as minutes, half up."""
    return quotient(Fraction(ms, _MINUTE_MS), places)


def seconds(ms: int | Fraction, places: int = 3) -> Decimal:
    """Milliseconds as seconds, half up."""
    return quotient(Fraction(ms) / _SECOND_MS, places)


def quotient(value: Fraction, places: int) -> Decimal:
    """An exact ratio with so many decimals, half up."""
    scaled = value * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-places).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def shown(metric: Metric, value: Value, places: int | None = None) -> int | Decimal | None:
    """A metric's value in its unit; None for nothing. Rates have four decimals, minutes and means two, seconds one.

    What is counted a minute has one.
    """
    if value is None:
        return None
    match metric.unit:
        case Unit.COUNT:
            return int(value)
        case Unit.MINUTES:
            return minutes(int(value), 2 if places is None else places)
        case Unit.SECONDS:
            return seconds(Fraction(value), 1 if places is None else places)
        case Unit.RATE:
            return quotient(Fraction(value), 4 if places is None else places)
        case Unit.PER_MINUTE:
            return quotient(Fraction(value) * _MINUTE_MS, 1 if places is None else places)
        case Unit.MEAN:
            return quotient(Fraction(value), 2 if places is None else places)


def as_number(value: int | Decimal | Fraction | None) -> int | float | None:
    """For JSON, which has no decimals of its own."""
    return value if value is None or isinstance(value, int) else float(value)
