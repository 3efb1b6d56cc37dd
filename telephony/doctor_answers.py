"""What a PBX has shown of its set-up: its answers to harmless questions, and a look at its stream; no IO."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from telephony.ami.answers import ActionResult
from telephony.ami.packet import Packet

# What names a recording, where it is exported: the dialplan's own, FreePBX's, MixMonitor's.
RECORDING_VARIABLES = ("RECORDING", "CALLFILENAME", "MIXMONITOR_FILENAME")

_PRIVILEGES = re.compile(r"\(Priv: ([^)]*)\)\s*$")

# A command that only this write class (or `all`) allows: the way to tell a user's classes from ListCommands.
WRITE_CLASS_MARKS = {
    "ModuleLoad": "system",
    "Redirect": "call",
    "QueuePause": "agent",
    "Originate": "originate",
    "Command": "command",
    "UpdateConfig": "config",
    "UserEvent": "user",
}
# Either `system` or `reporting` allows this one, so with no mark of `system` it is `reporting`.
_REPORTING_MARK = "CoreStatus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of one queue, as QueueStatus says."""

    queue: str
    interface: str
    name: str
    state_interface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the PBX answered. None where it refused or could not be asked.

    commands: the actions that this user may send.
    settings: the headers of CoreSettings.
    skew: the PBX's clock less ours; positive when it is ahead. Known to within `skew_error`.
    """

    banner: str = ""
    commands: frozenset[str] | None = None
    settings: dict[str, str] | None = None
    members: tuple[Member, ...] | None = None
    skew: timedelta | None = None
    skew_error: timedelta = timedelta(0)

    @property
    def write_classes(self) -> frozenset[str] | None:
        """The write classes that show in the allowed commands; None if those are not known."""
        if self.commands is None:
            return None
        classes = {name for mark, name in WRITE_CLASS_MARKS.items() if mark in self.commands}
        if _REPORTING_MARK in self.commands and "system" not in classes:
            classes.add("reporting")
        return frozenset(classes)

    @property
    def version(self) -> tuple[int, ...] | None:
        """Asterisk's version, as (22, 10, 1); None if not told or not a number (`GIT-…`)."""
        text = (self.settings or {}).get("AsteriskVersion", "")
        found = re.match(r"(?:certified[/-])?(\d+(?:\.\d+)*)", text)
        return tuple(int(part) for part in found[1].split(".")) if found else None


@dataclass(slots=True, kw_only=True)
class Seen:
    """What a stretch of the event stream showed.

    classes: read classes, by the events' Privilege, with their counts.
    unstamped: events that should have a Timestamp and have none.
    variables: names of channel variables on events; empty ones count, they show that they are exported.
    recordings, named: recordings that began, and those of them whose event names the file.
    given_up: queue → how long agents were rung that the queue gave up (a busy one was not rung).
    """

    events: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    stamped: int = 0
    unstamped: int = 0
    of_channels: int = 0
    variables: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    recordings: int = 0
    named: int = 0
    queue_exits: int = 0
    queue_leaves: int = 0
    given_up: dict[str, list[timedelta]] = field(default_factory=dict)


def observe(packets: Iterable[Packet], seen: Seen) -> Seen:
    """Add what these packets show."""
    for packet in packets:
        # An answer's items have an ActionID and neither Privilege nor Timestamp.
        privileges = packet.get("Privilege")
        if packet.event and privileges:
            _observe_event(packet, privileges, seen)
    return seen


def _observe_event(packet: Packet, privileges: str, seen: Seen) -> None:
    name = packet.event
    seen.events += 1
    seen.names[name] += 1
    seen.classes[privileges.split(",")[0]] += 1
    # FullyBooted is written at the login itself and never has a Timestamp.
    if name != "FullyBooted":
        if packet.get("Timestamp"):
            seen.stamped += 1
        else:
            seen.unstamped += 1
    if packet.get("Channel") and packet.get("Uniqueid"):
        seen.of_channels += 1
        seen.variables.update(value.partition("=")[0] for value in packet.all("ChanVariable"))
    if name == "MixMonitorStart":
        seen.recordings += 1
        seen.named += any(
            value.partition("=")[0] in RECORDING_VARIABLES and not value.endswith("=")
            for value in packet.all("ChanVariable")
        )
    _observe_queue(packet, name, seen)


def _observe_queue(packet: Packet, name: str, seen: Seen) -> None:
    if name == "QueueCallerLeave":
        seen.queue_leaves += 1
    elif name == "UserEvent" and packet.get("UserEvent") == "QueueExit":
        seen.queue_exits += 1
    elif name == "AgentRingNoAnswer" and packet.get("RingTime").isdecimal():
        # Milliseconds here, though seconds in AgentConnect.
        ring = timedelta(milliseconds=int(packet.get("RingTime")))
        if ring:
            seen.given_up.setdefault(packet.get("Queue"), []).append(ring)


def read_commands(result: ActionResult) -> frozenset[str] | None:
    """The names in an answer to ListCommands; None if it was refused."""
    if not result.success:
        return None
    return frozenset(key for key, value in result.response.headers if _PRIVILEGES.search(value))


def read_members(result: ActionResult) -> tuple[Member, ...] | None:
    """The members in an answer to QueueStatus; None if it was refused."""
    if not result.success:
        return None
    return tuple(
        Member(
            queue=item.get("Queue"),
            interface=item.get("Location"),
            name=item.get("Name"),
            state_interface=item.get("StateInterface"),
        )
        for item in result.items
        if item.event == "QueueMember"
    )


def read_settings(result: ActionResult) -> dict[str, str] | None:
    """The headers of an answer to CoreSettings; None if it was refused."""
    return dict(result.response.headers) if result.success else None
