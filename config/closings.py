"""The days that differ from the plain week: closings, make-up days 调休, extra openings.

By the rulebooks a working day is one of the centre's own week, less national closings, plus the days that make
up for them. The national ones are known by `config.national`; the centre's own stand in a file that its people
edit (docs/policies.md). The own file wins over the nation, and within it an extra opening over a make-up day
over a closing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from config.calendars import OpenSpan


class MakeUp(StrEnum):
    """Whose hours a make-up day has: those of a weekday of the week in force."""

    MON = "mon"  # Monday's, and so on
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"
    REPLACED = "replaced"  # those of the weekday that it makes up for, or Monday's where that is not known
    NONE = "none"  # the centre keeps no make-up days of the nation: they are days of its week


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeUpDay:
    """A day that is worked in place of another; `hours` None has those that the policy gives to all of them."""

    day: date
    hours: MakeUp | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraOpening:
    """A day whose hours are these, whatever the week and the nation say."""

    day: date
    spans: tuple[OpenSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closings:
    """What a centre keeps of the nation's closings, and its own days.

    `country` None keeps none of the nation's. `years` are those whose closings and make-up days are all among
    the centre's own, so that the nation's are not asked.
    """

    country: str | None = None  # ISO 3166, two letters
    make_up: MakeUp = MakeUp.MON
    years: tuple[int, ...] = ()
    closed: tuple[date, ...] = ()
    make_up_days: tuple[MakeUpDay, ...] = ()
    openings: tuple[ExtraOpening, ...] = ()
