"""Instants as the call JSON writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(instant: float | None) -> str | None:
    """Epoch seconds as UTC with milliseconds, as the call JSON has it."""
    if instant is None:
        return None
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="milliseconds")


def seconds_between(earlier: str | None, later: str | None) -> float | None:
    """Seconds from one written instant to another; None if one is missing."""
    if not earlier or not later:
        return None
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()
