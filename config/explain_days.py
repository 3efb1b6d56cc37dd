"""Says when a centre is open: its week, its closings and its make-up days, and which year lacks them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from config.calendars import WEEKDAYS, OpenSpan, WeeklyHours
from config.closings import MakeUp
from config.explain_words import Words
from config.policies import Policy

ANNOUNCED_IN = 11  # China announces the next year's closings at the end of October or in November


def explain_hours(hours: WeeklyHours, words: Words) -> Iterator[str]:
    """A week of opening hours, one day a line."""
    yield words.hours_since.format(start=hours.start) if hours.start else words.hours
    for weekday, spans in zip(words.weekdays, hours.days, strict=True):
        times = words.comma.join(_clock(each) for each in spans) or words.closed
        yield words.day.format(weekday=weekday, times=times)
    if hours.days_off:
        yield words.days_off.format(days=words.comma.join(words.weekdays[each] for each in hours.days_off))


def explain_closings(policy: Policy, words: Words) -> Iterator[str]:
    """When a day begins, whose closings are kept, and what make-up days are like."""
    closings = policy.closings
    yield words.day_start.format(start=f"{policy.day_start:%H:%M}")
    if not policy.hours:
        yield words.no_hours
    if closings.country:
        yield words.closings.format(country=closings.country)
    else:
        yield words.no_closings
    if closings.country or closings.make_up_days:
        yield _make_up(closings.make_up, words)
    counted = {"closed": closings.closed, "make_up": closings.make_up_days, "openings": closings.openings}
    if any(counted.values()):
        yield words.own_days.format(**{name: len(days) for name, days in counted.items()})
    for year in closings.years:
        yield words.own_years.format(years=year)


def unannounced(policy: Policy, words: Words, today: date) -> list[str]:
    """A sentence for this year, and from November on the next one, where its make-up days are not known."""
    years = [today.year] if today.month < ANNOUNCED_IN else [today.year, today.year + 1]
    lacking = [year for year in years if not policy.openings.announced(year)]
    return [words.unannounced.format(year=year) for year in lacking]


def _make_up(make_up: MakeUp, words: Words) -> str:
    if make_up is MakeUp.NONE:
        return words.make_up_none
    if make_up is MakeUp.REPLACED:
        return words.make_up_replaced
    return words.make_up.format(weekday=words.weekdays[WEEKDAYS.index(make_up.value)])


def _clock(open_span: OpenSpan) -> str:
    closes = f"{open_span.closes:%H:%M}" if open_span.closes else "24:00"
    return f"{open_span.opens:%H:%M}–{closes}"
