"""`threerings gaps`: the stretches in which a PBX was not heard."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from analytics.storage.engine import open_store
from config.settings import Settings
from service.api.reading import calls_touched
from service.cli import context, options
from service.cli.output import print_json_lines, print_table
from service.cli.words import words
from service.pipeline.analysis import journal_folder
from service.pipeline.gaps import Gap, GapFinder, GapLedger, as_json, ledger_path
from telephony.errors import JournalError
from telephony.journal.reader import read


def gaps(
    pbx: options.PbxOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """List when a PBX was not heard, why, and how many calls that touched."""
    settings = context.need(config)
    names = [context.pbx_of(settings, pbx)] if pbx else [each.name for each in settings.pbxs]
    found = sorted((gap for name in names for gap in known_gaps(settings, name)), key=lambda gap: gap.start)
    rows = _with_calls(settings, found)
    if json:
        print_json_lines(rows)
        return
    shown_zone = context.zone_of(settings, zone)
    word = words(context.language_of(settings, lang)).get
    table = (
        [
            row["pbx"],
            f"{gap.start.astimezone(shown_zone):%Y-%m-%d %H:%M:%S}",
            None if gap.end is None else f"{gap.end.astimezone(shown_zone):%Y-%m-%d %H:%M:%S}",
            row["seconds"],
            word(row["why"]),
            row["calls_touched"],
        ]
        for gap, row in zip(found, rows, strict=True)
    )
    heads = [word(name) for name in ("pbx", "from", "to", "seconds", "why", "calls_touched")]
    print_table(None, heads, table, numbers=[3, 5])


def known_gaps(settings: Settings, pbx: str) -> list[Gap]:
    """The gaps of the ledger, and those that the journal tells beyond it."""
    ledger = GapLedger(pbx, ledger_path(settings.data_dir, pbx))
    kept = ledger.gaps
    last_seq = max((gap.seq or 0 for gap in kept), default=0)
    finder = GapFinder(pbx)
    try:
        for entry in read(journal_folder(settings.data_dir), pbx, after_seq=max(last_seq - 1, 0)):
            ended = finder.handle(entry)
            if ended is not None and ended.seq != last_seq:
                kept.append(ended)
    except JournalError:
        if not kept:
            raise
    return [*kept, *([finder.open] if finder.open else [])]


def _with_calls(settings: Settings, found: list[Gap]) -> list[dict[str, Any]]:
    engine = open_store(settings.database_url, reads_only=True)
    try:
        with engine.connect() as connection:
            return [as_json(gap, calls_touched(connection, gap)) for gap in found]
    except SQLAlchemyError:
        return [as_json(gap, None) for gap in found]
    finally:
        engine.dispose()
