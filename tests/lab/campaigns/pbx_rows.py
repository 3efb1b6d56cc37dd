"""What the PBX itself wrote of the attempts: channels by CEL, dispositions by CDR. Pure but for reading."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

CEL_COLUMNS = 20
EVENT, AT, NAME, ACCOUNT, UNIQUEID, LINKEDID, EXTRA = 0, 1, 9, 13, 14, 15, 19
CDR_ACCOUNT, CDR_DESTINATION, CDR_CHANNEL, CDR_PEER, CDR_ANSWER, CDR_DISPOSITION, CDR_UNIQUEID, CDR_LINKEDID = (
    *(0, 2, 5, 6),
    *(10, 14, 16, 19),
)
TRUNK = "PJSIP/trunk-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel by CEL. Instants are epoch seconds; `cause` is Q.850."""

    uniqueid: str
    linkedid: str
    name: str
    account: str
    started: float
    answered: float | None = None
    ended: float | None = None
    cause: int | None = None

    @property
    def is_customers(self) -> bool:
        return self.name.startswith(TRUNK)


@dataclass(frozen=True, slots=True, kw_only=True)
class CdrRow:
    """One row of the CDR, as far as it is compared.

    `peer` is the channel that was dialled, `answered` says whether `channel` itself was up. Where `channel` was up and
    gave up before its peer answered, Asterisk writes NO ANSWER, of the peer.
    """

    account: str
    destination: str
    channel: str
    peer: str
    answered: bool
    disposition: str
    uniqueid: str
    linkedid: str


def read_channels(path: Path) -> list[Channel]:
    """The channels of a cel_custom file, by their start; a line that a kill tore is passed over."""
    with path.open(newline="", encoding="utf-8", errors="replace") as lines:
        return channels_of(row for row in csv.reader(lines) if len(row) == CEL_COLUMNS)


def channels_of(rows: Iterable[list[str]]) -> list[Channel]:
    """Each channel with what became of it."""
    found: dict[str, Channel] = {}
    for row in rows:
        channel = found.get(row[UNIQUEID])
        if row[EVENT] == "CHAN_START":
            found[row[UNIQUEID]] = _started(row)
        elif channel is not None:
            found[row[UNIQUEID]] = _gone_on(channel, row)
    return sorted(found.values(), key=lambda channel: channel.started)


def _started(row: list[str]) -> Channel:
    return Channel(
        uniqueid=row[UNIQUEID],
        linkedid=row[LINKEDID],
        name=row[NAME],
        account=row[ACCOUNT],
        started=float(row[AT]),
    )


def _gone_on(channel: Channel, row: list[str]) -> Channel:
    at = float(row[AT])
    match row[EVENT]:
        case "ANSWER":
            return replace(channel, answered=channel.answered or at, linkedid=row[LINKEDID])
        case "HANGUP":
            return replace(channel, ended=at, cause=_cause(row[EXTRA]))
        case "CHAN_END":
            return replace(channel, ended=channel.ended or at)
    return channel


def _cause(extra: str) -> int | None:
    found = json.loads(extra).get("hangupcause") if extra.startswith("{") else None
    return None if found is None else int(found)


def read_cdr(path: Path) -> Iterator[CdrRow]:
    """The rows of a cdr_csv file."""
    with path.open(newline="", encoding="utf-8", errors="replace") as lines:
        for row in csv.reader(lines):
            if len(row) > CDR_LINKEDID:
                yield CdrRow(
                    account=row[CDR_ACCOUNT],
                    destination=row[CDR_DESTINATION],
                    channel=row[CDR_CHANNEL],
                    peer=row[CDR_PEER],
                    answered=row[CDR_ANSWER] != "",
                    disposition=row[CDR_DISPOSITION],
                    uniqueid=row[CDR_UNIQUEID],
                    linkedid=row[CDR_LINKEDID],
                )
