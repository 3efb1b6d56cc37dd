"""What the customer's clock alone says of calling him: bands of the day that must, or must not, hold the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from config.calendars import OpenSpan
from config.followups import EDGE, NEAR, ContactRules, Windows

MIDNIGHT = time()
ANY_DAY = date(2000, 1, 2)

Spans = tuple[OpenSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """`within`: each of them must hold the time of day. `quiet` must not; None where his working hours are unknown."""

    within: tuple[Spans, ...]
    quiet: Spans | None = None

    @property
    def quiet_known(self) -> bool:
        """Whether his own working hours tell when it is quiet, so that the centre's do not count."""
        return self.quiet is not None

    @property
    def clocks(self) -> frozenset[time]:
        """Every time of day at which the answer may change."""
        spans = [span for each in (*self.within, self.quiet or ()) for span in each]
        return frozenset(clock for span in spans for clock in (span.opens, span.closes or MIDNIGHT))

    def permit(self, clock: time) -> bool:
        """Whether this time of his day is permitted."""
        held = all(any(span.holds(clock) for span in spans) for spans in self.within)
        return held and not self.is_quiet(clock)

    def is_quiet(self, clock: time) -> bool:
        """Whether this time of his day is near an edge of his own working hours, where they are known."""
        return any(span.holds(clock) for span in self.quiet or ())


def bands_of(contact: ContactRules, windows: Windows, hours: Spans) -> Bands:
    """The bands of a kind for a customer who works at `hours` on any day; () where that is not known."""
    near = tuple(span for clock in windows.near for span in around(clock, NEAR))
    within = tuple(spans for spans in (contact.windows, windows.spans, near) if spans)
    if not (windows.edges and hours):
        return Bands(within=within)
    return Bands(within=within, quiet=tuple(span for clock in edges_of(hours) for span in around(clock, EDGE)))


def around(clock: time, margin: timedelta) -> Spans:
    """A margin on each side of a time of day, its end not in it; two spans where it goes over midnight."""
    middle = datetime.combine(ANY_DAY, clock)
    low, high = (middle - margin).time(), (middle + margin).time()
    if low < high or high == MIDNIGHT:
        return (OpenSpan(opens=low, closes=None if high == MIDNIGHT else high),)
    return OpenSpan(opens=low, closes=None), OpenSpan(opens=MIDNIGHT, closes=high)


def edges_of(hours: Spans) -> list[time]:
    """When work starts, breaks and ends, in order. Spans that touch have no edge, midnight between two days neither."""
    opens, closes = {span.opens for span in hours}, {span.closes or MIDNIGHT for span in hours}
    return sorted(opens ^ closes)
