"""What an act changes in the queues, as seats before and after: order, proof and the way back follow. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from telephony.acting import orders
from telephony.acting.orders import Order
from telephony.acting.seats import Seat, Standing
from telephony.calls.facts import AgentStateFact, State

Paused = tuple[str, str, str]
"""Queue, interface and reason ('' where none is told) of a member who is paused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One seat. None before: it was not there; None after: it is no more."""

    before: Seat | None
    after: Seat | None

    @property
    def back(self) -> Change:
        """What takes it back. Whoever is put in again is a dynamic member."""
        return Change(before=self.after, after=self.before)

    @property
    def seat(self) -> Seat:
        """The seat that is meant."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change of nothing")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Who is a member of what, and who is paused there, as the events of one PBX told."""

    present: Collection[tuple[str, str]] = frozenset()  # queue, interface
    paused: Collection[Paused] = frozenset()


def members_of(states: Iterable[AgentStateFact], pbx: str) -> Members:
    """What the states of agents that go on say of the queues of a PBX."""
    mine = [each for each in states if each.pbx == pbx and each.queue is not None and each.ended_at is None]
    return Members(
        present={(each.queue or "", each.interface) for each in mine if each.state is State.LOGGED_IN},
        paused={
            (each.queue or "", each.interface, each.reason or "") for each in mine if each.state is State.PAUSED
        },
    )


def pausing(seats: Iterable[Seat], reason: str) -> list[Change]:
    """To pause these, with a reason."""
    return [_to(each, paused=True, reason=reason) for each in orders.to_pause(seats, reason)]


def releasing(seats: Iterable[Seat], ours: str) -> list[Change]:
    """To let these go on; a pause for the reason `ours` is left alone."""
    return [_to(each, paused=False, reason="") for each in orders.to_release(seats, ours)]


def adding(seat: Seat) -> Change:
    """To put somebody into a queue."""
    return Change(before=None, after=replace(seat, standing=Standing.DYNAMIC))


def removing(seat: Seat) -> Change:
    """To take somebody out of a queue."""
    return Change(before=seat, after=None)


def order_of(change: Change) -> Order:
    """The action that makes a change."""
    if change.before is None:
        return orders.add(change.seat)
    if change.after is None:
        return orders.remove(change.before)
    return orders.pause(change.after, on=change.after.paused, reason=change.after.reason)


def is_proved(change: Change, members: Members) -> bool:
    """Whether the events tell what the change makes."""
    if change.after is None:
        return change.seat.key not in members.present
    if change.before is None and change.seat.key not in members.present:
        return False
    reasons = {reason for queue, interface, reason in members.paused if (queue, interface) == change.seat.key}
    return change.after.reason in reasons if change.after.paused else not reasons


def _to(seat: Seat, *, paused: bool, reason: str) -> Change:
    return Change(before=seat, after=replace(seat, paused=paused, reason=reason))
