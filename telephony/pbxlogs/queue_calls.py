"""A call that only queue_log knows, told as events. Pure.

All its instants are whole seconds. It begins and ends with the queue: what came before (a menu) and after (whom a
transfer reached) is in no row. Who called is what ENTERQUEUE names; the agent is the member's name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from telephony.calls.legs import extension_of
from telephony.events import (
    DOWN,
    RING,
    UP,
    AgentCalled,
    AgentComplete,
    AgentConnect,
    AttendedTransfer,
    BlindTransfer,
    BridgeEnter,
    BridgeLeave,
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
)
from telephony.pbxlogs.queue_words import EXITS, claim_of
from telephony.pbxlogs.rows import QueueRow
from telephony.pbxlogs.told import Told

INSIDE_DIGITS = 4
"""A caller with so short a number is an extension of the centre."""
LONGEST = timedelta(hours=12)
"""No call in a queue goes on so long without a row."""
SHORTEST_RING = timedelta(milliseconds=500)
MEMBER = "Member"
"""The technology of a phone that the log does not name."""


def caller_channel(call: str, number: str) -> tuple[str, str]:
    """(name, context) of a caller whose channel is not known: outside, unless his number is an extension's."""
    inside = number.isdigit() and len(number) <= INSIDE_DIGITS
    return f"Caller/{number or 'unknown'}-{call}", "" if inside else "from-trunk"


def member_device(agent: str) -> str:
    """The phone behind a member: his interface where the log has that, else made of his name."""
    if "/" in agent and not agent.startswith("Local/"):
        return agent
    return f"{MEMBER}/{extension_of(agent) if '/' in agent else agent}"


def queue_call_events(rows: Sequence[QueueRow], until: datetime | None = None) -> list[Told]:
    """The events of one call's rows, in order of time.

    until: how far the logs reach; a call without an end that lies so far back that it cannot go on ends with its last
    row. Without it, such a call stays open.
    """
    return _Teller(rows, until).tell()


