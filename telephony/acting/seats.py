"""Who is a member of which queue, as QueueStatus says, and how somebody becomes one. Pure.

A member is known by his interface: `PJSIP/1003`, or with FreePBX `Local/1003@from-queue/n`, whose state is read from
`hint:1003@ext-local`. Whoever is put into a queue is put there as he is in his other queues, else as its other members.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from telephony.ami.packet import Packet
from telephony.calls.legs import extension_of

LOCAL = "Local/"


class Standing(StrEnum):
    """How somebody became a member."""

    STATIC = "static"  # by the queue's own configuration: nobody else takes him out
    DYNAMIC = "dynamic"  # he logged in, or was put in
    REALTIME = "realtime"  # by a database of the PBX


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One member's place in one queue."""

    queue: str
    interface: str
    state_interface: str = ""  # '' where it is the interface itself
    name: str = ""
    penalty: int = 0
    standing: Standing = Standing.DYNAMIC
    paused: bool = False
    reason: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Queue and interface: nobody sits there twice."""
        return self.queue, self.interface


def seats_of(items: Iterable[Packet]) -> list[Seat]:
    """The members among the items of a QueueStatus."""
    return [_seat(item) for item in items if item.event == "QueueMember"]


def queues_of(items: Iterable[Packet]) -> list[str]:
    """The queues among the items of a QueueStatus, by name. `default` is Asterisk's own empty one."""
    names = {item.get("Queue") for item in items if item.event == "QueueParams"}
    taken = {item.get("Queue") for item in items if item.event == "QueueMember"}
    return sorted(name for name in names | taken if name and (name != "default" or name in taken))


def seat_in(queue: str, device: str, own: Iterable[Seat], others: Iterable[Seat], name: str = "") -> Seat:
    """How whoever sits at this device becomes a member of a queue.

    own: his seats; others: those of anybody, of which this queue's count first. Without any he is one by his device.
    """
    mine = next((each for each in own if each.standing is not Standing.REALTIME), None)
    if mine is not None:
        return Seat(queue=queue, interface=mine.interface, state_interface=mine.state_interface, name=mine.name)
    ordered = sorted(others, key=lambda each: each.queue != queue)
    pattern = (
        next((each for each in ordered if each.interface.startswith(LOCAL)), None) if _local(ordered) else None
    )
    if pattern is None:
        return Seat(queue=queue, interface=device, name=name)
    there, here = extension_of(pattern.interface), extension_of(device)
    return Seat(
        queue=queue,
        interface=_moved(pattern.interface, there, here),
        state_interface=_moved(pattern.state_interface, there, here),
        name=name,
    )


def _local(ordered: list[Seat]) -> bool:
    """Whether the first that is known is behind a Local channel."""
    return bool(ordered) and ordered[0].interface.startswith(LOCAL)


def _moved(text: str, there: str, here: str) -> str:
    """`Local/1001@from-queue/n` and `hint:1001@ext-local` as they are for another extension."""
    for mark in (LOCAL, "hint:"):
        if text.startswith(f"{mark}{there}@"):
            return f"{mark}{here}{text.removeprefix(mark + there)}"
    head, slash, rest = text.partition("/")
    return f"{head}/{here}" if slash and rest == there else text


def _seat(item: Packet) -> Seat:
    interface, state = item.get("Location"), item.get("StateInterface")
    penalty, standing = item.get("Penalty"), item.get("Membership")
    return Seat(
        queue=item.get("Queue"),
        interface=interface,
        state_interface="" if state == interface else state,
        name=item.get("Name") or item.get("MemberName"),
        penalty=int(penalty) if penalty.isascii() and penalty.isdigit() else 0,
        standing=Standing(standing) if standing in set(Standing) else Standing.DYNAMIC,
        paused=item.get("Paused") == "1",
        reason=item.get("PausedReason"),
    )
