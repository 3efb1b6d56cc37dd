"""The gaps that stand in the way of a sign-off: a PBX was not heard, and what was missed is not known. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from config.settings import PbxLogs
from service.gap_calls import GapCalls
from service.pipeline.gaps import Gap, GapReason


def is_within(gap: Gap, start: datetime, end: datetime) -> bool:
    """Whether a gap, which a jump of our clock is not, touches a period."""
    return gap.why is not GapReason.CLOCK and gap.start < end and (gap.end is None or gap.end > start)


def why_open(gap: Gap, calls: GapCalls, logs: PbxLogs) -> str | None:
    """Why it is open, in words; None where all that it touched is known.

    It goes on; or a call in it is inferred still; or the PBX has no logs that would tell of calls wholly within.
    """
    if gap.end is None:
        return "it goes on"
    if calls.unknown:
        return f"{len(calls.unknown)} of its calls are inferred"
    if logs.cel is None and logs.cdr is None and logs.queue_log is None:
        return "no logs are set that would tell of calls within"
    return None


def open_gaps(found: Iterable[tuple[Gap, GapCalls, PbxLogs]]) -> tuple[str, ...]:
    """Those that are open, each in a sentence: PBX, from when to when, why."""
    told = ((gap, why_open(gap, calls, logs)) for gap, calls, logs in found)
    return tuple(
        f"{gap.pbx} {_instant(gap.start)} to {_instant(gap.end)} ({gap.why.value}): {why}"
        for gap, why in told
        if why
    )


def _instant(at: datetime | None) -> str:
    return "now" if at is None else at.isoformat(timespec="seconds")
