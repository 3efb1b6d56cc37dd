"""Instants and spans as the desk says them: today 12:30, tomorrow 11:00, Tue 24 Nov 11:00; 3 h 12 min late. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.dashboard.words import Words

DAY = timedelta(days=1)


def when(words: Words, at: datetime, now: datetime) -> str:
    """The day, as near as it is, and the time to the minute."""
    local, today = words.local(at), words.local(now).date()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return words.gettext("today %(at)s", at=clock)
    if local.date() == today + DAY:
        return words.gettext("tomorrow %(at)s", at=clock)
    if local.date() == today - DAY:
        return words.gettext("yesterday %(at)s", at=clock)
    return f"{words.day(local.date(), year=local.year != today.year)} {clock}"


def short(words: Words, at: datetime, now: datetime) -> str:
    """For a narrow column: 15:30 of today, else 11-24."""
    local = words.local(at)
    return f"{local:%H:%M}" if local.date() == words.local(now).date() else f"{local:%m-%d}"


def typed(words: Words, at: datetime) -> str:
    """As the field of a time takes it again on any day: 2026-11-24 11:00."""
    return f"{words.local(at):%Y-%m-%d %H:%M}"


def stamp(words: Words, at: datetime, now: datetime) -> str:
    """Of the past, in a list: 11-18 10:24; with the year where it is another."""
    local = words.local(at)
    same = local.year == words.local(now).year
    return f"{local:%m-%d %H:%M}" if same else f"{local:%Y-%m-%d}"


def span(words: Words, length: timedelta) -> str:
    """3 h 12 min; days from two on; less than a minute is 1 min."""
    minutes = max(int(length.total_seconds() // 60), 1)
    days, hours = minutes // 1440, minutes // 60
    if days >= 2:
        return words.ngettext("%(n)s day", "%(n)s days", days)
    if hours:
        return words.gettext("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes % 60)
    return words.gettext("%(minutes)s min", minutes=minutes)
