"""`threerings recordings list | show`: recordings' files as they are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Connection

from analytics.recordings.conditions import FileCondition
from analytics.recordings.values import Span
from analytics.storage.aliases import resolve
from analytics.storage.recording_files import (
    FileFilter,
    FileRow,
    file,
    file_at,
    files_of_call,
    list_files,
    marks_of_file,
    spans_of_file,
)
from analytics.storage.talk_features import FeatureRow, features_of_talks
from config.settings import Settings
from service.cli import context, options
from service.cli.output import print_json_lines, print_line, print_table
from service.cli.recording_words import clock, recording_words
from service.cli.recordings_find import stores_of
from service.cli.words import Words
from service.errors import UsageError
from service.migrations import upgrade
from telephony.calls.record import instant
from telephony.clock import to_microseconds

Told = TypeVar("Told")

ConditionOption = Annotated[
    list[FileCondition] | None, typer.Option("--condition", help="Only those in it; repeat for several.")
]
AgentOption = Annotated[str | None, typer.Option("--agent", metavar="AGENT", help="Only those with a talk of his.")]
QueueOption = Annotated[
    str | None, typer.Option("--queue", metavar="QUEUE", help="Only those with a talk from it.")
]
DayOption = Annotated[str | None, typer.Option("--day", metavar="DATE", help="Only those of calls of this day.")]
OrphansOption = Annotated[bool, typer.Option("--orphans", help="Only those that belong to no call.")]
SecondsOption = Annotated[float | None, typer.Option("--seconds", min=0, help="Only those that last as long.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, help="So many of the newest.")]
WhatArgument = Annotated[str, typer.Argument(metavar="FILE|CALL", help="A file's id or path, or a call's id.")]


def list_(
    pbx: options.PbxOption = None,
    condition: ConditionOption = None,
    agent: AgentOption = None,
    queue: QueueOption = None,
    day: DayOption = None,
    orphans: OrphansOption = False,
    seconds: SecondsOption = None,
    limit: LimitOption = 50,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """List recordings' files, the newest first."""
    settings = context.need(config)
    shown_zone = context.zone_of(settings, zone)
    start_us, end_us = _day(day, shown_zone)
    choice = FileFilter(
        start_us=start_us,
        end_us=end_us,
        pbx=context.pbx_of(settings, pbx) if pbx else None,
        conditions=frozenset(condition) if condition else None,
        agents=frozenset({agent}) if agent else None,
        queues=frozenset({queue}) if queue else None,
        orphans=True if orphans else None,
        min_length_ms=None if seconds is None else round(seconds * 1000),
    )
    files = _read(settings, lambda connection: list_files(connection, choice, limit=limit))
    if json:
        print_json_lines(map(file_json, files))
        return
    word = recording_words(context.language_of(settings, lang)).get
    heads = ["file", "started", "path", "condition", "length", "channels", "axis", "call"]
    if any(each.detail for each in files):
        heads.append("detail")
    rows = (_row(each, shown_zone, word)[: len(heads)] for each in files)
    print_table(None, [word(name) for name in heads], rows, numbers=[0, 4, 5])


def _day(text: str | None, zone: ZoneInfo) -> tuple[int | None, int | None]:
    if text is None:
        return None, None
    try:
        begins = datetime.combine(date.fromisoformat(text), time(), zone)
    except ValueError:
        raise UsageError(f"--day: found {text!r}, expected a date such as 2026-11-20") from None
    ends = datetime.combine(begins.date() + timedelta(days=1), time(), zone)
    return to_microseconds(begins), to_microseconds(ends)


def _read(settings: Settings, ask: Callable[[Connection], Told]) -> Told:
    writing, reading = stores_of(settings)
    try:
        upgrade(writing)
        with reading.connect() as connection:
            return ask(connection)
    finally:
        reading.dispose()
        writing.dispose()


def _row(each: FileRow, zone: ZoneInfo, word: Callable[[str], str]) -> list[Any]:
    started = f"{each.started_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    axis = None if each.axis is None else word(each.axis.value)
    condition, length = word(each.condition.value), clock(each.length_ms)
    return [each.id, started, each.path, condition, length, each.channels, axis, each.call_id, each.detail]


