"""Who dialled whom, and how it ended, from one call's logs. Pure.

CEL names no dialler. A CDR row does (channel and dstchannel); without one it is the channel that was in Dial or Queue
when the dialled channel began; without that (FreePBX logs no Dial) it is told from the order of beginnings: a Local
channel's second half dials its extension, else whoever came in dials.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from telephony.calls.disposition import BUSY_CAUSES, ELSEWHERE_CAUSE
from telephony.calls.legs import extension_of
from telephony.pbxlogs.dossiers import Channel, Span
from telephony.pbxlogs.rows import CdrRow

DIALLING = frozenset({"Dial", "Queue"})
SAME_MOMENT = timedelta(milliseconds=500)
ALERTS_AFTER = timedelta(milliseconds=500)
"""A device that was dialled for so long without refusing has alerted."""
NO_SUCH_PLACE = frozenset({1, 2, 3, 20, 22, 27, 28, 34, 38, 41})
"""Causes that need no ringing, however long they take."""
CONGESTION = 34


class DialEnding(NamedTuple):
    """How the dialling of a channel ended that did not answer."""

    at: datetime
    status: str
    presumed_alerting: bool


def settle(channels: Mapping[str, Channel], cdr: Sequence[CdrRow]) -> None:
    """Write into each dialled channel who dialled it."""
    by_name = {channel.name: channel for channel in channels.values()}
    told = _told_by_cdr(cdr, by_name)
    order = list(channels.values())
    for channel in order:
        if _ended_untold(channel):
            channel.dialled_as = _application_at(channel, order)
        if channel.dialled_as == "Originate":
            channel.dialler = ""
        elif channel.dialled_as:
            found = told.get(channel.uniqueid) or _by_span(channel, order) or _by_order(channel, order)
            channel.dialler = found.uniqueid if found is not None else ""


def _ended_untold(channel: Channel) -> bool:
    """A PBX that died wrote no row that names the application of a channel that still rang."""
    return (
        not channel.first_application
        and not channel.half
        and channel.begun
        and channel.ended_at is None
        and channel.linkedid != channel.uniqueid
    )


def _application_at(channel: Channel, order: Sequence[Channel]) -> str:
    """Which application somebody of the call was in when the channel began."""
    newest: Span | None = None
    for other in order:
        for span in other.spans:
            if span.application not in DIALLING or span.start > channel.started_at:
                continue
            if (span.end is None or span.end >= channel.started_at) and (
                newest is None or span.start > newest.start
            ):
                newest = span
    return "Dial" if newest is None else newest.application


def dial_string(channel: Channel, dialler: Channel | None, cdr: Sequence[CdrRow]) -> str:
    """What was dialled, without its technology, as AMI's DialString has it; the extension where no log says.

    An Originate's string is in no log, but its number is where the order named it (`CALLERID(dnid)`).
    """
    if dialler is None and channel.dialled_as == "Originate":
        return channel.dnid
    texts = [] if dialler is None else [span.data for span in dialler.spans if span.application == "Dial"]
    texts += [row.data for row in cdr if row.dest_channel == channel.name and row.application == "Dial"]
    tech, _, peer = channel.device.partition("/")
    for text in reversed(texts):
        for piece in text.partition(",")[0].split("&"):
            given, _, rest = piece.partition("/")
            if given == tech and (rest == peer or rest.startswith(f"{peer}/") or rest.endswith(f"@{peer}")):
                return rest
    return "" if dialler is None else channel.last_exten


def ending_of(channel: Channel, channels: Mapping[str, Channel], requested: Mapping[str, datetime]) -> DialEnding:
    """How the dialling of a channel ended that did not answer. `requested`: when each channel's far end hung up."""
    ended = channel.ended_at or channel.last_at
    dialler = channels.get(channel.dialler or "")
    span = _span_of(channel, dialler)
    at = ended if span is None or span.end is None else min(ended, max(span.end, channel.started_at))
    presumed = at - channel.started_at >= ALERTS_AFTER and channel.cause not in NO_SUCH_PLACE
    return DialEnding(at, _status(channel, dialler, channels, requested, at), presumed)


