"""Reads the dates of a policy: a day means its midnight in the centre's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo

from config.reading import Table
from config.showing import shown

YEARS = range(1900, 2200)
EXPECTED_DAY = "a day from 1900 to 2199 such as 2026-11-01, without quotes"
EXPECTED_INSTANT = "a day, or day and time, from 1900 to 2199, such as 2026-11-01, without quotes"


def instant_of(table: Table, key: str, zone: tzinfo) -> datetime | None:
    """The instant at a key, in UTC; None if it is not there.

    A day is its first moment in the zone; a time without an offset is the zone's.
    """
    value = table.raw(key)
    if value is None:
        return None
    if not isinstance(value, date) or value.year not in YEARS:
        table.note(key, shown(value), EXPECTED_INSTANT)
        return None
    at = value if isinstance(value, datetime) else datetime.combine(value, time())
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def day_of(table: Table, key: str) -> date | None:
    """The day at a key; None if it is not there."""
    value = table.raw(key)
    if value is None:
        return None
    if not isinstance(value, date) or isinstance(value, datetime) or value.year not in YEARS:
        table.note(key, shown(value), EXPECTED_DAY)
        return None
    return value
