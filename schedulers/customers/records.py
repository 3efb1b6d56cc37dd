"""A customer as a frozen record: what an import tells and what decides whether and when he may be called.

Amounts are whole (fen, cents); instants aware UTC; dates are the centre's. None means not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from config.calendars import OpenSpan
from config.followups import ATTRIBUTES


class NumberUse(StrEnum):
    """What a number of a customer is."""

    OWN = "own"  # his own: may be called
    SHARED = "shared"  # a switchboard or short code: many people stand behind it
    WRONG = "wrong"  # somebody else answered there: not called again until it is told anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number: `number` is in E.164, or as it was written where it has no such form."""

    number: str
    written: str
    label: str = ""  # mobile, office, home
    use: NumberUse = NumberUse.OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Birthday:
    """Month and day, by the sun or by the moon; the year is not asked for."""

    month: int
    day: int
    lunar: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DoNotCall:
    """The customer must not be called, for a reason, until an instant (None: for good)."""

    reason: str
    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it holds at an instant."""
        return self.since <= at and not self.is_over(at)

    def is_over(self, at: datetime) -> bool:
        """Whether it has ended by an instant."""
        return self.until is not None and self.until <= at


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Somebody to whom something may be owed. `id` is the centre's own: a number of its register.

    A caller who is in no register is known by his number: the id is `tel:` and the number.
    """

    id: str
    name: str | None = None
    sort: str = ""  # client, dealer, partner, student …, in the centre's words
    numbers: tuple[Number, ...] = ()  # the best one first
    branch: str | None = None
    tier: str | None = None
    owner: str | None = None  # the named agent
    previous: str | None = None  # who served him last, found by number
    zone: ZoneInfo | None = None  # his own, where it is not the centre's
    hours: tuple[OpenSpan, ...] = ()  # his own working hours, by his clock
    dialect: str | None = None
    language: str | None = None
    birthday: Birthday | None = None
    since: date | None = None  # a customer from this day on
    until: date | None = None  # the first day on which he is none
    figures: tuple[tuple[str, int], ...] = ()  # assets, spend …: whole numbers by name
    consent: bool | None = None  # to be contacted without a matter of his own; None: never asked
    do_not_call: DoNotCall | None = None
    is_registered: bool = True

    def attribute(self, key: str) -> str | int | None:
        """What a policy's condition `who` asks for: a field of this record by its name, or a figure."""
        figures = dict(self.figures)
        if key in figures:
            return figures[key]
        found = getattr(self, key, None) if key in ATTRIBUTES else None
        return found if isinstance(found, str | int) else None

    def callable_numbers(self) -> tuple[Number, ...]:
        """The numbers that may be called, the best one first."""
        return tuple(each for each in self.numbers if each.use is NumberUse.OWN)

    def is_customer_on(self, day: date) -> bool:
        """Whether he is a customer on a day of the centre."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


TELEPHONE = "tel:"


def unregistered(number: str, written: str) -> Customer:
    """The customer that a number alone makes."""
    only = Number(number=number, written=written)
    return Customer(id=TELEPHONE + number, numbers=(only,), is_registered=False)
