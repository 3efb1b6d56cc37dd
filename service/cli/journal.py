"""`threerings journal list | verify | cat | cut | prune`: what was heard, as it was heard."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from analytics.storage.engine import open_store
from analytics.storage.queries import load_position
from config.settings import Settings
from service.cli import context, options
from service.cli.output import json_line, print_json, print_json_lines, print_line, print_table
from service.cli.words import words
from service.errors import CheckFailedError, UsageError
from service.pipeline.analysis import journal_folder
from telephony.ami.packet import Packet
from telephony.calls.record import instant
from telephony.clock import SystemClock, to_microseconds
from telephony.journal.entries import Entry, EntryKind
from telephony.journal.reader import list_pbxs, positions, read
from telephony.journal.retention import prunable
from telephony.journal.retention import prune as prune_files
from telephony.journal.scenario import cut_scenario
from telephony.journal.verify import Finding
from telephony.journal.verify import verify as verify_journal

FolderOption = Annotated[
    Path | None, typer.Option("--folder", help="The journal's folder. Default: that of the settings.")
]
SinceOption = Annotated[str | None, typer.Option("--from", help="Received from this time on (ISO 8601).")]
UntilOption = Annotated[str | None, typer.Option("--to", help="Received before this time (ISO 8601).")]
AfterOption = Annotated[int, typer.Option("--after", min=0, help="Only numbers beyond this.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which journal is meant."""

    folder: Path
    pbx: str
    settings: Settings | None
    zone: ZoneInfo

    def instant(self, option: str, text: str | None) -> datetime | None:
        """A time that was given. Raises UsageError."""
        if text is None:
            return None
        try:
            read_at = datetime.fromisoformat(text)
        except ValueError:
            raise UsageError(f"{option}: found {text!r}, expected a time such as 2026-11-02T09:00") from None
        return read_at if read_at.tzinfo else read_at.replace(tzinfo=self.zone)


def place_of(config: Path | None, folder: Path | None, pbx: str | None, zone: str | None = None) -> Place:
    """The journal that is meant. Raises UsageError where that is not plain."""
    settings = context.find(config)
    if folder is None:
        if settings is None:
            raise UsageError("journal: found neither settings nor --folder, expected one")
        folder = journal_folder(settings.data_dir)
    found = list_pbxs(folder)
    if pbx is None and len(found) == 1:
        pbx = found[0]
    if pbx is None or pbx not in found:
        named = "none" if pbx is None else repr(pbx)
        raise UsageError(f"--pbx: found {named}, expected one of {', '.join(found) or 'no PBX: it is empty'}")
    return Place(folder=folder, pbx=pbx, settings=settings, zone=context.zone_of(settings, zone))


