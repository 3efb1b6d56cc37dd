"""A leg is one party's part in a call: what the tracker knows of one Asterisk channel.

Channels are named `TECH/PEER-XXXXXXXX`; a peer may hold dashes, so the name is cut at the last one. Both
halves of a Local channel (`Local/EXTEN@CONTEXT-XXXXXXXX;1` and `;2`) are plumbing, never parties.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telephony.calls.call import Call
    from telephony.calls.drafts import OfferingDraft, TalkDraft, VisitDraft

OUTSIDE_CONTEXTS = ("from-trunk", "from-pstn", "from-did")
SPOOL_FAILED = "OutgoingSpoolFailed"
"""A channel that Asterisk invents to run the extension `failed`: never a channel of a call."""


@dataclass(slots=True, eq=False, kw_only=True)
class Leg:
    """One channel, from its first event to its last."""

    uniqueid: str
    linkedid: str
    name: str
    device: str  # TECH/PEER
    peer: str
    local: str  # '' for a party; the half of a Local channel: '1', '2'; '-' for other plumbing
    outside: bool
    incoming: bool  # it rang us: the far end began the call
    number: str
    caller_name: str
    context: str
    exten: str
    started_at: datetime
    call: Call
    partner: Leg | None = None  # the other half of a Local channel
    dialled_by: str | None = None  # uniqueid of who dialled it, '' for an Originate, None if nobody
    dialled_at: datetime | None = None
    dial_string: str = ""
    dial_status: str = ""
    alerting_at: datetime | None = None
    presumed_alerting: bool = False  # no 180 was seen, but it was dialled for too long to have been refused
    answered_at: datetime | None = None  # its dialling ended with an answer
    up_at: datetime | None = None
    ended_at: datetime | None = None
    cause: int | None = None
    bridge: str | None = None
    hangup_requested_at: datetime | None = None
    held_since: datetime | None = None
    interface: str = ""  # the queue member it stands for
    member_name: str = ""
    queue: str = ""
    transferred: bool = False  # it was handed on: what it dials now is the transfer's target
    offering: OfferingDraft | None = None
    talk: TalkDraft | None = None
    talk_call: Call | None = None  # the call that its talk is told in
    past_talks: tuple[TalkDraft, ...] = ()  # the last two, newest first
    aside: TalkDraft | None = None  # left on hold while this agent consults over the same line
    talk_count: int = 0
    visit: VisitDraft | None = None
    visit_count: int = 0
    other_count: int = 0  # transfers, digits, recordings, claims: numbers their ids
    spying_on: Leg | None = None
    session: bool = False  # the standing line of a logged-in Agent/…

    @property
    def is_party(self) -> bool:
        """Somebody is at the end of it."""
        return not self.local

    def next_number(self) -> int:
        """A number for the next small fact about this leg."""
        self.other_count += 1
        return self.other_count


PLUMBING = frozenset(
    {"Announcer", "AsyncGoto", "CBAnn", "CBRec", "ConfBridgeRecorder", "Message", "Recorder", "Snoop", "Surrogate"}
)
"""Channels that Asterisk makes for itself: announcers, recorders, stand-ins."""


def split_name(name: str) -> tuple[str, str, str]:
    """(device, peer, half) of a channel's name.

    'PJSIP/voip-provider-0000000d' -> ('PJSIP/voip-provider', 'voip-provider', '')
    'Local/1001@from-queue-00000000;2' -> ('Local/1001@from-queue', '1001@from-queue', '2')
    'CBAnn/room-00000003;1' -> ('CBAnn/room', 'room', '-'): plumbing of another kind
    """
    half = ""
    if name.partition("/")[0] in PLUMBING:
        name, half = name.partition(";")[0], "-"
    if name[:6] == "Local/":
        name, _, half = name.partition(";")
        half = half or "1"
    device, dash, _ = name.rpartition("-")
    if not dash:
        device = name
    return device, device.partition("/")[2], half


def is_outside(peer: str, context: str, trunks: tuple[str, ...]) -> bool:
    """Whether a channel leads out of the centre: told from its own peer and first context, never learned."""
    if context.startswith(OUTSIDE_CONTEXTS):
        return True
    return any(fnmatchcase(peer, pattern) for pattern in trunks)


def extension_of(device: str) -> str:
    """The extension in an interface or device: PJSIP/1004 and Local/1004@queue-agents/n -> 1004."""
    peer = device.partition("/")[2] or device
    return peer.partition("@")[0].partition("/")[0]
