"""Facts from captures and journals, without database or network; several files are one stream in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from config.policies import Policy
from service.errors import UsageError
from service.pipeline.interpreter import Interpreter
from telephony.calls.facts import (
    FACT_NAMES,
    AgentStateFact,
    CallFact,
    Fact,
    Interval,
    Joined,
    Muted,
    OfferingFact,
    QueueVisitFact,
    TalkFact,
)
from telephony.calls.record import instant, newest
from telephony.calls.tracker import DEFAULT_TRUNKS
from telephony.journal.entries import Entry
from telephony.journal.files import SUFFIX, DayFile
from telephony.journal.raw_source import Capture
from telephony.journal.reader import list_pbxs

DEFAULT_PBX = "pbx"
FIRST_KEYS = ("id", "revision", "call_id", "at")
# Facts are kept by their newest revision only, from time to time: a month of them fits in memory.
KEEP = 200_000


def wrap_up_of(policy: Policy) -> timedelta:
    """The wrap-up that the tracker is told: that of the policy's last version, for live work and replay alike."""
    return policy.versions[-1].limits.wrap_up


def pbx_of_files(files: Sequence[Path], given: str | None) -> str:
    """The PBX's name: the given one, else that of the journal, else `pbx`."""
    if given is not None:
        return given
    for path in files:
        if path.is_dir():
            found = list_pbxs(path)
        else:
            day = DayFile.of(path) if path.suffix == SUFFIX else None
            found = [day.pbx] if day else []
        if len(found) == 1:
            return found[0]
    return DEFAULT_PBX


def hear(
    files: Sequence[Path],
    pbx: str,
    *,
    journal_pbx: str | None = None,
    trunks: tuple[str, ...] = (),
    wrap_up: timedelta = timedelta(0),
) -> list[Fact]:
    """The newest revision of each fact that these files tell, in order of first mention.

    journal_pbx: which PBX's journal, where a folder holds several.
    Raises UsageError for a file that is not there, CaptureError, JournalError.
    """
    interpreter = Interpreter(pbx, trunks=trunks or DEFAULT_TRUNKS, wrap_up=wrap_up)
    facts: list[Fact] = []
    limit = KEEP
    for entry in entries_of(files, journal_pbx):
        facts += interpreter.handle(entry)
        if len(facts) > limit:
            facts = list(newest(facts).values())
            limit = len(facts) + KEEP
    return list(newest(facts).values())


def entries_of(files: Sequence[Path], journal_pbx: str | None = None) -> Iterator[Entry]:
    """What these captures and journals hold, in order. Raises UsageError for a file that is not there."""
    for path in files:
        if not path.exists():
            raise UsageError(f"{path}: found no such file, expected a capture or a journal")
    for path in files:
        yield from Capture(path, journal_pbx if path.is_dir() else None)


# -- the public shape of a fact -----------------------------------------------------------


def began_at(fact: Fact) -> datetime:
    """When what the fact tells began."""
    match fact:
        case CallFact() | TalkFact() | AgentStateFact():
            return fact.started_at
        case QueueVisitFact():
            return fact.joined_at
        case OfferingFact():
            return fact.offered_at
        case _:
            return fact.at


def in_order(facts: Sequence[Fact]) -> list[Fact]:
    """By beginning, call, kind and id."""
    return sorted(facts, key=lambda fact: (began_at(fact), fact.call_id, FACT_NAMES[type(fact)], fact.id))


def fact_as_json(fact: Fact) -> dict[str, Any]:
    """`fact` (its name), id, revision, call_id, at, then its own fields: instants ISO, enums as their values."""
    names = [*FIRST_KEYS, *(field.name for field in fields(fact) if field.name not in FIRST_KEYS)]
    return {"fact": FACT_NAMES[type(fact)]} | {name: _plain(getattr(fact, name)) for name in names}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return instant(value)
        case Enum():
            return value.value
        case Interval():
            return {"from": instant(value.start), "to": instant(value.end)}
        case Joined():
            voices = {"heard": list(value.heard), "said": list(value.said)}
            return {"from": instant(value.start), "to": instant(value.end)} | voices
        case Muted():
            return {"from": instant(value.start), "to": instant(value.end), "direction": value.direction}
        case tuple():
            return [_plain(each) for each in value]
        case _:
            return value


def line_of(policy: Policy) -> Callable[[CallFact], tuple[str | None, str | None]]:
    """Name and service code of the line that a call came by, by the policy in force when it began."""

    def find(call: CallFact) -> tuple[str | None, str | None]:
        line = policy.resolve(call.started_at).line_of(call.did)
        return (line.name, line.code) if line else (None, None)

    return find
