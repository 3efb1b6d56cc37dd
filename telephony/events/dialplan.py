"""Packets that the dialplan makes, and the rows that the PBX writes."""

from __future__ import annotations

from datetime import datetime

from telephony.events.headers import demand, fields, keys, whole
from telephony.events.records import (
    Cdr,
    PbxEvent,
    QueueExit,
    Recording,
    RecordingMuted,
    RecordingStopped,
)

RECORDING_VARIABLES = ("MIXMONITOR_FILENAME", "RECORDING", "CALLFILENAME")
MONITOR_FOLDER = "/var/spool/asterisk/monitor/"
_UNIQUEID = keys("Uniqueid")


_CDR = keys(
    "Channel",
    "DestinationChannel",
    "LastApplication",
    "BillableSeconds",
    "Disposition",
    "UniqueID",
    "LinkedID",
)
_VARIABLE = keys("Context", "Exten", "Uniqueid", "Value")
_MUTE = keys("Uniqueid", "Direction", "State")
_APPLICATION = keys("Uniqueid", "AppData")
_QUEUE_EXIT = keys("Uniqueid", "Queue", "Status", "CallUniqueid")


def cdr(text: str, at: datetime) -> PbxEvent:
    """Cdr (of cdr_manager)."""
    channel, dest, application, seconds, disposition, uniqueid, linkedid = fields(text, _CDR)
    demand(text, UniqueID=uniqueid)
    billable = whole(text, "BillableSeconds", seconds)
    return Cdr(at, uniqueid, linkedid, channel, dest, application, billable, disposition == "ANSWERED")


def recording(text: str, at: datetime) -> PbxEvent:
    """MixMonitorStart; channelvars may name the file."""
    (uniqueid,) = fields(text, _UNIQUEID)
    demand(text, Uniqueid=uniqueid)
    for name in RECORDING_VARIABLES:
        _, found, rest = text.partition(f"\r\nChanVariable: {name}=")
        file = rest.partition("\r\n")[0] if found else ""
        if file:
            return Recording(at, uniqueid, file.removeprefix(MONITOR_FOLDER), begins=True)
    return Recording(at, uniqueid, "", begins=True)


def recording_stopped(text: str, at: datetime) -> PbxEvent:
    """MixMonitorStop."""
    (uniqueid,) = fields(text, _UNIQUEID)
    demand(text, Uniqueid=uniqueid)
    return RecordingStopped(at, uniqueid)


def recording_muted(text: str, at: datetime) -> PbxEvent:
    """MixMonitorMute: Direction is read, write or both; State is 1 or 0, or true or false."""
    uniqueid, direction, state = fields(text, _MUTE)
    demand(text, Uniqueid=uniqueid, Direction=direction, State=state)
    return RecordingMuted(at, uniqueid, direction.lower(), state.lower() in ("1", "true", "yes", "on"))


def recording_application(text: str, at: datetime) -> PbxEvent | None:
    """Newexten of MixMonitor: the file and the options."""
    uniqueid, data = fields(text, _APPLICATION)
    demand(text, Uniqueid=uniqueid)
    file, options = mix_monitor(data)
    return Recording(at, uniqueid, file, options=options) if file else None


def mix_monitor(data: str) -> tuple[str, str]:
    """(file, options) of MixMonitor's arguments: `FILE,OPTIONS,COMMAND`; a comma within parentheses parts nothing."""
    parts, depth = [""], 0
    for letter in data:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += letter
    options = parts[1] if len(parts) > 1 else ""
    return parts[0].strip().removeprefix(MONITOR_FOLDER), options.strip()


def var_set(text: str, at: datetime) -> PbxEvent | None:
    """VarSet of MIXMONITOR_FILENAME or QUEUESTATUS."""
    context, exten, uniqueid, value = fields(text, _VARIABLE)
    if not value:
        return None
    demand(text, Uniqueid=uniqueid)
    if "\r\nVariable: QUEUESTATUS\r\n" in text:
        return QueueExit(at, uniqueid, exten if context == "ext-queues" else "", value)
    return Recording(at, uniqueid, value.removeprefix(MONITOR_FOLDER))


def user_event(text: str, at: datetime) -> PbxEvent | None:
    """UserEvent QueueExit."""
    if "\r\nUserEvent: QueueExit\r\n" not in text:
        return None
    uniqueid, queue, status, call = fields(text, _QUEUE_EXIT)
    demand(text, Uniqueid=uniqueid or call)
    return QueueExit(at, uniqueid or call, queue, status)
