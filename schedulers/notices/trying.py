"""How the sending of a notice ends, and when it is tried again; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
"""After so many failures so long a rest; ours. In all less than a day, then it is given up and shown."""


class NoticeState(StrEnum):
    """Where a notice on one channel stands."""

    WANTED = "wanted"  # waits for its instant
    SENDING = "sending"  # somebody sends it now; committed before anything leaves
    FAILED = "failed"  # was certainly not taken; waits for its next try
    SENT = "sent"  # the channel took it
    GIVEN_UP = "given_up"  # tried for a day, or of no use any more
    INDETERMINATE = "indeterminate"  # may have been taken; never sent again by itself
    NOWHERE = "nowhere"  # no channel reaches its recipient


WAITING = (NoticeState.WANTED, NoticeState.FAILED)
"""States from which it is sent when its instant has come."""


class Ending(StrEnum):
    """How one try ended."""

    TAKEN = "taken"  # the channel said that it took it
    REFUSED = "refused"  # it certainly was not taken: no connection, or a plain refusal
    UNKNOWN = "unknown"  # anything else: it may have been taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One try and how it ended. `why` is short and holds nothing of an address: "http 503", "unreachable"."""

    ending: Ending
    why: str = ""


def next_try(tries: int, now: datetime) -> datetime | None:
    """When it is tried again after so many failures; None: it is given up."""
    return now + RETRIES[tries - 1] if tries <= len(RETRIES) else None
