"""What is to be told to whom: a notice, before anybody has thought of channels or words.

A notice's id is made of what it tells, of what, and to whom, so that the same is never told twice. Its text is made
when it is sent, in the language of its recipient.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from config.notices import Recipient
from schedulers.followups.records import Attributes

ID_DIGITS = 20


class Topic(StrEnum):
    """What a notice tells."""

    OVERDUE = "overdue"  # its due time is past
    NEAR = "near"  # a promised time is near
    UNACKNOWLEDGED = "unacknowledged"  # its owner was reminded of it, and did not answer
    ESCALATED = "escalated"  # brought before a leader for another reason
    AT_ONCE = "at_once"  # it arose, and is of the sort that is told at once: a crisis
    CANNOT_BE_MET = "cannot_be_met"  # no permitted time, cap or number before it is due
    MUST_DECIDE = "must_decide"  # tried as often as permitted: to be closed, or handed to a person
    HANDED_OVER = "handed_over"  # somebody has it from now on
    ORPHANED = "orphaned"  # its owner is gone, and it came to the leader
    PBX_GAP = "pbx_gap"  # a PBX is not heard
    PBX_GAP_OVER = "pbx_gap_over"  # it was not heard for a while, and is heard again
    COVERAGE = "recording_coverage"  # of a queue's talks of the day before too few have a recording
    STEREO_COVERAGE = "stereo_coverage"  # too few have one with two channels
    TEST = "test"  # somebody tries a channel


URGENT = frozenset({Topic.AT_ONCE, Topic.PBX_GAP, Topic.PBX_GAP_OVER, Topic.TEST})
"""Topics that quiet hours do not hold back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to be told. `about` names the occasion: a follow-up and what of it, or a gap.

    `details` are what its text is made of, by name; a customer's number in them is masked. `wanted_at` is when it
    arose. After `until_at` it is of no use and is not sent any more; None: it is of use always.
    """

    topic: Topic
    about: str
    recipient: Recipient
    wanted_at: datetime
    details: Attributes = ()
    until_at: datetime | None = None

    @property
    def id(self) -> str:
        """The same for the same thing told to the same recipient."""
        return id_of(self.topic.value, self.about, str(self.recipient))

    @property
    def is_urgent(self) -> bool:
        """Whether quiet hours do not hold it back."""
        return self.topic in URGENT


def id_of(*parts: str) -> str:
    """A short stable digest of some texts."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:ID_DIGITS]
