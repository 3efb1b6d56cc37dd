"""The book of open calls: which leg belongs to which call, and what must be stated anew.

Linking is an equivalence relation: two channels that ever share a linkedid, or that a transfer joins, are in one
call for good. Calls merge and never split. Of two the older stays; the younger becomes an alias of it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta

from telephony.calls.call import Call
from telephony.calls.consultation import as_consultation
from telephony.calls.drafts import Draft
from telephony.calls.facts import Direction, Fact, Known
from telephony.calls.legs import SPOOL_FAILED, Leg, is_outside, split_name
from telephony.clock import EPOCH
from telephony.events import RING
from telephony.numbers import is_withheld

GRACE = timedelta(seconds=15)
"""How long an ended call still takes what comes late (Cdr, AgentComplete, OriginateResponse)."""

ASTERISK_ID = re.compile(r"(?:.*-)?\d{9,11}\.\d+\Z")
"""Unique ids that Asterisk makes itself; any other was chosen by an application (ChannelId)."""


class Book:
    """Open calls and their legs; collects the facts to state."""

    def __init__(self, pbx: str, trunks: tuple[str, ...], whole: Known = Known.OBSERVED) -> None:
        self.pbx = pbx
        self.whole = whole  # how a call is known of which nothing was missed
        self.now = EPOCH
        self._trunks = trunks
        self.legs: dict[str, Leg] = {}
        self._calls: dict[str, Call] = {}
        self._dirty: dict[Draft, Call] = {}
        self._dirty_calls: dict[Call, None] = {}
        self._ending: dict[Call, None] = {}
        self._forgetting: deque[tuple[datetime, Call]] = deque()

    # -- legs and calls -----------------------------------------------------------------

    def leg(self, uniqueid: str) -> Leg | None:
        """The leg of this channel, if it is known."""
        return self.legs.get(uniqueid)

    def begin_leg(
        self,
        uniqueid: str,
        linkedid: str,
        name: str,
        *,
        state: int,
        number: str = "",
        caller_name: str = "",
        context: str = "",
        exten: str = "",
        heard: bool = True,
    ) -> Leg | None:
        """The leg of a channel that began; `heard` says whether its beginning was.

        None for channels that are never part of a call.
        """
        if name == SPOOL_FAILED:
            return None
        found = self.legs.get(uniqueid)
        if found is not None:
            return found
        device, peer, half = split_name(name)
        call = self._call_of(uniqueid, linkedid or uniqueid)
        leg = Leg(
            uniqueid=uniqueid,
            linkedid=linkedid or uniqueid,
            name=name,
            device=device,
            peer=peer,
            local=half,
            outside=not half and is_outside(peer, context, self._trunks),
            incoming=state == RING and not half,
            number=number,
            caller_name=caller_name,
            context=context,
            exten=exten,
            started_at=self.now,
            call=call,
        )
        self.legs[uniqueid] = leg
        call.legs.append(leg)
        call.live += 1
        self._ending.pop(call, None)
        if half in ("1", "2"):
            self._pair(leg, call)
        if not heard and call.known is self.whole:
            call.known = Known.INFERRED
        self._introduce(leg, call)
        return leg

    def rename(self, leg: Leg, name: str) -> None:
        """A channel goes on under another name: a stand-in (AsyncGoto/…) took over the line of a party."""
        former = next((other for other in reversed(leg.call.legs) if other.name == name), None)
        leg.name = name
        leg.device, leg.peer, leg.local = split_name(name)
        if former is None or leg.local:
            return
        leg.outside, leg.number, leg.offering = former.outside, former.number, former.offering
        leg.up_at = leg.up_at or former.up_at
        if leg.call.customer is former:
            leg.call.customer = leg
        if leg.call.first is former:
            leg.call.first = leg
        leg.transferred = True

    def end_leg(self, leg: Leg) -> None:
        """The channel is gone; a call without any is over at the end of this event."""
        leg.ended_at = self.now
        call = leg.call
        call.live -= 1
        if call.live == 0:
            self._ending[call] = None

    def link(self, leg: Leg, linkedid: str) -> None:
        """The channel bears this linkedid now: their calls are one."""
        if not linkedid or linkedid == leg.linkedid or leg.session:
            return
        other = self._calls.get(linkedid)
        if other is None:
            self._calls[linkedid] = leg.call
            leg.call.ids.append(linkedid)
        elif other is not leg.call:
            founder = self.legs.get(linkedid)
            if founder is not None and founder.session:
                return  # the standing line of an Agent/… lends its id to every call that it takes
            self.merge(other, leg.call)
        leg.linkedid = linkedid

    def merge(self, one: Call, other: Call) -> Call:
        """Make two calls one; gives the one that stays (the older)."""
        if one is other:
            return one
        keep, drop = (one, other) if (one.started_at, one.key) <= (other.started_at, other.key) else (other, one)
        consultation = keep if keep.direction is Direction.INTERNAL is not drop.direction else drop
        consulted = as_consultation(consultation)
        for leg in drop.legs:
            leg.call = keep
        for key in drop.ids:
            self._calls[key] = keep
        keep.ids += drop.ids
        keep.legs += drop.legs
        keep.live += drop.live
        keep.aliases += drop.aliases
        for name in ("visits", "offerings", "talks", "transfers", "digits", "recordings", "others"):
            moved = getattr(drop, name)
            getattr(keep, name).extend(moved)
            for draft in moved:
                self.touch(draft, keep)
        for draft in consulted:
            self.touch(draft, keep)
        if drop.direction is not Direction.INTERNAL and keep.direction is Direction.INTERNAL:
            _take_customer(keep, drop)
        if drop.known is not self.whole:
            keep.known = drop.known
        keep.voicemail = keep.voicemail or drop.voicemail
        keep.attempt_id = keep.attempt_id or drop.attempt_id
        keep.beside = keep.beside if keep.beside is not drop else None
        drop.merged_into = keep
        drop.legs = []
        if drop.published:
            keep.aliases.append(drop.id)
            self.publish(keep)
            self._dirty_calls[drop] = None
        if keep.live:
            self._ending.pop(keep, None)
            keep.ended_at = keep.disposition = keep.ended_by = None
        self._ending.pop(drop, None)
        self.touch_call(keep)
        return keep

    def forget(self, at: datetime) -> None:
        """Let go of calls that ended long enough ago."""
        while self._forgetting and self._forgetting[0][0] <= at:
            _, call = self._forgetting.popleft()
            if call.live or call.merged_into is not None:
                continue
            for key in call.ids:
                if self._calls.get(key) is call:
                    del self._calls[key]
            for leg in call.legs:
                self.legs.pop(leg.uniqueid, None)
                leg.partner = leg.talk_call = leg.spying_on = None
            # Cut the circles, so that all of it is freed at once and not at some collector's leisure.
            call.legs = []
            call.first = call.customer = None

    def open_calls(self) -> list[Call]:
        """Calls that have a living channel, in order of their beginning."""
        found: dict[Call, None] = {}
        for leg in self.legs.values():
            if leg.ended_at is None:
                found[leg.call] = None
        return list(found)

    def call(self, any_id: str) -> Call | None:
        """The call that a uniqueid or linkedid leads to."""
        return self._calls.get(any_id)

    # -- stating ------------------------------------------------------------------------

    def publish(self, call: Call) -> None:
        """From now on this call is stated."""
        if call.published:
            return
        call.published = True
        self.touch_call(call)
        for draft in call.drafts():
            self.touch(draft, call)

    def touch(self, draft: Draft, call: Call) -> None:
        """This draft changed and must be stated anew."""
        while call.merged_into is not None:
            call = call.merged_into
        self._dirty[draft] = call

    def touch_call(self, call: Call) -> None:
        """This call changed and must be stated anew."""
        self._dirty_calls[call] = None

    def take_ended(self) -> list[Call]:
        """The calls whose last channel ended with this event; they are kept for a while for what comes late."""
        if not self._ending:
            return []
        ended = list(self._ending)
        self._ending.clear()
        for call in ended:
            self._forgetting.append((self.now + GRACE, call))
        return ended

    def flush(self) -> list[Fact]:
        """The facts that changed, calls first."""
        if not self._dirty_calls and not self._dirty:
            return []
        facts = list(self._state_all())
        self._dirty_calls.clear()
        self._dirty.clear()
        return facts

    def _state_all(self) -> Iterator[Fact]:
        for call in self._dirty_calls:
            if call.published:
                call.revision += 1
                yield call.fact(self.now)
        for draft, call in self._dirty.items():
            owner = call.merged_into or call
            if owner.published:
                draft.revision += 1
                yield draft.fact(owner.id, self.now)

    # -- beginnings ---------------------------------------------------------------------

    def _call_of(self, uniqueid: str, linkedid: str) -> Call:
        call = self._calls.get(linkedid) or self._calls.get(uniqueid)
        if call is None:
            call = Call(pbx=self.pbx, key=uniqueid, linkedid=linkedid, started_at=self.now, known=self.whole)
        for key in (uniqueid, linkedid):
            if key not in self._calls:
                self._calls[key] = call
                call.ids.append(key)
        return call

    def _pair(self, leg: Leg, call: Call) -> None:
        stem = leg.name[:-2]
        for other in reversed(call.legs):
            if other is not leg and other.local and other.name[:-2] == stem:
                leg.partner, other.partner = other, leg
                return

    def _introduce(self, leg: Leg, call: Call) -> None:
        """What the first channels tell of the call."""
        if len(call.legs) == 1:
            call.originated = not leg.incoming and leg.local != "2"
            call.attempt_id = _attempt_of(leg, call.originated)
        if not leg.is_party or call.first is not None:
            return
        call.first = leg
        if leg.incoming:
            call.caller = leg.number or None
            call.caller_name = leg.caller_name or None
            call.called = leg.exten or None
            if leg.outside:
                self._inbound(leg, call)
            elif call.caller is None:
                call.caller = leg.peer

    def _inbound(self, leg: Leg, call: Call) -> None:
        call.direction = Direction.INBOUND
        call.customer = leg
        call.did = call.called
        call.withheld = is_withheld(leg.number, leg.caller_name)
        if call.withheld:
            call.caller = None
        call.customer_number = call.caller
        self.publish(call)


def _attempt_of(leg: Leg, originated: bool) -> str | None:
    """The ChannelId that an application chose for the first channel, told by whichever is heard first."""
    if leg.linkedid != leg.uniqueid:
        return None if ASTERISK_ID.match(leg.linkedid) else leg.linkedid
    return leg.uniqueid if originated and not ASTERISK_ID.match(leg.uniqueid) else None


def _take_customer(keep: Call, drop: Call) -> None:
    """The younger call had a customer, the older had none: the customer's story is the call's."""
    keep.direction = drop.direction
    keep.customer = drop.customer
    keep.customer_number = drop.customer_number
    keep.withheld = drop.withheld
    keep.did = drop.did
    keep.caller, keep.caller_name, keep.called = drop.caller, drop.caller_name, drop.called
    keep.picked_up_at = drop.picked_up_at
    keep.answered_at = drop.answered_at
