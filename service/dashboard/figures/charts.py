"""Pictures in SVG: columns over the hours with a rate above them, days of a month, a distribution of waits. Pure.

Places along the axis are percentages, so that a picture stretches with the page; heights are pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from service.dashboard import numerals
from service.dashboard.words import Words

PLOT = 172  # pixels high
TOP = 14
BASE = TOP + PLOT
_HEADROOM = 1.12
_LABELS = 12
_FEWEST = 6  # columns for which there is room at least: one alone would be a wall


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A column. `firm` is False for what is not over yet; `exact` and `link` are those of its figure."""

    x: str
    width: str
    y: str
    height: str
    title: str
    firm: bool = True
    late: bool = False
    link: str = ""
    drill: str = ""
    exact: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of the line of rates, and the one before it, between which a stroke is drawn."""

    x: str
    y: str
    before_x: str
    before_y: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A label at a place."""

    place: str
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Columns, and a line over them where there is one. `mark_y` is where the target lies."""

    bars: tuple[Bar, ...]
    points: tuple[Point, ...] = ()
    across: tuple[Tick, ...] = ()
    counts: tuple[Tick, ...] = ()
    rates: tuple[Tick, ...] = ()
    mark_y: str = ""
    mark_text: str = ""
    mark_x: str = ""
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One column before it is drawn: its label, its height in words and number, and the rate above it."""

    label: str
    value: int
    said: str
    rate: Fraction | None = None
    firm: bool = True
    link: str = ""
    drill: str = ""
    exact: int | None = None
    tick: str = ""  # on the axis, in the place of the label


def columns(
    label: str, found: Sequence[Datum], *, target: Fraction | None = None, target_text: str = "", height: int = PLOT
) -> Chart:
    """Columns from left to right; rates, where there are any, on an axis of their own from their lowest tenth."""
    top = max((each.value for each in found), default=0) * _HEADROOM or 1.0
    step = 100 / max(len(found), _FEWEST)
    every = -(-len(found) // _LABELS)
    rates = [each.rate for each in found if each.rate is not None]
    low = _floor(rates, target)
    base = TOP + height
    return Chart(
        bars=tuple(_bar(n, each, step, top, height) for n, each in enumerate(found)),
        points=tuple(_points(found, step, low, height)),
        across=tuple(
            Tick(place=f"{(n + 0.5) * step:.2f}%", text=each.tick or each.label)
            for n, each in enumerate(found)
            if n % every == 0
        ),
        counts=counts(top, height),
        rates=tuple(_rates(low, height)) if rates else (),
        mark_y=f"{base - _share(target, low) * height:.1f}" if target is not None and rates else "",
        mark_text=target_text,
        label=label,
    )


def _bar(n: int, each: Datum, step: float, top: float, height: int) -> Bar:
    tall = max(each.value / top * height, 2.0) if each.value else 0.0
    return Bar(
        x=f"{(n + 0.18) * step:.2f}%",
        width=f"{step * 0.64:.2f}%",
        y=f"{TOP + height - tall:.1f}",
        height=f"{tall:.1f}",
        title=f"{each.label}: {each.said}" + _rate_text(each),
        firm=each.firm,
        link=each.link,
        drill=each.drill,
        exact=each.exact,
    )


def _rate_text(each: Datum) -> str:
    return "" if each.rate is None else f" · {numerals.percent(each.rate)}%"


def _points(found: Sequence[Datum], step: float, low: Fraction, height: int) -> list[Point]:
    drawn: list[Point] = []
    for n, each in enumerate(found):
        if each.rate is None:
            continue
        x, y = f"{(n + 0.5) * step:.2f}%", f"{TOP + height - _share(each.rate, low) * height:.1f}"
        before = drawn[-1] if drawn else None
        drawn.append(
            Point(
                x=x, y=y, before_x=before.x if before else x, before_y=before.y if before else y,
                title=f"{each.label}{_rate_text(each)}",
            )
        )  # fmt: skip
    return drawn


def _floor(rates: Sequence[Fraction], target: Fraction | None) -> Fraction:
    """The bottom of the axis of rates: the tenth below the lowest of them, at most nine tenths."""
    lowest = min([*rates, *([target] if target is not None else [])], default=Fraction(0))
    return min(Fraction(int(lowest * 10), 10), Fraction(9, 10))


def _share(rate: Fraction | None, low: Fraction) -> float:
    return 0.0 if rate is None else float((rate - low) / (1 - low))


def _rates(low: Fraction, height: int) -> list[Tick]:
    steps = [low + (1 - low) * n / 4 for n in (0, 2, 4)]
    return [
        Tick(place=f"{TOP + height - _share(each, low) * height:.0f}", text=f"{float(each * 100):.0f}%")
        for each in steps
    ]


def counts(top: float, height: int) -> tuple[Tick, ...]:
    """Three or four round numbers up the side."""
    step = next((each for each in _round_steps() if top / each <= 4), 1)
    return tuple(
        Tick(place=f"{TOP + height - n * step / top * height:.0f}", text=f"{n * step:,}")
        for n in range(1, 5)
        if n * step <= top / 1.04
    )


def _round_steps() -> list[int]:
    return [base * 10**power for power in range(8) for base in (1, 2, 5)]


def waits(
    words: Words,
    answered: Mapping[int, int],
    abandoned: Mapping[int, int],
    within_seconds: int,
    width: int = 5,
    most: int = 24,
) -> tuple[Chart, Chart]:
    """Two rows of columns over one axis: waits of who was answered, and of who gave up; whole seconds, closed above.

    A spread's bucket k holds (k - 1, k] seconds; what waited longer than the axis is in its last column.
    """
    told = [_binned(each, width, most) for each in (answered, abandoned)]
    said = (words.gettext("answered"), words.gettext("gave up"))
    charts = []
    for found, name, tall in zip(told, said, (120, 56), strict=True):
        data = [
            Datum(label=_bin_label(n, width, most), value=each, said=f"{each:,} {name}", tick=f"{n * width}")
            for n, each in enumerate(found)
        ]
        charts.append(columns(f"{name}: {sum(found):,}", data, height=tall))
    mark = min(within_seconds / width, most) / most * 100
    first, second = charts
    return _marked(first, f"{mark:.2f}%", words.gettext("%(n)s s", n=within_seconds)), _marked(
        second, f"{mark:.2f}%", ""
    )


def _binned(spread: Mapping[int, int], width: int, most: int) -> list[int]:
    found = [0] * most
    for bucket, count in spread.items():
        found[min(max(bucket - 1, 0) // width, most - 1)] += count
    return found


def _bin_label(n: int, width: int, most: int) -> str:
    return f"{n * width}–{(n + 1) * width} s" if n < most - 1 else f"> {n * width} s"


def _marked(chart: Chart, place: str, text: str) -> Chart:
    return Chart(
        bars=chart.bars, across=chart.across, counts=chart.counts, mark_x=place, mark_text=text, label=chart.label
    )
