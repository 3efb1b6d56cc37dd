"""Calls that are handed on: blind, attended, picked up, parked, and consultations that led to nothing."""

from __future__ import annotations

from datetime import timedelta

from telephony.calls.book import Book
from telephony.calls.call import Call
from telephony.calls.drafts import TalkDraft, TransferDraft
from telephony.calls.facts import Direction, OfferingSource, TalkKind, TransferKind
from telephony.calls.legs import Leg, extension_of
from telephony.events import AttendedTransfer, BlindTransfer, Park
from telephony.numbers import dialled_number

SAME_MOMENT = timedelta(milliseconds=500)


class Transfers:
    """Keeps who handed what to whom."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def blind(self, event: BlindTransfer, transferer: Leg) -> None:
        """The transferee is sent on; whoever it reaches completes the transfer."""
        transferee = self._book.leg(event.transferee)
        if transferee is not None and event.success:
            transferee.transferred = True
        if self._just(transferer.call, TransferKind.PARK) is not None:
            return  # the extension that he was sent to is the parking lot
        self._add(
            transferer,
            TransferKind.BLIND,
            by=transferer.device,
            to=event.extension or None,
            completed=False,
            root=None if transferee is None or not event.success else transferee.uniqueid,
        )

    def attended(self, event: AttendedTransfer, first: Leg) -> None:
        """Two calls of one agent become one."""
        second = self._book.leg(event.second)
        far = self._far_end(event, first, second)
        if not event.success:
            self._add(first, TransferKind.ATTENDED, by=first.device, to=far, completed=False)
            return
        for uniqueid in (event.second, event.transferee, event.target):
            leg = self._book.leg(uniqueid)
            if leg is not None and leg.call is not first.call:
                self._book.merge(first.call, leg.call)
        answered = self._target_answered(event, first, second)
        for offering in first.call.offerings:
            if offering.consult and offering.source is OfferingSource.DIRECT:
                offering.source = OfferingSource.TRANSFER
                offering.consult = offering.ended_at is not None
                self._book.touch(offering, first.call)
        transferee = self._book.leg(event.transferee)
        if transferee is not None and not answered:
            transferee.transferred = True
        self._add(
            first,
            TransferKind.ATTENDED,
            by=first.device,
            to=far,
            completed=answered,
            root=None if answered else event.transferee,
        )

    def picked_up(self, winner: Leg, target: Leg) -> None:
        """A phone took the call that rang at another."""
        call = target.call
        if winner.call is not call:
            call = self._book.merge(call, winner.call)
        transfer = TransferDraft(
            id=f"{self._book.pbx}/{winner.uniqueid}/transfer/{winner.next_number()}",
            happened_at=self._book.now,
            kind=TransferKind.PICKUP,
            by=winner.device,
            to=extension_of(winner.device),
            completed=True,
        )
        call.transfers.append(transfer)
        self._book.touch(transfer, call)

    def park(self, event: Park, parkee: Leg) -> None:
        """A call is put aside, and taken back by a colleague or by time."""
        call = parkee.call
        if event.what == "parked":
            parker = self._book.leg(event.parker)
            by = parker.device if parker is not None else event.parker or None
            sent = self._just(call, TransferKind.BLIND)
            if sent is not None:
                sent.kind, sent.by, sent.to = TransferKind.PARK, by or sent.by, event.space or sent.to
                self._book.touch(sent, call)
                return
            self._add(
                parkee,
                TransferKind.PARK,
                by=by,
                to=event.space or None,
                completed=False,
                root=parkee.uniqueid,
            )
            parkee.transferred = True
        elif event.what == "retrieved":
            retriever = self._book.leg(event.retriever)
            for transfer in reversed(call.transfers):
                if transfer.kind is TransferKind.PARK and not transfer.completed:
                    transfer.completed = True
                    transfer.to = transfer.to if retriever is None else extension_of(retriever.device)
                    self._book.touch(transfer, call)
                    break

    def redirected(self, source: Leg | None, dest: Leg) -> None:
        """A customer who talked, was not transferred and is dialled on for was moved by a supervisor."""
        if source is None or source is not source.call.customer:
            return
        call = source.call
        ended = [talk for talk in call.talks if talk.ended_at is not None]
        if not ended or source.transferred or source.visit is not None or dest.call is not call:
            return
        last = ended[-1]
        agent = self._book.leg(last.leg)
        if agent is None or agent.hangup_requested_at is not None:
            return
        source.transferred = True
        transfer = TransferDraft(
            id=f"{self._book.pbx}/{source.uniqueid}/transfer/{source.next_number()}",
            happened_at=last.ended_at or self._book.now,
            kind=TransferKind.REDIRECT,
            by=None,
            to=dialled_number(dest.dial_string) or extension_of(dest.device),
            completed=False,
            root=source.uniqueid,
        )
        call.transfers.append(transfer)
        self._book.touch(transfer, call)

    def forwarded(self, dest: Leg, forward: str) -> None:
        """A phone sent the call on by itself (302)."""
        transfer = TransferDraft(
            id=f"{self._book.pbx}/{dest.uniqueid}/transfer/{dest.next_number()}",
            happened_at=self._book.now,
            kind=TransferKind.FORWARD,
            by=dest.device,
            to=extension_of(forward),
            completed=False,
            root=dest.dialled_by,
        )
        dest.call.transfers.append(transfer)
        self._book.touch(transfer, dest.call)

    def consulted(self, call: Call) -> None:
        """A consultation that was never joined ended: the customer's call that waited names it."""
        waiting = call.beside
        while waiting is not None and waiting.merged_into is not None:
            waiting = waiting.merged_into
        if waiting is None or waiting is call or call.merged_into is not None:
            return
        for talk in call.talks:
            if talk.kind is TalkKind.INTERNAL and self._waited(talk, waiting):
                named = TalkDraft(
                    id=f"{talk.id}/consult",
                    leg=talk.leg,
                    interface=talk.interface,
                    device=talk.device,
                    member_name=talk.member_name,
                    queue=talk.queue,
                    kind=TalkKind.CONSULT,
                    others=talk.others,
                    started_at=talk.started_at,
                    ended_at=talk.ended_at,
                    holds=list(talk.holds),
                    hold_known=talk.hold_known,
                )
                waiting.talks.append(named)
                self._book.touch(named, waiting)

    def _waited(self, talk: TalkDraft, waiting: Call) -> bool:
        """Whether this agent's own customer waited when he began to consult."""
        return any(
            other.device == talk.device
            and other.kind in (TalkKind.CUSTOMER, TalkKind.CONFERENCE)
            and other.started_at <= talk.started_at
            and (other.ended_at is None or other.ended_at > talk.started_at)
            for other in waiting.talks
        )

    def beside(self, leg: Leg) -> None:
        """An agent who has a customer on the line begins another call."""
        if leg.call.direction is not Direction.INTERNAL or leg.call.beside is not None:
            return
        for call in self._book.open_calls():
            if call is leg.call or call.direction is Direction.INTERNAL:
                continue
            if any(other.device == leg.device and other.talk is not None for other in call.legs):
                leg.call.beside = call
                return

    # -- parts --------------------------------------------------------------------------

    def _just(self, call: Call, kind: TransferKind) -> TransferDraft | None:
        """The transfer of this kind that was told at this very moment: parking by a transfer tells both."""
        for transfer in reversed(call.transfers):
            if transfer.kind is kind and self._book.now - transfer.happened_at <= SAME_MOMENT:
                return transfer
        return None

    def _add(
        self,
        leg: Leg,
        kind: TransferKind,
        *,
        by: str | None,
        to: str | None,
        completed: bool,
        root: str | None = None,
    ) -> None:
        transfer = TransferDraft(
            id=f"{self._book.pbx}/{leg.uniqueid}/transfer/{leg.next_number()}",
            happened_at=self._book.now,
            kind=kind,
            by=by,
            to=to,
            completed=completed,
            root=root,
        )
        leg.call.transfers.append(transfer)
        self._book.touch(transfer, leg.call)

    def _far_end(self, event: AttendedTransfer, first: Leg, second: Leg | None) -> str | None:
        """Who was consulted. A REFER within the consultation's dialog swaps transferee and target."""
        swapped = second is not None and first.started_at > second.started_at
        order = (event.transferee, event.target) if swapped else (event.target, event.transferee)
        for uniqueid in order:
            leg = self._book.leg(uniqueid)
            if leg is None or leg is leg.call.customer or leg.device == first.device:
                continue
            if leg.local and (leg.queue or (leg.partner is not None and leg.partner.queue)):
                continue
            return leg.number if leg.outside and leg.number else extension_of(leg.device)
        consult = first if second is None or swapped else second
        for leg in reversed(consult.call.legs):
            if leg.dialled_by == consult.uniqueid and leg.is_party:
                return extension_of(leg.device)
            if leg.local == "1" and leg.dialled_by is None and not leg.call.originated:
                return extension_of(leg.device)  # what a feature code dialled
        for talk in reversed(first.call.talks):
            if talk.device == first.device and talk.kind is TalkKind.CONSULT and talk.others:
                return extension_of(talk.others[0])
        return extension_of(event.target_channel) or None

    def _target_answered(self, event: AttendedTransfer, first: Leg, second: Leg | None) -> bool:
        """Whether somebody was there to be joined with, or it still rings."""
        consult = first if second is None or first.started_at > second.started_at else second
        if first is second:
            target = self._book.leg(event.target)
            return target is None or target.up_at is not None or target.answered_at is not None
        return any(talk.leg == consult.uniqueid for talk in consult.call.talks)
