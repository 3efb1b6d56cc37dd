"""The shapes of calls in the stream. Each places one call, drives the phones through it, and says what belongs to it.

A fault may cut any of them short at any moment: each wait ends with its call, and what was not reached is left out.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.lab.faults.phones import Phones, first_up, hang_up, lasts
from tests.lab.faults.truth import Handover, Placed
from tests.lab.softphone import Call

MEMBERS = ("1001", "1002", "1003", "1004", "1005")
COLLEAGUES = ("1006", "1007", "1008")
SUPPORT, SALES, PRIORITY = "442079460100", "442079460101", "442079460102"
QUEUE_PATIENCE, RING_PATIENCE = 45.0, 15.0
TRANSFER_SECONDS = 5.0


class Desk:
    """What a shape is given: the phones, its own chances, a customer's number, and a colleague whom no other has."""

    def __init__(self, phones: Phones, chance: random.Random, number: str, colleague: str) -> None:
        self.phones = phones
        self.chance = chance
        self.number = number
        self.colleague = colleague

    def customer_calls(self, did: str) -> Call:
        return self.phones.provider.call(did, self.number)

    def let_ring(self, *agents: str, longest: float = 2.5) -> None:
        for agent in agents:
            self.phones.plan(agent, self.number, {"ring": self.seconds(0.3, longest)})

    def seconds(self, least: float, most: float) -> float:
        return round(self.chance.uniform(least, most), 2)

    def answered(self, call: Call, patience: float = QUEUE_PATIENCE) -> Call | None:
        """The agent's end, once one has answered."""
        return first_up(lambda: self.phones.legs(self.number), call, patience)

    def talk(self, call: Call, leg: Call | None, least: float = 1.5, most: float = 8.0) -> None:
        """Until one of the two hangs up."""
        if leg is not None and lasts(call, self.seconds(least, most)):
            hang_up(*self.chance.sample((call, leg), 1))
        hang_up(call, leg)

    def placed(self, shape: str, call: Call, **more: object) -> Placed:
        return Placed(shape=shape, first=call, others=self.phones.legs(self.number), **more)  # type: ignore[arg-type]


Shape = Callable[[Desk], Placed]


def direct(desk: Desk) -> Placed:
    """A customer dials an agent."""
    agent = desk.chance.choice(MEMBERS)
    desk.let_ring(agent)
    call = desk.customer_calls(did_of(agent))
    desk.talk(call, desk.answered(call, RING_PATIENCE))
    return desk.placed("direct", call)


def direct_unanswered(desk: Desk) -> Placed:
    """Nobody answers until the customer gives up; or the phone is busy."""
    agent = desk.chance.choice(MEMBERS)
    desk.phones.plan(agent, desk.number, desk.chance.choice([{"ring": None}, {"reject": 486}]))
    call = desk.customer_calls(did_of(agent))
    lasts(call, desk.seconds(2.0, 7.0))
    hang_up(call)
    return desk.placed("direct unanswered", call)


def queue(desk: Desk) -> Placed:
    """Whoever of a queue's members is next."""
    desk.let_ring(*MEMBERS)
    call = desk.customer_calls(SUPPORT)
    desk.talk(call, desk.answered(call))
    return desk.placed("queue", call)


def queue_abandoned(desk: Desk) -> Placed:
    """All phones ring, in turn, and nobody answers."""
    for agent in MEMBERS:
        desk.phones.plan(agent, desk.number, {"ring": None})
    call = desk.customer_calls(desk.chance.choice((SUPPORT, SALES)))
    lasts(call, desk.seconds(2.0, 9.0))
    hang_up(call)
    return desk.placed("queue abandoned", call)


def queue_second_agent(desk: Desk) -> Placed:
    """The first agent lets it ring, the second answers."""
    desk.phones.plan("1001", desk.number, {"ring": None})
    desk.let_ring("1002")
    call = desk.customer_calls(PRIORITY)
    desk.talk(call, desk.answered(call))
    return desk.placed("queue, second agent", call)


def ring_all(desk: Desk) -> Placed:
    """Members behind Local channels, all rung at once."""
    desk.let_ring("1004", "1005")
    call = desk.customer_calls(SALES)
    desk.talk(call, desk.answered(call))
    return desk.placed("ring all", call)


