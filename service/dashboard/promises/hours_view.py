"""Today's hours of calling on one axis: what was tried, what may be tried when, preferred and quiet hours. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from config.contact_times import ContactTimes
from config.followups import FollowUpKind
from schedulers.followups.rules import Rules
from schedulers.storage.coverage import QUARTER_US
from service.dashboard.promises.source import CallDay
from service.dashboard.words import Words
from telephony.clock import from_microseconds, to_microseconds

FIRST_HOUR, LAST_HOUR = 8, 20
BASE, TALL = 82, 58  # pixels: where bars stand, and the tallest
APART = 12  # percent: labels closer than that would touch
QUARTERS_AN_HOUR = 4

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stretch of the axis, in percent."""

    x: str
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A quarter of an hour."""

    x: str
    y: str
    height: str
    planned: bool
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursView:
    """The picture. `now` is '' where it lies beyond the axis."""

    quiet: tuple[Band, ...]
    preferred: tuple[Band, ...]
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[str, str, str], ...]  # x, anchor, hour
    labels: tuple[tuple[str, str], ...]  # x, words above preferred hours
    now: str
    anchor: str  # of its clock
    clock: str
    label: str


class _Axis:
    """From the first to the last hour that is shown, widened to now, to what was tried and to when one may call."""

    def __init__(self, rules: Rules, day: date, spans: list[Span], marks: Iterable[int]) -> None:
        zone = rules.zone
        starts = [a.astimezone(zone) for a, _ in spans]
        hours = [each.hour for each in starts] + [_hour(us, zone) for us in marks]
        self.first = min([FIRST_HOUR, *hours])
        ends = [b.astimezone(zone) for _, b in spans if b.astimezone(zone).date() == day]
        self.last = max([LAST_HOUR, *(each.hour + bool(each.minute) for each in ends), *(h + 1 for h in hours)])
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        self._zero = to_microseconds(midnight.replace(hour=self.first))
        self._whole = (self.last - self.first) * QUARTERS_AN_HOUR * QUARTER_US

    def at(self, us: int) -> float:
        """The place of an instant, in percent, within the axis."""
        return min(max(100 * (us - self._zero) / self._whole, 0.0), 100.0)


def _hour(us: int, zone: ZoneInfo) -> int:
    return from_microseconds(us).astimezone(zone).hour


def hours_of(words: Words, rules: Rules, now: datetime, calls: CallDay) -> HoursView:
    """The picture of the business day of `now`, by the centre's own clock."""
    day = rules.day_of(now)
    kinds = [each for each in rules.version_at(now).promises.kinds if each.is_by_phone]
    permitted = _united(_spans(rules, now, kinds, day))
    near = _united(_spans(rules, now, [each for each in kinds if each.windows.near], day))
    axis = _Axis(rules, day, permitted, (*calls.tried, to_microseconds(now)))
    now_at = axis.at(to_microseconds(now))
    tallest = max([*calls.tried.values(), *calls.ready.values()], default=1)
    return HoursView(
        quiet=tuple(_band(axis.at(a), axis.at(b)) for a, b in _between(permitted)),
        preferred=tuple(_of_span(axis, each) for each in near),
        bars=(*_bars(words, axis, calls.tried, tallest, planned=False),
              *_bars(words, axis, calls.ready, tallest, planned=True)),
        ticks=_ticks(axis),
        labels=_near_labels(words, rules, axis, near, now_at),
        now=f"{now_at:.2f}%",
        anchor="start" if now_at < APART else "end" if now_at > 100 - APART else "middle",
        clock=f"{now.astimezone(rules.zone):%H:%M}",
        label=words.gettext(
            "Calling hours today: %(tried)s tried, %(left)s left for today, %(now)s may be tried now",
            tried=sum(calls.tried.values()), left=calls.left, now=calls.now,
        ),
    )  # fmt: skip


def _spans(rules: Rules, now: datetime, kinds: Iterable[FollowUpKind], day: date) -> Iterator[Span]:
    contact = rules.version_at(now).promises.contact
    for kind in kinds:
        yield from ContactTimes(rules.openings, contact, kind.windows).spans_on(day)


def _united(spans: Iterable[Span]) -> list[Span]:
    """Stretches that touch as one."""
    found: list[Span] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _between(permitted: list[Span]) -> Iterator[tuple[int, int]]:
    """What lies between the permitted stretches, and before and after them."""
    place = 0
    for low, high in permitted:
        yield place, to_microseconds(low)
        place = to_microseconds(high)
    yield place, 1 << 62


def _band(low: float, high: float) -> Band:
    return Band(x=f"{low:.2f}%", width=f"{max(high - low, 0):.2f}%")


def _of_span(axis: _Axis, span: Span) -> Band:
    return _band(axis.at(to_microseconds(span[0])), axis.at(to_microseconds(span[1])))


def _bars(words: Words, axis: _Axis, counts: Mapping[int, int], tallest: int, *, planned: bool) -> Iterator[Bar]:
    for first_us, number in sorted(counts.items()):
        low, high = axis.at(first_us), axis.at(first_us + QUARTER_US)
        height = max(number * TALL / tallest, 2)
        if high > low:
            yield Bar(
                x=f"{low + 0.2:.2f}%",
                y=f"{BASE - height:.1f}",
                height=f"{height:.1f}",
                planned=planned,
                title=words.ngettext("%(n)s call", "%(n)s calls", number),
            )


def _ticks(axis: _Axis) -> tuple[tuple[str, str, str], ...]:
    step = 3 if axis.last - axis.first <= 12 else 4
    hours = range(axis.first, axis.last + 1, step)
    whole = axis.last - axis.first
    ends = {axis.first: "start", axis.last: "end"}
    return tuple((f"{100 * (h - axis.first) / whole:.2f}%", ends.get(h, "middle"), f"{h:02d}:00") for h in hours)


def _near_labels(
    words: Words, rules: Rules, axis: _Axis, near: Iterable[Span], now_at: float
) -> tuple[tuple[str, str], ...]:
    """A word above the first preferred stretch that has the room for it."""
    for low, high in near:
        middle = (axis.at(to_microseconds(low)) + axis.at(to_microseconds(high))) / 2
        if abs(middle - now_at) > 2 * APART and APART < middle < 100 - APART:
            centre = low + (high - low) / 2
            clock = f"{centre.astimezone(rules.zone):%H:%M}"
            return ((f"{middle:.2f}%", words.gettext("near %(clocks)s", clocks=clock)),)
    return ()
