"""Calls from the PBX's logs: each call's rows become events, and one tracker of their own makes facts of them. Pure.

    for facts in Builder("pbx").build(calls, loose): ...

The same facts as from the stream, known as *repaired* where CEL tells the call and as *inferred* where only CDR or
queue_log do. Calls come in order of their first row and are read one at a time; what is kept are the events that lie
ahead, so memory holds the calls that are open at one time and no more.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from telephony.calls.facts import CallFact, EndedBy, Fact, Known
from telephony.calls.legs import SPOOL_FAILED
from telephony.calls.tracker import DEFAULT_TRUNKS, Tracker
from telephony.events import AgentCalled, DialEnd, NewChannel, OriginateResponse, PbxEvent
from telephony.pbxlogs.cdr_calls import cdr_call_events
from telephony.pbxlogs.cel_events import events_of
from telephony.pbxlogs.members import member_event
from telephony.pbxlogs.queue_calls import queue_call_events
from telephony.pbxlogs.rows import CallRows, QueueRow
from telephony.pbxlogs.told import Told

ENDS = frozenset({"HANGUP", "CHAN_END"})
SAME_FAILURE = timedelta(seconds=1.5)
KEPT = timedelta(days=1)
PRUNE_FROM = 10_000


class Builder:
    """Rows in, facts out. One builder for one reading of the logs.

    trunks, wrap_up: as Tracker's; stops: when the PBX was killed or its machine fell: calls that were up then end
    there, and are known as inferred, since no row tells their end; until: how far the logs reach, where that is known.
    """

    def __init__(
        self,
        pbx: str,
        *,
        trunks: tuple[str, ...] = DEFAULT_TRUNKS,
        wrap_up: timedelta = timedelta(0),
        stops: Sequence[datetime] = (),
        until: datetime | None = None,
    ) -> None:
        self._until = until
        self._stops = sorted(stops)
        self._tracker = Tracker(pbx, trunks=trunks, wrap_up=wrap_up, whole=Known.REPAIRED)
        self._ahead: list[tuple[datetime, int, PbxEvent]] = []
        self._count = 0
        self._failed_at: deque[datetime] = deque(maxlen=100)  # when Originates failed that had made a channel
        self._interfaces: dict[str, str] = {}  # by member's name
        self._loose: Iterator[QueueRow] = iter(())
        self._next: QueueRow | None = None
        self._thin: dict[str, datetime] = {}  # by linkedid of calls that CEL does not tell: their last row
        self._prune_at = PRUNE_FROM

    def build(self, calls: Iterable[CallRows], loose: Iterable[QueueRow] = ()) -> Iterator[list[Fact]]:
        """The facts of these calls, a list for each event that tells something."""
        self._loose = iter(loose)
        self._next = next(self._loose, None)
        for call in calls:
            told = self._events_of(call)
            if not told:
                continue
            self._learn(told)
            yield from self._advance(min(_first_at(call), told[0].at))
            for at, event in told:
                self._count += 1
                heapq.heappush(self._ahead, (at, self._count, event))
        yield from self._advance(None)

    def _advance(self, until: datetime | None) -> Iterator[list[Fact]]:
        """Let everything happen that lies before this time."""
        ahead = self._ahead
        while self._next is not None and (until is None or self._next.at < until):
            event = member_event(self._next, self._interfaces)
            if event is not None:
                self._count += 1
                heapq.heappush(ahead, (event.at, self._count, event))
            self._next = next(self._loose, None)
        while ahead and (until is None or ahead[0][0] < until):
            facts = self._tracker.handle(heapq.heappop(ahead)[2])
            if facts:
                yield [self._marked(fact) for fact in facts]

    def _events_of(self, call: CallRows) -> list[Told]:
        if call.cel:
            return self._spooled(call) or self._of_cel(call)
        told = cdr_call_events(call) if call.cdr else queue_call_events(call.queue, self._until)
        self._call_thin((event.linkedid for _, event in told if isinstance(event, NewChannel)), told)
        return told

    def _call_thin(self, linkedids: Iterable[str], told: Sequence[Told]) -> None:
        """Note that no log tells these whole; what was noted a day before in the logs' time is of no use any more."""
        at = told[-1].at
        self._thin.update(dict.fromkeys(linkedids, at))
        if len(self._thin) > self._prune_at:
            self._thin = {each: last for each, last in self._thin.items() if at - last < KEPT}
            self._prune_at = 2 * len(self._thin) + PRUNE_FROM

    def _of_cel(self, call: CallRows) -> list[Told]:
        ended = {row.uniqueid for row in call.cel if row.event in ENDS}
        if all(row.uniqueid in ended for row in call.cel):
            return events_of(call)
        last = call.cel[-1].at
        stop = next((at for at in self._stops if at >= last), None)
        if stop is None and self._until is not None and self._until - last > KEPT:
            stop = last  # of a call of long ago whose end was never written its last row is all that is known
        told = events_of(call, stop)
        if stop is not None and told:
            self._call_thin((row.linkedid for row in call.cel), told)
        return told

    def _learn(self, told: Sequence[Told]) -> None:
        """What one call tells for others: which Originates failed, and which interface bears a member's name."""
        for at, event in told:
            if isinstance(event, DialEnd) and not event.uniqueid and event.status != "ANSWER":
                self._failed_at.append(at)
            elif isinstance(event, AgentCalled) and event.member_name:
                self._interfaces[event.member_name] = event.interface

    def _spooled(self, call: CallRows) -> list[Told]:
        """Asterisk invents a channel for a failed Originate: a call of its own only where no other channel was made."""
        first = call.cel[0] if call.cel else None
        if first is None or first.channel != SPOOL_FAILED:
            return []
        if any(abs(at - first.at) <= SAME_FAILURE for at in self._failed_at):
            return []
        name = f"{SPOOL_FAILED}/{first.uniqueid}"
        return [Told(first.at, OriginateResponse(first.at, first.uniqueid, name, "", False, 0, "", ""))]

    def _marked(self, fact: Fact) -> Fact:
        if isinstance(fact, CallFact) and fact.linkedid in self._thin:
            trunk = None if (fact.trunk or "").startswith("Caller/") else fact.trunk
            # Nobody's hanging up is in these logs where the PBX seems to have ended it.
            by = EndedBy.UNKNOWN if fact.ended_by is EndedBy.PBX else fact.ended_by
            return replace(fact, known=Known.INFERRED, trunk=trunk, ended_by=by)
        return fact


def _first_at(call: CallRows) -> datetime:
    """Where the call stands in the order of calls: what it is told of may begin later."""
    return (call.cel or call.cdr or call.queue)[0].at
