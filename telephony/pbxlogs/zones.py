"""Which zone a log's local times are in, told by the log itself. Pure.

Asterisk names a channel `[systemname-]epoch.number`, and the epoch is the second in which it was made. The earliest
time that a log has for a channel, less that epoch, is therefore the offset of the zone in which the log was written,
up to the next quarter of an hour: a row may begin later than its channel (a transfer), never earlier.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo

QUARTER = timedelta(minutes=15)
SLACK = timedelta(seconds=2)
"""Both times are cut to whole seconds, and the row may be written from a clock that was read a moment earlier."""
WIDEST = timedelta(hours=14)


def epoch_of(uniqueid: str) -> int | None:
    """When Asterisk made a channel, in whole seconds since the epoch; None for an id that others gave."""
    head, _, number = uniqueid.rpartition("-")[2].partition(".")
    digits = head.isascii() and head.isdigit() and 9 <= len(head) <= 10
    return int(head) if digits and number.isascii() and number.isdigit() else None


def offsets_of(pairs: Iterable[tuple[datetime, str]]) -> list[tuple[int, timedelta]]:
    """Each channel's epoch and the offset that its earliest local time shows."""
    earliest: dict[int, datetime] = {}
    for local, uniqueid in pairs:
        epoch = epoch_of(uniqueid)
        if epoch is not None and (epoch not in earliest or local < earliest[epoch]):
            earliest[epoch] = local
    found = []
    for epoch, local in earliest.items():
        ahead = local - datetime.fromtimestamp(epoch, UTC).replace(tzinfo=None)
        offset = (ahead + SLACK) // QUARTER * QUARTER
        if -WIDEST <= offset <= WIDEST:
            found.append((epoch, offset))
    return found


def detect_offset(pairs: Iterable[tuple[datetime, str]]) -> timedelta | None:
    """The offset from UTC that most channels show; None where no id tells. Pairs are local time and uniqueid."""
    counted = Counter(offset for _, offset in offsets_of(pairs))
    return counted.most_common(1)[0][0] if counted else None


def detect_zone(pairs: Iterable[tuple[datetime, str]], preferred: tzinfo | None = None) -> tzinfo:
    """The zone of a log's local times: UTC, the preferred zone, or else a fixed offset.

    The preferred zone is taken where it explains more rows than one fixed offset does, or as many as an offset other
    than zero: so its summer time is right. A log that nothing is known of is held for UTC.
    """
    found = offsets_of(pairs)
    if not found:
        return UTC
    offset, agreeing = Counter(offset for _, offset in found).most_common(1)[0]
    if preferred is not None:
        explained = sum(
            datetime.fromtimestamp(epoch, UTC).astimezone(preferred).utcoffset() == shown for epoch, shown in found
        )
        if explained > agreeing or (explained == agreeing and offset):
            return preferred
    return timezone(offset) if offset else UTC
