"""Who hears whom: minutes from bridges.

Parties hear each other when one bridge joins them, or bridges that Local pairs connect (a queue member behind
Local/…/n never shares the customer's bridge). A stretch begins with the later of the two joins and ends with
the earlier of the two leaves; hold is cut out of it and does not split it. Whenever a channel enters or leaves a
bridge, the parties of what it touched are counted anew.
"""

from __future__ import annotations

from datetime import timedelta

from telephony.calls.book import Book
from telephony.calls.call import Call
from telephony.calls.drafts import TalkDraft, TransferDraft
from telephony.calls.facts import Direction, Known, TalkKind
from telephony.calls.legs import Leg
from telephony.events import BridgeEnter, BridgeLeave, Hold, Spy

DEAF_TECHNOLOGIES = frozenset({"holding_bridge"})
"""Bridges whose channels do not hear each other: parking, waiting rooms."""

SWAP = timedelta(milliseconds=500)
"""Local channels that optimise themselves away take parties out of one bridge and put them into another
some milliseconds later (3 to 40 seen): one stretch."""


class Talks:
    """Keeps the stretches of talk of every leg."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._bridges: dict[str, dict[str, Leg]] = {}
        self._deaf: dict[str, None] = {}

    def enter(self, event: BridgeEnter, leg: Leg) -> None:
        """A leg joined a bridge."""
        if leg.bridge is not None and leg.bridge != event.bridge:
            self._take_out(leg)
        if event.technology in DEAF_TECHNOLOGIES:
            self._deaf[event.bridge] = None
        self._bridges.setdefault(event.bridge, {})[leg.uniqueid] = leg
        leg.bridge = event.bridge
        self._recount(event.bridge)

    def leave(self, event: BridgeLeave, leg: Leg) -> None:
        """A leg left a bridge."""
        if leg.bridge == event.bridge:
            self._take_out(leg)

    def gone(self, leg: Leg) -> None:
        """The channel is no more."""
        if leg.bridge is not None:
            self._take_out(leg)
        self._end(leg)
        for other in leg.call.legs:
            if other.aside is not None and (other is leg or leg is leg.call.customer):
                self.take_back(other)
        leg.past_talks = ()

    def take_back(self, leg: Leg) -> None:
        """The talk that this agent left on hold to consult is over."""
        talk, leg.aside = leg.aside, None
        if talk is not None:
            talk.unhold(self._book.now)
            talk.ended_at = self._book.now
            self._book.touch(talk, leg.call)

    def _set_aside(self, leg: Leg) -> None:
        """An agent who leaves a held customer's bridge consults (feature code): the customer goes on holding."""
        talk = leg.talk
        if (
            talk is not None
            and talk.kind is TalkKind.CUSTOMER
            and leg.held_since is not None
            and leg.hangup_requested_at is None
        ):
            leg.talk, leg.aside = None, talk

    def hold(self, event: Hold, leg: Leg) -> None:
        """The far end of this leg pressed hold, or took the call back."""
        if leg.local:
            return  # a Local half passes on what its party did
        leg.held_since = event.at if event.on else None
        self._cut_holds(self._hearing(leg.bridge) if leg.bridge else [leg])

    def spy(self, event: Spy) -> None:
        """A supervisor listens: nobody's minutes, told in the call that is listened to."""
        spyer, spyee = self._book.leg(event.spyer), self._book.leg(event.spyee)
        if spyer is None:
            return
        if not event.on:
            self._end(spyer)
            spyer.spying_on = None
        elif spyee is not None:
            spyer.spying_on = spyee
            others = tuple(sorted(self._label(leg) for leg in self._hearing_or_self(spyee)))
            self._begin(spyer, spyee.call, TalkKind.MONITOR, others)

    def sides(self, leg: Leg) -> tuple[list[Leg], list[Leg]]:
        """The parties whose voices come in on a channel, and those whose voices go out on it."""
        if leg.bridge is None:
            return [], []
        out = [other for other in self._hearing(leg.bridge, leg) if other is not leg]
        if leg.is_party:
            return [leg], out
        partner = leg.partner
        if partner is None or partner.bridge is None:
            return [], out
        return self._hearing(partner.bridge, partner), out

    def members(self, bridge: str) -> list[Leg]:
        """The legs in a bridge, in order of joining."""
        return list(self._bridges.get(bridge, {}).values())

    # -- counting -----------------------------------------------------------------------

    def _take_out(self, leg: Leg) -> None:
        bridge = leg.bridge
        leg.bridge = None
        if bridge is None:
            return
        members = self._bridges.get(bridge)
        if members is not None:
            members.pop(leg.uniqueid, None)
            if not members:
                del self._bridges[bridge]
                self._deaf.pop(bridge, None)
        if leg.is_party:
            self._set_aside(leg)
            leg.held_since = None
            self._settle([leg])
        elif leg.partner is not None and leg.partner.bridge is not None:
            self._recount(leg.partner.bridge)
        self._recount(bridge)

    def _recount(self, bridge: str) -> None:
        self._settle(self._hearing(bridge))

    def _hearing(self, bridge: str, without: Leg | None = None) -> list[Leg]:
        """The parties that hear each other through this bridge, in order of joining; not by way of `without`."""
        parties: list[Leg] = []
        seen = {bridge: None}
        waiting = [bridge]
        while waiting:
            current = waiting.pop()
            if current in self._deaf:
                continue
            for leg in self._bridges.get(current, {}).values():
                if leg.is_party:
                    parties.append(leg)
                elif leg is not without and leg.partner is not None and leg.partner.bridge is not None:
                    beyond = leg.partner.bridge
                    if beyond not in seen:
                        seen[beyond] = None
                        waiting.append(beyond)
        return parties

    def _hearing_or_self(self, leg: Leg) -> list[Leg]:
        found = self._hearing(leg.bridge) if leg.bridge else []
        return found or [leg]

    def _settle(self, parties: list[Leg]) -> None:
        """Give each of these parties the stretch that is true now."""
        for leg in parties[1:]:
            if leg.call is not parties[0].call and not leg.session and not parties[0].session:
                self._book.merge(parties[0].call, leg.call)
        customers = [leg for leg in parties if leg is leg.call.customer or _is_customer(leg)]
        kind = self._kind(parties, customers)
        for leg in parties:
            if kind is None or not self._is_agent(leg):
                self._end(leg)
                continue
            others = tuple(sorted(self._label(other) for other in parties if other is not leg))
            self._begin(leg, _told_in(leg, parties), kind, others)
        if kind is not None:
            self._answered(parties, customers, kind)
            self._cut_holds(parties)

    def _kind(self, parties: list[Leg], customers: list[Leg]) -> TalkKind | None:
        if len(parties) < 2:
            return None
        humans = len(parties) - len(customers)
        if customers:
            if humans == 0:
                return None
            return TalkKind.CUSTOMER if humans == 1 else TalkKind.CONFERENCE
        if any(leg.call.direction is not Direction.INTERNAL for leg in parties):
            return TalkKind.CONSULT
        return TalkKind.INTERNAL

    def _is_agent(self, leg: Leg) -> bool:
        """Whether this party's minutes are somebody's of the centre: a phone inside, or a member's mobile."""
        return not leg.outside or (leg.offering is not None and leg is not leg.call.customer)

    def _label(self, leg: Leg) -> str:
        if leg.outside:
            if leg is leg.call.customer:
                return leg.call.customer_number or "anonymous"
            return leg.number or leg.peer
        return leg.device

    def _answered(self, parties: list[Leg], customers: list[Leg], kind: TalkKind) -> None:
        call = _told_in(parties[0], parties)
        if call.answered_at is None and kind is not TalkKind.CONSULT:
            call.answered_at = self._book.now
            self._book.touch_call(call)
        if kind is TalkKind.CONSULT:
            return
        for transfer in call.transfers:
            if transfer.root is None or transfer.completed:
                continue
            if any(_new_to(transfer, leg) for leg in parties if leg not in customers):
                transfer.completed = True
                self._book.touch(transfer, call)

    # -- stretches ----------------------------------------------------------------------

    def _begin(self, leg: Leg, call: Call, kind: TalkKind, others: tuple[str, ...]) -> None:
        open_talk = leg.talk
        if open_talk is not None:
            if open_talk.kind is kind and open_talk.others == others:
                return
            self._end(leg)
        if leg.aside is not None and leg.aside.kind is kind and leg.aside.others == others:
            leg.talk, leg.aside, leg.talk_call = leg.aside, None, call
            leg.talk.unhold(self._book.now)
            self._book.touch(leg.talk, call)
            return
        if self._resume(leg, call, kind, others):
            return
        leg.talk_count += 1
        offering = leg.offering
        talk = TalkDraft(
            id=f"{self._book.pbx}/{leg.uniqueid}/talk/{leg.talk_count}",
            leg=leg.uniqueid,
            interface=leg.device if offering is None else offering.interface,
            device=leg.device,
            member_name=None if offering is None else offering.member_name,
            queue=None if offering is None else offering.queue,
            kind=kind,
            others=others,
            started_at=self._book.now,
            hold_known=self._book.whole is Known.OBSERVED,
        )
        leg.talk, leg.talk_call = talk, call
        call.talks.append(talk)
        self._book.publish(call)
        self._book.touch(talk, call)

    def _end(self, leg: Leg) -> None:
        talk = leg.talk
        if talk is None:
            return
        leg.talk = None
        leg.past_talks = (talk, *leg.past_talks[:1])
        talk.unhold(self._book.now)
        talk.ended_at = self._book.now
        self._book.touch(talk, leg.talk_call or leg.call)

    def _resume(self, leg: Leg, call: Call, kind: TalkKind, others: tuple[str, ...]) -> bool:
        """Go on with a stretch that channels swapping bridges cut a moment ago; what lay between is void."""
        for place, talk in enumerate(leg.past_talks):
            if talk.kind is not kind or talk.others != others or talk.ended_at is None:
                continue
            if self._book.now - talk.ended_at > SWAP:
                return False
            for between in leg.past_talks[:place]:
                between.ended_at = between.started_at  # of no length: no talk
                self._book.touch(between, call)
            talk.ended_at = None
            leg.talk, leg.talk_call = talk, call
            leg.past_talks = ()
            self._book.touch(talk, call)
            return True
        return False

    def _cut_holds(self, parties: list[Leg]) -> None:
        """A party's stretch is on hold while it holds, or while all the others do."""
        for leg in parties:
            talk = leg.talk
            if talk is None or leg.spying_on is not None:
                continue
            others = [other for other in parties if other is not leg]
            held = leg.held_since is not None or (
                bool(others) and all(other.held_since is not None for other in others)
            )
            if talk.hold(self._book.now) if held else talk.unhold(self._book.now):
                self._book.touch(talk, leg.call)


def _told_in(leg: Leg, parties: list[Leg]) -> Call:
    """The call that a stretch belongs to: the standing line of an Agent/… talks in the customer's call."""
    if leg.session:
        return next((other.call for other in parties if not other.session), leg.call)
    return leg.call


def _new_to(transfer: TransferDraft, leg: Leg) -> bool:
    """Whether this is somebody whom the transfer reached: another phone, or the same one rung anew."""
    if leg.started_at >= transfer.happened_at:
        return True
    talk = leg.talk
    return talk is not None and talk.started_at >= transfer.happened_at and leg.device != transfer.by


def _is_customer(leg: Leg) -> bool:
    """In a call that goes out every outside party is the customer; in one that comes in, only the caller."""
    return leg.outside and leg.call.direction is Direction.OUTBOUND and leg.offering is None
