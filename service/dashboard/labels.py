"""The preferred term, colour class and icon of each enum member. Terms are those of the glossary."""

from __future__ import annotations

from dataclasses import dataclass

from service.dashboard.board import AgentActivity, CallStage
from service.dashboard.catalogues import N_
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
    AgentActivity.TALKING: Label(N_("Talking"), "acc", "phone-call"),
    AgentActivity.HOLD: Label(N_("Hold"), "acc", "pause"),
    AgentActivity.RINGING: Label(N_("Ringing"), "warn", "bell-ring"),
    AgentActivity.WRAP_UP: Label(N_("Wrap-up"), "", "pen-line"),
    AgentActivity.PAUSED: Label(N_("Paused"), "", "coffee"),
    AgentActivity.READY: Label(N_("Ready"), "good", "circle-check"),
    AgentActivity.LOGGED_OUT: Label(N_("Logged out"), "out", "circle-dashed"),
}

STAGES: dict[CallStage, Label] = {
    CallStage.MENU: Label(N_("In menu"), "", "hourglass"),
    CallStage.WAITING: Label(N_("Waiting"), "", "hourglass"),
    CallStage.RINGING: Label(N_("Ringing"), "warn", "bell-ring"),
    CallStage.TALKING: Label(N_("Talking"), "acc", "phone-call"),
    CallStage.HOLD: Label(N_("Hold"), "acc", "pause"),
}

DIRECTIONS: dict[Direction, Label] = {
    Direction.INBOUND: Label(N_("Inbound"), "", "phone-incoming"),
    Direction.OUTBOUND: Label(N_("Outbound"), "", "phone-outgoing"),
    Direction.INTERNAL: Label(N_("Internal"), "", "users"),
}

DISPOSITIONS: dict[Disposition, Label] = {
    Disposition.ANSWERED: Label(N_("Call answered"), "good", "circle-check"),
    Disposition.PICKED_UP: Label(N_("Menu only"), "", "circle-dot"),
    Disposition.VOICEMAIL: Label(N_("Voicemail"), "", "inbox"),
    Disposition.ABANDONED: Label(N_("Abandoned"), "bad", "phone-missed"),
    Disposition.CANCELLED: Label(N_("Cancelled"), "", "phone-off"),
    Disposition.NO_ANSWER: Label(N_("No answer"), "warn", "phone-missed"),
    Disposition.BUSY: Label(N_("Busy"), "warn", "phone-off"),
    Disposition.FAILED: Label(N_("Failed"), "bad", "circle-x"),
    Disposition.INDETERMINATE: Label(N_("Indeterminate"), "out", "circle-help"),
}

OUTCOMES: dict[OfferingOutcome, Label] = {
    OfferingOutcome.ANSWERED: Label(N_("Picked up"), "", "circle-check"),
    OfferingOutcome.NO_ANSWER: Label(N_("Not answered"), "bad", "phone-missed"),
    OfferingOutcome.DECLINED: Label(N_("Declined"), "bad", "phone-off"),
    OfferingOutcome.BUSY: Label(N_("Busy"), "mute", "phone-off"),
    OfferingOutcome.UNREACHABLE: Label(N_("Unreachable phone"), "mute", "unplug"),
    OfferingOutcome.ANSWERED_ELSEWHERE: Label(N_("Answered elsewhere"), "mute", "users"),
    OfferingOutcome.CALLER_GAVE_UP: Label(N_("Caller gave up"), "mute", "phone-missed"),
    OfferingOutcome.FAILED: Label(N_("Failed"), "mute", "circle-x"),
}

VISIT_ENDS: dict[VisitEnd, str] = {
    VisitEnd.ANSWERED: N_("answered, left the queue"),
    VisitEnd.ABANDONED: N_("gave up"),
    VisitEnd.TIMEOUT: N_("queue timeout"),
    VisitEnd.EXIT_KEY: N_("left by a key"),
    VisitEnd.EXIT_EMPTY: N_("nobody left to answer"),
    VisitEnd.REMOVED: N_("taken out"),
    VisitEnd.FULL: N_("queue full"),
    VisitEnd.JOIN_EMPTY: N_("nobody there to answer"),
    VisitEnd.UNKNOWN: N_("left, unknown how"),
}

TRANSFERS: dict[TransferKind, str] = {
    TransferKind.BLIND: N_("Blind transfer"),
    TransferKind.ATTENDED: N_("Attended transfer"),
    TransferKind.REDIRECT: N_("Redirected"),
    TransferKind.FORWARD: N_("Forwarded"),
    TransferKind.PICKUP: N_("Pickup by a colleague"),
    TransferKind.PARK: N_("Parked"),
}

ENDED_BY: dict[EndedBy, str] = {
    EndedBy.CUSTOMER: N_("ended by the customer"),
    EndedBy.AGENT: N_("ended by the agent"),
    EndedBy.PBX: N_("ended by the PBX"),
    EndedBy.UNKNOWN: N_("unknown who ended it"),
}

KNOWN: dict[Known, Label] = {
    Known.OBSERVED: Label(N_("Observed"), N_("heard live, event by event")),
    Known.REPAIRED: Label(N_("Repaired"), N_("rebuilt from the PBX's own logs after a gap")),
    Known.INFERRED: Label(N_("Inferred"), N_("heard in part; some instants had to be inferred")),
}
"""Here `css` holds the sentence that explains the mark."""

PAUSE_REASONS: dict[str, str] = {
    "lunch": N_("Lunch"),
    "break": N_("Short break"),
    "training": N_("Training"),
    "meeting": N_("Meeting"),
}
"""What a PBX is often told as a reason, in lower case; others show as they are."""
