"""What a dialler is asked and what it answers; whoever places calls speaks these words. Pure.

The order says which leg is dialled first. An order is sent once, ever: what became of an order that was not answered
is read from the calls themselves, never found out by sending it again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol


class First(StrEnum):
    """Whose phone rings first."""

    AGENT = "agent"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One call that the PBX is asked for.

    `channel_id` names its first channel, and `channel_id` with a suffix of ours its others where Asterisk permits.
    `number` is as the trunk wants it dialled; `device` is the agent's, as `PJSIP/1001`.
    """

    channel_id: str
    first: First
    device: str
    number: str
    trunk: str
    ring: timedelta  # how long the customer's phone may ring
    caller_id: str = ""  # '' leaves it to the trunk
    account: str = ""  # accountcode, so that CDR and CEL name the attempt too
    notice: bool = False  # play the notice of recording to the customer
    variables: tuple[tuple[str, str], ...] = ()


class Placed(StrEnum):
    """What came of sending an order."""

    SENT = "sent"  # the PBX took it
    REFUSED = "refused"  # the PBX answered that it will not: nobody was dialled
    NOT_SENT = "not_sent"  # no connection: it never left
    UNKNOWN = "unknown"  # it left, and no answer came


class Dialler(Protocol):
    """The one that places orders with a PBX."""

    @property
    def connected(self) -> bool:
        """Whether an order could be sent now."""
        ...

    async def place(self, order: Order) -> tuple[Placed, str]:
        """Send an order, once; what came of it, and the PBX's words where it refused."""
        ...

    async def living(self, channel_ids: Collection[str]) -> frozenset[str]:
        """Those of these first channels that are up now. Raises ConnectionLostError, TimeoutError."""
        ...

    async def hold(self, device: str, *, on: bool) -> bool:
        """Take an agent's device out of its queues, or give it back (pause with our reason); whether it was done."""
        ...
