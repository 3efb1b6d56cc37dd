"""Which calls of the PBX's logs must be rebuilt, by what is stored of them and when the stream was deaf. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from analytics.storage.repairs import Stored
from telephony.calls.facts import Disposition, Known
from telephony.pbxlogs.rows import CallRows
from telephony.reconcile.hearing import span_of

LATE = timedelta(seconds=30)
"""A call that is stored as open so long after its end by the logs: its end was not heard."""
UNENDED = frozenset({None, Disposition.INDETERMINATE.value})
SLACK = timedelta(seconds=1)
"""Logs and gaps are timed by different clocks, and the coarsest log has whole seconds."""


class Decision(StrEnum):
    """What is to be done about one call of the logs."""

    REBUILD = "rebuild"
    FINE = "fine"  # the stream told it whole, or says that it is no call
    WAIT = "wait"  # it is not known yet: the call goes on, or the stream is not stored that far


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """How far the stream is stored, and when it was deaf: (from, to), `to` None while it is."""

    stored_until: datetime | None
    gaps: Sequence[tuple[datetime, datetime | None]] = ()

    def was_deaf(self, start: datetime, end: datetime) -> bool:
        """Whether a gap lies in this span."""
        return any(lost - SLACK <= end and (again is None or again + SLACK >= start) for lost, again in self.gaps)


def decide(call: CallRows, stored: Stored | None, stream: Stream, stops: Iterable[datetime] = ()) -> Decision:
    """What is to be done about a call. `stored`: what the store has of it, if anything; `stops`: see Builder."""
    start, end = span_of(call)
    if not is_over(call, stops):
        return Decision.WAIT
    if stored is not None and stored.sources:
        return Decision.REBUILD  # rebuilt before: rows may have come since
    if stored is not None and stored.known is Known.INFERRED:
        # CDR and queue_log alone know less of a call than half of its events, but for its end.
        better = bool(call.cel) or stored.disposition in UNENDED
        return Decision.REBUILD if better else Decision.FINE
    heard = stream.stored_until
    if stored is None:
        if stream.was_deaf(start, end):
            return Decision.REBUILD
        return Decision.FINE if heard is not None and heard >= end else Decision.WAIT
    if stored.disposition is not None:
        return Decision.FINE
    return Decision.REBUILD if heard is not None and heard >= end + LATE else Decision.WAIT


def is_over(call: CallRows, stops: Iterable[datetime] = ()) -> bool:
    """Whether the logs tell the end of the call: of each channel in CEL, else that a CDR or queue_log row ended it."""
    if not call.cel:
        return bool(call.cdr) or any(row.event not in ("ENTERQUEUE", "DID", "CONNECT") for row in call.queue[-1:])
    ended = {row.uniqueid for row in call.cel if row.event in ("HANGUP", "CHAN_END")}
    open_since = [row.at for row in call.cel if row.uniqueid not in ended]
    return not open_since or any(at >= max(open_since) for at in stops)