def _status(
    channel: Channel,
    dialler: Channel | None,
    channels: Mapping[str, Channel],
    requested: Mapping[str, datetime],
    at: datetime,
) -> str:
    if channel.cause == CONGESTION:
        return "CONGESTION"
    if channel.cause in BUSY_CAUSES:
        return "BUSY" if channel.cause == 17 else "NOANSWER"
    if channel.cause == ELSEWHERE_CAUSE and channel.uniqueid not in requested:
        return "CANCEL"
    if dialler is None:
        return "NOANSWER"
    if _has_answered_sibling(channel, channels, at) or _gave_up(dialler, channels, requested, at):
        return "CANCEL"
    if dialler.dial_status in ("CONGESTION", "CHANUNAVAIL") and _is_last(channel, dialler, channels):
        return dialler.dial_status
    return "NOANSWER"


def _gave_up(
    dialler: Channel, channels: Mapping[str, Channel], requested: Mapping[str, datetime], at: datetime
) -> bool:
    """Whether who dialled, or whoever stands behind it, hung up at this moment."""
    asked = requested.get(dialler.uniqueid)
    if asked is not None and abs(asked - at) <= SAME_MOMENT:
        return True
    return dialler.half == "2" and dialler.dial_status == "CANCEL"


def _has_answered_sibling(channel: Channel, channels: Mapping[str, Channel], at: datetime) -> bool:
    return any(
        other.dialler == channel.dialler
        and other is not channel
        and other.answered_at is not None
        and other.started_at <= at
        and abs(other.answered_at - at) <= SAME_MOMENT
        for other in channels.values()
    )


def _is_last(channel: Channel, dialler: Channel, channels: Mapping[str, Channel]) -> bool:
    later = [other for other in channels.values() if other.dialler == dialler.uniqueid]
    return bool(later) and max(later, key=lambda other: other.started_at) is channel


def _told_by_cdr(cdr: Sequence[CdrRow], by_name: Mapping[str, Channel]) -> dict[str, Channel]:
    """By dialled channel, who dialled it: the first row that names both."""
    found: dict[str, Channel] = {}
    for row in sorted(cdr, key=lambda row: row.at):
        dialler, dialled = by_name.get(row.channel), by_name.get(row.dest_channel)
        if dialler is None or dialled is None or row.application not in DIALLING:
            continue
        if dialler.started_at <= dialled.started_at and dialled.dialled_as == row.application:
            found.setdefault(dialled.uniqueid, dialler)
    return found


def _by_span(channel: Channel, order: Sequence[Channel]) -> Channel | None:
    """Who was in Dial or Queue when this channel began: of several, who dialled its name, else the latest."""
    best: tuple[bool, datetime] | None = None
    found: Channel | None = None
    for other in order:
        if other is channel or _are_halves(other, channel):
            continue
        span = _span_of(channel, other)
        if span is None:
            continue
        rank = (_names(span.data, channel), span.start)
        if best is None or rank > best:
            best, found = rank, other
    return found


def _span_of(channel: Channel, dialler: Channel | None) -> Span | None:
    if dialler is None:
        return None
    at = channel.started_at
    for span in reversed(dialler.spans):
        if span.application == channel.dialled_as and span.start <= at and (span.end is None or span.end >= at):
            return span
    return None


def _names(data: str, channel: Channel) -> bool:
    peer = channel.device.partition("/")[2]
    return channel.device in data or (bool(peer) and f"@{peer}" in data)


def _by_order(channel: Channel, order: Sequence[Channel]) -> Channel | None:
    """Without a log of the dialling: the Local half for this extension, else who began last before it."""
    before = [
        other
        for other in order
        if other is not channel
        and other.started_at <= channel.started_at
        and (other.ended_at is None or other.ended_at >= channel.started_at)
        and (other.half == "2" or other.incoming or other.dialled_as == "Originate" or other.spans)
        and not _are_halves(other, channel)
    ]
    before = [other for other in before if other.linkedid == channel.linkedid] or before
    if not channel.half:
        own = extension_of(channel.device)
        for half in before:
            if half.half == "2" and extension_of(half.device) == own:
                return half
    free = [other for other in before if other.half != "2" or not _talks_already(other, channel, order)]
    return (free or before)[-1] if before else None


def _talks_already(half: Channel, channel: Channel, order: Sequence[Channel]) -> bool:
    """Whether a Local half is through to somebody whom it dialled, and so dials nobody else."""
    return any(
        other.dialler == half.uniqueid
        and other.answered_at is not None
        and other.answered_at <= channel.started_at
        and (other.ended_at is None or other.ended_at > channel.started_at)
        for other in order
    )


def _are_halves(one: Channel, other: Channel) -> bool:
    return bool(one.half) and one.name[:-2] == other.name[:-2]
