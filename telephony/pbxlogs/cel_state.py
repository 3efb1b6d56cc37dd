"""What is known of a call while its CEL rows are told as events: shared by those who tell its parts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from telephony.events import PbxEvent
from telephony.pbxlogs.dialled import ending_of, settle
from telephony.pbxlogs.dossiers import Channel, channels_of, extra_of
from telephony.pbxlogs.queue_words import Words
from telephony.pbxlogs.rows import CallRows, CelRow
from telephony.pbxlogs.told import Told

TEARDOWN = timedelta(seconds=1)
"""A channel that hung up left its bridge no longer before."""
REFUSALS = frozenset({17, 34})
"""Causes that the PBX gives a caller to whom it plays busy or congestion."""


class CallState:
    """The channels of one call with all that is found out of them beforehand, and the events told so far."""

    def __init__(self, call: CallRows) -> None:
        self.call = call
        self.rows = in_strict_order(call.cel)
        self.channels = channels_of(self.rows)
        settle(self.channels, call.cdr)
        self.names = {channel.name: channel for channel in self.channels.values()}
        self.words = Words(call.queue)
        self.requests = _requests(self.rows, self.names)
        self.endings = {
            each.uniqueid: ending_of(each, self.channels, self.requests)
            for each in self.channels.values()
            if each.dialled_as and each.answered_at is None
        }
        self.ended: set[str] = set()
        self.replaced: dict[str, Channel] = {}  # by who picked up: the channel that rang
        self.told: list[Told] = []

    def say(self, at: datetime, event: PbxEvent) -> None:
        """One event more. They need not come in order of time."""
        self.told.append(Told(at, event))

    def dialler_of(self, channel: Channel) -> Channel | None:
        """Who dialled this channel, if a channel of the call did."""
        return self.channels.get(channel.dialler or "")


def interface_of(channel: Channel, channels: dict[str, Channel]) -> str:
    """The member's interface as the queue calls it: a Local channel that stays was dialled with /n."""
    if not channel.half:
        return channel.device
    optimised = any(each.optimised for each in channels.values() if each.name[:-2] == channel.name[:-2])
    return channel.device if optimised else f"{channel.device}/n"


def in_strict_order(rows: Sequence[CelRow]) -> list[CelRow]:
    """The rows with instants that grow: of a log in whole seconds the order within one is all that is known."""
    found: list[CelRow] = []
    last: datetime | None = None
    for row in rows:
        at = row.at if last is None or row.at > last else last + timedelta(microseconds=1)
        found.append(row if at == row.at else row._replace(at=at))
        last = at
    return found


def _requests(rows: Iterable[CelRow], names: dict[str, Channel]) -> dict[str, datetime]:
    """When the far end of each channel hung up: the first HANGUP row that names it as the source."""
    found: dict[str, datetime] = {}
    left: dict[str, datetime] = {}
    for row in rows:
        if row.event == "BRIDGE_EXIT":
            left[row.channel] = row.at
        if row.event != "HANGUP":
            continue
        extra = extra_of(row)
        channel = names.get(extra.get("hangupsource", ""))
        if channel is None or channel.uniqueid in found or _was_refused(channel, row):
            continue
        exits = [at for at in (left.get(row.channel), left.get(channel.name)) if at is not None]
        found[channel.uniqueid] = min((at for at in exits if row.at - at <= TEARDOWN), default=row.at)
    return found


def _was_refused(channel: Channel, row: CelRow) -> bool:
    """The PBX played busy or congestion to a caller: he only took his leave."""
    return (
        channel.name == row.channel
        and channel.incoming
        and channel.answered_at is None
        and channel.cause in REFUSALS
    )
