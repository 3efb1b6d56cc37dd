"""Packets that the dialplan makes, and the rows that the PBX writes."""

from __future__ import annotations

from datetime import datetime

from telephony.events.headers import demand, fields, keys, whole
from telephony.events.records import (
    Cdr,
    PbxEvent,
    QueueExit,
    Recording,
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
_QUEUE_EXIT = keys("Uniqueid", "Queue", "Status", "CallUniqueid")


def cdr(text: str, at: datetime) -> PbxEvent:
    """Cdr (of cdr_manager)."""
    channel, dest, application, seconds, disposition, uniqueid, linkedid = fields(text, _CDR)
    demand(text, UniqueID=uniqueid)
    billable = whole(text, "BillableSeconds", seconds)
    return Cdr(at, uniqueid, linkedid, channel, dest, application, billable, disposition == "ANSWERED")


def recording(text: str, at: datetime) -> PbxEvent | None:
    """MixMonitorStart, if channelvars name the file."""
    (uniqueid,) = fields(text, _UNIQUEID)
    for name in RECORDING_VARIABLES:
        _, found, rest = text.partition(f"\r\nChanVariable: {name}=")
        file = rest.partition("\r\n")[0] if found else ""
        if file:
            demand(text, Uniqueid=uniqueid)
            return Recording(at, uniqueid, file.removeprefix(MONITOR_FOLDER))
    return None


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
