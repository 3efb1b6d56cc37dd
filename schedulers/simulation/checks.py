"""What must hold in every instant of a simulated year, found out again by plain means, not by those of the rules.

Each failure is raised as a ViolationError with the seed, so that the year can be lived again.
"""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.calendars import Hours, OpenSpan
from config.followups import EDGE, NEAR, ContactRules, FollowUpKind
from config.openings import Openings
from schedulers.customers.records import Customer
from schedulers.errors import SchedulersError

DAY = timedelta(days=1)


class ViolationError(SchedulersError):
    """A promise of the rules was broken. One line: the seed, what was found, what was expected."""

    def __init__(self, seed: int, found: str, expected: str) -> None:
        super().__init__(f"simulation with seed {seed}: found {found}, expected {expected}")


def may_be_called(
    kind: FollowUpKind, contact: ContactRules, openings: Openings, customer: Customer, at: datetime
) -> bool:
    """Whether an instant is permitted, by looking at clocks: domain.md §4, one sentence after the other."""
    zone = customer.zone or openings.zone
    local, windows = at.astimezone(zone), kind.windows
    if windows.weekdays and local.weekday() not in windows.weekdays:
        return False
    if contact.windows and not any(span.holds(local.time()) for span in contact.windows):
        return False
    if windows.spans and not any(span.holds(local.time()) for span in windows.spans):
        return False
    if windows.near and not any(_is_near(local, clock) for clock in windows.near):
        return False
    if not windows.closed_days and openings.at(at) is not Hours.IN:
        return False
    return not (windows.edges and _disturbs(openings, customer.hours, zone, at))


def _is_near(local: datetime, clock: time) -> bool:
    wanted = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0, tzinfo=None)
    return -NEAR <= local.replace(tzinfo=None) - wanted < NEAR


def _disturbs(openings: Openings, hours: tuple[OpenSpan, ...], zone: ZoneInfo, at: datetime) -> bool:
    """Whether it is within half an hour of an edge of work: the customer's where known, else the centre's."""
    by = zone if hours else openings.zone
    clock = at.astimezone(by).replace(tzinfo=None)
    spans = hours or openings.plan(clock.date()).spans
    edges = {span.opens for span in spans} ^ {span.closes for span in spans if span.closes is not None}
    wanted = [datetime.combine(clock.date(), edge) for edge in edges]
    return any(edge - EDGE <= clock < edge + EDGE for edge in wanted)


class Contacts:
    """Every contact that counted, kept apart from the accounts: no cap is ever exceeded."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._of: defaultdict[int, deque[datetime]] = defaultdict(lambda: deque(maxlen=64))

    def room(self, customer: int, contact: ContactRules, at: datetime) -> bool:
        """Whether one more contact at an instant keeps within every cap."""
        told = self._of.get(customer, ())
        return all(sum(each > at - cap.span for each in told) < cap.count for cap in contact.caps)

    def add(self, customer: int, at: datetime) -> None:
        """A contact that counted."""
        self._of[customer].append(at)
