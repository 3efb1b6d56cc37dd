"""The time axis of a call's story: places in percent, ticks, and where words find room. Pure.

Places are SVG percentages, so that the picture stretches with the page; what fits is judged at the narrowest
width that the style sheet allows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.dashboard.words import Words

NARROWEST = 674  # pixels
_MOST_TICKS = 9  # a label of 12 px needs about 60 px
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
_SECOND = timedelta(seconds=1)
_NARROWEST_BAR = 0.3  # percent: two pixels at the narrowest width


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A line of the axis and its time of day."""

    x: str
    text: str
    anchor: str  # SVG text-anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """From the first channel to the end, or to now."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """At least a second, so that a call that failed at once has an axis."""
        return max(self.end - self.start, _SECOND)

    def share(self, at: datetime) -> float:
        """Where an instant lies, 0 to 100; what lies outside is put at the edge."""
        return min(max((at - self.start) / self.length * 100, 0.0), 100.0)

    def x(self, at: datetime) -> str:
        """Where an instant lies, as an SVG percentage."""
        return f"{self.share(at):.3f}%"

    def width(self, start: datetime, end: datetime) -> str:
        """How wide a stretch is, as an SVG percentage."""
        return f"{self.share(end) - self.share(start):.3f}%"

    def bar(self, start: datetime, end: datetime) -> tuple[str, str]:
        """Place and width of a bar, as SVG percentages: never narrower than can be seen, never beyond the axis."""
        left, right = self.share(start), self.share(end)
        if right - left < _NARROWEST_BAR:
            right = min(left + _NARROWEST_BAR, 100.0)
            left = right - _NARROWEST_BAR
        return f"{left:.3f}%", f"{right - left:.3f}%"

    def touches(self, start: datetime, end: datetime) -> bool:
        """Whether any of a stretch lies on the axis."""
        return start <= self.start + self.length and end >= self.start

    def pixels(self, at: datetime) -> float:
        """Where an instant lies at the narrowest width."""
        return self.share(at) / 100 * NARROWEST

    def ticks(self, words: Words) -> list[Tick]:
        """Round steps from the start, few enough that their labels do not touch."""
        total = self.length / _SECOND
        step = next((each for each in _STEPS if total / each <= _MOST_TICKS), _STEPS[-1])
        found = []
        for n in range(int(total // step) + 1):
            at = self.start + n * step * _SECOND
            anchor = "start" if n == 0 else "end" if self.share(at) > 96 else "middle"
            found.append(Tick(x=self.x(at), text=words.time(at), anchor=anchor))
        return found


def text_width(text: str) -> float:
    """About how wide 12 px words are: Chinese characters are square, Latin ones about half."""
    return sum(12.4 if ord(each) > 0x2E7F else 6.7 for each in text)


@dataclass(slots=True)
class Room:
    """Which stretches of one lane are taken, in pixels at the narrowest width."""

    taken: list[tuple[float, float]] = field(default_factory=list)

    def take(self, left: float, right: float) -> None:
        """Mark a stretch as taken."""
        self.taken.append((left, right))

    def free(self, left: float, right: float) -> bool:
        """Whether nothing is there, and it is on the axis."""
        inside = left >= 0 and right <= NARROWEST
        return inside and all(right <= a or left >= b for a, b in self.taken)
