"""A call in the making: all legs that belong together, and what is known of them so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from telephony.calls.drafts import (
    DigitDraft,
    Draft,
    OfferingDraft,
    TalkDraft,
    TransferDraft,
    VisitDraft,
)
from telephony.calls.facts import CallFact, Direction, Disposition, EndedBy, Known
from telephony.calls.legs import Leg
from telephony.calls.recording_drafts import RecordingDraft


@dataclass(slots=True, eq=False, kw_only=True)
class Call:
    """One call. Its id is fixed when it is first published; on a merge the older call's stays."""

    pbx: str
    key: str  # the uniqueid of its first channel
    linkedid: str
    started_at: datetime
    known: Known = Known.OBSERVED
    published: bool = False
    originated: bool = False
    ids: list[str] = field(default_factory=list)  # every uniqueid and linkedid that leads here
    aliases: list[str] = field(default_factory=list)
    merged_into: Call | None = None
    legs: list[Leg] = field(default_factory=list)
    live: int = 0
    first: Leg | None = None  # the first party
    customer: Leg | None = None
    direction: Direction = Direction.INTERNAL
    caller: str | None = None
    caller_name: str | None = None
    called: str | None = None
    did: str | None = None
    customer_number: str | None = None
    withheld: bool = False
    picked_up_at: datetime | None = None
    answered_at: datetime | None = None
    customer_left_at: datetime | None = None
    ended_at: datetime | None = None
    disposition: Disposition | None = None
    ended_by: EndedBy | None = None
    cause: int | None = None
    attempt_id: str | None = None
    voicemail: bool = False
    visits: list[VisitDraft] = field(default_factory=list)
    offerings: list[OfferingDraft] = field(default_factory=list)
    talks: list[TalkDraft] = field(default_factory=list)
    transfers: list[TransferDraft] = field(default_factory=list)
    digits: list[DigitDraft] = field(default_factory=list)
    recordings: list[RecordingDraft] = field(default_factory=list)
    others: list[Draft] = field(default_factory=list)
    beside: Call | None = None  # the customer's call that waited while this one was made
    revision: int = 0

    @property
    def id(self) -> str:
        """The call_id."""
        return f"{self.pbx}/{self.key}"

    def drafts(self) -> list[Draft]:
        """Everything said about this call."""
        return [
            *self.visits,
            *self.offerings,
            *self.talks,
            *self.transfers,
            *self.digits,
            *self.recordings,
            *self.others,
        ]

    def fact(self, at: datetime) -> CallFact:
        """The call as it stands."""
        merged = self.merged_into
        while merged is not None and merged.merged_into is not None:
            merged = merged.merged_into
        return CallFact(
            id=self.id,
            revision=self.revision,
            call_id=self.id if merged is None else merged.id,
            at=at,
            pbx=self.pbx,
            linkedid=self.linkedid,
            alias_ids=tuple(self.aliases),
            merged_into=None if merged is None else merged.id,
            known=self.known,
            direction=self.direction,
            caller=self.caller,
            caller_name=self.caller_name,
            called=self.called,
            did=self.did,
            customer=self.customer_number,
            customer_withheld=self.withheld,
            trunk=None if self.customer is None else self.customer.device,
            started_at=self.started_at,
            picked_up_at=self.picked_up_at,
            answered_at=self.answered_at,
            customer_left_at=self.customer_left_at,
            ended_at=self.ended_at,
            disposition=self.disposition,
            ended_by=self.ended_by,
            cause=self.cause,
            attempt_id=self.attempt_id,
        )
