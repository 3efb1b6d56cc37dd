"""Who sat at which device when: pure, from an effective-dated mapping.

The PBX knows interfaces (`Local/1004@queue-agents/n`) and devices (`PJSIP/1004`); which person that was is
our knowledge and may be corrected later. A row of the mapping names an interface *or* a device. Looked up
are first the interface, then the device; who is in neither is named by the extension of the device.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from analytics.errors import MappingError
from telephony.clock import to_microseconds

BEGINNING_OF_TIME = -(2**62)
END_OF_TIME = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One agent at one interface from an instant on (None: always) until another (None: still), half-open."""

    interface: str
    agent: str
    name: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    @property
    def from_us(self) -> int:
        """Where it begins, in microseconds."""
        return BEGINNING_OF_TIME if self.valid_from is None else to_microseconds(self.valid_from)

    @property
    def to_us(self) -> int:
        """Where it ends, in microseconds."""
        return END_OF_TIME if self.valid_to is None else to_microseconds(self.valid_to)


def extension_of(interface: str) -> str:
    """`1004` of `PJSIP/1004`, of `Local/1004@queue-agents/n` and of `1004`."""
    _, slash, rest = interface.partition("/")
    return (rest if slash else interface).partition("@")[0].partition("/")[0]


class DeviceMap:
    """The mapping, ready to be asked hundreds of thousands of times."""

    def __init__(self, assignments: Iterable[Assignment] = ()) -> None:
        """Raise MappingError where two agents are at one interface at the same time."""
        self.assignments: list[Assignment] = []
        self._spans: dict[str, list[tuple[int, int, str]]] = {}
        self._places: dict[tuple[str, str], tuple[list[tuple[int, int, str]], str]] = {}
        for assignment in assignments:
            self.add(assignment)

    def add(self, new: Assignment) -> None:
        """Add one. Raise MappingError, and stay as it was, where it contradicts what is there."""
        spans = self._spans.setdefault(new.interface, [])
        if new.from_us >= new.to_us:
            raise MappingError(f"{new.interface}, {new.agent}: found from not before to, expected from < to")
        for start, end, agent in spans:
            if start < new.to_us and new.from_us < end:
                raise MappingError(
                    f"{new.interface}: found {agent} and {new.agent} at the same time, expected one at a time"
                )
        spans.append((new.from_us, new.to_us, new.agent))
        self.assignments.append(new)
        self._places.clear()

    def agent_at(self, interface: str, device: str, at_us: int) -> str:
        """Who is meant by this interface and device at this instant (microseconds)."""
        place = self._places.get((interface, device))
        if place is None:
            place = self._places[(interface, device)] = self._place(interface, device)
        for start, end, agent in place[0]:
            if start <= at_us < end:
                return agent
        return place[1]

    def _place(self, interface: str, device: str) -> tuple[list[tuple[int, int, str]], str]:
        spans = self._spans.get(interface, [])
        if device != interface:
            spans = spans + self._spans.get(device, [])
        return spans, extension_of(device or interface)

    def resolve(self, interface: str, device: str, at: datetime) -> str:
        """`agent_at` for an aware datetime."""
        return self.agent_at(interface, device, to_microseconds(at))

    def names(self) -> dict[str, str]:
        """Agent to his name, where one is given; the latest assignment that has one wins."""
        ordered = sorted(self.assignments, key=lambda each: each.from_us)
        return {each.agent: each.name for each in ordered if each.name}
