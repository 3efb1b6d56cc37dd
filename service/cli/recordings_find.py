"""`threerings recordings scan | orphans`: recordings' files are found, and what has no partner is listed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from analytics.storage.engine import open_store
from analytics.storage.recording_files import FileFilter, FileRow, OrphanRecording, list_files, orphan_recordings
from config.settings import Settings
from service.cli import context, options
from service.cli.output import print_json, print_json_lines, print_line, print_note, print_table
from service.cli.recording_words import recording_words
from service.errors import CheckFailedError, UsageError
from service.migrations import upgrade
from service.recordings.finding import Finder
from service.recordings.places import roots_of
from service.recordings.scanning import Scanned
from service.recordings.taking import Taken
from telephony.calls.record import instant
from telephony.clock import SystemClock, from_microseconds

NOTE_SECONDS = 2.0
SHOWN = 20

SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Pass over folders named by an earlier day.")
]
AllOption = Annotated[
    bool, typer.Option("--all", help="List every folder and ask each file whether it changed, however old.")
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, help="So many of each kind, the newest first.")]


def scan(
    pbx: options.PbxOption = None,
    since: SinceOption = None,
    whole: AllOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Look for recordings' files, link them to their calls, queue them. Status 1 if something was refused."""
    settings = context.need(config)
    roots = roots_of(settings)
    names = [_named(settings, pbx, roots)] if pbx else sorted(roots)
    if not names:
        raise UsageError("recordings scan: found no [pbx.NAME.logs] recordings, expected a folder in the settings")
    told = []
    with finder_of(settings) as finder:
        for name in names:
            begun = time.monotonic()
            noting = _Noting(name)
            scanned = finder.scan(name, since=_day(since), whole=whole, told=noting.note)
            told.append(_as_json(name, scanned, time.monotonic() - begun))
        linked = finder.name() + finder.relink_since()
    _print_scan(settings, told, linked, lang, json=json)
    refused = sum(len(each["refused"]) for each in told)
    if refused:
        raise CheckFailedError(f"recordings scan: found {refused} that were refused, expected none")


@contextmanager
def finder_of(settings: Settings) -> Iterator[Finder]:
    """Who finds files over the settings' folders and store."""
    writing, reading = stores_of(settings)
    try:
        upgrade(writing)
        yield Finder(
            writing=writing, reading=reading, roots=roots_of(settings), zone=settings.zone, now=SystemClock().now,
            archive=settings.recordings.archive,
        )  # fmt: skip
    finally:
        reading.dispose()
        writing.dispose()


def stores_of(settings: Settings) -> tuple[Engine, Engine]:
    """One that writes and one that only reads."""
    if settings.database_url.startswith("sqlite"):
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return open_store(settings.database_url), open_store(settings.database_url, reads_only=True)


def _named(settings: Settings, pbx: str, roots: dict[str, Any]) -> str:
    name = context.pbx_of(settings, pbx)
    if name not in roots:
        raise UsageError(
            f"--pbx: found {name} without a folder of recordings, expected [pbx.{name}.logs] recordings"
        )
    return name


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--since: found {text!r}, expected a date such as 2026-11-20") from None


class _Noting:
    """Says now and then how far it has come."""

    def __init__(self, pbx: str) -> None:
        self._pbx = pbx
        self._since = time.monotonic()

    def note(self, scanned: Scanned) -> None:
        """Some more files were taken in."""
        if time.monotonic() - self._since >= NOTE_SECONDS:
            self._since = time.monotonic()
            print_note(f"{self._pbx}  {scanned.folders}  {scanned.taken.files}/{scanned.seen}")


def _as_json(pbx: str, scanned: Scanned, seconds: float) -> dict[str, Any]:
    taken = scanned.taken
    return {
        "pbx": pbx,
        "folders": scanned.folders,
        "seen": scanned.seen,
        "found": taken.files,
        "linked": taken.linked,
        "queued": taken.queued,
        "broken": taken.broken,
        "missing": scanned.missing,
        "refused": [{"path": each.path, "why": each.why} for each in scanned.refused],
        "seconds": round(seconds, 3),
    }


def _print_scan(
    settings: Settings, told: list[dict[str, Any]], linked: Taken, lang: options.LangOption, *, json: bool
) -> None:
    if json:
        again = {"linked": linked.linked, "queued": linked.queued}
        print_json({"pbxs": told, "linked_again": again})
        return
    word = recording_words(context.language_of(settings, lang)).get
    heads = ("pbx", "folders", "seen", "found", "linked", "queued", "broken", "missing")
    print_table(
        None, [word(name) for name in heads], ([each[name] for name in heads] for each in told), numbers=range(1, 8)
    )
    for each in (refused for one in told for refused in one["refused"][:SHOWN]):
        print_line(f"{each['path']}: {each['why']}")


def orphans(
    pbx: options.PbxOption = None,
    limit: LimitOption = 50,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """List files that belong to no call, and recordings that the PBX named and that have no file."""
    settings = context.need(config)
    name = context.pbx_of(settings, pbx) if pbx else None
    writing, reading = stores_of(settings)
    try:
        upgrade(writing)
        with reading.connect() as connection:
            files = list_files(connection, FileFilter(pbx=name, orphans=True), limit=limit)
            recordings = orphan_recordings(connection, pbx=name, limit=limit)
    finally:
        reading.dispose()
        writing.dispose()
    rows = [*map(_file_json, files), *map(_recording_json, recordings)]
    if json:
        print_json_lines(rows)
        return
    word = recording_words(context.language_of(settings, lang)).get
    clock = context.zone_of(settings, zone)
    ats = [*(each.changed_at for each in files), *(from_microseconds(each.call_started_us) for each in recordings)]
    heads = ["kind", "id", "pbx", "at", "path", "call", "condition"]
    if any(row["detail"] for row in rows):
        heads.append("detail")
    shown = (
        [
            word(f"orphan_{row['kind']}s"),
            row["id"],
            row["pbx"],
            f"{at.astimezone(clock):%Y-%m-%d %H:%M:%S}",
            row["path"],
            row["call_id"],
            row["condition"] and word(row["condition"]),
            row["detail"],
        ][: len(heads)]
        for row, at in zip(rows, ats, strict=True)
    )
    print_table(None, [word(each) for each in heads], shown)


def _file_json(file: FileRow) -> dict[str, Any]:
    return {
        "kind": "file",
        "id": file.id,
        "pbx": file.pbx,
        "path": file.path,
        "call_id": None,
        "at": instant(file.changed_at),
        "condition": file.condition.value,
        "detail": file.detail or None,
    }


def _recording_json(recording: OrphanRecording) -> dict[str, Any]:
    return {
        "kind": "recording",
        "id": recording.id,
        "pbx": recording.pbx,
        "path": recording.file or None,
        "call_id": recording.call_id,
        "at": instant(from_microseconds(recording.call_started_us)),
        "condition": None,
        "detail": None,
    }
