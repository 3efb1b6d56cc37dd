"""Scripts of the demo, played into facts without a service."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from importlib import resources

from service.demo.demo import DEMO_TRUNKS
from service.pipeline.interpreter import Interpreter
from telephony.calls.facts import Fact
from telephony.calls.record import newest
from telephony.clock import from_microseconds
from telephony.journal.entries import Entry, EntryKind
from telephony.scripted_streams import Part, Play, Script, load_script

BEGIN_US = 1_790_000_000_000_000


@cache
def script(file: str = "plain.jsonl.xz") -> Script:
    """A captured stream of the demo."""
    with resources.as_file(resources.files("service.demo").joinpath(file)) as path:
        return load_script(path)


def entries_of(part: Part, number: int = 5, begin_us: int = BEGIN_US) -> list[Entry]:
    """One play, as the journal holds it."""
    play = Play(part, number, begin_us, 1.0)
    began = from_microseconds(begin_us)
    entries = [
        Entry(seq=1, connection=1, kind=EntryKind.STARTED, received_at=began),
        Entry(seq=2, connection=1, kind=EntryKind.CONNECTED, received_at=began),
    ]
    for index in range(len(part.script.packets)):
        at = from_microseconds(play.due_us(index))
        told = (play.packet(index),)
        entries.append(Entry(seq=3 + index, connection=1, kind=EntryKind.PACKETS, received_at=at, frames=told))
    return entries


def facts_of(entries: list[Entry]) -> list[Fact]:
    """What the tracker makes of it."""
    interpreter = Interpreter("main", trunks=DEMO_TRUNKS, wrap_up=timedelta(0))
    found = [fact for entry in entries for fact in interpreter.handle(entry)]
    return list(newest(found).values())
