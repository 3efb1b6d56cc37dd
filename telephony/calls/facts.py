"""Facts: what the tracker says of calls and agents. The public contract of this package.

A fact is one small statement (a call, one offering of it to an agent, one stretch of talk …). It has an
`id` that never changes and a `revision` that grows: a later revision replaces the earlier one whole.
Applying a fact twice, or an older revision after a newer one, changes nothing.

Facts name *interfaces* and *devices* as the PBX does; which person sat there is joined later, from an
effective-dated mapping. All instants are aware UTC datetimes in microseconds. Durations are not
stored: they are derived from the instants (`telephony.clock.milliseconds` cuts them for sums).

The ids of facts are made of the PBX's name and Asterisk's unique ids, so that a replay gives the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Known(StrEnum):
    """How a call is known."""

    OBSERVED = "observed"  # heard whole, event by event
    REPAIRED = "repaired"  # rebuilt whole from the PBX's own logs
    INFERRED = "inferred"  # heard in part; what was missed is not known


class Direction(StrEnum):
    """Where the call came from and went to."""

    INBOUND = "inbound"  # from outside
    OUTBOUND = "outbound"  # to outside, dialled by an agent or placed by an application
    INTERNAL = "internal"  # nobody outside took part


class Disposition(StrEnum):
    """What telephony did with the call as a whole."""

    ANSWERED = "answered"  # a human of the centre talked (internal: the colleague)
    PICKED_UP = "picked_up"  # the customer reached no human: menu, message
    VOICEMAIL = "voicemail"
    ABANDONED = "abandoned"  # an inbound caller left before: in menu, queue or ringing
    CANCELLED = "cancelled"  # an outbound or internal caller left before
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    INDETERMINATE = "indeterminate"  # the end was not heard


class EndedBy(StrEnum):
    """Who ended the call."""

    CUSTOMER = "customer"
    AGENT = "agent"
    PBX = "pbx"
    UNKNOWN = "unknown"


class VisitEnd(StrEnum):
    """How a queue visit really ended."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    TIMEOUT = "timeout"
    EXIT_KEY = "exit_key"
    EXIT_EMPTY = "exit_empty"  # nobody was left to answer
    REMOVED = "removed"  # taken out by a supervisor, a pickup or a redirect
    FULL = "full"  # refused at the door
    JOIN_EMPTY = "join_empty"  # refused at the door
    UNKNOWN = "unknown"


class OfferingSource(StrEnum):
    """Why an agent's device was rung."""

    QUEUE = "queue"
    DIRECT = "direct"
    TRANSFER = "transfer"
    PICKUP = "pickup"
    ORIGINATE = "originate"  # the agent's own leg of a call that an application placed


