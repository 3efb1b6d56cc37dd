"""A call that CDR tells and CEL does not, told as events; queue_log, where it is there, lends the queues. Pure.

A row is one party (channel) with one that it dialled (dstchannel), in whole seconds. Its `answer` is that of the first
party: in a queue that is when the queue took the call, so talk with a queue's member is measured by queue_log's CONNECT
where there is one. What a row cannot say (who transferred to whom, hold, who hung up) is left unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from telephony.calls.legs import split_name
from telephony.events import (
    DOWN,
    RING,
    UP,
    AgentCalled,
    AgentConnect,
    BridgeEnter,
    BridgeLeave,
    Cdr,
    DialBegin,
    DialEnd,
    Hangup,
    HangupRequest,
    NewChannel,
    NewState,
    PbxEvent,
    QueueExit,
    QueueJoin,
    QueueLeave,
    Recording,
)
from telephony.pbxlogs.cdr_placed import (
    STATUS,
    FirstLeg,
    customers_cause,
    dialled_context,
    dialling_began,
    first_answer,
    first_cause,
    first_leg_events,
    placed_row,
)
from telephony.pbxlogs.dialled import ALERTS_AFTER, NO_SUCH_PLACE
from telephony.pbxlogs.queue_words import Words
from telephony.pbxlogs.rows import CallRows, CdrRow
from telephony.pbxlogs.told import Told

DIALLING = frozenset({"Dial", "Queue"})


@dataclass(slots=True, kw_only=True)
class Line:
    """One channel, as far as the rows tell."""

    name: str
    uniqueid: str
    started_at: datetime
    ended_at: datetime
    dialled: bool = False
    answered_at: datetime | None = None
    ends_dialling: bool = False  # its last row is a dialling that nobody answered: it gave up
    cause: int = 0


def cdr_call_events(call: CallRows) -> list[Told]:
    """The events of one call's CDR rows, in order of time."""
    return _Teller(call).tell()


