"""An act, who does it, and what came of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.auth.rights import Right, Seen, Visitor

UNDO = timedelta(seconds=6)
"""So long an act can be taken back."""


class Deed(StrEnum):
    """What is done."""

    PAUSE = "pause"  # out of all his queues, with a reason
    UNPAUSE = "unpause"
    ADD = "add"  # to a queue
    REMOVE = "remove"  # from a queue
    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"
    HANG_UP = "hang_up"
    UNDO = "undo"


RIGHT_OF = {
    Deed.PAUSE: Right.AGENTS,
    Deed.UNPAUSE: Right.AGENTS,
    Deed.ADD: Right.AGENTS,
    Deed.REMOVE: Right.AGENTS,
    Deed.UNDO: Right.AGENTS,
    Deed.LISTEN: Right.SPY,
    Deed.WHISPER: Right.SPY,
    Deed.BARGE: Right.SPY,
    Deed.HANG_UP: Right.HANG_UP,
}


class Outcome(StrEnum):
    """What came of it."""

    DONE = "done"  # the PBX's event told so
    RINGS = "rings"  # the supervisor's phone rings: he hears the call when he answers
    NOTHING = "nothing"  # it was so already
    REFUSED = "refused"  # the PBX will not
    NOT_SENT = "not_sent"  # there is no connection: nothing was done
    UNKNOWN = "unknown"  # it was sent, and no answer came
    UNPROVEN = "unproven"  # the PBX took it, and no event of it was heard


WELL = frozenset({Outcome.DONE, Outcome.RINGS, Outcome.NOTHING})


class Why(StrEnum):
    """Why nothing was sent."""

    NO_PBX = "no_pbx"  # no PBX's settings let anybody act
    NO_LINE = "no_line"  # the connection of actions is down, or the PBX did not answer
    NO_QUEUE = "no_queue"  # he is in no queue
    NO_SUCH_QUEUE = "no_such_queue"  # the PBX has none of this name
    NO_DEVICE = "no_device"  # the PBX knows no phone of him
    NOT_MEMBER = "not_member"  # he is not in this queue
    STATIC = "static"  # by the queue's own configuration: nobody takes him out here
    NO_REASON = "no_reason"  # one is needed
    BAD_TEXT = "bad_text"  # a reason that no line can hold
    NOT_TALKING = "not_talking"
    OWN_CALL = "own_call"  # the phone that would listen is in the call, or is the agent's
    NO_PHONE = "no_phone"  # where the supervisor sits is not known
    BAD_PHONE = "bad_phone"  # no extension of the centre
    PHONE_AWAY = "phone_away"  # it is not registered, or there is none
    PHONE_BUSY = "phone_busy"
    CALL_OVER = "call_over"
    NOT_ALLOWED = "not_allowed"  # the settings permit no hanging up on this PBX
    TOO_LATE = "too_late"  # to take it back


class ImpossibleError(Exception):
    """It cannot be done as things stand: nothing was sent. `about` names a queue, a phone, the PBX's words."""

    def __init__(self, why: Why, about: str = "") -> None:
        self.why, self.about = why, about
        super().__init__(f"{why.value} {about}".rstrip())


class HiddenError(Exception):
    """He has no right to it, or it is not there: that looks the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who acts. `by` is the name that goes on record where no account says it."""

    visitor: Visitor
    seen: Seen
    address: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of an act. `words` are the PBX's own; `undo_until` where it can be taken back."""

    id: str
    at: datetime
    deed: Deed
    agent: str
    subject: str  # a queue, a call's id, or ''
    outcome: Outcome
    words: str = ""
    undo_until: datetime | None = None
