"""Which reasons are news: the same reason for the same follow-up is put on record once a minute, not with each look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from schedulers.campaigns.records import Why
from schedulers.storage.dial_refusals import Refusal

EVERY = timedelta(minutes=1)
MOST = 50_000
"""Follow-ups that are remembered; beyond them all are news again."""


class Noter:
    """Remembers what was put on record last."""

    def __init__(self) -> None:
        self._noted: dict[tuple[int, str], tuple[Why, datetime]] = {}

    def news(self, refusals: Iterable[Refusal], now: datetime) -> list[Refusal]:
        """Those that are to be written now, each follow-up's last one in a campaign."""
        if len(self._noted) > MOST:
            self._noted.clear()
        found: dict[tuple[int, str], Refusal] = {}
        for each in refusals:
            key = (each.campaign, each.follow_up)
            why, until = self._noted.get(key, (None, now))
            if why is not each.why or until <= now:
                found[key] = each
                self._noted[key] = (each.why, each.again_at or now + EVERY)
        return list(found.values())