class _Teller:
    def __init__(self, call: CallRows) -> None:
        self._rows = sorted(call.cdr, key=lambda row: (row.at, _number(row.sequence)))
        self._linkedid = next((row.linkedid for row in self._rows if row.linkedid), self._rows[0].uniqueid)
        self._words = Words(call.queue)
        self._lines = _lines_of(self._rows)
        self._told: list[Told] = []

    def tell(self) -> list[Told]:
        for line in self._lines.values():
            self._begin(line)
        self._queue_visits()
        for place, row in enumerate(self._rows):
            if row.dest_channel and row.application in DIALLING:
                self._dial(place, row)
        for line in self._lines.values():
            self._end(line)
        self._told.sort(key=lambda told: told.at)
        return self._told

    def _say(self, at: datetime, event: PbxEvent) -> None:
        self._told.append(Told(at, event))

    def _begin(self, line: Line) -> None:
        placed = None if line.dialled else placed_row(line.name, self._rows)
        if placed is not None:
            self._begin_placed(line, placed)
            return
        own = next((row for row in self._rows if row.channel == line.name), None)
        incoming = not line.dialled and own is not None and not split_name(line.name)[2]
        at = line.started_at
        number = own.source if own is not None and incoming else ""
        exten = _called(own) if own is not None and incoming else ""
        context = _context_of(own) if own is not None and incoming else dialled_context(line.name, self._rows)
        state = RING if incoming else DOWN
        name = _caller_name(own) if own is not None and incoming else ""
        self._say(at, NewChannel(at, line.uniqueid, self._linkedid, line.name, state, number, name, context, exten))

    def _begin_placed(self, line: Line, row: CdrRow) -> None:
        """The first leg of a call that an application placed: it was dialled by nobody's channel."""
        answered = first_answer(row)
        leg = FirstLeg(line.name, line.uniqueid, self._linkedid, line.started_at, answered, line.ended_at)
        self._told += first_leg_events(leg, row)
        line.answered_at, line.cause = answered, first_cause(leg, row)

    def _dial(self, place: int, row: CdrRow) -> None:
        line, dest = self._lines[row.channel], self._lines[row.dest_channel]
        answered = row.answered_at if row.disposition == "ANSWERED" else None
        connected = None
        if row.application == "Queue" and answered is not None:
            connected = self._words.next_connected(line.uniqueid, row.data.partition(",")[0], row.ended_at)
        if connected is not None:
            answered = connected.at
        at, ended = dialling_began(row), row.ended_at or row.at + timedelta(seconds=row.duration)
        string = row.data.partition(",")[0].partition("/")[2]
        self._say(
            at,
            DialBegin(
                at, line.uniqueid, self._linkedid, line.name, dest.uniqueid, self._linkedid, dest.name, string
            ),
        )
        if row.application == "Queue":
            queue, member = row.data.partition(",")[0], "" if connected is None else connected.agent
            self._say(at, AgentCalled(at, line.uniqueid, dest.uniqueid, queue, _interface(dest), member))
        if answered is None:
            self._refuse(place, row, line, dest, ended)
        else:
            self._talk(row, line, dest, answered, ended)

    def _talk(self, row: CdrRow, line: Line, dest: Line, answered: datetime, ended: datetime) -> None:
        bridge = f"{row.uniqueid}/{row.sequence}/{dest.uniqueid}"
        dest.answered_at = answered
        self._say(answered, DialEnd(answered, line.uniqueid, dest.uniqueid, "ANSWER", ""))
        self._say(answered, NewState(answered, dest.uniqueid, self._linkedid, dest.name, UP))
        self._up(line, row.answered_at or answered)
        if row.application == "Queue":
            queue = row.data.partition(",")[0]
            event = AgentConnect(answered, line.uniqueid, dest.uniqueid, queue, _interface(dest), "")
            self._say(answered, event)
        for each in (dest, line):
            self._say(answered, BridgeEnter(answered, each.uniqueid, self._linkedid, each.name, bridge, "", ""))
        for each in (dest, line):
            self._say(ended, BridgeLeave(ended, each.uniqueid, bridge))

    def _up(self, line: Line, at: datetime) -> None:
        if line.answered_at is None:
            line.answered_at = at
            self._say(at, NewState(at, line.uniqueid, self._linkedid, line.name, UP))

    def _refuse(self, place: int, row: CdrRow, line: Line, dest: Line, ended: datetime) -> None:
        status, cause = STATUS.get(row.disposition, ("NOANSWER", 0))
        cause = customers_cause(row, self._rows[place + 1 :]) or cause
        gave_up = status == "NOANSWER" and self._gave_up(place, row)
        line.ends_dialling = line.ends_dialling or gave_up
        alerted = ended - dialling_began(row) >= ALERTS_AFTER and cause not in NO_SUCH_PLACE
        presumed = alerted and status == "NOANSWER"
        told = "CANCEL" if gave_up else status
        self._say(ended, DialEnd(ended, line.uniqueid, dest.uniqueid, told, "", presumed))
        self._say(ended, Hangup(ended, dest.uniqueid, self._linkedid, dest.name, cause, ""))

    def _gave_up(self, place: int, row: CdrRow) -> bool:
        """Nothing follows an unanswered dialling that ended before its time: the caller hung up."""
        if any(later.channel == row.channel for later in self._rows[place + 1 :]):
            return False
        parts = row.data.split(",")
        limit = parts[1] if row.application == "Dial" and len(parts) > 1 else ""
        lasted = row.duration - int((dialling_began(row) - row.at).total_seconds())
        return not limit.isdigit() or lasted < int(limit)

    def _queue_visits(self) -> None:
        """One visit for each stretch of Queue rows of one channel; queue_log's words where they are."""
        seen: set[tuple[str, str]] = set()
        for row in self._rows:
            queue = row.data.partition(",")[0]
            if row.application != "Queue" or (row.channel, queue) in seen:
                continue
            seen.add((row.channel, queue))
            line = self._lines[row.channel]
            stay = [r for r in self._rows if r.channel == row.channel and r.application == "Queue"]
            joined, left = stay[0].at, max(r.ended_at or r.at for r in stay)
            self._up(line, stay[0].answered_at or joined)
            self._say(joined, QueueJoin(joined, line.uniqueid, self._linkedid, line.name, queue, 0))
            if any(r.disposition == "ANSWERED" and r.dest_channel for r in stay):
                continue  # AgentConnect ends it
            self._say(left, QueueLeave(left, line.uniqueid, queue))
            status = self._words.exit(line.uniqueid, queue, left)
            if status:
                self._say(left, QueueExit(left, line.uniqueid, queue, status))

    def _end(self, line: Line) -> None:
        at = line.ended_at
        if line.ends_dialling:
            self._say(at, HangupRequest(at, line.uniqueid))
        cause = 16 if line.answered_at else line.cause
        self._say(at, Hangup(at, line.uniqueid, self._linkedid, line.name, cause, ""))
        for row in self._rows:
            if row.channel != line.name:
                continue
            if row.recording:
                self._say(at, Recording(at, line.uniqueid, row.recording))
            answered = row.disposition == "ANSWERED"
            self._say(
                at,
                Cdr(
                    at,
                    line.uniqueid,
                    self._linkedid,
                    row.channel,
                    row.dest_channel,
                    row.application,
                    row.billable,
                    answered,
                ),
            )


def _lines_of(rows: Sequence[CdrRow]) -> dict[str, Line]:
    """The channels that the rows name, by name; one that no row is about has an id made of its name."""
    found: dict[str, Line] = {}
    own = {row.channel: row.uniqueid for row in rows}
    for row in rows:
        ended = row.ended_at or row.at + timedelta(seconds=row.duration)
        for name, dialled in ((row.channel, False), (row.dest_channel, row.application in DIALLING)):
            if not name:
                continue
            line = found.get(name)
            if line is None:
                uniqueid = own.get(name) or f"{row.linkedid or row.uniqueid}/{name}"
                line = found[name] = Line(name=name, uniqueid=uniqueid, started_at=row.at, ended_at=ended)
            line.started_at = min(line.started_at, row.at)
            line.ended_at = max(line.ended_at, ended)
            line.dialled = line.dialled or dialled
    return found


def _called(row: CdrRow) -> str:
    """`s` is where a dialplan starts without a number: nobody dialled it."""
    return row.did or ("" if row.destination == "s" else row.destination)


def _context_of(row: CdrRow) -> str:
    """FreePBX's rows name the place before the last step: a call with a DID came from outside."""
    return "from-did" if row.did else row.context


def _caller_name(row: CdrRow) -> str:
    name = row.caller.rpartition(" <")[0].strip().strip('"')
    return name if name != row.source else ""


def _interface(line: Line) -> str:
    device, _, half = split_name(line.name)
    return f"{device}/n" if half else device


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
