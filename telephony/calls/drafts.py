"""Facts in the making: mutable, each able to state itself as a frozen fact."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from telephony.calls.facts import (
    ClaimFact,
    DigitFact,
    Fact,
    Interval,
    OfferingFact,
    OfferingOutcome,
    OfferingSource,
    QueueVisitFact,
    RingFrom,
    TalkFact,
    TalkKind,
    TransferFact,
    TransferKind,
    VisitEnd,
)


class Draft(Protocol):
    """Something that can be stated as a fact of a call."""

    revision: int

    def fact(self, call_id: str, at: datetime) -> Fact:
        """The fact as it stands, with this draft's revision."""
        ...


@dataclass(slots=True, eq=False, kw_only=True)
class VisitDraft:
    """One caller's stay in one queue."""

    id: str
    leg: str  # uniqueid of the caller's channel
    queue: str
    position: int | None
    joined_at: datetime
    left_at: datetime | None = None
    ended: VisitEnd | None = None
    revision: int = 0

    def fact(self, call_id: str, at: datetime) -> QueueVisitFact:
        return QueueVisitFact(
            id=self.id,
            revision=self.revision,
            call_id=call_id,
            at=at,
            queue=self.queue,
            position=self.position,
            joined_at=self.joined_at,
            left_at=self.left_at,
            ended=self.ended,
        )


@dataclass(slots=True, eq=False, kw_only=True)
class OfferingDraft:
    """One time a call was offered to one device."""

    id: str
    interface: str
    device: str
    member_name: str | None
    source: OfferingSource
    queue: str | None
    root: str | None  # uniqueid of the channel on whose behalf it was dialled
    offered_at: datetime
    ring_at: datetime
    ring_from: RingFrom = RingFrom.DIAL
    consult: bool = False
    ended_at: datetime | None = None
    outcome: OfferingOutcome | None = None
    revision: int = 0

    def fact(self, call_id: str, at: datetime) -> OfferingFact:
        return OfferingFact(
            id=self.id,
            revision=self.revision,
            call_id=call_id,
            at=at,
            interface=self.interface,
            device=self.device,
            member_name=self.member_name,
            source=self.source,
            queue=self.queue,
            consult=self.consult,
            offered_at=self.offered_at,
            ring_at=self.ring_at,
            ring_from=self.ring_from,
            ended_at=self.ended_at,
            outcome=self.outcome,
        )


@dataclass(slots=True, eq=False, kw_only=True)
class TalkDraft:
    """One stretch in which an agent's leg was joined with the same others."""

    id: str
    leg: str
    interface: str
    device: str
    member_name: str | None
    queue: str | None
    kind: TalkKind
    others: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None = None
    holds: list[Interval] = field(default_factory=list)
    held_since: datetime | None = None
    hold_known: bool = True
    revision: int = 0

    def fact(self, call_id: str, at: datetime) -> TalkFact:
        holds = tuple(self.holds)
        if self.held_since is not None:
            holds += (Interval(start=self.held_since),)
        if not self.hold_known:
            holds = ()  # some may be known and some not: the stretch is told whole
        return TalkFact(
            id=self.id,
            revision=self.revision,
            call_id=call_id,
            at=at,
            interface=self.interface,
            device=self.device,
            member_name=self.member_name,
            queue=self.queue,
            kind=self.kind,
            started_at=self.started_at,
            ended_at=self.ended_at,
            holds=holds,
            hold_known=self.hold_known,
            others=self.others,
        )

    def hold(self, at: datetime) -> bool:
        """Begin to hold; says whether that changed anything."""
        if self.held_since is not None or self.ended_at is not None:
            return False
        self.held_since = at
        return True

    def unhold(self, at: datetime) -> bool:
        """Cease to hold; says whether that changed anything."""
        if self.held_since is None:
            return False
        if at > self.held_since:
            self.holds.append(Interval(start=self.held_since, end=at))
        self.held_since = None
        return True


@dataclass(slots=True, eq=False, kw_only=True)
class TransferDraft:
    """The call was handed on."""

    id: str
    happened_at: datetime
    kind: TransferKind
    by: str | None
    to: str | None
    completed: bool
    root: str | None = None  # the channel whose next answer completes it
    revision: int = 0

    def fact(self, call_id: str, at: datetime) -> TransferFact:
        return TransferFact(
            id=self.id,
            revision=self.revision,
            call_id=call_id,
            at=self.happened_at,
            kind=self.kind,
            by=self.by,
            to=self.to,
            completed=self.completed,
        )


@dataclass(slots=True, eq=False, kw_only=True)
class DigitDraft:
    """The customer pressed a digit."""

    id: str
    pressed_at: datetime
    menu: str
    digit: str
    revision: int = 0

    def fact(self, call_id: str, at: datetime) -> DigitFact:
        return DigitFact(
            id=self.id,
            revision=self.revision,
            call_id=call_id,
            at=self.pressed_at,
            menu=self.menu,
            digit=self.digit,
        )


@dataclass(slots=True, eq=False, kw_only=True)
class ClaimDraft:
    """What the PBX itself says of a talk."""

    id: str
    claimed_at: datetime
    interface: str
    source: str
    talk_seconds: int
    reason: str | None
    revision: int = 0

    def fact(self, call_id: str, at: datetime) -> ClaimFact:
        return ClaimFact(
            id=self.id,
            revision=self.revision,
            call_id=call_id,
            at=self.claimed_at,
            interface=self.interface,
            source=self.source,
            talk_seconds=self.talk_seconds,
            reason=self.reason,
        )
