"""Packets about dialling, bridges and what came of an Originate."""

from __future__ import annotations

from datetime import datetime

from telephony.events.headers import demand, fields, keys, whole
from telephony.events.records import (
    BridgeEnter,
    BridgeLeave,
    DialBegin,
    DialEnd,
    DialRinging,
    OriginateResponse,
    PbxEvent,
)
from telephony.events.standing import (
    BridgeListed,
)

_DIAL_BEGIN = keys("Channel", "Uniqueid", "Linkedid", "DestChannel", "DestUniqueid", "DestLinkedid", "DialString")
_DIAL_STATE = keys("DestUniqueid", "DialStatus")
_DIAL_END = keys("Uniqueid", "DestUniqueid", "DialStatus", "Forward")
_BRIDGE_ENTER = keys("BridgeUniqueid", "BridgeType", "BridgeTechnology", "Channel", "Uniqueid", "Linkedid")
_BRIDGE_LEAVE = keys("BridgeUniqueid", "Uniqueid")
_BRIDGE_LISTED = keys("BridgeUniqueid", "BridgeType", "BridgeTechnology")
_ORIGINATE = keys("ActionID", "Response", "Channel", "Exten", "Reason", "Uniqueid", "CallerIDNum")


def dial_begin(text: str, at: datetime) -> PbxEvent:
    """DialBegin."""
    channel, uniqueid, linkedid, dest_channel, dest_uniqueid, dest_linkedid, string = fields(text, _DIAL_BEGIN)
    if not dest_uniqueid or not dest_channel:
        demand(text, DestUniqueid=dest_uniqueid, DestChannel=dest_channel)
    return DialBegin(at, uniqueid, linkedid, channel, dest_uniqueid, dest_linkedid, dest_channel, string)


def dial_state(text: str, at: datetime) -> PbxEvent | None:
    """DialState, if it says that the far end alerts."""
    dest_uniqueid, status = fields(text, _DIAL_STATE)
    if status != "RINGING":
        return None
    demand(text, DestUniqueid=dest_uniqueid)
    return DialRinging(at, dest_uniqueid)


def dial_end(text: str, at: datetime) -> PbxEvent:
    """DialEnd."""
    uniqueid, dest_uniqueid, status, forward = fields(text, _DIAL_END)
    if not dest_uniqueid:
        demand(text, DestUniqueid=dest_uniqueid)
    return DialEnd(at, uniqueid, dest_uniqueid, status, forward)


def bridge_enter(text: str, at: datetime) -> PbxEvent:
    """BridgeEnter."""
    bridge, kind, technology, channel, uniqueid, linkedid = fields(text, _BRIDGE_ENTER)
    if not uniqueid or not channel or not bridge:
        demand(text, Uniqueid=uniqueid, Channel=channel, BridgeUniqueid=bridge)
    return BridgeEnter(at, uniqueid, linkedid, channel, bridge, technology, kind)


def bridge_leave(text: str, at: datetime) -> PbxEvent:
    """BridgeLeave."""
    bridge, uniqueid = fields(text, _BRIDGE_LEAVE)
    if not uniqueid or not bridge:
        demand(text, Uniqueid=uniqueid, BridgeUniqueid=bridge)
    return BridgeLeave(at, uniqueid, bridge)


def bridge_listed(text: str, at: datetime) -> PbxEvent:
    """BridgeListItem."""
    bridge, kind, technology = fields(text, _BRIDGE_LISTED)
    demand(text, BridgeUniqueid=bridge)
    return BridgeListed(at, bridge, technology, kind)


def originate_response(text: str, at: datetime) -> PbxEvent:
    """OriginateResponse."""
    action_id, response, channel, exten, reason, uniqueid, number = fields(text, _ORIGINATE)
    return OriginateResponse(
        at,
        uniqueid,
        channel,
        exten,
        response == "Success",
        whole(text, "Reason", reason),
        number,
        action_id,
    )