def list_(
    pbx: options.PbxOption = None,
    folder: FolderOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """The day files, and which numbers each holds."""
    place = place_of(config, folder, pbx)
    rows = [
        {
            "pbx": each.pbx,
            "day": each.day.isoformat(),
            "file": str(each.path),
            "first_seq": each.first_seq,
            "last_seq": each.last_seq,
            "size_bytes": each.size_bytes,
        }
        for each in positions(place.folder, place.pbx)
    ]
    if json:
        print_json_lines(rows)
        return
    word = words(context.language_of(place.settings, lang)).get
    columns = ("pbx", "day", "first_seq", "last_seq", "size_bytes", "file")
    table = ([row[name] for name in columns] for row in rows)
    print_table(None, [word(name) for name in columns], table, numbers=[2, 3, 4])


def verify(
    pbx: options.PbxOption = None,
    folder: FolderOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Check every checksum, number and count. Exit status 1 if something is wrong."""
    place = place_of(config, folder, pbx)
    result = verify_journal(place.folder, place.pbx)
    names = ("files", "batches", "entries", "packets", "first_seq", "last_seq", "unclean_ends")
    found: dict[str, Any] = {"pbx": place.pbx, **{name: getattr(result, name) for name in names}}
    found |= {"stored_bytes": result.stored_bytes, "packet_bytes": result.packet_bytes}
    found["findings"] = [_finding(each) for each in result.findings]
    if json:
        print_json(found)
    else:
        print_table(None, ["", ""], [[name, found[name]] for name in found if name != "findings"], numbers=[1])
        for each in result.findings:
            print_line(f"! {each.path}, {each.seq}: {each.message}")
    if not result.sound:
        raise CheckFailedError(f"{place.folder}: found {len(result.findings)} faults, expected none")


def _finding(finding: Finding) -> dict[str, Any]:
    return {"file": str(finding.path), "seq": finding.seq, "message": finding.message}


def cat(
    pbx: options.PbxOption = None,
    folder: FolderOption = None,
    after: AfterOption = 0,
    since: SinceOption = None,
    until: UntilOption = None,
    event: Annotated[str | None, typer.Option(help="Only events of this name.")] = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Write what was heard: packets as they came, or JSON lines as a capture has them."""
    place = place_of(config, folder, pbx)
    entries = read(
        place.folder,
        place.pbx,
        after_seq=after,
        since=place.instant("--from", since),
        until=place.instant("--to", until),
    )
    for entry in entries:
        for line in _told(entry, event, json):
            sys.stdout.write(line)


def _told(entry: Entry, event: str | None, json: bool) -> Iterator[str]:
    if entry.kind is not EntryKind.PACKETS:
        if event is None:
            yield _mark(entry, json)
        return
    at = to_microseconds(entry.received_at) / 1_000_000
    for number, frame in enumerate(entry.frames, start=entry.seq):
        packet = Packet(frame)
        if event is not None and packet.event != event:
            continue
        if json:
            yield json_line({"t": at, "seq": number, "packet": [list(pair) for pair in packet.headers]}) + "\n"
        else:
            yield f"# {number} {instant(entry.received_at)}\n{frame.decode('utf-8', 'backslashreplace')}\n\n"


def _mark(entry: Entry, json: bool) -> str:
    at = to_microseconds(entry.received_at) / 1_000_000
    if json:
        kind = {"t": at, "seq": entry.seq, "kind": entry.kind.name.lower(), "detail": entry.detail}
        return json_line(kind | {"packet": []}) + "\n"
    return f"# {entry.seq} {instant(entry.received_at)} {entry.kind.name} {entry.detail}\n\n"


def cut(
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="*.jsonl or *.jsonl.xz, to be written.")],
    ids: Annotated[
        list[str] | None, typer.Option("--id", help="Uniqueid or linkedid of a wanted call; repeatable.")
    ] = None,
    pbx: options.PbxOption = None,
    folder: FolderOption = None,
    after: AfterOption = 0,
    until_seq: Annotated[int | None, typer.Option("--until", min=1, help="Numbers up to this.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Cut an anonymised scenario for a test: a range, or some calls of it, without numbers and names."""
    if not target.name.removesuffix(".xz").endswith(".jsonl"):
        raise UsageError(f"{target}: found this name, expected *.jsonl or *.jsonl.xz")
    place = place_of(config, folder, pbx)
    made = cut_scenario(
        place.folder,
        place.pbx,
        target,
        after_seq=after,
        until_seq=until_seq,
        since=place.instant("--from", since),
        until=place.instant("--to", until),
        ids=frozenset(ids or ()),
    )
    found = {"file": str(made.path), "packets": made.packets, "numbers": made.numbers, "names": made.names}
    if json:
        print_json(found)
    else:
        print_line("  ".join(f"{name} {value}" for name, value in found.items()))


def prune(
    pbx: options.PbxOption = None,
    keep_days: Annotated[int | None, typer.Option(min=1, help="Default: the settings' retention_days.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Delete day files past their age of which the analyser needs nothing any more."""
    settings = context.need(config)
    place = place_of(config, None, pbx)
    remove = prunable if dry_run else prune_files
    old = remove(
        place.folder,
        place.pbx,
        today=SystemClock().now().date(),
        keep_from_seq=_reread_from(settings, place.pbx),
        keep_days=keep_days or settings.journal.retention_days,
    )
    rows = [{"day": each.day.isoformat(), "file": str(each.path), "size_bytes": each.size_bytes} for each in old]
    if json:
        print_json_lines(rows)
    else:
        print_table(None, ["day", "file", "size_bytes"], (list(row.values()) for row in rows), numbers=[2])


def _reread_from(settings: Settings, pbx: str) -> int:
    engine = open_store(settings.database_url, reads_only=True)
    try:
        with engine.connect() as connection:
            position = load_position(connection, pbx)
    finally:
        engine.dispose()
    return position[1] if position else 0
