"""Acts on one PBX over its manager: the only IO of acting.

    async with Actor(client) as actor:
        answered, words = await actor.send(orders.pause(seat, on=True, reason="lunch"))

The client is one of its own, for the user of actions; it is sent no events. An order is sent once.
"""

from __future__ import annotations

from enum import StrEnum

import structlog

from telephony.acting.channels import Up, channels_of
from telephony.acting.orders import Order
from telephony.acting.seats import LOCAL, Seat, queues_of, seats_of
from telephony.ami.client import Client
from telephony.ami.ordering import ANSWER_SECONDS, Ordering
from telephony.errors import ConnectionLostError, MisuseError

HINT = "hint:"


class Answered(StrEnum):
    """What the PBX said to an order. That it was done its events tell."""

    TAKEN = "taken"  # Success
    REFUSED = "refused"  # it will not: nothing was done
    NOT_SENT = "not_sent"  # no connection, or no order that can be sent: it never left
    UNKNOWN = "unknown"  # it left, and no answer came


class Actor(Ordering):
    """Sends orders and asks what is. It opens and closes the client that it is given."""

    def __init__(self, client: Client, *, answer_within: float = ANSWER_SECONDS) -> None:
        super().__init__(client, answer_within=answer_within)
        self._log = structlog.get_logger("telephony.acting").bind(pbx=str(client.address))

    async def send(self, order: Order) -> tuple[Answered, str]:
        """Send an order, once; what came of it, and the PBX's words where it refused."""
        if not self._client.connected:
            return Answered.NOT_SENT, "no connection"
        try:
            result = await self._client.action(order.action, order.pairs, within=self._within)
        except MisuseError as error:
            return Answered.NOT_SENT, str(error)
        except (ConnectionLostError, TimeoutError) as error:
            self._log.warning("actor.unanswered", action=order.action, error=str(error))
            return Answered.UNKNOWN, "no answer came"
        return (Answered.TAKEN, "") if result.success else (Answered.REFUSED, result.message)

    async def seats(self) -> tuple[list[str], list[Seat]]:
        """The queues by name, and who is a member of them.

        Raises ConnectionLostError, TimeoutError, ActionFailedError.
        """
        items = (await self._ask("QueueStatus")).items
        return queues_of(items), seats_of(items)

    async def channels(self) -> list[Up]:
        """The channels that are up. Raises as `seats` does."""
        return channels_of((await self._ask("CoreShowChannels")).items)

    async def device_state(self, device: str) -> str:
        """What a device does, as DEVICE_STATE says: NOT_INUSE, INUSE, UNAVAILABLE, INVALID …; '' where nobody knows.

        Raises as `seats` does.
        """
        return await self._value(f"DEVICE_STATE({device})")

    async def knows(self, seat: Seat) -> bool:
        """Whether the PBX knows what a member would be rung at: his device, or the hint of his extension.

        Where neither tells, as of a Local channel without a hint, it is taken for known. Raises as `seats` does.
        """
        if seat.state_interface.startswith(HINT):
            return await self._value(f"EXTENSION_STATE({seat.state_interface.removeprefix(HINT)})") not in (
                "",
                "UNKNOWN",
            )
        if seat.interface.startswith(LOCAL):
            return True
        return await self.device_state(seat.interface) not in ("", "INVALID")

    async def _value(self, variable: str) -> str:
        return (await self._ask("Getvar", [("Variable", variable)])).get("Value")
