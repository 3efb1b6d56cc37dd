"""The dialler of one PBX over its manager: the only IO of placing calls.

    async with AmiDialler(client, lines) as dialler:
        placed, words = await dialler.place(order)

The client is one of its own, for the user of actions, and nobody else takes its stream. An order is sent once. What
came of one that had no answer is learned from the calls, never by asking again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import structlog

from telephony.ami.client import Client
from telephony.ami.ordering import ANSWER_SECONDS, Ordering
from telephony.dialler import Order, Placed
from telephony.dialling.held import REASON, Membership, memberships, to_pause, to_release
from telephony.dialling.orders import Lines, originate
from telephony.errors import ActionFailedError, ConnectionLostError, MisuseError

KNOWN_SECONDS = 60.0
"""So long it is not asked anew which interfaces belong to which device."""


class AmiDialler(Ordering):
    """A `telephony.dialler.Dialler`. It opens and closes the client that it is given."""

    def __init__(self, client: Client, lines: Lines, *, answer_within: float = ANSWER_SECONDS) -> None:
        super().__init__(client, answer_within=answer_within)
        self._lines = lines
        self._log = structlog.get_logger("telephony.dialling").bind(pbx=str(client.address))
        self._members: list[Membership] = []
        self._known_until = 0.0

    async def place(self, order: Order) -> tuple[Placed, str]:
        """Send an order, once; what came of it, and the PBX's words where it refused.

        A cancelled call leaves it as unknown as one without an answer: it may have left.
        """
        try:
            pairs = originate(order, self._lines)
        except MisuseError as error:
            return Placed.NOT_SENT, str(error)
        if not self._client.connected:
            return Placed.NOT_SENT, "no connection"
        try:
            result = await self._client.action("Originate", pairs, within=self._within)
        except MisuseError as error:
            return Placed.NOT_SENT, str(error)
        except (ConnectionLostError, TimeoutError) as error:
            self._log.warning("dialler.unanswered", attempt=order.channel_id, error=str(error))
            return Placed.UNKNOWN, str(error)
        return (Placed.SENT, "") if result.success else (Placed.REFUSED, result.message)

    async def living(self, channel_ids: Collection[str]) -> frozenset[str]:
        """Those of these attempts of which any channel is up now, be it not the first any more.

        Raises ConnectionLostError, TimeoutError, ActionFailedError.
        """
        if not channel_ids:
            return frozenset()
        up = (await self._ask("CoreShowChannels")).items
        seen = {item.get(header) for item in up for header in ("Uniqueid", "Linkedid")}
        return frozenset(each for each in channel_ids if each in seen)

    async def hold(self, device: str, *, on: bool) -> bool:
        """Take an agent's device out of its queues, or give it back; whether it was done.

        Who is in no queue has nothing to be taken out of: that is done. False: he is paused for another reason, or
        the PBX refused or did not answer; then nothing of ours is left paused as far as it can be helped.
        """
        try:
            mine = await self._memberships(device)
            wanted = to_pause(mine) if on else to_release(mine)
            if wanted is None:
                return False
            done = [await self._pause(each, on) for each in wanted]
            if on and not all(done):
                for each in wanted:
                    await self._pause(each, False)
            return all(done)
        except (ConnectionLostError, TimeoutError, ActionFailedError) as error:
            self._log.warning("dialler.hold_failed", device=device, on=on, error=str(error))
            return False

    async def _memberships(self, device: str) -> list[Membership]:
        """How the device's memberships stand now: asked of its interfaces only, where they are known."""
        interfaces = {each.interface for each in self._members if each.is_of(device)}
        if not interfaces or asyncio.get_running_loop().time() >= self._known_until:
            self._members = memberships((await self._ask("QueueStatus")).items)
            self._known_until = asyncio.get_running_loop().time() + KNOWN_SECONDS
            return [each for each in self._members if each.is_of(device)]
        found: list[Membership] = []
        for interface in sorted(interfaces):
            found += memberships((await self._ask("QueueStatus", [("Member", interface)])).items)
        return [each for each in found if each.is_of(device)]

    async def _pause(self, membership: Membership, on: bool) -> bool:
        pairs = [
            ("Queue", membership.queue),
            ("Interface", membership.interface),
            ("Paused", str(on).lower()),
            ("Reason", REASON if on else ""),
        ]
        return (await self._client.action("QueuePause", pairs, within=self._within)).success
