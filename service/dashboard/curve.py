"""Today by the hour: calls as bars, three rings as a line. Places in percent of the plot, words beside it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from service.dashboard import numerals
from service.dashboard.board import Board, HourNow
from service.dashboard.words import Words

FLOORS = (Fraction(9, 10), Fraction(8, 10), Fraction(5, 10), Fraction(0))
"""Where the axis of rates may begin: at the highest one below every rate, so that a difference can be seen."""
USUAL = (8, 18)
"""The hours that are always shown, so that the picture does not jump in the morning."""
NICE = (10, 20, 40, 50, 100, 200, 400, 500, 1000, 2000, 4000, 5000, 10_000, 20_000, 50_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """An hour's calls."""

    x: str
    y: str
    width: str
    height: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A piece of the line between two hours, or a line of the grid."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """An hour's rate."""

    x: str
    y: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Words at an axis."""

    at: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The picture. `text` says it in words, for who does not see it."""

    bars: tuple[Bar, ...]
    pieces: tuple[Line, ...]
    points: tuple[Point, ...]
    grid: tuple[str, ...]
    hours: tuple[Mark, ...]
    counts: tuple[Mark, ...]
    rates: tuple[Mark, ...]
    goal: Mark | None
    text: str


def curve(words: Words, board: Board, *, sparse: bool = False) -> Curve:
    """The curve of a board; `sparse` writes fewer hours, for a small card."""
    first, last = _span(board.hours)
    most, floor = _most(board.hours), _floor(board)
    grid = ("0%", "50%", "100%")
    points = tuple(
        Point(x=_x(each.hour, first, last), y=_y(_height(each.three_rings.value, floor)), title=_title(words, each))
        for each in board.hours
        if each.three_rings.value is not None
    )
    step = 4 if sparse else 2
    return Curve(
        bars=tuple(_bar(words, each, first, last, most) for each in board.hours),
        pieces=tuple(Line(x1=a.x, y1=a.y, x2=b.x, y2=b.y) for a, b in pairwise(points)),
        points=points,
        grid=grid,
        hours=tuple(
            Mark(at=_x(hour, first, last), text=f"{hour:02d}:00")
            for hour in range(first, last + 1)
            if hour % step == 0
        ),
        counts=_scale(grid, [numerals.count(most), numerals.count(most // 2), "0"]),
        rates=_scale(grid, [f"{int(100 * (floor + (1 - floor) * k / 2))}%" for k in (2, 1, 0)]),
        goal=_goal(words, board, floor),
        text=" · ".join(_title(words, each) for each in board.hours) or words.gettext("No call has come in today."),
    )


def _span(hours: tuple[HourNow, ...]) -> tuple[int, int]:
    found = [each.hour for each in hours]
    return min([*found, USUAL[0]]), max([*found, USUAL[1]])


def _most(hours: tuple[HourNow, ...]) -> int:
    highest = max((each.calls for each in hours), default=0)
    return next((nice for nice in NICE if nice >= highest), highest)


def _floor(board: Board) -> Fraction:
    rates = [each.three_rings.value for each in board.hours if each.three_rings.value is not None]
    goal = board.marks.three_rings.goal
    lowest = min([*rates, Fraction(goal if goal is not None else 100, 100)])
    return next(each for each in FLOORS if each < lowest or each == 0)


def _x(hour: int, first: int, last: int) -> str:
    return f"{100 * (hour - first + 0.5) / (last - first + 1):.2f}%"


def _y(height: float) -> str:
    return f"{100 - 100 * height:.2f}%"


def _height(rate: Fraction | None, floor: Fraction) -> float:
    return 0.0 if rate is None else max(0.0, float((rate - floor) / (1 - floor)))


def _bar(words: Words, each: HourNow, first: int, last: int, most: int) -> Bar:
    width = 62 / (last - first + 1)
    middle = 100 * (each.hour - first + 0.5) / (last - first + 1)
    height = 100 * each.calls / most
    return Bar(
        x=f"{middle - width / 2:.2f}%", y=f"{100 - height:.2f}%", width=f"{width:.2f}%", height=f"{height:.2f}%",
        title=_title(words, each),
    )  # fmt: skip


def _title(words: Words, each: HourNow) -> str:
    calls = words.ngettext("%(n)s call", "%(n)s calls", each.calls)
    rate = each.three_rings
    said = f"{each.hour:02d}:00 {calls}"
    return (
        said
        if rate.value is None
        else f"{said}, {numerals.percent(rate.value)}% ({rate.within:,} / {rate.counted:,})"
    )


def _scale(grid: tuple[str, ...], texts: list[str]) -> tuple[Mark, ...]:
    return tuple(Mark(at=at, text=text) for at, text in zip(grid, texts, strict=True))


def _goal(words: Words, board: Board, floor: Fraction) -> Mark | None:
    goal = board.marks.three_rings.goal
    if goal is None or Fraction(goal, 100) <= floor:
        return None
    return Mark(at=_y(_height(Fraction(goal, 100), floor)), text=words.gettext("goal %(n)s%%", n=goal))