def hold(desk: Desk) -> Placed:
    """The agent puts the customer on hold for a while."""
    desk.let_ring(*MEMBERS)
    call = desk.customer_calls(desk.chance.choice((SUPPORT, did_of("1001"))))
    leg = desk.answered(call)
    if leg is not None and lasts(leg, desk.seconds(1.0, 3.0)):
        leg.hold()
        if lasts(leg, desk.seconds(1.0, 4.0)):
            leg.unhold()
    desk.talk(call, leg, 0.5, 3.0)
    return desk.placed("hold", call)


def blind_transfer(desk: Desk) -> Placed:
    """The agent sends the customer on to a colleague."""
    desk.let_ring(*MEMBERS, desk.colleague)
    call = desk.customer_calls(desk.chance.choice((SUPPORT, SALES, did_of("1002"))))
    giver = desk.answered(call)
    if giver is None or not lasts(giver, desk.seconds(1.5, 4.0)):
        hang_up(call, giver)
        return desk.placed("blind transfer", call)
    giver.refer(desk.colleague)
    giver.referred()
    hang_up(giver)
    desk.talk(call, desk.answered(call, RING_PATIENCE), 1.5, 5.0)
    return desk.placed("blind transfer", call, handover=Handover(giver=giver))


def attended_transfer(desk: Desk) -> Placed:
    """The agent asks a colleague first, then joins the two."""
    desk.let_ring(*MEMBERS)
    call = desk.customer_calls(desk.chance.choice((SUPPORT, SALES, did_of("1003"))))
    giver = desk.answered(call)
    if giver is None or not lasts(giver, desk.seconds(1.5, 3.0)):
        hang_up(call, giver)
        return desk.placed("attended transfer", call)
    giver.hold()
    before = len(desk.phones.agents[desk.colleague].rung())
    consultation = desk.phones.agents[giver.phone.user].call(desk.colleague)
    consultation.wait_state("up", "ended", timeout=RING_PATIENCE)
    if consultation.state == "up" and lasts(consultation, desk.seconds(1.0, 3.0)) and giver.state == "up":
        giver.refer_replaces(consultation)
        giver.referred(TRANSFER_SECONDS)
    hang_up(consultation, giver)
    lasts(call, desk.seconds(1.5, 5.0))
    hang_up(call)
    return desk.placed(
        "attended transfer",
        call,
        handover=Handover(giver=giver, consultation=consultation),
        consulted=desk.phones.agents[desk.colleague].rung()[before:],
    )


def internal(desk: Desk) -> Placed:
    """An agent calls another."""
    callee = desk.chance.choice(MEMBERS)
    before = desk.phones.legs(desk.colleague)
    call = desk.phones.agents[desk.colleague].call(callee)
    if call.wait_state("up", "ended", timeout=RING_PATIENCE) and call.state == "up":
        lasts(call, desk.seconds(1.5, 5.0))
    hang_up(call)
    reached = [leg for leg in desk.phones.legs(desk.colleague) if leg not in before]
    return Placed(shape="internal", first=call, others=reached)


def outbound(desk: Desk) -> Placed:
    """An agent calls a customer."""
    desk.phones.plan("provider", desk.number, {"ring": desk.seconds(0.5, 2.5)})
    call = desk.phones.agents[desk.colleague].call("9" + desk.number)
    if call.wait_state("up", "ended", timeout=RING_PATIENCE) and call.state == "up":
        lasts(call, desk.seconds(1.5, 6.0))
    hang_up(call)
    reached = [each for each in desk.phones.provider.rung() if each.number == desk.number]
    return Placed(shape="outbound", first=call, others=reached)


def did_of(agent: str) -> str:
    """The number from outside that rings an agent."""
    return "4420794600" + agent[2:]


SHAPES: tuple[Shape, ...] = (
    direct,
    direct_unanswered,
    queue,
    queue,
    queue_abandoned,
    queue_second_agent,
    ring_all,
    hold,
    blind_transfer,
    attended_transfer,
    internal,
    outbound,
)
"""Queue calls twice as often as the others."""
