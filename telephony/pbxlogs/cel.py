"""One row of CEL: its values -> CelRow, or RowError. Pure.

Asterisk 13 to 22 write the same columns. What differs is the time (cel.conf's `dateformat`) and `extra`, which is JSON
since 12 and comma text before; it is kept as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

from telephony.errors import RowError
from telephony.pbxlogs.fields import LogClock, shown
from telephony.pbxlogs.layouts import Layout, is_event
from telephony.pbxlogs.rows import CelRow

COLUMNS = (
    *("uniqueid", "linkedid", "channame", "cid_num", "cid_name", "exten", "context", "appname", "appdata", "peer"),
    *("accountcode", "userdeftype", "extra", "cid_dnid"),
)
"""What CelRow holds after its time and event, in its order."""
MANY_EVENTS = 1000


class CelReader:
    """Reads rows of one layout."""

    def __init__(self, layout: Layout, clock: LogClock) -> None:
        places = layout.places()
        self._width = len(layout.columns)
        self._event, self._time, self._id = places["eventtype"], places["eventtime"], places["uniqueid"]
        # A column that the layout lacks is read from beyond the row's end, where an empty text is put.
        self._pick = itemgetter(*(places.get(name, self._width) for name in COLUMNS))
        self._events: set[str] = set()
        self._clock = clock

    def row(self, values: Sequence[str]) -> CelRow:
        """The row of these values. Raises RowError."""
        if len(values) != self._width:
            raise RowError(f"found {len(values)} values, expected {self._width}")
        event, uniqueid = values[self._event], values[self._id]
        if event not in self._events:
            self._learn(event)
        at = self._clock.instant(values[self._time], uniqueid)
        if not uniqueid:
            raise RowError("found no uniqueid, expected the channel's")
        return CelRow(at, event, *self._pick((*values, "")))

    def written(self, values: Sequence[str]) -> tuple[str, str]:
        """The time as it is written, and the channel whose time it is. Raises RowError."""
        if len(values) != self._width:
            raise RowError(f"found {len(values)} values, expected {self._width}")
        return values[self._time], values[self._id]

    def _learn(self, event: str) -> None:
        """Look at a word once: there are few of them, in every row one."""
        if not is_event(event):
            raise RowError(f"found the event {shown(event)}, expected a name like CHAN_START")
        if len(self._events) < MANY_EVENTS:
            self._events.add(event)
