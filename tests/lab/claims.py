"""What the PBX itself claims about a call's talk time: AgentComplete, queue_log and CDR.

Shown beside the true talk of transferred calls, where these claims go wrong.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

ENDINGS = {"COMPLETECALLER", "COMPLETEAGENT", "BLINDTRANSFER", "ATTENDEDTRANSFER", "TRANSFER"}
# Asterisk's Master.csv with uniqueid and the new columns.
CDR_COLUMNS = (
    "accountcode",
    "src",
    "dst",
    "dcontext",
    "clid",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "uniqueid",
    "userfield",
)


def open_text(path: Path) -> io.TextIOBase:
    """A file, or its .xz beside it."""
    if path.exists():
        return path.open(encoding="utf-8", errors="replace")
    return lzma.open(path.with_name(path.name + ".xz"), "rt", encoding="utf-8", errors="replace")


def packets(folder: Path, name: str = "ami.jsonl") -> Iterator[tuple[float, dict[str, str]]]:
    """Arrival time and headers (the first of a repeated name) of every packet of a capture."""
    with open_text(folder / name) as lines:
        for line in lines:
            item = json.loads(line)
            yield item["t"], dict(reversed([tuple(pair) for pair in item["packet"]]))


def queue_log(folder: Path, linkedid: str) -> list[str]:
    """Time|callid|queue|agent|event|data...; COMPLETE*: hold|talk|position."""
    found = []
    path = folder / "queue_log"
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else ():
        fields = line.split("|")
        if len(fields) > 5 and fields[1] == linkedid and fields[4] in ENDINGS:
            found.append(f"{fields[3]} {fields[4]} {'/'.join(fields[5:9])}")
    return found


def cdr(folder: Path, linkedid: str) -> list[str]:
    path = folder / "cdr.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        rows = [dict(zip(CDR_COLUMNS, row, strict=False)) for row in csv.reader(lines)]
    return [
        f"{row.get('dstchannel') or row.get('lastapp')} {row.get('billsec')} s {row.get('disposition')}"
        for row in rows
        if row.get("uniqueid") == linkedid
    ]


def report(folder: Path, calls: Iterable[Mapping[str, Any]], markdown: bool) -> Iterator[str]:
    """For each call with a transfer: the true talk and the three claims."""
    everything = [p for _, p in packets(folder) if p.get("Event") == "AgentComplete"]
    if markdown:
        yield "| transferred call | true talk | AgentComplete | queue_log | CDR billsec |"
        yield "| --- | --- | --- | --- | --- |"
    for call in calls:
        linkedid = call["linkedid"]
        true = ", ".join(f"{t['agent']} {t['talk_seconds']} s" for t in call["talks"] if t["kind"] != "consult")
        said = [
            f"{p.get('MemberName')} {p.get('TalkTime')} s {p.get('Reason')}"
            for p in everything
            if linkedid in (p.get("Linkedid"), p.get("Uniqueid"))
        ]
        cells = (
            call["scenario"],
            true,
            ", ".join(said),
            ", ".join(queue_log(folder, linkedid)),
            ", ".join(cdr(folder, linkedid)),
        )
        yield (
            ("| " + " | ".join(cell or "–" for cell in cells) + " |")
            if markdown
            else "claimed: " + " / ".join(c or "–" for c in cells)
        )
