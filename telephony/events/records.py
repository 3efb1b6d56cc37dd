"""The PBX events we understand, as frozen records.

Made by `telephony.events.decoder` from AMI packets, understood by `telephony.calls`; nothing here knows AMI.
Instants are aware UTC; unique ids and channel names are Asterisk's; '' stands for what the PBX does not know.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from telephony.events.standing import (
    BridgeListed,
    Connected,
    Listed,
    Lost,
    QueueEntry,
    Restarted,
    Shutdown,
)


class NewChannel(NamedTuple):
    """A channel began to exist."""

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    state: int
    number: str
    name: str
    context: str
    exten: str


class CallerHidden(NamedTuple):
    """The caller's number is known to the PBX but must not be shown."""

    at: datetime
    uniqueid: str


class NewState(NamedTuple):
    """A channel rings or is up."""

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    state: int


class DialBegin(NamedTuple):
    """A channel is being dialled. `uniqueid` is '' where an Originate dials."""

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    dest_uniqueid: str
    dest_linkedid: str
    dest_channel: str
    dial_string: str


class DialRinging(NamedTuple):
    """The dialled channel reports that it alerts."""

    at: datetime
    dest_uniqueid: str


class DialEnd(NamedTuple):
    """Dialling ended: ANSWER, BUSY, NOANSWER, CANCEL, CONGESTION, CHANUNAVAIL; `forward` names where to.

    presumed_alerting: it lived so long that it must have alerted, though nothing told so (a log).
    """

    at: datetime
    uniqueid: str
    dest_uniqueid: str
    status: str
    forward: str
    presumed_alerting: bool = False


class BridgeEnter(NamedTuple):
    """A channel joined a bridge."""

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    bridge: str
    technology: str
    bridge_type: str


class BridgeLeave(NamedTuple):
    """A channel left a bridge."""

    at: datetime
    uniqueid: str
    bridge: str


class Hangup(NamedTuple):
    """A channel ceased to exist. `cause` is the Q.850 cause."""

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    cause: int
    number: str


class HangupRequest(NamedTuple):
    """The far end of this channel hung up (or refused)."""

    at: datetime
    uniqueid: str


class Hold(NamedTuple):
    """The far end of this channel pressed hold (`on`) or took the call back."""

    at: datetime
    uniqueid: str
    on: bool


class QueueJoin(NamedTuple):
    """A caller entered a queue."""

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    queue: str
    position: int


class QueueLeave(NamedTuple):
    """A caller left a queue, for whatever reason."""

    at: datetime
    uniqueid: str
    queue: str


class QueueAbandon(NamedTuple):
    """A caller left without an agent: gave up, timed out or found nobody left."""

    at: datetime
    uniqueid: str
    queue: str


class QueueExit(NamedTuple):
    """The dialplan's word on how a queue ended: TIMEOUT, FULL, JOINEMPTY, LEAVEEMPTY, CONTINUE …"""

    at: datetime
    uniqueid: str
    queue: str
    status: str


class AgentCalled(NamedTuple):
    """A queue dials a member."""

    at: datetime
    uniqueid: str
    dest_uniqueid: str
    queue: str
    interface: str
    member_name: str


class AgentConnect(NamedTuple):
    """A queue joins a caller and a member."""

    at: datetime
    uniqueid: str
    dest_uniqueid: str
    queue: str
    interface: str
    member_name: str


class AgentComplete(NamedTuple):
    """What the queue claims of a talk that ended, in its whole seconds."""

    at: datetime
    uniqueid: str
    dest_uniqueid: str
    queue: str
    interface: str
    member_name: str
    talk_seconds: int
    reason: str
    source: str = "agent_complete"


class BlindTransfer(NamedTuple):
    """The transferee is sent to an extension."""

    at: datetime
    transferer: str
    transferee: str
    extension: str
    success: bool


class AttendedTransfer(NamedTuple):
    """Two calls of the transferer become one; transferee and target may be swapped."""

    at: datetime
    first: str
    second: str
    transferee: str
    target: str
    target_channel: str
    success: bool
    dest_type: str


class Pickup(NamedTuple):
    """A phone takes a call that rings at another."""

    at: datetime
    uniqueid: str
    target: str


class Park(NamedTuple):
    """A call is parked (`what` = parked), taken back (retrieved), came back (timeout) or gave up (gave_up)."""

    at: datetime
    what: str
    parkee: str
    parker: str
    retriever: str
    space: str


class Spy(NamedTuple):
    """A supervisor begins or ceases to listen to a channel."""

    at: datetime
    spyer: str
    spyee: str
    on: bool


class AgentSession(NamedTuple):
    """A channel became (or ceased to be) the standing line of a logged-in Agent/…"""

    at: datetime
    uniqueid: str
    agent: str
    on: bool


class OriginateResponse(NamedTuple):
    """What came of an Originate's first leg. `uniqueid` is '' where Asterisk does not know it."""

    at: datetime
    uniqueid: str
    channel: str
    exten: str
    success: bool
    reason: int
    number: str
    action_id: str


class Cdr(NamedTuple):
    """One row that the PBX writes about a leg; only the application and the claim are used."""

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    dest_channel: str
    application: str
    billable_seconds: int
    answered: bool


class Digit(NamedTuple):
    """A digit came in on a channel."""

    at: datetime
    uniqueid: str
    digit: str
    context: str


class Recording(NamedTuple):
    """A recording of this channel goes to this file ('': not said). `begins`: from now on; else it was only named.

    options: as MixMonitor was given them ('b', 'abi(ID)', 'r(x-in.wav)'), None where not heard.
    """

    at: datetime
    uniqueid: str
    file: str
    begins: bool = False
    options: str | None = None


class RecordingStopped(NamedTuple):
    """The newest recording that runs on this channel was stopped before the channel's end."""

    at: datetime
    uniqueid: str


class RecordingMuted(NamedTuple):
    """A recording goes on but keeps silence (`on`), or does so no more.

    direction: what comes in on the channel (`read`), what goes out (`write`), or `both`.
    """

    at: datetime
    uniqueid: str
    direction: str
    on: bool


class Member(NamedTuple):
    """A queue's member was added (`added`), removed, paused, unpaused, or is reported (`status`, `listed`)."""

    at: datetime
    what: str
    queue: str
    interface: str
    member_name: str
    paused: bool
    reason: str


PbxEvent = (
    NewChannel
    | CallerHidden
    | NewState
    | DialBegin
    | DialRinging
    | DialEnd
    | BridgeEnter
    | BridgeLeave
    | Hangup
    | HangupRequest
    | Hold
    | QueueJoin
    | QueueLeave
    | QueueAbandon
    | QueueExit
    | AgentCalled
    | AgentConnect
    | AgentComplete
    | BlindTransfer
    | AttendedTransfer
    | Pickup
    | Park
    | Spy
    | AgentSession
    | OriginateResponse
    | Cdr
    | Digit
    | Recording
    | RecordingStopped
    | RecordingMuted
    | Member
    | Listed
    | BridgeListed
    | QueueEntry
    | Shutdown
    | Restarted
    | Lost
    | Connected
)