def file_json(each: FileRow) -> dict[str, Any]:
    """A file as the commands tell it."""
    return {
        "file": each.id,
        "pbx": each.pbx,
        "path": each.path,
        "condition": each.condition.value,
        "detail": each.detail or None,
        "started_at": instant(each.started_at),
        "changed_at": instant(each.changed_at),
        "found_at": instant(each.found_at),
        "size": each.size,
        "coding": each.coding,
        "channels": each.channels,
        "rate": each.rate,
        "seconds": None if each.length_ms is None else each.length_ms / 1000,
        "layout": each.layout and each.layout.value,
        "axis": each.axis and each.axis.value,
        "call_id": each.call_id,
        "recording_id": each.recording_id,
        "linked_by": each.linked_by,
    }


def show(
    what: WhatArgument,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Show a file, or all files of a call: whose talk lies where in it, and what was heard of it."""
    settings = context.need(config)
    names = [each.name for each in settings.pbxs]
    told = _read(settings, lambda connection: [_told(connection, each) for each in _found(connection, what, names)])
    if not told:
        raise UsageError(f"FILE|CALL: found none of {what[:80]!r}, expected one of `recordings list`, or a call")
    if json:
        print_json_lines(told)
        return
    words = recording_words(context.language_of(settings, lang))
    for each in told:
        _print(each, words)


def _found(connection: Connection, what: str, pbxs: list[str]) -> list[FileRow]:
    if what.isdecimal() and len(what) < 10:
        found = file(connection, int(what))
        return [] if found is None else [found]
    of_call = files_of_call(connection, resolve(connection, what))
    at_path = (file_at(connection, pbx, what) for pbx in pbxs)
    return of_call or [each for each in at_path if each is not None]


def _told(connection: Connection, each: FileRow) -> dict[str, Any]:
    spans = spans_of_file(connection, each.id)
    heard = features_of_talks(connection, [span.talk_id for span in spans])
    marks = marks_of_file(connection, each.id)
    return {
        **file_json(each),
        "listened_to": marks is not None,
        "silences": None if marks is None else len(marks.silences),
        "spans": [_span_json(span, heard.get(span.talk_id), each.id) for span in spans],
    }


def _span_json(span: Span, heard: FeatureRow | None, file_id: int) -> dict[str, Any]:
    told = None if heard is None else asdict(heard)
    if told is not None:
        told = {**told, "measured_at": instant(heard.measured_at) if heard else None}
        told = {name: value for name, value in told.items() if name not in ("talk_id", "call_id", "agent")}
    return {
        "talk_id": span.talk_id,
        "agent": span.agent,
        "from": span.start_ms / 1000,
        "to": span.end_ms / 1000,
        "holds": [[start / 1000, end / 1000] for start, end in span.holds],
        "agent_channel": span.agent_channel,
        "customer_channel": span.customer_channel,
        "begins_talk": span.begins_talk,
        "told_here": heard is not None and heard.file_id == file_id,
        "heard": told,
    }


def _print(each: dict[str, Any], words: Words) -> None:
    word = words.get
    length = clock(None if each["seconds"] is None else round(each["seconds"] * 1000)) or "–"
    print_line(f"{each['file']}  {each['path']}  {word(each['condition'])}  {length}")
    for name in ("detail", "call_id", "linked_by", "layout", "axis", "coding", "channels", "rate"):
        if each[name] is not None:
            print_line(f"  {word(name)}: {word(each[name]) if isinstance(each[name], str) else each[name]}")
    heads = ("agent", "from", "to", "holds", "speech", "silence", "music", "syllables", "version")
    rows = [_span_row(span) for span in each["spans"]]
    if rows:
        print_table(None, [word(name) for name in heads], rows, numbers=range(1, 9))


def _span_row(span: dict[str, Any]) -> list[Any]:
    heard = span["heard"] or {}
    lengths = (clock(heard.get(name)) for name in ("speech_ms", "silence_ms", "music_ms"))
    ends = (clock(round(span[name] * 1000)) for name in ("from", "to"))
    return [span["agent"], *ends, len(span["holds"]), *lengths, heard.get("syllables"), heard.get("version")]
