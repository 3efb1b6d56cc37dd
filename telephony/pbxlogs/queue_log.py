"""One line of queue_log: `time|call|queue|agent|event|data|…` -> QueueRow, or RowError. Pure.

The same since Asterisk 1.4: how many data follow the event depends on the event and the version, so they are kept as
they stand. A dialplan may write events of its own (FreePBX: DID).
"""

from __future__ import annotations

from collections.abc import Sequence

from telephony.errors import RowError
from telephony.pbxlogs.fields import LogClock, shown
from telephony.pbxlogs.rows import QueueRow

NOTHING = "NONE"
LONGEST_EVENT = 80
MANY_EVENTS = 1000


class QueueLogReader:
    """Reads lines, or the values of a table's rows."""

    def __init__(self, clock: LogClock) -> None:
        self._clock = clock
        self._events: set[str] = set()

    def row(self, line: str | Sequence[str]) -> QueueRow:
        """The row of a line without its end, or of its values. Raises RowError."""
        values = line.split("|") if isinstance(line, str) else line
        if len(values) < 5:
            raise RowError(f"found {len(values)} fields, expected time|call|queue|agent|event and its data")
        time, call, queue, agent, event, *data = values
        if event not in self._events:
            self._learn(event)
        return QueueRow(
            self._clock.instant(time, call),
            "" if call == NOTHING else call,
            "" if queue == NOTHING else queue,
            "" if agent == NOTHING else agent,
            event,
            tuple(data),
        )

    def written(self, line: str | Sequence[str]) -> tuple[str, str]:
        """The time as it is written, and the caller's channel. Raises RowError."""
        values = line.split("|") if isinstance(line, str) else line
        if len(values) < 5:
            raise RowError(f"found {len(values)} fields, expected time|call|queue|agent|event and its data")
        return values[0], values[1]

    def _learn(self, event: str) -> None:
        # Where two lines ran together, NONE or a number stands in the event's place.
        if not event[:1].isalpha() or event == NOTHING or len(event) > LONGEST_EVENT:
            raise RowError(f"found the event {shown(event)}, expected a name like ENTERQUEUE")
        if len(self._events) < MANY_EVENTS:
            self._events.add(event)
