"""`threerings gaps`: the stretches in which a PBX was not heard, and what is known of the calls in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.exc import SQLAlchemyError

from analytics.storage.engine import open_store
from config.settings import Settings
from service.cli import context, options
from service.cli.output import print_json_lines, print_table
from service.cli.words import words
from service.gap_calls import GapCalls, calls_of_gap, told
from service.pipeline.analysis import journal_folder
from service.pipeline.gaps import Gap, GapFinder, GapLedger, GapReason, as_json, ledger_path
from telephony.calls.facts import Known
from telephony.errors import JournalError
from telephony.journal.reader import read

CallsOption = Annotated[bool, typer.Option("--calls", help="The calls of each gap too.")]


def gaps(
    pbx: options.PbxOption = None,
    calls: CallsOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """List when a PBX was not heard, why, and how the calls within are known now; and jumps of our clock."""
    settings = context.need(config)
    names = [context.pbx_of(settings, pbx)] if pbx else [each.name for each in settings.pbxs]
    found = sorted((gap for name in names for gap in known_gaps(settings, name)), key=lambda gap: gap.start)
    spanning = _calls_of(settings, found)
    if json:
        pairs = zip(found, spanning, strict=True)
        print_json_lines(told(as_json(gap), each, with_calls=calls) for gap, each in pairs)
        return
    shown_zone = context.zone_of(settings, zone)
    word = words(context.language_of(settings, lang)).get
    heads = ("pbx", "from", "to", "seconds", "why", "calls_touched", "observed", "repaired", "inferred", "sources")
    rows = [_row(gap, each, shown_zone, word) for gap, each in zip(found, spanning, strict=True)]
    print_table(None, [word(name) for name in heads], rows, numbers=[3, 5, 6, 7, 8])
    if calls:
        for gap, each in zip(found, spanning, strict=True):
            _print_calls(gap, each, shown_zone, word)


def _row(gap: Gap, found: GapCalls | None, zone: ZoneInfo, word: Callable[[str], str]) -> list[Any]:
    told_of = as_json(gap)
    known = {kind.value: None for kind in Known} if found is None else found.known
    return [
        gap.pbx,
        f"{gap.start.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        None if gap.end is None else f"{gap.end.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        told_of["seconds"],
        word(gap.why.value) + (f" {gap.detail}" if gap.why is GapReason.CLOCK else ""),
        None if found is None else len(found.calls),
        *known.values(),
        None if found is None else " ".join(found.sources) or None,
    ]


def _print_calls(gap: Gap, found: GapCalls | None, zone: ZoneInfo, word: Callable[[str], str]) -> None:
    """The calls of one gap, below a line that names it."""
    if found is None or not found.calls:
        return
    heads = ("call_id", "started", "known", "disposition", "repaired_at", "sources")
    rows = (
        [
            each.call_id,
            f"{each.started_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            word(each.known.value),
            word(each.disposition.value if each.disposition else "open"),
            each.repaired_at and f"{each.repaired_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            each.sources or None,
        ]
        for each in found.calls
    )
    print_table(f"{gap.pbx} {gap.start.astimezone(zone):%Y-%m-%d %H:%M:%S}", [word(name) for name in heads], rows)


def known_gaps(settings: Settings, pbx: str) -> list[Gap]:
    """The lines of the ledger, and those that the journal tells beyond it."""
    ledger = GapLedger(pbx, ledger_path(settings.data_dir, pbx), writes=False)
    last_seq = max((line.seq or 0 for line in ledger.lines if line.why is not GapReason.CLOCK), default=0)
    finder = GapFinder(pbx)
    try:
        for entry in read(journal_folder(settings.data_dir), pbx, after_seq=max(last_seq - 1, 0)):
            line = finder.handle(entry)
            if line is not None:
                ledger.add(line)
    except JournalError:
        if not ledger.lines:
            raise
    return [*ledger.lines, *([finder.open] if finder.open else [])]


def _calls_of(settings: Settings, found: list[Gap]) -> list[GapCalls | None]:
    """The calls of each; None where the store cannot be asked."""
    engine = open_store(settings.database_url, reads_only=True)
    try:
        with engine.connect() as connection:
            return [calls_of_gap(connection, gap) for gap in found]
    except SQLAlchemyError:
        return [None for _ in found]
    finally:
        engine.dispose()
