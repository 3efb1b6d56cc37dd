"""What one call's CEL rows say of each of its channels, gathered before the rows are told as events. Pure.

A row says little of its channel's part at the time: that a channel was dialled shows only in the application of a later
row (`AppDial`, `AppQueue`: the far end of a Dial or a Queue; `AppDial2`: of an Originate).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from telephony.calls.legs import split_name
from telephony.pbxlogs.rows import CelRow

DIALLED = {"AppDial": "Dial", "AppQueue": "Queue", "AppDial2": "Originate"}
"""What the application of a dialled channel says of who dialled it."""
SESSION = "AgentLogin"


@dataclass(slots=True, kw_only=True)
class Span:
    """A channel in Dial or Queue. `end` is None where no end was logged."""

    uniqueid: str
    application: str
    data: str
    start: datetime
    end: datetime | None = None
    left: bool = False  # its end was told


@dataclass(slots=True, kw_only=True)
class Channel:
    """One channel of the call, from its first row to its last."""

    uniqueid: str
    linkedid: str
    name: str
    device: str
    half: str  # of a Local channel, as split_name has it
    started_at: datetime
    begun: bool = False  # its CHAN_START is there
    exten: str = ""
    last_exten: str = ""
    first_application: str = ""
    dialled_as: str = ""  # Dial, Queue, Originate; '' if nobody dialled it
    dialler: str | None = None  # uniqueid of who dialled it; '' for an Originate
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    last_at: datetime
    cause: int = 0
    dnid: str = ""  # the number that an Originate of ours was to reach, where the log has it
    dial_status: str = ""  # of its own last dialling, from its HANGUP row
    session: bool = False
    optimised: bool = False  # a Local channel that took itself out: it was dialled without /n
    spans: list[Span] = field(default_factory=list)

    @property
    def incoming(self) -> bool:
        """It rang the PBX: nobody dialled it and it is no half of a Local channel."""
        return not self.dialled_as and not self.half and self.linkedid == self.uniqueid


def extra_of(row: CelRow) -> dict[str, str]:
    """What the row's `eventextra` says; {} where there is none or it cannot be read."""
    if not row.extra.startswith("{"):
        return {}
    try:
        found = json.loads(row.extra)
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def channels_of(rows: Iterable[CelRow]) -> dict[str, Channel]:
    """The channels of a call's rows by uniqueid, in order of their first row."""
    found: dict[str, Channel] = {}
    winners: list[str] = []
    for row in rows:
        channel = found.get(row.uniqueid)
        if channel is None:
            channel = found[row.uniqueid] = _begin(row)
        _read(row, channel)
        if row.event == "PICKUP":
            winners.append(extra_of(row).get("pickup_channel_uniqueid", ""))
    for winner in winners:
        if winner in found:
            # Who picks up dialled a code; his channel then takes the place of the one that was dialled.
            found[winner].dialled_as = ""
    return found


def _begin(row: CelRow) -> Channel:
    device, _, half = split_name(row.channel)
    return Channel(
        uniqueid=row.uniqueid,
        linkedid=row.linkedid,
        name=row.channel,
        device=device,
        half=half,
        started_at=row.at,
        last_at=row.at,
        begun=row.event == "CHAN_START",
        exten=row.exten,
    )


def _read(row: CelRow, channel: Channel) -> None:
    channel.last_at = row.at
    channel.last_exten = row.exten or channel.last_exten
    channel.dnid = row.dialled or channel.dnid
    if row.application and not channel.first_application:
        channel.first_application = row.application
        channel.dialled_as = DIALLED.get(row.application, "")
    match row.event:
        case "ANSWER":
            channel.answered_at = channel.answered_at or row.at
        case "APP_START":
            channel.spans.append(
                Span(uniqueid=row.uniqueid, application=row.application, data=row.data, start=row.at)
            )
        case "APP_END":
            _end_span(row, channel)
        case "HANGUP":
            extra = extra_of(row)
            channel.ended_at = channel.ended_at or row.at
            channel.cause = _whole(extra.get("hangupcause", ""))
            channel.dial_status = extra.get("dialstatus", "")
        case "CHAN_END":
            channel.ended_at = channel.ended_at or row.at
        case "LOCAL_OPTIMIZE":
            channel.optimised = True
    channel.session = channel.session or row.application == SESSION


def _end_span(row: CelRow, channel: Channel) -> None:
    for span in reversed(channel.spans):
        if span.end is None and span.application == row.application:
            span.end = row.at
            return


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
