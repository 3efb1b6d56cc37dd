"""A list of recordings as rows of text for the template. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analytics.recordings.conditions import FileCondition
from analytics.recordings.values import Layout
from analytics.storage.recording_files import OrphanRecording
from service.dashboard import labels, numerals
from service.dashboard.catalogues import marked
from service.dashboard.labels import Label
from service.dashboard.recordings.query import LENGTHS, RecordingQuery, Show
from service.dashboard.recordings.source import ListedFile
from service.dashboard.rows import Mark, call_link, mark, party_text
from service.dashboard.words import Words
from telephony.clock import from_microseconds

CONDITIONS = {
    FileCondition.READY: Label(marked("Can be heard"), "good", "circle-check"),
    FileCondition.GROWING: Label(marked("Being recorded"), "acc", "mic"),
    FileCondition.EMPTY: Label(marked("Nothing recorded"), "", "circle-dashed"),
    FileCondition.BROKEN: Label(marked("Not readable"), "bad", "octagon-alert"),
    FileCondition.UNPLAYABLE: Label(marked("Not playable here"), "warn", "triangle-alert"),
    FileCondition.MISSING: Label(marked("Not there any more"), "warn", "triangle-alert"),
    FileCondition.DESTROYED: Label(marked("Destroyed"), "", "trash-2"),
}
LAYOUTS = {
    Layout.APART: marked("two channels"),
    Layout.MIXED: marked("one channel"),
    Layout.HEARD: marked("one direction"),
    Layout.SAID: marked("one direction"),
}
SHOWS = {
    Show.FILES: marked("Recordings"),
    Show.NO_CALL: marked("Files without a call"),
    Show.NO_FILE: marked("Recordings without a file"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A file of the list."""

    id: int
    at: str
    agents: list[str]
    party: str
    direction: Mark | None
    queue: str
    length: str
    layout: str
    stereo: bool
    condition: Mark
    call: str  # the address of its call, '' where it has none
    name: str  # of the file, where the reader may see numbers: it may hold one


@dataclass(frozen=True, slots=True, kw_only=True)
class OrphanLine:
    """A recording without a file."""

    at: str
    call: str
    call_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One filter: its key, its name, what is chosen, and what may be."""

    key: str
    name: str
    chosen: str
    options: tuple[tuple[str, str], ...]


def file_line(
    words: Words, found: ListedFile, wanted: RecordingQuery, queue_name: Callable[[str], str]
) -> FileLine:
    """A row; numbers as this reader may see them."""
    parts, call = found.parts, found.call
    file = parts.file
    party = numerals.DASH
    if call is not None:
        whole = words.whole_numbers and call.customer and not call.withheld
        party = (
            call.customer if whole and call.customer else party_text(words, call.customer, withheld=call.withheld)
        )
    return FileLine(
        id=file.id, at=words.time(file.started_at) if wanted.spell.days == 1 else words.stamp(file.started_at),
        agents=list(dict.fromkeys(parts.name(each.agent) for each in parts.spans)), party=party,
        direction=mark(words, labels.DIRECTIONS[call.direction]) if call else None,
        queue=queue_name(call.queue) if call and call.queue else "",
        length=numerals.clock(file.length_ms) if file.length_ms is not None else numerals.DASH,
        layout=words.gettext(LAYOUTS[file.layout]) if file.layout else "", stereo=file.layout is Layout.APART,
        condition=mark(words, CONDITIONS[file.condition]), call=call_link(call.id) if call else "",
        name=file.path if words.whole_numbers else "",
    )  # fmt: skip


def orphan_line(words: Words, found: OrphanRecording) -> OrphanLine:
    """A row; the name of the file only for who may see numbers."""
    return OrphanLine(
        at=words.stamp(from_microseconds(found.call_started_us)), call=call_link(found.call_id), call_id=found.call_id,
        name=found.file if words.whole_numbers else "",
    )  # fmt: skip


def picks(
    words: Words, wanted: RecordingQuery, agents: list[tuple[str, str]], queues: list[tuple[str, str]]
) -> list[Pick]:
    """The filters of the bar; of files without a call only those that a file has by itself."""
    lengths = [(str(each), words.gettext("from %(length)s", length=words.length(each * 1000))) for each in LENGTHS]
    conditions = [(each.value, words.gettext(CONDITIONS[each].message)) for each in FileCondition]
    found = [
        _pick("condition", words.gettext("Condition"), wanted.condition or "", conditions),
        _pick("length", words.gettext("Length"), str(wanted.least_s or ""), lengths),
    ]
    if wanted.show is Show.FILES:
        found.insert(0, _pick("queue", words.gettext("Queue"), wanted.queue, queues))
        found.insert(0, _pick("agent", words.gettext("Agent"), wanted.agent, agents))
    return [each for each in found if each.options or each.chosen] if wanted.show is not Show.NO_FILE else []


def _pick(key: str, name: str, chosen: str, options: list[tuple[str, str]]) -> Pick:
    if chosen and chosen not in {value for value, _ in options}:
        options = [*options, (chosen, chosen)]
    return Pick(key=key, name=name, chosen=chosen, options=tuple(options))
