"""What queue_log adds to a call that CEL tells: members' names, how a stay ended, what the queue claims. Pure.

queue_log's instants are whole seconds; a word is matched with the CEL row that lies within a second and a half of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from telephony.pbxlogs.rows import QueueRow

NEAR = timedelta(seconds=1.5)

EXITS = {
    "ABANDON": "ABANDON",
    "EXITWITHTIMEOUT": "TIMEOUT",
    "EXITEMPTY": "LEAVEEMPTY",
    "EXITWITHKEY": "KEY",
    "JOINEMPTY": "JOINEMPTY",
    "FULL": "FULL",
}
"""How a caller left a queue, in the words of the dialplan's QUEUESTATUS (the last one for our own events)."""

CLAIMS = {"COMPLETEAGENT": (1, "agent"), "COMPLETECALLER": (1, "caller")}
"""Which datum holds the talk's seconds, and who ended it, in queue_log's view."""
TRANSFERS = {"BLINDTRANSFER": 3, "ATTENDEDTRANSFER": 3, "TRANSFER": 3}


class Claim(NamedTuple):
    """What a queue claims of a talk."""

    at: datetime
    call: str
    queue: str
    agent: str
    talk_seconds: int
    reason: str


class Words:
    """One call's rows of queue_log, each of which is used once."""

    def __init__(self, rows: Sequence[QueueRow]) -> None:
        self._rows = list(rows)

    def __bool__(self) -> bool:
        return bool(self._rows)

    def entered(self, call: str, queue: str, at: datetime) -> QueueRow | None:
        """The row of a caller's entering, if the queue let him in."""
        return self._take("ENTERQUEUE", call, queue, at)

    def connected(self, dest: str) -> QueueRow | None:
        """The row of the answer of the member behind this channel, which the row names."""
        for row in self._rows:
            if row.event == "CONNECT" and len(row.data) > 1 and row.data[1] == dest:
                return row
        return None

    def next_connected(self, call: str, queue: str, before: datetime | None) -> QueueRow | None:
        """The first answer of a member for this caller that was not taken yet, where no row names his channel."""
        for row in self._rows:
            if row.event == "CONNECT" and row.call == call and row.queue == queue:
                if before is not None and row.at > before + NEAR:
                    return None
                self._rows.remove(row)
                return row
        return None

    def rang(self, call: str, queue: str, ended_at: datetime, ring: timedelta) -> QueueRow | None:
        """The row of a member who did not answer: of those at this time the one whose ring time is nearest."""
        found = [
            row
            for row in self._rows
            if row.event in ("RINGNOANSWER", "RINGCANCELED")
            and row.call == call
            and row.queue == queue
            and -NEAR <= ended_at - row.at <= NEAR
        ]
        if not found:
            return None
        nearest = min(found, key=lambda row: abs(_milliseconds(row) - ring))
        self._rows.remove(nearest)
        return nearest

    def exit(self, call: str, queue: str, at: datetime) -> str:
        """How a caller's stay ended, in QUEUESTATUS' words; '' if no row says."""
        for event, status in EXITS.items():
            row = self._take(event, call, queue, at)
            if row is not None:
                return status
        return ""

    def claims(self) -> list[Claim]:
        """What the queues claim of this call's talks."""
        return [claim for row in self._rows if (claim := claim_of(row)) is not None]

    def _take(self, event: str, call: str, queue: str, at: datetime) -> QueueRow | None:
        for row in self._rows:
            same = row.event == event and row.call == call and row.queue == queue
            if same and -NEAR <= at - row.at <= NEAR:
                self._rows.remove(row)
                return row
        return None


def claim_of(row: QueueRow) -> Claim | None:
    """What a row claims of a talk, if it does."""
    place, reason = CLAIMS.get(row.event, (TRANSFERS.get(row.event, -1), "transfer"))
    if place < 0 or len(row.data) <= place or not row.data[place].isdigit():
        return None
    return Claim(row.at, row.call, row.queue, row.agent, int(row.data[place]), reason)


def _milliseconds(row: QueueRow) -> timedelta:
    text = row.data[0] if row.data else ""
    return timedelta(milliseconds=int(text)) if text.isdigit() else timedelta(0)
