"""What a supervisor does, as the pairs of the manager's actions. Pure.

A pause is asked for each queue by name: so one that a placed call has set is left alone. Who listens in is rung at his
own phone, and hears the one channel that is named and no other: its end is the end of listening (E), no key leads to
another channel (d), and no tone tells of it (q).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from telephony.acting.channels import Up
from telephony.acting.seats import Seat
from telephony.ami.actions import Pair
from telephony.errors import MisuseError

RING = timedelta(seconds=20)
"""So long the supervisor's own phone may ring."""
_PHONE = re.compile(r"[A-Za-z][A-Za-z0-9]*/[A-Za-z0-9_.-]+")
_CHANNEL = re.compile(r"[A-Za-z][A-Za-z0-9]*/[^,|&\s]+")


class Ear(StrEnum):
    """How a call is listened to. A key changes it: 4 listens, 5 whispers, 6 barges in."""

    LISTEN = "listen"  # hears both, is heard by nobody
    WHISPER = "whisper"  # the agent alone hears him
    BARGE = "barge"  # both hear him


_OPTIONS = {Ear.LISTEN: "qduE", Ear.WHISPER: "qduEw", Ear.BARGE: "qduEB"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One action: its name and pairs."""

    action: str
    pairs: tuple[Pair, ...]


def pause(seat: Seat, *, on: bool, reason: str = "") -> Order:
    """Take a member out of a queue for a while, or back into it."""
    told = [("Queue", seat.queue), ("Interface", seat.interface), ("Paused", str(on).lower())]
    return Order(action="QueuePause", pairs=(*told, ("Reason", reason if on else "")))


def add(seat: Seat) -> Order:
    """Put a member into a queue, paused where he was."""
    told = [
        ("Queue", seat.queue),
        ("Interface", seat.interface),
        ("Penalty", str(seat.penalty)),
        ("Paused", str(seat.paused).lower()),
        *([("MemberName", seat.name)] if seat.name else []),
        *([("StateInterface", seat.state_interface)] if seat.state_interface else []),
        *([("Reason", seat.reason)] if seat.paused and seat.reason else []),
    ]
    return Order(action="QueueAdd", pairs=tuple(told))


def remove(seat: Seat) -> Order:
    """Take a member out of a queue. The PBX refuses it of a static one."""
    return Order(action="QueueRemove", pairs=(("Queue", seat.queue), ("Interface", seat.interface)))


def listen(phone: str, heard: Up, ear: Ear, *, shown: str = "", ring: timedelta = RING) -> Order:
    """Ring a phone and let it hear a channel. `shown` is what the phone shows.

    Raises MisuseError for a phone or channel that is none.
    """
    if not _PHONE.fullmatch(phone):
        raise MisuseError(f"phone: found {phone[:40]!r}, expected one such as PJSIP/1006")
    if not _CHANNEL.fullmatch(heard.name):
        raise MisuseError("channel: found a name that ChanSpy cannot be given, expected one without commas")
    told = [
        ("Channel", phone),
        ("Application", "ChanSpy"),
        ("Data", f"{heard.name},{_OPTIONS[ear]}"),
        ("Timeout", str(ring // timedelta(milliseconds=1))),
        *([("CallerID", shown)] if shown else []),
        ("Async", "true"),
    ]
    return Order(action="Originate", pairs=tuple(told))


def hang_up(channel: Up) -> Order:
    """End a channel, as if its party had hung up."""
    return Order(action="Hangup", pairs=(("Channel", channel.name), ("Cause", "16")))


def to_pause(seats: Iterable[Seat], reason: str) -> list[Seat]:
    """The seats that are not paused for this reason yet."""
    return [each for each in seats if not (each.paused and each.reason == reason)]


def to_release(seats: Iterable[Seat], ours: str) -> list[Seat]:
    """The seats that are paused, but for what `ours` says: a placed call that is on its way to him."""
    return [each for each in seats if each.paused and each.reason != ours]
