"""Reads the parameters of a request; each mistake is refused with name, found and expected."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from analytics.errors import PeriodError
from analytics.metrics.periods import Period, day_period, parse_period
from service.api.errors import ApiError

MAX_LIMIT = 500


def refuse_unknown(request: web.Request, known: frozenset[str]) -> None:
    """A parameter that nobody reads is a slip."""
    unknown = sorted(set(request.query) - known)
    if unknown:
        expected = ", ".join(sorted(known)) or "none"
        raise ApiError(400, "unknown_parameter", f"{unknown[0]}: found an unknown parameter, expected {expected}")


def period_of(request: web.Request, zone: ZoneInfo, now: datetime) -> Period:
    """`period`: 2026-11, 2026-11-02, or START/END; without it, today."""
    text = request.query.get("period")
    if text is None:
        return day_period(now.astimezone(zone).date(), zone)
    try:
        return parse_period(text, zone)
    except PeriodError as error:
        raise ApiError(400, "bad_period", str(error)) from None


def limit_of(request: web.Request) -> int:
    """`limit`: 1 to 500, else 100."""
    text = request.query.get("limit", "100")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_LIMIT:
        raise ApiError(400, "bad_limit", f"limit: found {text[:20]!r}, expected 1 to {MAX_LIMIT}")
    return int(text)


def after_of(request: web.Request) -> tuple[int, str] | None:
    """`after`: the cursor that the page before gave."""
    text = request.query.get("after")
    if text is None:
        return None
    started, _, call_id = text.partition("~")
    if not started.isascii() or not started.isdigit() or len(started) > 18 or not call_id:
        raise ApiError(400, "bad_cursor", "after: found no cursor, expected next_after of the page before")
    return int(started), call_id
