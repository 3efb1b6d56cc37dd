"""Packets about channels: their beginning, state, end, hold and digits."""

from __future__ import annotations

from datetime import datetime

from telephony.events.headers import Decode, demand, fields, keys, unescaped, whole
from telephony.events.records import (
    CallerHidden,
    Digit,
    Hangup,
    HangupRequest,
    Hold,
    NewChannel,
    NewState,
    PbxEvent,
)
from telephony.events.standing import (
    BUSY,
    Listed,
    Shutdown,
)

_NEW_CHANNEL = keys(
    "Channel", "ChannelState", "CallerIDNum", "CallerIDName", "Context", "Exten", "Uniqueid", "Linkedid"
)
_NEW_STATE = keys("Channel", "ChannelState", "Uniqueid", "Linkedid")
_HANGUP = keys("Channel", "CallerIDNum", "Uniqueid", "Linkedid", "Cause")
_UNIQUEID = keys("Uniqueid")
_REQUEST = keys("ChannelState", "Uniqueid")


def new_channel(text: str, at: datetime) -> PbxEvent:
    """Newchannel."""
    channel, state, number, name, context, exten, uniqueid, linkedid = fields(text, _NEW_CHANNEL)
    if not uniqueid or not channel:
        demand(text, Uniqueid=uniqueid, Channel=channel)
    return NewChannel(
        at,
        uniqueid,
        linkedid,
        channel,
        whole(text, "ChannelState", state),
        number,
        unescaped(name),
        context,
        exten,
    )


def caller_hidden(text: str, at: datetime) -> PbxEvent:
    """NewCallerid of a number that must not be shown."""
    (uniqueid,) = fields(text, _UNIQUEID)
    demand(text, Uniqueid=uniqueid)
    return CallerHidden(at, uniqueid)


def new_state(text: str, at: datetime) -> PbxEvent:
    """Newstate."""
    channel, state, uniqueid, linkedid = fields(text, _NEW_STATE)
    if not uniqueid or not channel:
        demand(text, Uniqueid=uniqueid, Channel=channel)
    return NewState(at, uniqueid, linkedid, channel, whole(text, "ChannelState", state))


def hangup(text: str, at: datetime) -> PbxEvent:
    """Hangup."""
    channel, number, uniqueid, linkedid, cause = fields(text, _HANGUP)
    if not uniqueid or not channel:
        demand(text, Uniqueid=uniqueid, Channel=channel)
    return Hangup(at, uniqueid, linkedid, channel, whole(text, "Cause", cause), number)


def hangup_request(text: str, at: datetime) -> PbxEvent | None:
    """HangupRequest; None where the PBX itself refused the caller (state Busy)."""
    state, uniqueid = fields(text, _REQUEST)
    if state and whole(text, "ChannelState", state) == BUSY:
        return None
    if not uniqueid:
        demand(text, Uniqueid=uniqueid)
    return HangupRequest(at, uniqueid)


def hold(*, on: bool) -> Decode:
    """Hold, or Unhold."""

    def decode(text: str, at: datetime) -> PbxEvent:
        (uniqueid,) = fields(text, _UNIQUEID)
        demand(text, Uniqueid=uniqueid)
        return Hold(at, uniqueid, on)

    return decode


_DIGIT = keys("Context", "Uniqueid", "Digit", "Direction")


def digit(text: str, at: datetime) -> PbxEvent | None:
    """DTMFEnd of a digit that came in."""
    context, uniqueid, digit, direction = fields(text, _DIGIT)
    if direction != "Received":
        return None
    demand(text, Uniqueid=uniqueid)
    return Digit(at, uniqueid, digit, context)


_LISTED = keys(
    "Channel",
    "ChannelState",
    "CallerIDNum",
    "CallerIDName",
    "Context",
    "Exten",
    "Uniqueid",
    "Linkedid",
    "Application",
    "ApplicationData",
    "Duration",
    "BridgeId",
)


def listed(text: str, at: datetime) -> PbxEvent:
    """One channel of CoreShowChannels."""
    channel, state, number, name, context, exten, uniqueid, linkedid, *now = fields(text, _LISTED)
    application, arguments, duration, bridge = now
    demand(text, Uniqueid=uniqueid, Channel=channel)
    return Listed(
        at,
        uniqueid,
        linkedid,
        channel,
        whole(text, "ChannelState", state),
        number,
        unescaped(name),
        context,
        exten,
        application,
        arguments,
        _seconds(text, duration),
        bridge,
    )


def _seconds(text: str, duration: str) -> int:
    """HH:MM:SS, the hours as many as they are; 0 if absent."""
    total = 0
    for part in duration.split(":"):
        total = total * 60 + whole(text, "Duration", part)
    return total


def list_complete(text: str, at: datetime) -> PbxEvent:
    """The end of CoreShowChannels."""
    return Listed(at, "", "", "")


def shutdown(text: str, at: datetime) -> PbxEvent:
    """Shutdown: the PBX stops, or begins anew."""
    return Shutdown(at)
