"""Packets about transfers, pickups, parking and listening in."""

from __future__ import annotations

from datetime import datetime

from telephony.events.headers import Decode, demand, fields, keys
from telephony.events.records import (
    AttendedTransfer,
    BlindTransfer,
    Park,
    PbxEvent,
    Pickup,
    Spy,
)

_BLIND = keys("Result", "TransfererUniqueid", "TransfereeUniqueid", "Extension")
_ATTENDED = keys(
    "Result",
    "OrigTransfererUniqueid",
    "SecondTransfererUniqueid",
    "TransfereeUniqueid",
    "TransferTargetChannel",
    "TransferTargetUniqueid",
    "DestType",
)
_PICKUP = keys("Uniqueid", "TargetUniqueid")
_PARK = keys("ParkeeUniqueid", "ParkerDialString", "ParkingSpace", "RetrieverUniqueid")
_SPY = keys("SpyerUniqueid", "SpyeeUniqueid")


def blind_transfer(text: str, at: datetime) -> PbxEvent:
    """BlindTransfer."""
    result, transferer, transferee, extension = fields(text, _BLIND)
    demand(text, TransfererUniqueid=transferer)
    return BlindTransfer(at, transferer, transferee, extension, result == "Success")


def attended_transfer(text: str, at: datetime) -> PbxEvent:
    """AttendedTransfer."""
    result, first, second, transferee, channel, target, dest = fields(text, _ATTENDED)
    demand(text, OrigTransfererUniqueid=first, SecondTransfererUniqueid=second)
    return AttendedTransfer(at, first, second, transferee, target, channel, result == "Success", dest)


def pickup(text: str, at: datetime) -> PbxEvent:
    """Pickup."""
    uniqueid, target = fields(text, _PICKUP)
    demand(text, Uniqueid=uniqueid, TargetUniqueid=target)
    return Pickup(at, uniqueid, target)


def park(what: str) -> Decode:
    """ParkedCall and its kin: `what` happened."""

    def decode(text: str, at: datetime) -> PbxEvent:
        parkee, parker, space, retriever = fields(text, _PARK)
        demand(text, ParkeeUniqueid=parkee)
        return Park(at, what, parkee, parker, retriever, space)

    return decode


def spy(*, on: bool) -> Decode:
    """ChanSpyStart, or ChanSpyStop."""

    def decode(text: str, at: datetime) -> PbxEvent:
        spyer, spyee = fields(text, _SPY)
        demand(text, SpyerUniqueid=spyer)
        return Spy(at, spyer, spyee, on)

    return decode