class OfferingOutcome(StrEnum):
    """How the ringing of one device ended."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    BUSY = "busy"  # refused before it alerted
    DECLINED = "declined"  # refused after it alerted
    UNREACHABLE = "unreachable"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    CALLER_GAVE_UP = "caller_gave_up"
    FAILED = "failed"


class RingFrom(StrEnum):
    """Where the ring time begins."""

    RINGING = "ringing"  # the device's own 180
    DIAL = "dial"  # no 180 was seen: when it was dialled


class TalkKind(StrEnum):
    """Who an agent talked with."""

    CUSTOMER = "customer"
    CONSULT = "consult"  # with a colleague, about a customer who waits
    INTERNAL = "internal"
    CONFERENCE = "conference"  # a customer and more than one of the centre
    MONITOR = "monitor"  # listening in (ChanSpy): nobody's minutes


class TransferKind(StrEnum):
    """How a call was handed on."""

    BLIND = "blind"
    ATTENDED = "attended"
    REDIRECT = "redirect"
    FORWARD = "forward"
    PICKUP = "pickup"
    PARK = "park"


class RecordingPart(StrEnum):
    """What of a recorded channel a file holds."""

    WHOLE = "whole"  # all that comes in and goes out
    HEARD = "heard"  # only what comes in: what its party says (MixMonitor's option r)
    SAID = "said"  # only what goes out: what its party is told (option t)


class State(StrEnum):
    """What an agent's device or queue membership was doing; intervals of several kinds may overlap."""

    LOGGED_IN = "logged_in"  # per queue
    PAUSED = "paused"  # per queue
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    AVAILABLE = "available"
    LOGGED_OUT = "logged_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A stretch of time, closed below and open above. `end` is None while it goes on."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFact:
    """One call: all legs that belong together. `id` is the call_id."""

    id: str
    revision: int
    call_id: str
    at: datetime  # of the newest event that this revision knows
    pbx: str
    linkedid: str
    alias_ids: tuple[str, ...] = ()  # call_ids that were published and then merged into this one
    merged_into: str | None = None  # set on the alias: this call is no call of its own any more
    known: Known = Known.OBSERVED
    direction: Direction
    caller: str | None
    caller_name: str | None
    called: str | None
    did: str | None
    customer: str | None  # the outside party as the PBX said
    customer_withheld: bool = False
    trunk: str | None = None  # peer of the customer's channel
    started_at: datetime
    picked_up_at: datetime | None = None
    answered_at: datetime | None = None
    customer_left_at: datetime | None = None  # the customer's own end; the call may outlive it
    ended_at: datetime | None = None  # of the last leg
    disposition: Disposition | None = None  # None while the call goes on
    ended_by: EndedBy | None = None
    cause: int | None = None  # Q.850, of the customer's channel
    attempt_id: str | None = None  # the ChannelId that an application chose


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueVisitFact:
    """One caller's stay in one queue."""

    id: str
    revision: int
    call_id: str
    at: datetime
    queue: str
    position: int | None
    joined_at: datetime
    left_at: datetime | None = None
    ended: VisitEnd | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingFact:
    """One time a call was offered to one device."""

    id: str
    revision: int
    call_id: str
    at: datetime
    interface: str  # as the queue calls it: Local/1004@queue-agents/n; else the device
    device: str  # the phone: PJSIP/1004
    member_name: str | None  # of the queue's member
    source: OfferingSource
    queue: str | None
    consult: bool  # a colleague's question, not a customer's call: outside the three-ring rate
    offered_at: datetime  # the device was dialled
    ring_at: datetime  # its ring time begins here
    ring_from: RingFrom
    ended_at: datetime | None = None
    outcome: OfferingOutcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkFact:
    """One stretch in which an agent's leg was joined with the same others. Hold does not split it."""

    id: str
    revision: int
    call_id: str
    at: datetime
    interface: str
    device: str
    member_name: str | None
    queue: str | None  # the queue that offered the call, if any
    kind: TalkKind
    started_at: datetime
    ended_at: datetime | None = None
    holds: tuple[Interval, ...] = ()  # cut out of the talk time
    hold_known: bool = True  # False where the source tells nothing of hold: the stretch may hold some
    others: tuple[str, ...] = ()  # customers' numbers and colleagues' devices


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFact:
    """The call was handed on."""

    id: str
    revision: int
    call_id: str
    at: datetime
    kind: TransferKind
    by: str | None  # device of who did it
    to: str | None  # number or device
    completed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitFact:
    """The customer pressed a digit before an agent talked."""

    id: str
    revision: int
    call_id: str
    at: datetime
    menu: str
    digit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A stretch in which a recorded channel was in a bridge, with the same parties all the while; unique ids.

    A party hears itself nowhere: its own channel is in `heard`. Half a Local channel passes on others' voices.
    """

    start: datetime
    end: datetime | None = None
    heard: tuple[str, ...] = ()  # whose voices come in on the recorded channel
    said: tuple[str, ...] = ()  # whose voices go out on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Muted:
    """A stretch of silence that was written in place of voices."""

    start: datetime
    end: datetime | None = None
    direction: str  # read: in place of what came in on the recorded channel; write: of what went out


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFact:
    """A recording that the PBX made of a channel of this call. What was not heard of it is None."""

    id: str
    revision: int
    call_id: str
    at: datetime
    file: str  # '' where it was never named
    channel: str  # the unique id of the recorded channel
    part: RecordingPart = RecordingPart.WHOLE
    options: str | None = None  # the letters of MixMonitor's options, without their arguments
    started_at: datetime | None = None
    ended_at: datetime | None = None  # stopped, or its channel hung up
    stopped: tuple[Interval, ...] = ()  # between: stopped and begun again under the same name
    joined: tuple[Joined, ...] | None = None  # None too where another recording wrote into the same file
    muted: tuple[Muted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFact:
    """What the PBX itself says of an agent's talk; kept beside ours, never used for figures."""

    id: str
    revision: int
    call_id: str
    at: datetime
    interface: str
    source: str  # agent_complete, queue_log, cdr
    talk_seconds: int
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStateFact:
    """An interval in which an agent's interface was in a state. `call_id` is '' where no call is meant."""

    id: str
    revision: int
    call_id: str
    at: datetime
    pbx: str
    interface: str
    member_name: str | None
    state: State
    reason: str | None
    queue: str | None
    started_at: datetime
    ended_at: datetime | None = None


Fact = (
    CallFact
    | QueueVisitFact
    | OfferingFact
    | TalkFact
    | TransferFact
    | DigitFact
    | RecordingFact
    | ClaimFact
    | AgentStateFact
)

FACT_NAMES: dict[type, str] = {
    CallFact: "call",
    QueueVisitFact: "queue_visit",
    OfferingFact: "offering",
    TalkFact: "talk",
    TransferFact: "transfer",
    DigitFact: "digit",
    RecordingFact: "recording",
    ClaimFact: "claim",
    AgentStateFact: "agent_state",
}
