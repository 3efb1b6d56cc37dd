"""The preferred term, colour class and icon of each enum member. Terms are those of the glossary."""

from __future__ import annotations

from dataclasses import dataclass

from service.dashboard.board import AgentActivity, CallStage
from service.dashboard.catalogues import marked
from telephony.calls.facts import (
    Direction,
    Disposition,
    EndedBy,
    Known,
    OfferingOutcome,
    TransferKind,
    VisitEnd,
)


@dataclass(frozen=True, slots=True)
class Label:
    """A sentence of the catalogue, the class that colours it, and an icon: colour never stands alone."""

    message: str
    css: str = ""
    icon: str = ""


ACTIVITIES: dict[AgentActivity, Label] = {
    AgentActivity.TALKING: Label(marked("Talking"), "acc", "phone-call"),
    AgentActivity.HOLD: Label(marked("Hold"), "acc", "pause"),
    AgentActivity.RINGING: Label(marked("Ringing"), "warn", "bell-ring"),
    AgentActivity.WRAP_UP: Label(marked("Wrap-up"), "", "pen-line"),
    AgentActivity.PAUSED: Label(marked("Paused"), "", "coffee"),
    AgentActivity.READY: Label(marked("Ready"), "good", "circle-check"),
    AgentActivity.LOGGED_OUT: Label(marked("Logged out"), "out", "circle-dashed"),
}

STAGES: dict[CallStage, Label] = {
    CallStage.MENU: Label(marked("In menu"), "", "hourglass"),
    CallStage.WAITING: Label(marked("Waiting"), "", "hourglass"),
    CallStage.RINGING: Label(marked("Ringing"), "warn", "bell-ring"),
    CallStage.TALKING: Label(marked("Talking"), "acc", "phone-call"),
    CallStage.HOLD: Label(marked("Hold"), "acc", "pause"),
}

DIRECTIONS: dict[Direction, Label] = {
    Direction.INBOUND: Label(marked("Inbound"), "", "phone-incoming"),
    Direction.OUTBOUND: Label(marked("Outbound"), "", "phone-outgoing"),
    Direction.INTERNAL: Label(marked("Internal"), "", "users"),
}

DISPOSITIONS: dict[Disposition, Label] = {
    Disposition.ANSWERED: Label(marked("Answered"), "good", "circle-check"),
    Disposition.PICKED_UP: Label(marked("Menu only"), "", "circle-dot"),
    Disposition.VOICEMAIL: Label(marked("Voicemail"), "", "inbox"),
    Disposition.ABANDONED: Label(marked("Abandoned"), "bad", "phone-missed"),
    Disposition.CANCELLED: Label(marked("Cancelled"), "", "phone-off"),
    Disposition.NO_ANSWER: Label(marked("No answer"), "warn", "phone-missed"),
    Disposition.BUSY: Label(marked("Busy"), "warn", "phone-off"),
    Disposition.FAILED: Label(marked("Failed"), "bad", "circle-x"),
    Disposition.INDETERMINATE: Label(marked("Indeterminate"), "out", "circle-help"),
}

OUTCOMES: dict[OfferingOutcome, Label] = {
    OfferingOutcome.ANSWERED: Label(marked("Picked up"), "", "circle-check"),
    OfferingOutcome.NO_ANSWER: Label(marked("Not answered"), "bad", "phone-missed"),
    OfferingOutcome.DECLINED: Label(marked("Declined"), "bad", "phone-off"),
    OfferingOutcome.BUSY: Label(marked("Busy"), "mute", "phone-off"),
    OfferingOutcome.UNREACHABLE: Label(marked("Unreachable phone"), "mute", "unplug"),
    OfferingOutcome.ANSWERED_ELSEWHERE: Label(marked("Answered elsewhere"), "mute", "users"),
    OfferingOutcome.CALLER_GAVE_UP: Label(marked("Caller gave up"), "mute", "phone-missed"),
    OfferingOutcome.FAILED: Label(marked("Failed"), "mute", "circle-x"),
}

VISIT_ENDS: dict[VisitEnd, str] = {
    VisitEnd.ANSWERED: marked("answered, left the queue"),
    VisitEnd.ABANDONED: marked("gave up"),
    VisitEnd.TIMEOUT: marked("queue timeout"),
    VisitEnd.EXIT_KEY: marked("left by a key"),
    VisitEnd.EXIT_EMPTY: marked("nobody left to answer"),
    VisitEnd.REMOVED: marked("taken out"),
    VisitEnd.FULL: marked("queue full"),
    VisitEnd.JOIN_EMPTY: marked("nobody there to answer"),
    VisitEnd.UNKNOWN: marked("left, unknown how"),
}

TRANSFERS: dict[TransferKind, str] = {
    TransferKind.BLIND: marked("Blind transfer"),
    TransferKind.ATTENDED: marked("Attended transfer"),
    TransferKind.REDIRECT: marked("Redirected"),
    TransferKind.FORWARD: marked("Forwarded"),
    TransferKind.PICKUP: marked("Pickup by a colleague"),
    TransferKind.PARK: marked("Parked"),
}

ENDED_BY: dict[EndedBy, str] = {
    EndedBy.CUSTOMER: marked("ended by the customer"),
    EndedBy.AGENT: marked("ended by the agent"),
    EndedBy.PBX: marked("ended by the PBX"),
    EndedBy.UNKNOWN: marked("unknown who ended it"),
}

KNOWN: dict[Known, Label] = {
    Known.OBSERVED: Label(marked("Observed"), marked("heard live, event by event")),
    Known.REPAIRED: Label(marked("Repaired"), marked("rebuilt from the PBX's own logs after a gap")),
    Known.INFERRED: Label(marked("Inferred"), marked("heard in part; some instants had to be inferred")),
}
"""Here `css` holds the sentence that explains the mark."""

PAUSE_REASONS: dict[str, str] = {
    "lunch": marked("Lunch"),
    "break": marked("Short break"),
    "training": marked("Training"),
    "meeting": marked("Meeting"),
}
"""What a PBX is often told as a reason, in lower case; others show as they are."""
