"""Cuts a scenario for a test out of a journal: a range, or some calls of it, without numbers and names.

What is written is a capture (`*.jsonl`, or `*.jsonl.xz`) that `read_capture` opens. Ids, order, receive times
and Asterisk's own words are those of the journal, so the replay gives the same calls with invented parties.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from telephony.ami.packet import Packet
from telephony.ami.parser import BANNER_PREFIX, END
from telephony.clock import to_microseconds
from telephony.errors import JournalError
from telephony.journal.anonymiser import Anonymiser
from telephony.journal.entries import Entry, EntryKind
from telephony.journal.reader import read

BANNER = BANNER_PREFIX.decode() + "0.0.0"
BRIDGE_ENDING = "bridgeuniqueid"
ID_ENDINGS = ("uniqueid", "linkedid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What was written."""

    path: Path
    packets: int
    numbers: int
    names: int


def cut_scenario(
    folder: Path,
    pbx: str,
    target: Path,
    *,
    after_seq: int = 0,
    until_seq: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    ids: frozenset[str] = frozenset(),
    keep_extensions: bool = True,
    keep_variables: frozenset[str] = frozenset(),
) -> Cut:
    """Writes the entries of a range, anonymised, to target.

    ids: uniqueids or linkedids; only packets that name a channel or bridge of their calls are written then.
    The range is read up to four times, so end it before the present while the listener is at work.
    Raises JournalError; a target that cannot be written whole is not written at all.
    """

    def entries() -> Iterator[Entry]:
        return read(folder, pbx, after_seq=after_seq, until_seq=until_seq, since=since, until=until)

    return write_scenario(
        entries,
        target,
        ids=ids,
        anonymiser=Anonymiser(keep_extensions=keep_extensions, keep_variables=keep_variables),
    )


def write_scenario(
    entries: Callable[[], Iterable[Entry]], target: Path, *, ids: frozenset[str], anonymiser: Anonymiser
) -> Cut:
    """The same from any source of entries that can be read several times (a Capture, for one)."""
    wanted = _Selection(entries, ids)
    if wanted.nothing:
        raise JournalError(f"found no packet of {', '.join(sorted(ids))}, expected calls within the range")
    for entry in entries():
        for frame in entry.frames:
            packet = Packet(frame)
            if wanted.takes(packet):
                anonymiser.learn(packet)
    packets = 0
    part = target.with_name(target.name + ".part")
    try:
        with lzma.open(part, "wb") if target.suffix == ".xz" else part.open("wb") as file:
            for line, count in _lines(entries(), wanted, anonymiser):
                file.write(line)
                packets += count
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise JournalError(f"{target}: {error.strerror}, expected to write it") from error
    numbers, names = anonymiser.pseudonyms.counts
    return Cut(path=target, packets=packets, numbers=numbers, names=names)


def _lines(entries: Iterable[Entry], wanted: _Selection, anonymiser: Anonymiser) -> Iterator[tuple[bytes, int]]:
    """Each line of the capture, and whether it is a packet (1) or a banner (0)."""
    offset = 0
    for entry in entries:
        if entry.kind is EntryKind.CONNECTED:
            banner = entry.detail if entry.detail.startswith(BANNER[:-5]) else BANNER
            line, offset = _line(entry, [("", banner)], offset)
            yield line, 0
        for frame in entry.frames:
            packet = Packet(frame)
            if wanted.takes(packet):
                line, offset = _line(entry, anonymiser.anonymise(packet), offset)
                yield line, 1


def _line(entry: Entry, pairs: list[tuple[str, str]], offset: int) -> tuple[bytes, int]:
    """One line, with place and length as they would be in the stream that the line stands for."""
    length = len(Packet.from_pairs(pairs).raw) + len(END)
    at = to_microseconds(entry.received_at) / 1_000_000
    found = {"t": at, "off": offset, "len": length, "packet": pairs}
    try:
        line = json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # Bytes that are no UTF-8 are lone surrogates, which JSON can only hold escaped.
        line = json.dumps(found).encode()
    return line + b"\n", offset + length


class _Selection:
    """Which packets belong to the wanted calls; all if no id is wanted."""

    def __init__(self, entries: Callable[[], Iterable[Entry]], ids: frozenset[str]) -> None:
        self._all = not ids
        self._found = False
        self._channels: set[str] = set()
        self._bridges: set[str] = set()
        if ids:
            self._channels = _joined(map(_channel_ids, _packets(entries())), ids)
            for packet in _packets(entries()):
                if not self._channels.isdisjoint(_channel_ids(packet)):
                    self._found = True
                    self._bridges.update(_bridge_ids(packet))

    @property
    def nothing(self) -> bool:
        """Calls were wanted, but no packet names one of their channels."""
        return not self._all and not self._found

    def takes(self, packet: Packet) -> bool:
        """This packet is to be written."""
        if self._all:
            return True
        channels = _channel_ids(packet)
        return not self._channels.isdisjoint(channels) or (
            not channels and not self._bridges.isdisjoint(_bridge_ids(packet))
        )


def _packets(entries: Iterable[Entry]) -> Iterator[Packet]:
    return (Packet(frame) for entry in entries for frame in entry.frames)


def _channel_ids(packet: Packet) -> set[str]:
    return {value for key, value in packet.headers if value and _names_channel(key.lower())}


def _bridge_ids(packet: Packet) -> set[str]:
    return {value for key, value in packet.headers if value and key.lower().endswith(BRIDGE_ENDING)}


def _names_channel(key: str) -> bool:
    return key.endswith(ID_ENDINGS) and not key.endswith(BRIDGE_ENDING)


def _joined(groups: Iterable[set[str]], wanted: frozenset[str]) -> set[str]:
    """All ids that groups tie to a wanted one, however many groups lie between (union-find)."""
    parents: dict[str, str] = {}

    def root(each: str) -> str:
        while (parent := parents.setdefault(each, each)) != each:
            parents[each] = each = parents[parent]
        return each

    for group in groups:
        for each in group:
            parents[root(each)] = root(next(iter(group)))
    roots = {root(each) for each in wanted}
    return {each for each in list(parents) if root(each) in roots}
