"""Packets about queue visits, members and agents."""

from __future__ import annotations

from datetime import datetime

from telephony.events.headers import Decode, demand, fields, keys, unescaped, whole
from telephony.events.records import (
    AgentCalled,
    AgentComplete,
    AgentConnect,
    AgentSession,
    Member,
    PbxEvent,
    QueueAbandon,
    QueueJoin,
    QueueLeave,
)
from telephony.events.standing import (
    QueueEntry,
)

_QUEUE_JOIN = keys("Channel", "Uniqueid", "Linkedid", "Queue", "Position")
_QUEUE_LEAVE = keys("Uniqueid", "Queue")
_QUEUE_ENTRY = keys("Queue", "Position", "Channel", "Uniqueid", "Wait")
_AGENT = keys("Uniqueid", "DestUniqueid", "Queue", "Interface", "MemberName")
_AGENT_COMPLETE = keys("Uniqueid", "DestUniqueid", "Queue", "Interface", "MemberName", "TalkTime", "Reason")
_MEMBER = keys("Queue", "MemberName", "Interface", "Paused", "PausedReason")
MEMBER_LISTED = keys("Queue", "Name", "Location", "Paused", "PausedReason")
_REASON = keys("Reason")
_SESSION = keys("Uniqueid", "Agent")


def queue_join(text: str, at: datetime) -> PbxEvent:
    """QueueCallerJoin."""
    channel, uniqueid, linkedid, queue, position = fields(text, _QUEUE_JOIN)
    demand(text, Uniqueid=uniqueid, Channel=channel, Queue=queue)
    return QueueJoin(at, uniqueid, linkedid, channel, queue, whole(text, "Position", position))


def queue_leave(text: str, at: datetime) -> PbxEvent:
    """QueueCallerLeave."""
    uniqueid, queue = fields(text, _QUEUE_LEAVE)
    demand(text, Uniqueid=uniqueid, Queue=queue)
    return QueueLeave(at, uniqueid, queue)


def queue_abandon(text: str, at: datetime) -> PbxEvent:
    """QueueCallerAbandon."""
    uniqueid, queue = fields(text, _QUEUE_LEAVE)
    demand(text, Uniqueid=uniqueid, Queue=queue)
    return QueueAbandon(at, uniqueid, queue)


def queue_entry(text: str, at: datetime) -> PbxEvent:
    """One caller of QueueStatus."""
    queue, position, channel, uniqueid, wait = fields(text, _QUEUE_ENTRY)
    demand(text, Uniqueid=uniqueid, Channel=channel, Queue=queue)
    return QueueEntry(at, uniqueid, channel, queue, whole(text, "Position", position), whole(text, "Wait", wait))


def queues_complete(text: str, at: datetime) -> PbxEvent:
    """The end of QueueStatus."""
    return QueueEntry(at, "", "", "", 0, 0)


def agent_called(text: str, at: datetime) -> PbxEvent | None:
    """AgentCalled; None without the channel that is dialled."""
    uniqueid, dest, queue, interface, name = fields(text, _AGENT)
    if not dest:
        return None
    demand(text, Queue=queue, Interface=interface)
    return AgentCalled(at, uniqueid, dest, queue, interface, unescaped(name))


def agent_connect(text: str, at: datetime) -> PbxEvent:
    """AgentConnect."""
    uniqueid, dest, queue, interface, name = fields(text, _AGENT)
    demand(text, Uniqueid=uniqueid, Queue=queue, Interface=interface)
    return AgentConnect(at, uniqueid, dest, queue, interface, unescaped(name))


def agent_complete(text: str, at: datetime) -> PbxEvent:
    """AgentComplete."""
    uniqueid, dest, queue, interface, name, talk, reason = fields(text, _AGENT_COMPLETE)
    demand(text, Uniqueid=uniqueid, Queue=queue, Interface=interface)
    seconds = whole(text, "TalkTime", talk)
    return AgentComplete(at, uniqueid, dest, queue, interface, unescaped(name), seconds, reason)


def member(what: str, keys: tuple[str, ...] = _MEMBER) -> Decode:
    """QueueMember…: `what` happened to a queue's member."""

    def decode(text: str, at: datetime) -> PbxEvent:
        queue, name, interface, paused, reason = fields(text, keys)
        demand(text, Queue=queue, Interface=interface)
        if not reason and what == "pause":
            (reason,) = fields(text, _REASON)
        return Member(at, what, queue, interface, unescaped(name), paused == "1", reason)

    return decode


def session(*, on: bool) -> Decode:
    """AgentLogin, or AgentLogoff."""

    def decode(text: str, at: datetime) -> PbxEvent:
        uniqueid, agent = fields(text, _SESSION)
        demand(text, Uniqueid=uniqueid)
        return AgentSession(at, uniqueid, agent, on)

    return decode
