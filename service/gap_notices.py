"""Which gaps of the ledger are told of: a PBX is not heard for too long, and when it is heard again. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from config.notices import Recipient, RecipientKind
from schedulers.notices.records import Notice, Topic
from service.pipeline.gaps import Gap, GapReason
from telephony.clock import to_microseconds

NEWS = timedelta(hours=1)
"""A gap that ended longer ago is in the ledger, and no news."""

_TO = Recipient(kind=RecipientKind.PBX)


def gap_notices(gaps: Iterable[Gap], now: datetime, longest: timedelta) -> list[Notice]:
    """A notice for each gap that goes on for longer than `longest`, or went on so long and ended within the hour."""
    long = (gap for gap in gaps if gap.why is not GapReason.CLOCK and (gap.end or now) - gap.start > longest)
    return [_notice(gap, now) for gap in long if gap.end is None or gap.end > now - NEWS]


def _notice(gap: Gap, now: datetime) -> Notice:
    """Named by its start while it goes on, by its number in the ledger afterwards: told once each."""
    start_us = to_microseconds(gap.start)
    details: dict[str, str | int] = {"pbx": gap.pbx, "start_us": start_us, "why": gap.why.value}
    if gap.end is None:
        topic, about = Topic.PBX_GAP, f"{gap.pbx}@{start_us}"
    else:
        topic, about = Topic.PBX_GAP_OVER, f"{gap.pbx}#{gap.seq}"
        details["end_us"] = to_microseconds(gap.end)
    told = tuple(sorted(details.items()))
    return Notice(topic=topic, about=about, recipient=_TO, wanted_at=now, details=told)
