"""Sends what an act comes to, and says what came of it: the PBX's answers and the events of the listener together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from service.acting.actors import Stage
from service.acting.records import ImpossibleError, Outcome, Why
from service.acting.witness import Witness
from service.live.hub import LiveHub
from telephony.acting.actor import Answered
from telephony.acting.changes import Change, is_proved, members_of, order_of
from telephony.acting.orders import Order
from telephony.errors import ActionFailedError, ConnectionLostError

Found = TypeVar("Found")

FAILED = {
    Answered.REFUSED: Outcome.REFUSED,
    Answered.NOT_SENT: Outcome.NOT_SENT,
    Answered.UNKNOWN: Outcome.UNKNOWN,
}


async def asked(stage: Stage, question: Callable[[], Awaitable[Found]]) -> Found:
    """What the PBX answers. Raises ImpossibleError where it does not, or may not tell us."""
    try:
        return await question()
    except (ConnectionLostError, TimeoutError):
        raise ImpossibleError(Why.NO_LINE, stage.pbx) from None
    except ActionFailedError as error:
        raise ImpossibleError(Why.NO_LINE, f"{stage.pbx}: {error}") from None


async def send(stage: Stage, order: Order) -> tuple[Outcome | None, str]:
    """None where the PBX took it."""
    answered, words = await stage.actor.send(order)
    return FAILED.get(answered), words


async def change(
    stage: Stage, changes: Sequence[Change], hub: LiveHub, witness: Witness
) -> tuple[Outcome, str, list[Change]]:
    """Make changes one after the other, up to the first that fails; those that the PBX took are told too.

    Done is what the PBX's events tell, not what it answers.
    """
    if not changes:
        return Outcome.NOTHING, "", []
    taken: list[Change] = []
    for each in changes:
        failed, words = await send(stage, order_of(each))
        if failed is Outcome.UNKNOWN:
            taken.append(each)
        if failed is not None:
            return failed, f"{each.seat.queue}: {words}" if len(changes) > 1 else words, taken
        taken.append(each)

    def done() -> bool:
        members = members_of(hub.current.states(), stage.pbx)
        return all(is_proved(each, members) for each in changes)

    return Outcome.DONE if await witness.sees(done) else Outcome.UNPROVEN, "", taken
