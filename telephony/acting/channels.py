"""The channels that are up, as CoreShowChannels lists them, and those that an act is about. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from telephony.ami.packet import Packet
from telephony.calls.legs import split_name

LOCAL = "Local/"
SPY = "ChanSpy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Up:
    """A channel that is up now."""

    name: str
    uniqueid: str
    linkedid: str
    application: str = ""  # which the dialplan runs on it

    @property
    def device(self) -> str:
        """The phone or trunk that it leads to: `PJSIP/1003`."""
        return split_name(self.name)[0]

    @property
    def is_spy(self) -> bool:
        """Whether it listens in."""
        return self.application == SPY


def channels_of(items: Iterable[Packet]) -> list[Up]:
    """The items of a CoreShowChannels."""
    return [
        Up(
            name=item.get("Channel"),
            uniqueid=item.get("Uniqueid"),
            linkedid=item.get("Linkedid"),
            application=item.get("Application"),
        )
        for item in items
        if item.get("Channel")
    ]


def leg_up(channels: Iterable[Up], uniqueid: str) -> Up | None:
    """The channel with this unique id; None where it is no more."""
    return next((each for each in channels if each.uniqueid == uniqueid), None)


def to_hang_up(channels: Iterable[Up], linkedid: str) -> list[Up]:
    """The channels whose end is the end of a call: the one that began it first, then its other real ones.

    Local halves end with their parties, and who listens in notices by himself.
    """
    mine = [each for each in channels if each.linkedid == linkedid and not each.is_spy]
    real = [each for each in mine if not each.name.startswith(LOCAL)]
    return sorted(real, key=lambda each: each.uniqueid != linkedid)
