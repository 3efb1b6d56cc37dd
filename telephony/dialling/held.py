"""Which queue memberships an agent leaves while a call is placed for him, and which he gets back. Pure.

The pause itself says whose it is, by its reason: so after a restart nothing must be remembered, and a pause that the
agent or his leader set is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from telephony.ami.packet import Packet
from telephony.calls.legs import extension_of

REASON = "three-rings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One agent's place in one queue, as QueueStatus says."""

    queue: str
    interface: str
    state_interface: str
    paused: bool
    reason: str

    def is_of(self, device: str) -> bool:
        """Whether this device rings for it: its interface, what its state is read from, or its Local extension."""
        if device in (self.interface, self.state_interface):
            return True
        return self.interface.startswith("Local/") and extension_of(self.interface) == extension_of(device)


def memberships(items: Iterable[Packet]) -> list[Membership]:
    """The members among the items of a QueueStatus."""
    return [
        Membership(
            queue=item.get("Queue"),
            interface=item.get("Location"),
            state_interface=item.get("StateInterface"),
            paused=item.get("Paused") == "1",
            reason=item.get("PausedReason"),
        )
        for item in items
        if item.event == "QueueMember"
    ]


def to_pause(mine: Iterable[Membership]) -> list[Membership] | None:
    """Those to pause; None if somebody else has paused all of them: he is not free."""
    all_of_them = list(mine)
    free = [each for each in all_of_them if not each.paused]
    ours = any(each.paused and each.reason == REASON for each in all_of_them)
    return free if free or ours or not all_of_them else None


def to_release(mine: Iterable[Membership]) -> list[Membership]:
    """Those that we paused."""
    return [each for each in mine if each.paused and each.reason == REASON]
