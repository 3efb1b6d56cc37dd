"""The logs of captured runs as calls, the road that an import goes; and how far they agree with the phones."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from telephony.calls.facts import Fact
from telephony.calls.legs import extension_of
from telephony.calls.record import View, as_json, fold, newest
from telephony.calls.tracker import DEFAULT_TRUNKS
from telephony.pbxlogs.builder import Builder
from telephony.pbxlogs.files import FileLog
from telephony.pbxlogs.rows import CallRows, LogKind
from telephony.pbxlogs.staging import Staging
from tests.lab.compare import Comparison, compare, load_truth
from tests.telephony.calls.streams import CAPTURES

ALL = ("cel", "cdr", "queue_log")
TOLERANCE = 1.2
"""Whole seconds in some logs, and the phones' own clocks."""

FIELDS = (
    "lost call",
    "direction",
    "caller",
    "called",
    "did",
    "customer",
    "answered",
    "disposition",
    "ended_by",
    "started_at",
    "answered_at",
    "ended_at",
    "queue_visits",
    "offerings",
    "talks",
    "transfers",
    "ivr",
)
"""What is compared for each call; the figures within a group stand and fall with it."""


NAMES = {
    "Alice Adams": "1001",
    "Bob Brown": "1002",
    "Carol Clark": "1003",
    "Dave Dixon": "1004",
    "Erin Evans": "1005",
}
"""Members as queue_log names them; a centre gives this in its list of agents."""


def agent_of(interface: str, device: str, when: datetime) -> str:
    """The person's id."""
    return NAMES.get(interface) or extension_of(interface)


def log_of(folder: Path, kind: str) -> Path:
    """The file of a captured log: a FreePBX's CDR is its own table's columns."""
    if kind == "cdr" and (folder / "cdr-freepbx.csv").exists():
        return folder / "cdr-freepbx.csv"
    return folder / {"cel": "cel.csv.xz", "cdr": "cdr.csv", "queue_log": "queue_log"}[kind]


def stage(staging: Staging, folder: Path, kinds: Sequence[str]) -> None:
    """Read these logs of a captured run."""
    for kind in kinds:
        source = FileLog(LogKind(kind), log_of(folder, kind))
        for batch in source.batches():
            staging.add(kind, source.kind, batch)
    staging.settle()


def facts_of(folder: Path, kinds: Sequence[str] = ALL, trunks: tuple[str, ...] = DEFAULT_TRUNKS) -> list[Fact]:
    """The newest facts that these logs tell. trunks: those that the settings name."""
    with Staging() as staging:
        stage(staging, folder, kinds)
        told = Builder("pbx", trunks=trunks, until=staging.last_at()).build(staging.calls(), staging.loose())
        return list(newest(fact for facts in told for fact in facts).values())


@cache
def calls_in(folder: Path, kinds: Sequence[str] = ALL) -> tuple[CallRows, ...]:
    """The calls' rows of these logs."""
    with Staging() as staging:
        stage(staging, folder, kinds)
        return tuple(staging.calls())


@cache
def records_of(
    folder: Path, kinds: tuple[str, ...] = ALL, trunks: tuple[str, ...] = DEFAULT_TRUNKS
) -> tuple[dict[str, Any], ...]:
    """The call records that these logs tell."""
    told = (as_json(record, View(agent_of=agent_of)) for record in fold(facts_of(folder, kinds, trunks)))
    return tuple(json.loads(json.dumps(each)) for each in told)


@cache
def comparison_of(
    folder: Path, kinds: tuple[str, ...] = ALL, trunks: tuple[str, ...] = DEFAULT_TRUNKS
) -> Comparison:
    """Those records beside the phones' truth."""
    return compare(records_of(folder, kinds, trunks), load_truth(folder), tolerance=TOLERANCE, limited=True)


def field_of(name: str) -> str:
    """Which of FIELDS a discrepancy is about."""
    for field in FIELDS:
        if name == field or name.startswith((f"{field}[", f"{field}.")):
            return field
    return name


def agreement(folders: Sequence[Path], kinds: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    """By field, how many calls agree and how many there are; `extra` counts records that are no call."""
    found = dict.fromkeys(FIELDS, 0)
    total = extra = 0
    for folder in folders:
        told = comparison_of(folder, kinds)
        extra += len(told.extra)
        for pair in told.pairs:
            total += 1
            wrong = {field_of(each.field) for each in pair.differences}
            for field in FIELDS:
                missing = field != "lost call" and "lost call" in wrong
                found[field] += field not in wrong and not missing
    return {field: (right, total) for field, right in found.items()} | {"extra": (extra, total)}


def folders_with_logs() -> Iterator[Path]:
    """The captured runs that have a truth and logs."""
    for path in sorted(CAPTURES.rglob("truth.json")):
        if (path.parent / "cel.csv.xz").exists():
            yield path.parent
