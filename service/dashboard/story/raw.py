"""The raw events of a call as they are shown: customers are hidden from who may not see them. Pure.

What a header may hold is known of each (telephony.journal.privacy); one that is not known may hold anything, and is
hidden whole. Secrets are hidden from everybody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from service.dashboard import numerals
from service.dashboard.words import Words
from telephony.ami.packet import Packet
from telephony.journal.finding import Heard
from telephony.journal.privacy import Content, content_of, content_of_arguments, content_of_variable

PAGE = 200
HIDDEN = "••••"
_NUMBER = re.compile(r"(?P<counter>-000[0-9a-f]{5}(?![0-9a-f]))|(?<![\d.])\+?\d{7,}(?!\d*\.\d)")
"""From seven digits on; but for unique ids, and the counter at the end of a channel's name."""

_SOUND = re.compile(r"[^\s,|=]+\.(?:wav|WAV|gsm|mp3|ogg|[as]law|ulaw|sln\d*)\b")
_SMALL = re.compile(r"-?\d{1,6}(?:\.\d{1,6})?")
_TOLD = (
    "Channel", "DestChannel", "Exten", "Queue", "Interface", "MemberName", "DialStatus", "Position", "Cause-txt",
    "Application", "AppData", "Variable", "Value", "TransferType", "Digit", "BridgeType", "File",
)  # fmt: skip
"""The headers that the line of an event shows; all others open below it."""

_MOST_TOLD = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEvent:
    """One event as a row, and all its headers."""

    seq: int
    at: str  # 15:42:18.042
    name: str
    told: str
    headers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """One page of a call's events."""

    events: list[RawEvent]
    names: list[tuple[str, int]]  # which events there are, and how many of each
    total: int
    chosen: int  # of the name that is filtered by
    page: int
    pages: int


def raw_page(words: Words, heard: Iterable[Heard], name: str, page: int, *, whole: bool) -> RawPage:
    """Page `page` (from 1) of the events of that name; '' is all. `whole`: numbers and names are not hidden."""
    everything = list(heard)
    counted = Counter(_name(each.packet) for each in everything)
    chosen = [each for each in everything if not name or _name(each.packet) == name]
    pages = max((len(chosen) + PAGE - 1) // PAGE, 1)
    here = min(max(page, 1), pages)
    return RawPage(
        events=[_row(words, each, whole=whole) for each in chosen[(here - 1) * PAGE : here * PAGE]],
        names=sorted(counted.items()), total=len(everything), chosen=len(chosen), page=here, pages=pages,
    )  # fmt: skip


def _name(packet: Packet) -> str:
    return packet.event or packet.response or "?"


def _row(words: Words, heard: Heard, *, whole: bool) -> RawEvent:
    headers = shown_headers(heard.packet, whole=whole)
    told = [f"{name}={value}" for name, value in headers if name in _TOLD and value]
    at = words.local(heard.received_at)
    return RawEvent(
        seq=heard.seq, at=f"{at:%H:%M:%S}.{at.microsecond // 1000:03d}", name=_name(heard.packet),
        told="  ".join(told[:_MOST_TOLD]), headers=headers,
    )  # fmt: skip


def shown_headers(packet: Packet, *, whole: bool) -> list[tuple[str, str]]:
    """The headers of a packet as this reader may see them; what is no UTF-8 is shown as a question mark."""
    headers = [(name, value.encode("utf-8", "replace").decode()) for name, value in packet.headers]
    given = {name.lower(): value for name, value in headers}
    return [(name, _shown(name, value, given, whole=whole)) for name, value in headers]


def _shown(name: str, value: str, given: dict[str, str], *, whole: bool) -> str:
    content = _content(name, given)
    if content is Content.SECRET:
        return HIDDEN if value else ""
    return value if whole or not value else hide(value, content)


def _content(name: str, given: dict[str, str]) -> Content:
    content = content_of(name)
    if content is Content.VALUE:
        return content_of_variable(given.get("variable", ""))
    if content is Content.ARGUMENTS:
        return content_of_arguments(given.get("application") or given.get("lastapplication", ""))
    return content


def hide(value: str, content: Content) -> str:
    """A value with what tells of a customer hidden."""
    match content:
        case Content.VOCABULARY:
            return value
        case Content.NAME:
            return value if value == "<unknown>" else value[:1] + "***"
        case Content.NUMBER:
            return value if value == "<unknown>" else numerals.mask(value)
        case Content.IDENTITY | Content.TECHNICAL | Content.ASSIGNMENT:
            return _NUMBER.sub(_digits, _SOUND.sub(_file, value))
        case _:
            return value if _SMALL.fullmatch(value) else HIDDEN


def _digits(found: re.Match[str]) -> str:
    return found[0] if found["counter"] else numerals.mask(found[0])


def _file(found: re.Match[str]) -> str:
    """A sound file's name may hold numbers in any form: only its ending is shown."""
    return f"****.{found[0].rpartition('.')[2]}"