class _Teller:
    def __init__(self, rows: Sequence[QueueRow], until: datetime | None) -> None:
        self._until = until
        self._rows = [row for row in rows if row.event in HANDLED]
        self._call = rows[0].call if rows else ""
        self._told: list[Told] = []
        self._agent: str | None = None  # uniqueid of the member who talks
        self._legs = 0
        self._queue = ""
        self._handlers: dict[str, Callable[[QueueRow], None]] = {
            "ENTERQUEUE": self._enter,
            "RINGNOANSWER": self._rang,
            "RINGCANCELED": self._rang,
            "CONNECT": self._connect,
            "COMPLETEAGENT": self._complete,
            "COMPLETECALLER": self._complete,
            "BLINDTRANSFER": self._transfer,
            "TRANSFER": self._transfer,
            "ATTENDEDTRANSFER": self._transfer,
            **dict.fromkeys(EXITS, self._leave),
        }

    def tell(self) -> list[Told]:
        if not self._rows:
            return []
        self._begin()
        for row in self._rows:
            handler = self._handlers.get(row.event)
            if handler is not None:
                handler(row)
        last = self._rows[-1].at
        if not any(row.event != "DID" for row in self._rows):
            self._refuse(self._rows[0])
        if self._is_over(self._rows[-1]):
            self._part(last)
            self._say(last, Hangup(last, self._call, self._call, self._name, 0, self._number))
        self._told.sort(key=lambda told: told.at)
        return self._told

    def _is_over(self, last: QueueRow) -> bool:
        if last.event in ENDS or last.event == "DID":
            return True
        return self._until is not None and self._until - last.at > LONGEST

    def _refuse(self, row: QueueRow) -> None:
        """FreePBX notes the number that was dialled, and the queue let nobody in: full or empty, no row says which."""
        self._say(row.at, QueueJoin(row.at, self._call, self._call, self._name, row.queue, 0))
        self._say(row.at, QueueLeave(row.at, self._call, row.queue))
        self._say(row.at, QueueExit(row.at, self._call, row.queue, "UNKNOWN"))

    def _say(self, at: datetime, event: PbxEvent) -> None:
        self._told.append(Told(at, event))

    def _begin(self) -> None:
        first = self._rows[0]
        entered = next((row for row in self._rows if row.event == "ENTERQUEUE"), None)
        did = next((row.data[0] for row in self._rows if row.event == "DID" and row.data), "")
        self._number = entered.data[1] if entered is not None and len(entered.data) > 1 else ""
        self._name, context = caller_channel(self._call, self._number)
        at = first.at
        self._began = at
        self._say(
            at, NewChannel(at, self._call, self._call, self._name, RING, self._number, "", context, did or "")
        )
        self._say(at, NewState(at, self._call, self._call, self._name, UP))

    def _enter(self, row: QueueRow) -> None:
        place = row.data[2] if len(row.data) > 2 else ""
        position = int(place) if place.isdigit() else 0
        self._queue = row.queue
        self._say(row.at, QueueJoin(row.at, self._call, self._call, self._name, row.queue, position))

    def _offer(self, row: QueueRow, began: datetime, uniqueid: str) -> None:
        began = max(began, self._began)  # the caller's own row is in whole seconds
        name = f"{member_device(row.agent)}-{uniqueid}"
        self._say(began, NewChannel(began, uniqueid, self._call, name, DOWN, "", "", "", ""))
        self._say(began, DialBegin(began, self._call, self._call, self._name, uniqueid, self._call, name, ""))
        self._say(began, AgentCalled(began, self._call, uniqueid, row.queue, row.agent, row.agent))

    def _next_leg(self) -> str:
        self._legs += 1
        return f"{self._call}/member/{self._legs}"

    def _rang(self, row: QueueRow) -> None:
        ring = self._ring_of(row)
        uniqueid = self._next_leg()
        self._offer(row, row.at - ring, uniqueid)
        refused = row.event == "RINGNOANSWER" and ring < SHORTEST_RING
        status = "CANCEL" if row.event == "RINGCANCELED" else "BUSY" if refused else "NOANSWER"
        self._say(row.at, DialEnd(row.at, self._call, uniqueid, status, "", not refused))
        self._say(row.at, Hangup(row.at, uniqueid, self._call, "", 17 if refused else 0, ""))

    def _connect(self, row: QueueRow) -> None:
        uniqueid = row.data[1] if len(row.data) > 1 and row.data[1] else self._next_leg()
        if uniqueid == self._call:
            uniqueid = self._next_leg()
        self._offer(row, row.at - self._ring_of(row), uniqueid)
        at, bridge = row.at, f"{uniqueid}/bridge"
        self._agent = uniqueid
        self._say(at, DialEnd(at, self._call, uniqueid, "ANSWER", ""))
        self._say(at, AgentConnect(at, self._call, uniqueid, row.queue, row.agent, row.agent))
        self._say(at, QueueLeave(at, self._call, row.queue))
        self._say(at, BridgeEnter(at, uniqueid, self._call, "", bridge, "", ""))
        self._say(at, BridgeEnter(at, self._call, self._call, "", bridge, "", ""))

    def _complete(self, row: QueueRow) -> None:
        by = self._agent if row.event == "COMPLETEAGENT" else self._call
        if by is not None:
            self._say(row.at, HangupRequest(row.at, by))
        self._claim(row)
        self._part(row.at)

    def _transfer(self, row: QueueRow) -> None:
        self._claim(row)
        agent = self._agent
        if agent is not None and row.event == "ATTENDEDTRANSFER":
            self._say(row.at, AttendedTransfer(row.at, agent, agent, self._call, "", "", True, ""))
        elif agent is not None:
            self._say(row.at, BlindTransfer(row.at, agent, self._call, row.data[0] if row.data else "", True))
        self._part(row.at)

    def _claim(self, row: QueueRow) -> None:
        claim = claim_of(row)
        if claim is None:
            return
        self._say(
            row.at,
            AgentComplete(
                row.at,
                self._call,
                "",
                row.queue,
                row.agent,
                row.agent,
                claim.talk_seconds,
                claim.reason,
                "queue_log",
            ),
        )

    def _part(self, at: datetime) -> None:
        """The member and the caller hear each other no more."""
        agent, self._agent = self._agent, None
        if agent is None:
            return
        bridge = f"{agent}/bridge"
        self._say(at, BridgeLeave(at, self._call, bridge))
        self._say(at, BridgeLeave(at, agent, bridge))
        self._say(at, Hangup(at, agent, self._call, "", 16, ""))

    def _leave(self, row: QueueRow) -> None:
        if row.event == "ABANDON":
            self._say(row.at, HangupRequest(row.at, self._call))
        self._say(row.at, QueueLeave(row.at, self._call, row.queue))
        self._say(row.at, QueueExit(row.at, self._call, row.queue, EXITS[row.event]))

    @staticmethod
    def _ring_of(row: QueueRow) -> timedelta:
        """RINGNOANSWER and RINGCANCELED tell milliseconds, CONNECT seconds (since Asterisk 1.6)."""
        place, unit = (2, 1000) if row.event == "CONNECT" else (0, 1)
        text = row.data[place] if len(row.data) > place else ""
        return timedelta(milliseconds=int(text) * unit) if text.isdigit() and len(text) < 10 else timedelta(0)


ENDS = frozenset({"COMPLETEAGENT", "COMPLETECALLER", "BLINDTRANSFER", "ATTENDEDTRANSFER", "TRANSFER", *EXITS})
"""After one of these a queue has no more to say of the caller."""
HANDLED = frozenset({"DID", "ENTERQUEUE", "RINGNOANSWER", "RINGCANCELED", "CONNECT", *ENDS})
