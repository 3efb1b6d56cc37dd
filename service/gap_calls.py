"""The calls that spanned a gap: how each is known now, and what repaired it. Reads the store; blocking."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from analytics.storage.models import calls
from analytics.storage.queries import LONGEST_US
from analytics.storage.repairs import Repair, kinds_in, newest_repairs
from service.pipeline.gaps import Gap, GapReason
from telephony.calls.facts import Disposition, Known
from telephony.calls.record import instant
from telephony.clock import from_microseconds, to_microseconds

NEAR_US = 1_000_000
"""A call that was heard in part ended, as far as anybody knows, when the gap began: by the PBX's clock, not by ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanningCall:
    """One call that was up at some time in a gap, and the newest correction of it."""

    call_id: str
    known: Known
    disposition: Disposition | None
    started_at: datetime
    ended_at: datetime | None
    repair: Repair | None = None

    @property
    def repaired_at(self) -> datetime | None:
        """When the newest repair was made."""
        return self.repair.repaired_at if self.repair else None

    @property
    def sources(self) -> list[str]:
        """The logs that rebuilt it."""
        return kinds_in(self.repair.sources) if self.repair else []


@dataclass(frozen=True, slots=True, kw_only=True)
class GapCalls:
    """All of them, in order of their beginning."""

    calls: tuple[SpanningCall, ...] = ()

    @property
    def known(self) -> dict[str, int]:
        """How many are observed, repaired, inferred."""
        counted = Counter(each.known for each in self.calls)
        return {kind.value: counted[kind] for kind in Known}

    @property
    def unknown(self) -> list[str]:
        """The calls of which something stays unknown."""
        return [each.call_id for each in self.calls if each.known is Known.INFERRED]

    @property
    def repaired_at(self) -> datetime | None:
        """When the newest of the repairs was made."""
        return max((each.repaired_at for each in self.calls if each.repaired_at), default=None)

    @property
    def sources(self) -> list[str]:
        """The logs that repaired them."""
        return sorted({name for each in self.calls for name in each.sources})


def calls_of_gap(connection: Connection, gap: Gap) -> GapCalls:
    """The calls of the PBX that were up within the gap. A jump of our clock touches none."""
    if gap.why is GapReason.CLOCK:
        return GapCalls()
    start = to_microseconds(gap.start + gap.ahead)
    wanted = select(calls.c.id, calls.c.known, calls.c.disposition, calls.c.started_us, calls.c.ended_us).where(
        calls.c.pbx == gap.pbx,
        calls.c.started_us >= start - LONGEST_US,
        or_(calls.c.ended_us.is_(None), calls.c.ended_us >= start - NEAR_US),
    )
    if gap.end is not None:
        wanted = wanted.where(calls.c.started_us <= to_microseconds(gap.end + gap.ahead))
    rows = list(connection.execute(wanted.order_by(calls.c.started_us, calls.c.id)))
    rows = [row for row in rows if row.known != Known.OBSERVED or row.ended_us is None or row.ended_us > start]
    repairs = newest_repairs(connection, [row.id for row in rows])
    return GapCalls(calls=tuple(_spanning(row, repairs.get(row.id)) for row in rows))


def told(gap_json: dict[str, Any], found: GapCalls | None, *, with_calls: bool = False) -> dict[str, Any]:
    """A gap in the public shape with what is known of its calls; null where no store could be asked."""
    more: dict[str, Any] = {
        "known": None if found is None else found.known,
        "unknown": None if found is None else found.unknown,
        "repaired_at": None if found is None else instant(found.repaired_at),
        "sources": None if found is None else found.sources,
    }
    if with_calls:
        more["calls"] = None if found is None else [_call_json(each) for each in found.calls]
    return {**gap_json, "calls_touched": None if found is None else len(found.calls), **more}


def _spanning(row: Any, repair: Repair | None) -> SpanningCall:
    return SpanningCall(
        call_id=row.id,
        known=Known(row.known),
        disposition=Disposition(row.disposition) if row.disposition else None,
        started_at=from_microseconds(row.started_us),
        ended_at=None if row.ended_us is None else from_microseconds(row.ended_us),
        repair=repair,
    )


def _call_json(call: SpanningCall) -> dict[str, Any]:
    return {
        "call_id": call.call_id,
        "known": call.known.value,
        "disposition": call.disposition.value if call.disposition else None,
        "started_at": instant(call.started_at),
        "ended_at": instant(call.ended_at),
        "repaired_at": instant(call.repaired_at),
        "sources": call.sources,
        "before": None if call.repair is None else _before_json(call.repair),
        "talk_and_hold_seconds": None if call.repair is None else call.repair.talk_ms / 1000,
    }


def _before_json(repair: Repair) -> dict[str, Any]:
    """What was stored before the correction; null where the call was not."""
    talked = repair.before_talk_ms
    return {
        "known": repair.before_known,
        "disposition": repair.before_disposition,
        "talk_and_hold_seconds": None if talked is None else talked / 1000,
    }
