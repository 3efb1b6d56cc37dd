"""Captured streams for the tests of the calls: the same road as live, without journal and store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from telephony.calls.facts import Fact
from telephony.calls.record import View, as_json, fold
from telephony.calls.tracker import Tracker
from telephony.events import PbxEvent
from telephony.events.decoder import Decoder
from telephony.journal.raw_source import read_capture

CAPTURES = Path(__file__).resolve().parents[2] / "scenarios" / "captures"


def captures() -> list[Path]:
    """Every captured run that has a truth beside it."""
    return sorted(path.parent for path in CAPTURES.rglob("truth.json*"))


def stream_of(folder: Path, name: str = "ami.jsonl.xz") -> Path:
    """A capture's packets."""
    return folder / name


@cache
def events_of(path: Path) -> tuple[PbxEvent, ...]:
    """The PBX events of a captured stream."""
    return tuple(_decode(path))


def _decode(path: Path) -> Iterator[PbxEvent]:
    decoders: dict[int, Decoder] = {}
    for entry in read_capture(path):
        if entry.frames:
            yield from decoders.setdefault(entry.connection, Decoder()).decode(entry.frames, entry.received_at)


def track(events: Iterable[PbxEvent], wrap_up: int = 0) -> list[Fact]:
    """The facts that a new tracker tells of these events."""
    tracker = Tracker("pbx", wrap_up=timedelta(seconds=wrap_up))
    return [fact for event in events for fact in tracker.handle(event)]


def calls_of(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    """The call records as JSON would have them."""
    return [json.loads(json.dumps(as_json(record, View()))) for record in fold(facts)]
