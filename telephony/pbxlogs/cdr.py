"""One row of CDR: its values -> CdrRow, or RowError. Pure.

FreePBX's table has no times of answer and end. The end is the start and the duration; the answer of an answered call
is the end less the billable seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from operator import itemgetter

from telephony.errors import RowError
from telephony.pbxlogs.fields import LogClock, shown, whole_seconds
from telephony.pbxlogs.layouts import DISPOSITIONS, Layout
from telephony.pbxlogs.rows import CdrRow

COLUMNS = (
    *(
        "start",
        "answer",
        "end",
        "duration",
        "billsec",
        "disposition",
        "uniqueid",
        "linkedid",
        "channel",
        "dstchannel",
    ),
    *("src", "dst", "dcontext", "clid", "lastapp", "lastdata", "accountcode", "did", "recordingfile", "cnum"),
    *("outbound_cnum", "sequence"),
)


class CdrReader:
    """Reads rows of one layout."""

    def __init__(self, layout: Layout, clock: LogClock) -> None:
        places = layout.places()
        self._width = len(layout.columns)
        self._pick = itemgetter(*(places.get(name, self._width) for name in COLUMNS))
        self._has_times = "answer" in places and "end" in places
        self._clock = clock

    def row(self, values: Sequence[str]) -> CdrRow:
        """The row of these values. Raises RowError."""
        picked = self._picked(values)
        start, answer, end, length, billed, result, uniqueid, linkedid, channel, dest_channel = picked[:10]
        source, destination, context, caller, application, data = picked[10:16]
        account, did, recording, caller_number, outbound_number, sequence = picked[16:]
        at = self._clock.instant(start, uniqueid)
        answered_at, ended_at = self._clock.optional(answer, uniqueid), self._clock.optional(end, uniqueid)
        duration, billable = whole_seconds(length, "duration"), whole_seconds(billed, "billsec")
        disposition = _disposition(result)
        if not channel:
            raise RowError("found no channel, expected its name")
        if ended_at is None:
            ended_at = at + timedelta(seconds=duration)
        if answered_at is None and not self._has_times and disposition == "ANSWERED":
            answered_at = ended_at - timedelta(seconds=billable)
        return CdrRow(
            at=at,
            answered_at=answered_at,
            ended_at=ended_at,
            uniqueid=uniqueid,
            linkedid=linkedid,
            channel=channel,
            dest_channel=dest_channel,
            source=source,
            destination=destination,
            context=context,
            caller=caller,
            application=application,
            data=data,
            duration=duration,
            billable=billable,
            disposition=disposition,
            account=account,
            did=did,
            recording=recording,
            caller_number=caller_number,
            outbound_number=outbound_number,
            sequence=sequence,
        )

    def written(self, values: Sequence[str]) -> tuple[str, str]:
        """The start as it is written, and the channel whose start it is. Raises RowError."""
        picked = self._picked(values)
        return picked[0], picked[6]

    def _picked(self, values: Sequence[str]) -> tuple[str, ...]:
        if len(values) != self._width:
            raise RowError(f"found {len(values)} values, expected {self._width}")
        picked: tuple[str, ...] = self._pick((*values, ""))
        return picked


def _disposition(text: str) -> str:
    """The word as Asterisk has it; cdr_mysql of old writes it in lower case."""
    word = text.upper()
    if word not in DISPOSITIONS:
        raise RowError(f"found the disposition {shown(text)}, expected one of {', '.join(sorted(DISPOSITIONS))}")
    return word
