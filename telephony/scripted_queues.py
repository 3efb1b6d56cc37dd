"""The queues of a scripted PBX: who is a member, and what pausing, adding and removing makes of it. Pure.

Answers and events are those of Asterisk 22, so that a demo can be acted on and a test be refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from telephony.ami.packet import Packet
from telephony.scripted_streams import header_of

Lines = tuple[str, ...]
_PAUSED = re.compile(rb"Paused: \d(\r\nPausedReason: [^\r]*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedMember:
    """One member of one queue."""

    queue: str
    interface: str
    name: str = ""
    dynamic: bool = False
    paused: bool = False
    reason: str = ""
    penalty: str = "0"

    def lines(self, *, listed: bool) -> Lines:
        """The headers that tell of him; a list calls his interface Location and his name Name."""
        return (
            f"Queue: {self.queue}",
            f"{'Name' if listed else 'MemberName'}: {self.name or self.interface}",
            f"{'Location' if listed else 'Interface'}: {self.interface}",
            f"StateInterface: {self.interface}",
            f"Membership: {'dynamic' if self.dynamic else 'static'}",
            f"Penalty: {self.penalty}",
            f"Paused: {int(self.paused)}",
            f"PausedReason: {self.reason}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What an action comes to: its response, and the events that everybody is told."""

    status: str
    message: str
    events: tuple[Lines, ...] = ()


@dataclass(slots=True)
class ScriptedQueues:
    """All queues and members."""

    members: dict[tuple[str, str], ScriptedMember] = field(default_factory=dict)
    queues: set[str] = field(default_factory=set)

    def seat(self, members: Iterable[ScriptedMember]) -> None:
        """Those that the script begins with."""
        for each in members:
            self.queues.add(each.queue)
            self.members.setdefault((each.queue, each.interface), each)

    def listed(self) -> list[Lines]:
        """What QueueStatus lists: queues, then members."""
        queues = [("Event: QueueParams", f"Queue: {each}", "Strategy: rrmemory") for each in sorted(self.queues)]
        members = [("Event: QueueMember", *each.lines(listed=True)) for each in self.members.values()]
        return [*queues, *members]

    def as_now(self, frame: bytes) -> bytes | None:
        """A member's event of the script as it would be now; None of one who was taken out.

        What the script itself does to members is done to ours.
        """
        if not frame.startswith(b"Event: QueueMember"):
            return frame
        key = header_of(frame, b"Queue").decode(), header_of(frame, b"Interface").decode()
        if not frame.startswith(b"Event: QueueMemberStatus"):
            self._played(frame, key)
            return frame
        if key not in self.members:
            return None if key[0] in self.queues else frame
        found = self.members[key]
        told = b"Paused: %d\r\nPausedReason: %s" % (found.paused, found.reason.encode())
        return _PAUSED.sub(lambda _: told, frame, count=1)

    def _played(self, frame: bytes, key: tuple[str, str]) -> None:
        queue, interface = key
        if frame.startswith(b"Event: QueueMemberRemoved"):
            self.members.pop(key, None)
        elif frame.startswith(b"Event: QueueMemberAdded"):
            self.queues.add(queue)
            name = header_of(frame, b"MemberName").decode("utf-8", "replace")
            added = ScriptedMember(queue=queue, interface=interface, name=name, dynamic=True)
            self.members.setdefault(key, added)
        elif key in self.members:
            paused = header_of(frame, b"Paused") == b"1"
            reason = header_of(frame, b"PausedReason").decode("utf-8", "replace") if paused else ""
            self.members[key] = replace(self.members[key], paused=paused, reason=reason)

    def answer(self, action: Packet) -> Done | None:
        """None for an action that is not about members."""
        name = action.get("Action").lower()
        if name == "queuepause":
            return self._pause(action)
        if name == "queueadd":
            return self._add(action)
        return self._remove(action) if name == "queueremove" else None

    def _pause(self, action: Packet) -> Done:
        queue, interface = action.get("Queue"), action.get("Interface")
        paused = action.get("Paused").lower() in ("true", "1", "yes")
        meant = [
            each for each in self.members.values() if each.interface == interface and queue in ("", each.queue)
        ]
        if not meant:
            return Done(status="Error", message="Interface not found")
        events = []
        for each in meant:
            reason = action.get("Reason") if paused else ""
            told = self.members[each.queue, interface] = replace(each, paused=paused, reason=reason)
            events.append(("Event: QueueMemberPause", *told.lines(listed=False)))
        word = "paused" if paused else "unpaused"
        return Done(status="Success", message=f"Interface {word} successfully", events=tuple(events))

    def _add(self, action: Packet) -> Done:
        queue, interface = action.get("Queue"), action.get("Interface")
        if queue not in self.queues:
            return Done(status="Error", message="Unable to add interface to queue: No such queue")
        if (queue, interface) in self.members:
            return Done(status="Error", message="Unable to add interface: Already there")
        paused = action.get("Paused").lower() == "true"
        told = self.members[queue, interface] = ScriptedMember(
            queue=queue,
            interface=interface,
            name=action.get("MemberName"),
            dynamic=True,
            paused=paused,
            reason=action.get("Reason") if paused else "",
            penalty=action.get("Penalty") or "0",
        )
        event = ("Event: QueueMemberAdded", *told.lines(listed=False))
        return Done(status="Success", message="Added interface to queue", events=(event,))

    def _remove(self, action: Packet) -> Done:
        key = action.get("Queue"), action.get("Interface")
        found = self.members.get(key)
        if key[0] not in self.queues:
            return Done(status="Error", message="Unable to remove interface from queue: No such queue")
        if found is None:
            return Done(status="Error", message="Unable to remove interface: Not there")
        if not found.dynamic:
            return Done(status="Error", message="Member not dynamic")
        del self.members[key]
        event = ("Event: QueueMemberRemoved", *found.lines(listed=False))
        return Done(status="Success", message="Removed interface from queue", events=(event,))
